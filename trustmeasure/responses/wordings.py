"""Which question a text shows: the exact wording, whatever name stands in its placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trustmeasure.instruments import Instrument
from trustmeasure.instruments.placeholders import PLACEHOLDER
from trustmeasure.responses.meaning import Meaning
from trustmeasure.responses.platforms.shapes import without_markup
from trustmeasure.responses.words import plain_text

LONGEST_NAME = 80
"""Most signs that may stand in the place of a placeholder when it is not known what was put there."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings of questions, ready to be compared.

    Attributes
    ----------
    exact : mapping
        Text -> ids of the questions that have it.
    patterns : tuple
        Pattern for a text with open placeholders, and the question's id.
    """

    exact: Mapping[str, tuple[str, ...]]
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    @classmethod
    def of(cls, meanings: Mapping[str, Meaning], instruments: Sequence[Instrument] = ()) -> Wordings:
        """Return the wordings of questions, and those of instruments' sectors."""
        texts = [*_own(meanings), *_of_sectors(meanings, instruments)]
        exact: dict[str, dict[str, None]] = {}
        patterns = []
        for text, id in dict.fromkeys((comparable(text), id) for text, id in texts):
            if PLACEHOLDER.search(text):
                patterns.append((_pattern(text), id))
            else:
                exact.setdefault(text, {})[id] = None
        return cls({text: tuple(ids) for text, ids in exact.items()}, tuple(patterns))

    def ids(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Return the one question that texts show; nothing when there is none, or more than one."""
        found = {id for text in texts for id in self._ids(comparable(text))}
        return tuple(found) if len(found) == 1 else ()

    def _ids(self, text: str) -> tuple[str, ...]:
        if not text:
            return ()
        return self.exact.get(text) or tuple(id for pattern, id in self.patterns if pattern.fullmatch(text))


def comparable(text: str) -> str:
    """Return a text without markup, case, full-width forms and double blanks."""
    return plain_text(without_markup(text))


def _own(meanings: Mapping[str, Meaning]) -> Iterator[tuple[str, str]]:
    for id, meaning in meanings.items():
        for text in meaning.text.values():
            yield text, id


def _of_sectors(
    meanings: Mapping[str, Meaning], instruments: Sequence[Instrument]
) -> Iterator[tuple[str, str]]:
    for instrument in instruments:
        for context in instrument.contexts:
            for id, texts in context.items.items():
                for text in texts.values() if id in meanings else ():
                    yield text, id


def _pattern(text: str) -> re.Pattern[str]:
    """Return a pattern with any short name in the place of each placeholder."""
    parts = PLACEHOLDER.split(text)[::2]
    return re.compile(f".{{1,{LONGEST_NAME}}}?".join(map(re.escape, parts)))
