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

const QUESTIONNAIRE = {
 "version": "1.0.0",
 "hash": "7b296ec38b3ea48eb8b29e217261577c58231af75215101a1c3c454f92df1eb2",
 "forms": [
  {
   "language": "en",
   "title": "Customer survey: Acme",
   "description": "Please tell us how you see Acme, from your own experience. There are no right or wrong answers: your first impression is usually the best one.",
   "confirmation": "Thank you for your time.",
   "sections": [
    {
     "title": "Part 1 of 6",
     "help": "",
     "next": 6,
     "items": [
      {
       "type": "text",
       "title": "Privacy notice and consent",
       "help": "Template. To be reviewed by legal counsel before use."
      },
      {
       "type": "text",
       "title": "Who is responsible",
       "help": "Acme Ltd. Contact: privacy@acme.example."
      },
      {
       "type": "text",
       "title": "What your answers are used for",
       "help": "[to be filled in: purpose of the survey]."
      },
      {
       "type": "text",
       "title": "Legal basis",
       "help": "Your consent (Art. 6(1)(a) of the GDPR; Art. 13(1) of the PIPL)."
      },
      {
       "type": "text",
       "title": "Which data are collected, and how they are processed",
       "help": "[to be filled in: kinds of personal data]. [to be filled in: how the data are processed]."
      },
      {
       "type": "text",
       "title": "Who receives the data",
       "help": "[to be filled in: who receives the data]."
      },
      {
       "type": "text",
       "title": "Transfer to other countries",
       "help": "[to be filled in: transfer abroad and its safeguards]."
      },
      {
       "type": "text",
       "title": "How long the data are kept",
       "help": "[to be filled in: how long the data are kept]."
      },
      {
       "type": "text",
       "title": "Your rights",
       "help": "You may ask to see your personal data, to have them corrected, erased or restricted in use, to receive a copy that you can take elsewhere, and you may object to their use. [to be filled in: how to exercise your rights]."
      },
      {
       "type": "text",
       "title": "Withdrawing your consent",
       "help": "You may withdraw your consent at any time, without giving reasons and without any disadvantage. What was done with your data before the withdrawal stays lawful."
      },
      {
       "type": "text",
       "title": "Complaints",
       "help": "You may lodge a complaint with a supervisory authority: [to be filled in: supervisory authority]."
      },
      {
       "type": "text",
       "title": "Taking part is voluntary",
       "help": "No law and no contract obliges you to take part. If you do not take part, or stop at any point, you have no disadvantage."
      },
      {
       "type": "text",
       "title": "Automated decisions",
       "help": "Your answers are not used for decisions about you, whether automated or not."
      },
      {
       "title": "Have you read the privacy notice, and do you agree to take part in this survey?",
       "help": "",
       "required": true,
       "type": "choice",
       "choices": [
        "Yes, I agree to take part",
        "No, I do not agree"
       ],
       "goTo": [
        1,
        6
       ]
      }
     ]
    },
    {
     "title": "Part 2 of 6",
     "help": "",
     "next": null,
     "items": [
      {
       "title": "Please write your participant code. It stands in your invitation and links your answers of this survey with your answers at other times, without your name.",
       "required": true,
       "type": "line",
       "rule": {
        "pattern": "^(?:[A-Za-z0-9][A-Za-z0-9-]{3,39})$"
       },
       "help": ""
      }
     ]
    },
    {
     "title": "Part 3 of 6",
     "help": "",
     "next": 4,
     "items": [
      {
       "title": "Do you agree?",
       "help": "",
       "required": false,
       "type": "choice",
       "choices": [
        "Disagree",
        "Neither",
        "Agree",
        "Not applicable"
       ],
       "goTo": [
        3,
        3,
        4,
        4
       ]
      }
     ]
    },
    {
     "title": "Part 4 of 6",
     "help": "",
     "next": null,
     "items": [
      {
       "type": "grid",
       "title": "About Acme:",
       "rows": [
        "Acme is good. first_1",
        "Acme is good. first_2",
        "Acme is good. first_3",
        "Acme is good. first_4"
       ],
       "columns": [
        "Disagree",
        "Neither",
        "Agree",
        "Not applicable"
       ]
      }
     ]
    },
    {
     "title": "Part 5 of 6",
     "help": "",
     "next": null,
     "items": [
      {
       "type": "grid",
       "title": "About Acme:",
       "rows": [
        "Acme is good. second_1",
        "Acme is good. second_2"
       ],
       "columns": [
        "Not likely",
        "1",
        "Likely",
        "Not applicable"
       ]
      }
     ]
    },
    {
     "title": "Part 6 of 6",
     "help": "",
     "next": "submit",
     "items": [
      {
       "title": "Visits?",
       "required": false,
       "type": "line",
       "rule": {
        "minimum": 0,
        "maximum": 99
       },
       "help": "Please write a number from 0 to 99."
      },
      {
       "title": "What else?",
       "required": false,
       "type": "paragraph",
       "rule": {
        "longest": 500
       },
       "help": ""
      },
      {
       "title": "When?",
       "required": false,
       "type": "date"
      }
     ]
    },
    {
     "title": "Almost done",
     "help": "Thank you. You have not agreed to take part, so there are no further questions.",
     "next": "submit",
     "items": []
    }
   ]
  },
  {
   "language": "zh",
   "title": "顾客调查：艾克米",
   "description": "请根据您的亲身经历，谈谈您对艾克米的看法。答案没有对错之分，凭第一感觉作答即可。",
   "confirmation": "感谢您抽出时间参与调查。",
   "sections": [
    {
     "title": "第 1 部分，共 6 部分",
     "help": "",
     "next": 6,
     "items": [
      {
       "type": "text",
       "title": "隐私告知与同意",
       "help": "模板：使用前须经法律专业人士审核。"
      },
      {
       "type": "text",
       "title": "谁对您的个人信息负责",
       "help": "Acme Ltd。联系方式：privacy@acme.example。"
      },
      {
       "type": "text",
       "title": "您的回答用于什么目的",
       "help": "【待填写：调查目的】。"
      },
      {
       "type": "text",
       "title": "法律依据",
       "help": "您的同意（《个人信息保护法》第十三条第一款第一项；欧盟《通用数据保护条例》第 6 条第 1 款 a 项）。"
      },
      {
       "type": "text",
       "title": "收集哪些信息、如何处理",
       "help": "【待填写：个人信息的种类】。【待填写：处理方式】。"
      },
      {
       "type": "text",
       "title": "谁会收到这些信息",
       "help": "【待填写：信息接收方】。"
      },
      {
       "type": "text",
       "title": "向境外提供",
       "help": "【待填写：是否向境外提供及保障措施】。"
      },
      {
       "type": "text",
       "title": "保存多长时间",
       "help": "【待填写：保存期限】。"
      },
      {
       "type": "text",
       "title": "您的权利",
       "help": "您有权查阅、复制、更正、删除您的个人信息，有权限制或者拒绝对其进行处理，也可以要求将其转移至您指定的个人信息处理者。【待填写：行使权利的方式和程序】。"
      },
      {
       "type": "text",
       "title": "撤回同意",
       "help": "您可以随时撤回同意，无需说明理由，也不会因此受到任何不利影响。撤回之前已经进行的处理仍然有效。"
      },
      {
       "type": "text",
       "title": "投诉",
       "help": "您可以向监管机构（履行个人信息保护职责的部门）投诉、举报：【待填写：监管机构】。"
      },
      {
       "type": "text",
       "title": "自愿参加",
       "help": "法律和合同都没有要求您必须参加。不参加或者中途退出，都不会对您造成任何不利影响。"
      },
      {
       "type": "text",
       "title": "自动化决策",
       "help": "我们不会用您的回答对您作出任何决定，无论是否由系统自动作出。"
      },
      {
       "title": "您是否已阅读上述隐私告知，并同意参加本次调查？",
       "help": "",
       "required": true,
       "type": "choice",
       "choices": [
        "是，我同意参加",
        "否，我不同意"
       ],
       "goTo": [
        1,
        6
       ]
      }
     ]
    },
    {
     "title": "第 2 部分，共 6 部分",
     "help": "",
     "next": null,
     "items": [
      {
       "title": "请填写您的参与编码。编码见邀请信息，用来把您在不同时间的回答对应起来，其中不含您的姓名。",
       "required": true,
       "type": "line",
       "rule": {
        "pattern": "^(?:[A-Za-z0-9][A-Za-z0-9-]{3,39})$"
       },
       "help": ""
      }
     ]
    },
    {
     "title": "第 3 部分，共 6 部分",
     "help": "",
     "next": 4,
     "items": [
      {
       "title": "您同意吗？",
       "help": "",
       "required": false,
       "type": "choice",
       "choices": [
        "不同意",
        "中立",
        "同意",
        "不适用"
       ],
       "goTo": [
        3,
        3,
        4,
        4
       ]
      }
     ]
    },
    {
     "title": "第 4 部分，共 6 部分",
     "help": "",
     "next": null,
     "items": [
      {
       "type": "grid",
       "title": "关于艾克米：",
       "rows": [
        "艾克米很好。first_1",
        "艾克米很好。first_2",
        "艾克米很好。first_3",
        "艾克米很好。first_4"
       ],
       "columns": [
        "不同意",
        "中立",
        "同意",
        "不适用"
       ]
      }
     ]
    },
    {
     "title": "第 5 部分，共 6 部分",
     "help": "",
     "next": null,
     "items": [
      {
       "type": "grid",
       "title": "关于艾克米：",
       "rows": [
        "艾克米很好。second_1",
        "艾克米很好。second_2"
       ],
       "columns": [
        "不可能",
        "1",
        "可能",
        "不适用"
       ]
      }
     ]
    },
    {
     "title": "第 6 部分，共 6 部分",
     "help": "",
     "next": "submit",
     "items": [
      {
       "title": "次数？",
       "required": false,
       "type": "line",
       "rule": {
        "minimum": 0,
        "maximum": 99
       },
       "help": "请填写 0 至 99 之间的数字。"
      },
      {
       "title": "还有什么？",
       "required": false,
       "type": "paragraph",
       "rule": {
        "longest": 500
       },
       "help": ""
      },
      {
       "title": "什么时候？",
       "required": false,
       "type": "date"
      }
     ]
    },
    {
     "title": "即将完成",
     "help": "谢谢。由于您没有同意参加，后面没有其他问题了。",
     "next": "submit",
     "items": []
    }
   ]
  }
 ]
};
