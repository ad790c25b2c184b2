/**
 * Makes the forms of a questionnaire in your Google account, one for each language.
 *
 * Open script.google.com, begin a new project, put this whole file in the place of what stands there, save it,
 * choose the function makeForms and run it. Google asks once for permission to manage your forms. The addresses of
 * the new forms stand in the log.
 */
function makeForms() {
  const made = QUESTIONNAIRE.forms.map(makeForm_);
  made.forEach((form, place) => {
    Logger.log(QUESTIONNAIRE.forms[place].language + ': ' + form.getEditUrl());
  });
  return made;
}

function makeForm_(values) {
  const form = FormApp.create(values.title);
  form.setTitle(values.title);
  form.setDescription(values.description);
  form.setConfirmationMessage(values.confirmation);
  form.setProgressBar(true);
  form.setShuffleQuestions(false);
  form.setCollectEmail(false);
  form.setAllowResponseEdits(false);
  const breaks = [];
  const deciding = [];
  values.sections.forEach((section, place) => {
    breaks.push(place === 0 ? addHeading_(form, section) : addBreak_(form, section));
    section.items.forEach((item) => {
      const added = ADDERS_[item.type](form, item);
      if (item.goTo) deciding.push([added, item]);
    });
  });
  deciding.forEach(([added, item]) => setTargets_(added, item, breaks));
  values.sections.forEach((section, place) => {
    if (section.next !== null && place + 1 < breaks.length) {
      breaks[place + 1].setGoToPage(target_(section.next, breaks));
    }
  });
  return form;
}

function addHeading_(form, section) {
  return form.addSectionHeaderItem().setTitle(section.title);
}

function addBreak_(form, section) {
  const added = form.addPageBreakItem().setTitle(section.title);
  return section.help ? added.setHelpText(section.help) : added;
}

const ADDERS_ = {
  text: (form, item) => described_(form.addSectionHeaderItem().setTitle(item.title), item),
  grid: (form, item) => form.addGridItem().setTitle(item.title).setRows(item.rows).setColumns(item.columns),
  choice: (form, item) => {
    const added = form.addMultipleChoiceItem().setTitle(item.title).setRequired(item.required);
    if (!item.goTo) added.setChoiceValues(item.choices);
    return described_(added, item);
  },
  date: (form, item) => form.addDateItem().setTitle(item.title).setRequired(item.required),
  line: (form, item) => {
    const added = form.addTextItem().setTitle(item.title).setRequired(item.required);
    if (item.rule) added.setValidation(rule_(FormApp.createTextValidation(), item));
    return described_(added, item);
  },
  paragraph: (form, item) => {
    const added = form.addParagraphTextItem().setTitle(item.title).setRequired(item.required);
    if (item.rule) added.setValidation(rule_(FormApp.createParagraphTextValidation(), item));
    return described_(added, item);
  },
};

function described_(added, item) {
  return item.help ? added.setHelpText(item.help) : added;
}

function rule_(builder, item) {
  const rule = item.rule;
  if (item.help) builder.setHelpText(item.help);
  if (rule.whole) builder.requireWholeNumber();
  const above = rule.minimum !== undefined;
  const below = rule.maximum !== undefined;
  if (above && below) builder.requireNumberBetween(rule.minimum, rule.maximum);
  else if (above) builder.requireNumberGreaterThanOrEqualTo(rule.minimum);
  else if (below) builder.requireNumberLessThanOrEqualTo(rule.maximum);
  if (rule.pattern) builder.requireTextMatchesPattern(rule.pattern);
  if (rule.longest) builder.requireTextLengthLessThanOrEqualTo(rule.longest);
  return builder.build();
}

function setTargets_(added, item, breaks) {
  added.setChoices(item.choices.map((label, place) => added.createChoice(label, target_(item.goTo[place], breaks))));
}

function target_(target, breaks) {
  return target === 'submit' ? FormApp.PageNavigationType.SUBMIT : breaks[target];
}
