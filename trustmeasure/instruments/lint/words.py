"""The words that rules look for, from `words.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trustmeasure.instruments.source import read_yaml

FILE = Path(__file__).with_name("words.yaml")
_NONE = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule looks for in one language.

    Attributes
    ----------
    find : re.Pattern
        The words.
    harmless : re.Pattern
        Phrases that hold such words and are left out of the search.
    """

    find: re.Pattern[str]
    harmless: re.Pattern[str]

    def found_in(self, text: str) -> list[str]:
        """Return the words found in a text, in their order."""
        free = self.harmless.sub(lambda match: "□" * len(match.group()), text)
        return [match.group().strip() for match in self.find.finditer(free)]


@cache
def words_of(rule: str, language: str) -> Words | None:
    """Return what a rule looks for in a language; None when there is nothing."""
    listed = _listed().get(rule, {}).get(language)
    if listed is None:
        return None
    return Words(_pattern(listed["find"], language), _pattern(listed.get("except", ()), language))


@cache
def _listed() -> Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]:
    data = read_yaml(FILE).data
    if not isinstance(data, dict):
        raise TypeError(f"{FILE.name} holds no rules.")
    return data


def _pattern(listed: Sequence[str], language: str) -> re.Pattern[str]:
    if not listed:
        return _NONE
    joined = "|".join(_separate(part) for part in listed)
    return re.compile(joined if language == "zh" else rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def _separate(part: str) -> str:
    """Return a part whose reference to its own group still holds when parts are joined."""
    return re.sub(r"\(\.\)(.*?)\\1", r"(?P<same>.)\1(?P=same)", part)
