"""Rules about signs: punctuation of the language, quotation marks, blanks, ends of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.lint.model import File, Hit, Role, Rule, Text
from trustmeasure.instruments.lint.patterns import CJK, quoted
from trustmeasure.instruments.lint.texts import each, tags_of
from trustmeasure.instruments.placeholders import PLACEHOLDER

ALL: frozenset[Role] = frozenset({"item", "stem", "question", "answer", "name", "prose", "words"})
SENTENCES: frozenset[Role] = frozenset({"item", "stem", "question", "prose"})

_HALF_IN_CHINESE = re.compile(rf"(?<=[{CJK}}}])[,.?!:;()]|[,?!:;()](?=[{CJK}{{])|\.\.\.|[(](?=[{CJK}])")
_FULL_ONLY = re.compile("[，。？！：；（）、「」『』【】《》　]")
_CHINESE_BLANK = re.compile(rf"(?<=[{CJK}，。？！：；}}])\s+(?=[{CJK}{{，。？！：；])")
_NO_BLANK = re.compile(rf"(?<=[{CJK}])[0-9A-Za-z]|[0-9A-Za-z](?=[{CJK}])")
_ENGLISH_BLANK = re.compile(r"\s[,.?!;:](?=\s|$)|[,;?!](?=[A-Za-z{])|[a-z}]\.(?=[A-Z])")
_ENDS = {"en": (".", "?", "!", ":", "…"), "zh": ("。", "？", "！", "：", "…")}


def _width(text: Text) -> Iterator[str]:
    if text.language == "zh":
        found = _HALF_IN_CHINESE.findall(text.text)
        if found:
            yield f"holds half-width punctuation: {quoted(list(dict.fromkeys(found)))}."
    elif text.language == "en":
        found = _FULL_ONLY.findall(text.text)
        if found:
            yield f"holds full-width punctuation: {quoted(list(dict.fromkeys(found)))}."


def _invisible(text: Text) -> Iterator[str]:
    found = [sign for sign in text.text if sign != " " and not sign.isprintable()]
    if found:
        named = (f"U+{ord(sign):04X}" for sign in dict.fromkeys(found))
        yield f"holds signs that nobody sees: {', '.join(named)}."


def _blanks(text: Text) -> Iterator[str]:
    if text.text != text.text.strip():
        yield "begins or ends with a blank."
    if "  " in text.text.strip():
        yield "holds two blanks in a row."
    if text.language == "zh":
        yield from _chinese_blanks(text)
    elif _ENGLISH_BLANK.search(text.text):
        yield "holds a blank before punctuation, or none after it."


def _chinese_blanks(text: Text) -> Iterator[str]:
    words = PLACEHOLDER.sub("名", text.text)
    if _CHINESE_BLANK.search(words):
        yield "holds a blank between Chinese characters, or beside a placeholder."
    if _NO_BLANK.search(words):
        yield "lacks the blank between Chinese and digits or Latin letters."


def _end(text: Text) -> Iterator[str]:
    ends = _ENDS.get(text.language)
    body = text.text.strip().rstrip("”’\"'）)」")
    if ends is not None and body and not body.endswith(ends):
        yield f"does not end with one of {quoted(ends)}."


def _no_end(text: Text) -> Iterator[str]:
    if text.text.rstrip().endswith((".", "。")) and not text.text.rstrip().endswith(("...", "etc.", "e.g.")):
        yield "ends with a full stop, but is no sentence."


def _quotes(file: File) -> Iterator[Hit]:
    """Yield the texts whose marks are of the rarer kind in their language."""
    for tag in tags_of(file):
        texts = [text for text in file.texts if text.tag == tag]
        found = [(text, kind) for text in texts for kind in _kinds(text)]
        kinds = [kind for _, kind in found]
        if text_language(tag) == "zh":
            yield from (Hit(t.where, "holds straight quotation marks.") for t, k in found if k == "straight")
            kinds = [kind for kind in kinds if kind != "straight"]
        usual = max(sorted(set(kinds)), key=kinds.count, default="")
        for text, kind in found:
            if kind != usual and kind in kinds:
                yield Hit(text.where, f"holds {kind} quotation marks, while others of the file are {usual}.")


def text_language(tag: str) -> str:
    """Return the language of a tag without region or script."""
    return tag.split("-")[0]


def _kinds(text: Text) -> list[str]:
    kinds = {"straight": "\"'", "curly": "“”‘’", "corner": "「」『』"}
    return [kind for kind, marks in kinds.items() if any(mark in text.text for mark in marks)]


WIDTH = Rule(
    id="punctuation-width",
    severity="error",
    about="Chinese takes full-width punctuation （，。？！：；（））, English half-width (, . ? ! : ;).",
    remedy="Write the punctuation of the language.",
    check=each(_width, ALL),
    bad=FrozenMap.of({"en": "{brand} is honest。", "zh": "出了问题,{brand}会如实告诉我。"}),
    good=FrozenMap.of({"en": "{brand} is honest.", "zh": "出了问题，{brand}会如实告诉我。"}),
)

QUOTES = Rule(
    id="quotation-marks",
    severity="warning",
    about="A language of a file has one kind of quotation marks; Chinese has no straight ones.",
    remedy="Use the same kind in the whole file: “ ” in Chinese, straight or curly in English.",
    check=_quotes,
    bad=FrozenMap.of({"en": "I'm sure of {brand}’s word.", "zh": '{brand}说的"保证"是真的。'}),
    good=FrozenMap.of({"en": "I'm sure of {brand}'s word.", "zh": "{brand}说的“保证”是真的。"}),
)

BLANKS = Rule(
    id="blanks",
    severity="warning",
    about=(
        "One blank between words; in Chinese none between characters or beside a placeholder, "
        "one between Chinese and digits or Latin letters."
    ),
    remedy="Put the blanks as the rule says.",
    check=each(_blanks, ALL),
    bad=FrozenMap.of({"en": "{brand} is honest , I think.", "zh": "{brand}答应3天内送货。"}),
    good=FrozenMap.of({"en": "{brand} is honest, I think.", "zh": "{brand}答应 3 天内送货。"}),
)

SENTENCE_END = Rule(
    id="sentence-end",
    severity="warning",
    about="Items, questions, stems and definitions end with . ? or :, in Chinese with 。？ or ：.",
    remedy="Put the sign at the end.",
    check=each(_end, SENTENCES),
    bad=FrozenMap.of({"en": "{brand} is honest", "zh": "{brand}很诚实"}),
    good=FrozenMap.of({"en": "{brand} is honest.", "zh": "{brand}很诚实。"}),
)

LABEL_END = Rule(
    id="label-end",
    severity="advice",
    about="Titles, labels and answers have no full stop at their end.",
    remedy="Remove the full stop.",
    check=each(_no_end, frozenset({"name", "answer", "words"})),
)

INVISIBLE = Rule(
    id="invisible",
    severity="error",
    about="No text holds control characters, zero-width signs or blanks of another width.",
    remedy="Type the place anew; such signs come along when text is pasted.",
    check=each(_invisible, ALL),
    bad=FrozenMap.of({"en": "{brand} is\u00a0honest.", "zh": "{brand}很\u200b诚实。"}),
    good=FrozenMap.of({"en": "{brand} is honest.", "zh": "{brand}很诚实。"}),
)

RULES = (INVISIBLE, WIDTH, QUOTES, BLANKS, SENTENCE_END, LABEL_END)
