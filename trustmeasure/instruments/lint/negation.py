"""Rules about negation: one costs understanding, two together mislead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.lint.model import READ, STATED, Rule, Text
from trustmeasure.instruments.lint.patterns import clauses, found_words, holds, quoted
from trustmeasure.instruments.lint.texts import each

_ALMOST_NOT = frozenset({"hardly", "rarely", "seldom", "barely"})
_SENTENCE = re.compile(r"[.?!;:]")


def _twice(text: Text) -> Iterator[str]:
    found = _twice_in_chinese(text) if text.language == "zh" else _twice_in_english(text)
    if found:
        yield f"is negated twice: {quoted(found)}."


def _twice_in_english(text: Text) -> list[str]:
    """Return the negating words of the first sentence that has two, and not only turned words."""
    for sentence in _SENTENCE.split(text.text):
        part = replace(text, text=sentence)
        plain, turned = found_words("negation", part), found_words("double-negation", part)
        negates = plain or any(word.casefold() in _ALMOST_NOT for word in turned)
        if negates and len(plain) + len(turned) > 1:
            return [*plain, *turned]
    return []


def _twice_in_chinese(text: Text) -> list[str]:
    fixed = found_words("double-negation", text)
    if fixed:
        return fixed
    for clause in clauses(text.text):
        found = found_words("negation", replace(text, text=clause))
        if len(found) > 1:
            return [clause]
    return []


NEGATION = Rule(
    id="negation",
    severity="warning",
    about="English items do without 'not', 'no', 'never', 'without'.",
    remedy="Say what is, not what is not. Mark it reversed when it measures the opposite.",
    check=each(holds("negation", "is negated"), STATED, ("en",)),
    bad=FrozenMap.of({"en": "{brand} does not keep its word."}),
    good=FrozenMap.of({"en": "{brand} keeps its word."}),
)

CHINESE_NEGATION = Rule(
    id="zh-negation",
    severity="advice",
    about="Chinese items do without 不, 没, 无, 未 where the sense allows; 不错 or 不断 is no negation.",
    remedy="Say what is, not what is not. Mark it reversed when it measures the opposite.",
    check=each(holds("negation", "is negated"), STATED, ("zh",)),
    bad=FrozenMap.of({"zh": "{brand}说话不算数。"}),
    good=FrozenMap.of({"zh": "{brand}说话算数，很不错。"}),
)

DOUBLE_NEGATION = Rule(
    id="double-negation",
    severity="error",
    about="No text is negated twice: no 'not unfair', 'never without'; no 不得不, 不是不, 没有…不.",
    remedy="Say it without negation: people overlook one of the two and answer the opposite.",
    check=each(_twice, READ - {"answer"}),
    bad=FrozenMap.of({"en": "{brand} is not unfair.", "zh": "{brand}不会不守信用。"}),
    good=FrozenMap.of({"en": "{brand} is fair.", "zh": "不管多忙，{brand}都会回复。"}),
)

RULES = (NEGATION, CHINESE_NEGATION, DOUBLE_NEGATION)
