// A stand-in for Google's FormApp: it keeps every call that the script makes, and refuses what Google refuses.
const MADE = [];
const FormApp = (() => {
  const SUBMIT = { navigation: 'SUBMIT' };
  const setter = (item, key, check) => (value) => {
    if (check) check(value);
    item.kept[key] = value;
    return item;
  };
  const text = (value) => {
    if (typeof value !== 'string' || !value) throw new Error('not a text: ' + JSON.stringify(value));
  };
  const distinct = (values) => {
    values.forEach(text);
    if (!values.length || new Set(values).size !== values.length) throw new Error('values must be distinct');
  };
  const made = (form, type) => {
    const item = { kept: { type } };
    item.setTitle = setter(item, 'title', text);
    item.setHelpText = setter(item, 'help', text);
    form.items.push(item);
    return item;
  };
  const answered = (form, type) => {
    const item = made(form, type);
    item.setRequired = setter(item, 'required');
    item.setValidation = setter(item, 'validation');
    return item;
  };
  const validation = () => {
    const rules = {};
    const builder = {};
    for (const name of ['setHelpText', 'requireWholeNumber', 'requireNumberBetween', 'requireTextMatchesPattern',
      'requireNumberGreaterThanOrEqualTo', 'requireNumberLessThanOrEqualTo', 'requireTextLengthLessThanOrEqualTo']) {
      builder[name] = (...given) => { rules[name] = given; return builder; };
    }
    builder.build = () => rules;
    return builder;
  };
  const create = (title) => {
    text(title);
    const form = { items: [], kept: {} };
    MADE.push(form);
    for (const name of ['Title', 'Description', 'ConfirmationMessage', 'ProgressBar', 'ShuffleQuestions',
      'CollectEmail', 'AllowResponseEdits']) {
      form['set' + name] = (value) => { form.kept[name] = value; return form; };
    }
    form.getEditUrl = () => 'https://example.org/' + MADE.length;
    form.addSectionHeaderItem = () => made(form, 'header');
    form.addDateItem = () => answered(form, 'date');
    form.addTextItem = () => answered(form, 'line');
    form.addParagraphTextItem = () => answered(form, 'paragraph');
    form.addPageBreakItem = () => {
      const item = made(form, 'break');
      item.setGoToPage = setter(item, 'goTo');
      return item;
    };
    form.addGridItem = () => {
      const item = answered(form, 'grid');
      item.setRows = setter(item, 'rows', distinct);
      item.setColumns = setter(item, 'columns', distinct);
      return item;
    };
    form.addMultipleChoiceItem = () => {
      const item = answered(form, 'choice');
      item.setChoiceValues = setter(item, 'choices', distinct);
      item.createChoice = (label, target) => {
        if (!target) throw new Error('no target for ' + label);
        return { label, target };
      };
      item.setChoices = (choices) => {
        distinct(choices.map((choice) => choice.label));
        item.kept.choices = choices.map((choice) => choice.label);
        item.kept.targets = choices.map((choice) => choice.target);
        return item;
      };
      return item;
    };
    return form;
  };
  return {
    create,
    createTextValidation: validation,
    createParagraphTextValidation: validation,
    PageNavigationType: { SUBMIT },
  };
})();
const LOG = [];
const Logger = { log: (line) => LOG.push(line) };

function kept(form) {
  const number = (target) => (target.navigation ? -1 : form.items.filter((i) => i.kept.type === 'break').indexOf(target) + 1);
  return { ...form.kept, items: form.items.map(({ kept: item }) => ({
    ...item,
    ...(item.goTo ? { goTo: number(item.goTo) } : {}),
    ...(item.targets ? { targets: item.targets.map(number) } : {}),
  })) };
}
