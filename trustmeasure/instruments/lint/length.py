"""Rules about length and likeness of items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from trustmeasure.display import number
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.lint.model import ASKED, File, Hit, Rule, Text
from trustmeasure.instruments.lint.patterns import CHINESE, plain
from trustmeasure.instruments.lint.texts import each, item_texts, tags_of
from trustmeasure.instruments.placeholders import PLACEHOLDER
from trustmeasure.instruments.reading_level import counted

MOST_IN_ITEM = {"en": 20, "zh": 40}
MOST_IN_STEM = {"en": 40, "zh": 80}
MOST_GRADE = 8
MOST_IN_CLAUSE = 15
FEWEST_COMMON = 0.97
ALIKE = 0.85
_NAME = "Acme"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_WORD_OR_SIGN = re.compile(rf"{CHINESE.pattern}|{_WORD.pattern}")


def size_of(text: str, language: str) -> int:
    """Return the number of words, in Chinese of characters; a placeholder is one word or 3 characters."""
    if language == "zh":
        return len(CHINESE.findall(PLACEHOLDER.sub("该公司", text)))
    return len(_WORD.findall(PLACEHOLDER.sub("Name", text)))


def _longer(most: Mapping[str, int]) -> Callable[[Text], Iterator[str]]:
    def look(text: Text) -> Iterator[str]:
        limit = most.get(text.language)
        size = size_of(text.text, text.language)
        if limit is not None and size > limit:
            unit = "characters" if text.language == "zh" else "words"
            yield f"has {size} {unit}, more than {limit}."

    return look


def _parts(text: str) -> list[str]:
    return _WORD_OR_SIGN.findall(plain(text).casefold())


def _likeness(first: Sequence[str], second: Sequence[str]) -> float:
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _near_duplicates(file: File) -> Iterator[Hit]:
    for tag in tags_of(file):
        parts = [(where, text, _parts(text)) for where, text in item_texts(file, tag)]
        for (_, first, one), (where, _, other) in combinations(parts, 2):
            if one and other and _likeness(one, other) >= ALIKE:
                yield Hit(where, f"says nearly the same as '{first}'.")


def _reading_level(file: File) -> Iterator[Hit]:
    for tag in tags_of(file):
        found = counted([PLACEHOLDER.sub(_NAME, text) for _, text in item_texts(file, tag)], tag)
        if found.grade > MOST_GRADE:
            yield Hit(("items",), f"read at grade {number(found.grade, 1)} ({tag}), above {MOST_GRADE}.")
        if found.characters_per_clause > MOST_IN_CLAUSE:
            mean = number(found.characters_per_clause, 1)
            yield Hit(("items",), f"have {mean} characters a clause ({tag}), more than {MOST_IN_CLAUSE}.")
        if found.common_characters < FEWEST_COMMON:
            share = number(100 * found.common_characters, 1)
            yield Hit(("items",), f"have {share} % common characters ({tag}), fewer than 97 %.")


LONG_ITEM = Rule(
    id="long-item",
    severity="warning",
    about="An item has at most 20 words, in Chinese 40 characters.",
    remedy="Shorten it, or make two items of it.",
    check=each(_longer(MOST_IN_ITEM), ASKED),
    bad=FrozenMap.of(
        {
            "en": "When I think about what the staff of {brand} told me before I bought there, I find today "
            "that it was true.",
            "zh": "我第一次在{brand}购买产品之前，工作人员向我详细介绍的那些内容，"
            "后来我发现跟我的实际使用感受都是相符的。",
        }
    ),
    good=FrozenMap.of({"en": "{brand} told me the truth.", "zh": "购买前{brand}说的是真话。"}),
)

LONG_STEM = Rule(
    id="long-stem",
    severity="advice",
    about="A stem has at most 40 words, in Chinese 80 characters.",
    remedy="Shorten it: people skip long introductions.",
    check=each(_longer(MOST_IN_STEM), frozenset({"stem"})),
)

NEAR_DUPLICATE = Rule(
    id="near-duplicate",
    severity="warning",
    about="No two items of an instrument say nearly the same in one language.",
    remedy="Reword one of the two, so that each adds something, or retire it.",
    check=_near_duplicates,
)

READING_LEVEL = Rule(
    id="reading-level",
    severity="advice",
    about=(
        "The items together ask for at most grade 8 (Flesch-Kincaid); in Chinese a clause has at most 15 "
        "characters on average, and 97 % of them are among the 3755 most used."
    ),
    remedy="Use shorter sentences and everyday words.",
    check=_reading_level,
)

RULES = (LONG_ITEM, LONG_STEM, NEAR_DUPLICATE, READING_LEVEL)
