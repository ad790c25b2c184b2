"""Rules about languages beside each other: nothing is left untranslated or unfilled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.lint.model import READ, File, Hit, Role, Rule, Text
from trustmeasure.instruments.lint.patterns import CHINESE, found_words, plain, quoted
from trustmeasure.instruments.lint.texts import each
from trustmeasure.instruments.problems import Where

EVERYWHERE: frozenset[Role] = READ | {"name", "prose", "words"}
_LETTER = re.compile(r"[^\W\d_]")
_GAP = re.compile(r"\$\{\w*\}|\{\{.*?\}\}|%[sd]\b|<\w+>|\[\w+\]|【\w*】|_{3,}|…{3,}")


def _untranslated(text: Text) -> Iterator[str]:
    if text.language == "zh":
        found = found_words("untranslated", text)
        if found:
            yield f"holds words that are not Chinese: {quoted(found)}."
    elif text.language == "en" and CHINESE.search(text.text):
        yield f"holds Chinese characters: {quoted(CHINESE.findall(text.text))}."


def _same(file: File) -> Iterator[Hit]:
    """Yield texts that are the same in two languages, letter by letter."""
    first: dict[tuple[Where, str], Text] = {}
    for text in file.texts:
        other = first.setdefault((text.where[:-1], text.text), text)
        if other is not text and _LETTER.search(plain(text.text)):
            yield Hit(text.where, f"is the same text as in '{other.tag}'.")


def _unfilled(text: Text) -> Iterator[str]:
    found = [*_GAP.findall(text.text), *found_words("unfilled", text)]
    if found:
        yield f"holds something that was to be filled in: {quoted(found)}."


UNTRANSLATED = Rule(
    id="untranslated",
    severity="error",
    about="A Chinese text holds no Latin words but acronyms and 'App'; an English text no Chinese.",
    remedy="Translate the words, or silence the rule for a name.",
    check=each(_untranslated, EVERYWHERE),
    bad=FrozenMap.of({"en": "{brand} is 诚实.", "zh": "{brand}很 honest。"}),
    good=FrozenMap.of({"en": "{brand} is honest.", "zh": "{brand}的 App 很好用。"}),
)

SAME_TEXT = Rule(
    id="same-text",
    severity="error",
    about="No text is the same in two languages.",
    remedy="Translate it.",
    check=_same,
)

UNFILLED = Rule(
    id="unfilled",
    severity="error",
    about="Nothing waits to be filled in: no `[brand]`, `${brand}`, `___`, XXX, TODO.",
    remedy="Write {name} and declare it under placeholders, or write the words.",
    check=each(_unfilled, EVERYWHERE),
    bad=FrozenMap.of({"en": "[brand] keeps its word.", "zh": "XXX说话算数。"}),
    good=FrozenMap.of({"en": "{brand} keeps its word.", "zh": "{brand}说话算数。"}),
)

RULES = (UNTRANSLATED, SAME_TEXT, UNFILLED)
