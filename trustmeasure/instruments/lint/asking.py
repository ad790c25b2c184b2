"""Rules about what an item asks: one thing, without pressing an answer, about something that can be known."""

from __future__ import annotations

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.lint.model import ASKED, READ, STATED, Rule
from trustmeasure.instruments.lint.patterns import holds
from trustmeasure.instruments.lint.texts import each

DOUBLE_BARRELLED = Rule(
    id="double-barrelled",
    severity="warning",
    about="An item asks about one thing: no 'and', 'or', 'both'; no 和, 与, 并且, 以及, 又…又….",
    remedy="Ask one thing, and make a second item of the other.",
    check=each(holds("double-barrelled", "may ask two things at once"), ASKED),
    bad=FrozenMap.of({"en": "{brand} is fast and friendly.", "zh": "{brand}既快捷又热情。"}),
    good=FrozenMap.of({"en": "{brand} is friendly.", "zh": "和{brand}打交道很愉快。"}),
)

LEADING = Rule(
    id="leading",
    severity="warning",
    about="The wording presses no answer: no 'of course', 'surely'; no 众所周知, 毫无疑问, 难道.",
    remedy="State it plainly, so that it is as easy to disagree as to agree.",
    check=each(holds("leading", "presses the answer"), READ),
    bad=FrozenMap.of({"en": "Of course {brand} is honest.", "zh": "众所周知，{brand}很诚实。"}),
    good=FrozenMap.of({"en": "{brand} is honest.", "zh": "{brand}很诚实。"}),
)

LOADED = Rule(
    id="loaded",
    severity="warning",
    about="No word carries a judgement of its own: no 'wonderful', 'awful', 'greedy'; no 完美, 卓越, 黑心.",
    remedy="Use a plain word, and leave the strength to the response scale.",
    check=each(holds("loaded", "carries a judgement of its own"), ASKED),
    bad=FrozenMap.of({"en": "The service of {brand} is outstanding.", "zh": "{brand}的服务无可挑剔。"}),
    good=FrozenMap.of({"en": "The service of {brand} is good.", "zh": "{brand}的服务很好。"}),
)

ABSOLUTE = Rule(
    id="absolute",
    severity="warning",
    about="No absolutes, with which few can agree: no 'always', 'never', 'all'; no 总是, 从不, 所有.",
    remedy="Leave the word out, or say how far it goes.",
    check=each(holds("absolute", "is absolute"), STATED),
    bad=FrozenMap.of({"en": "{brand} always tells the truth.", "zh": "{brand}总是说真话。"}),
    good=FrozenMap.of({"en": "{brand} tells the truth.", "zh": "{brand}说真话。"}),
)

VAGUE = Rule(
    id="vague-quantity",
    severity="advice",
    about="Quantities are definite: no 'often', 'many', 'some'; no 经常, 很多, 一些.",
    remedy="Say how often or how many where answers shall be compared.",
    check=each(holds("vague-quantity", "is vague"), ASKED),
    bad=FrozenMap.of({"en": "I often visit {brand}.", "zh": "我经常去{brand}。"}),
    good=FrozenMap.of({"en": "I visit {brand} each week.", "zh": "我每周都去{brand}。"}),
)

HYPOTHETICAL = Rule(
    id="hypothetical",
    severity="advice",
    about="Items ask what is, not what would be: no 'if … would', 'imagine'; no 如果, 假如, 要是.",
    remedy="Ask for something that people know of themselves, unless the construct is an intention.",
    check=each(holds("hypothetical", "asks about what has not happened"), ASKED),
    bad=FrozenMap.of({"en": "I would wait if {brand} were out of stock.", "zh": "如果{brand}缺货，我会等。"}),
    good=FrozenMap.of({"en": "I wait when {brand} is out of stock.", "zh": "{brand}缺货时，我会等。"}),
)

RECALL = Rule(
    id="recall",
    severity="advice",
    about="Little must be remembered: no 'how many times', 'in the last year'; no 多少次, 过去…年.",
    remedy="Shorten the time, or take the figure from the company's records.",
    check=each(holds("recall", "asks people to remember much"), ASKED),
    bad=FrozenMap.of(
        {"en": "In the past 12 months, orders came on time.", "zh": "回想过去 12 个月，送货很准时。"}
    ),
    good=FrozenMap.of({"en": "My last order came on time.", "zh": "上一次送货很准时。"}),
)

JARGON = Rule(
    id="jargon",
    severity="warning",
    about="Respondents know each word: no 'stakeholder', 'leverage', 'touchpoint'; no 赋能, 触点, 闭环.",
    remedy="Say it in a word that customers use.",
    check=each(holds("jargon", "is jargon"), READ),
    bad=FrozenMap.of({"en": "{brand} is good at each touchpoint.", "zh": "{brand}在各个触点都做得好。"}),
    good=FrozenMap.of({"en": "{brand} answers the phone at once.", "zh": "{brand}马上就接电话。"}),
)

RULES = (DOUBLE_BARRELLED, LEADING, LOADED, ABSOLUTE, VAGUE, HYPOTHETICAL, RECALL, JARGON)
