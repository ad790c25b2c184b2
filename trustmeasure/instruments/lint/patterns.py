"""Looking for words: in English between word boundaries, in Chinese anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from trustmeasure.instruments.lint.model import Text
from trustmeasure.instruments.lint.words import words_of
from trustmeasure.instruments.placeholders import PLACEHOLDER

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
CHINESE = re.compile(f"[{CJK}]")
_CLAUSE = re.compile(r"[，。？！；：、,.?!;:]")


def found_words(rule: str, text: Text) -> list[str]:
    """Return the words of a rule that a text holds, in their order."""
    listed = words_of(rule, text.language)
    return [] if listed is None else listed.found_in(text.text)


def holds(rule: str, message: str) -> Callable[[Text], Iterator[str]]:
    """Return a look that tells which words of a rule a text holds; they follow `message`."""

    def look(text: Text) -> Iterator[str]:
        found = found_words(rule, text)
        if found:
            yield f"{message}: {quoted(found)}."

    return look


def quoted(found: Sequence[str]) -> str:
    """Return words in quotes, each once, joined by commas."""
    return ", ".join(f"'{word}'" for word in dict.fromkeys(found))


def clauses(text: str) -> list[str]:
    """Return the clauses of a text: what stands between punctuation."""
    return [part for part in (clause.strip() for clause in _CLAUSE.split(text)) if part]


def plain(text: str) -> str:
    """Return a text without its placeholders."""
    return PLACEHOLDER.sub("", text)
