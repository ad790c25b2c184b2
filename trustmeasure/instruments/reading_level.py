"""How hard the items are to read, as far as counting can tell."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import number
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.registry import load_instrument
from trustmeasure.instruments.syllables import syllables

COLUMNS = [
    "instrument",
    "language",
    "items",
    "words_per_item",
    "words_per_sentence",
    "syllables_per_word",
    "grade",
    "characters_per_item",
    "characters_per_clause",
    "common_characters",
]
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_CHARACTER = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_CLAUSE = re.compile(r"[，。？！；：、]")
_FIRST_COMMON, _LAST_COMMON = 0xB0, 0xD7
"""Lead bytes of the first level of GB 2312, its 3755 most used characters, in EUC-CN."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in texts of one language; what the language does not have is NaN.

    Attributes
    ----------
    words_per_item, words_per_sentence, syllables_per_word, grade : float
        Of a language with blanks between words; syllables and grade of English only.
    characters_per_item, characters_per_clause, common_characters : float
        Of Chinese; the last is the share of characters in the first level of GB 2312.
    """

    words_per_item: float = float("nan")
    words_per_sentence: float = float("nan")
    syllables_per_word: float = float("nan")
    grade: float = float("nan")
    characters_per_item: float = float("nan")
    characters_per_clause: float = float("nan")
    common_characters: float = float("nan")


def flesch_kincaid_grade(words_per_sentence: float, syllables_per_word: float) -> float:
    """Return the grade of school, in the United States, that a text asks for.

    Formula
    -------
    0.39 words per sentence + 11.8 syllables per word - 15.59

    Source
    ------
    Kincaid, J. P., Fishburne, R. P., Rogers, R. L., & Chissom, B. S. (1975). Derivation of new readability
    formulas (Automated Readability Index, Fog Count and Flesch Reading Ease Formula) for Navy enlisted
    personnel (Research Branch Report 8-75). Chief of Naval Technical Training, Naval Air Station Memphis.

    Examples
    --------
    >>> round(flesch_kincaid_grade(10, 1.5), 2)
    6.01
    """
    return 0.39 * words_per_sentence + 11.8 * syllables_per_word - 15.59


def reading_level(
    instrument: str | Path | Instrument, *, by: Literal["instrument", "item"] = "instrument"
) -> pd.DataFrame:
    """Return how hard the items of an instrument are to read, for each language.

    English has the Flesch-Kincaid grade. It was made for passages: take it for the items together, and
    that of a single short item with caution. For Chinese there is no accepted formula that rests on freely
    available lists, so there are the lengths of items and clauses, and the share of characters that are in
    the first level of GB 2312 (its 3755 most used characters). These say how long and how rare the signs
    are, not whether an item is understood: only people can show that.

    Parameters
    ----------
    instrument : str, Path or Instrument
        Id of a shipped instrument, path of a file, or an instrument.
    by : {"instrument", "item"}
        One row a language, or one row an item and language.

    Returns
    -------
    pandas.DataFrame
        Columns instrument, language, items (how many), words_per_item, words_per_sentence,
        syllables_per_word, grade, characters_per_item, characters_per_clause, common_characters (a share);
        NaN where a language has no such figure. With `by="item"` the column item stands in place of items.
        Placeholders are filled with their default, such as "the company".

    Raises
    ------
    InstrumentError
        If there is no such instrument.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> tm.reading_level("satisfaction")["language"].tolist()
    ['en', 'zh']
    """
    loaded = load_instrument(instrument)
    if one_of("by", by, ("instrument", "item")) == "instrument":
        rows = [
            _row(loaded, tag, len(loaded.items), counted(_texts(loaded, tag), tag))
            for tag in loaded.language_tags
        ]
        return pd.DataFrame(rows, columns=COLUMNS)
    rows = [
        _row(loaded, tag, item.id, counted([loaded.fill(item.text, tag)], tag))
        for item in loaded.items
        for tag in loaded.language_tags
    ]
    return pd.DataFrame(rows, columns=["item" if name == "items" else name for name in COLUMNS])


def _texts(instrument: Instrument, tag: str) -> list[str]:
    return [instrument.fill(item.text, tag) for item in instrument.items]


def _row(instrument: Instrument, tag: str, items: int | str, found: Counted) -> tuple[object, ...]:
    figures = (getattr(found, name) for name in COLUMNS[3:])
    return (instrument.id, tag, items, *figures)


def counted(texts: Sequence[str], tag: str) -> Counted:
    """Return what can be counted in the texts of one language."""
    language = tag.split("-")[0]
    if language == "zh":
        return _chinese(texts)
    if language in ("ja", "ko", "th"):
        return Counted()
    words = [word for text in texts for word in _WORD.findall(text)]
    sentences = sum(max(1, len(_SENTENCE.findall(text))) for text in texts)
    if not words:
        return Counted()
    per_item, per_sentence = len(words) / len(texts), len(words) / sentences
    if language != "en":
        return Counted(words_per_item=per_item, words_per_sentence=per_sentence)
    per_word = sum(map(syllables, words)) / len(words)
    return Counted(per_item, per_sentence, per_word, flesch_kincaid_grade(per_sentence, per_word))


def _chinese(texts: Sequence[str]) -> Counted:
    characters = [sign for text in texts for sign in _CHARACTER.findall(text)]
    clauses = sum(1 for text in texts for part in _CLAUSE.split(text) if _CHARACTER.search(part))
    if not characters:
        return Counted()
    return Counted(
        characters_per_item=len(characters) / len(texts),
        characters_per_clause=len(characters) / clauses,
        common_characters=sum(map(is_common, characters)) / len(characters),
    )


def is_common(character: str) -> bool:
    """Return whether a character is in the first level of GB 2312, the 3755 most used simplified ones.

    Examples
    --------
    >>> is_common("信"), is_common("赜")
    (True, False)
    """
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return _FIRST_COMMON <= lead <= _LAST_COMMON


def level_line(instrument: Instrument, tag: str) -> str:
    """Return the reading level in one language as a sentence; empty when nothing can be counted."""
    found = counted(_texts(instrument, tag), tag)
    parts = []
    if not math.isnan(found.grade):
        parts.append(f"Flesch-Kincaid grade {number(found.grade, 1)}")
    if not math.isnan(found.words_per_item):
        parts.append(f"{number(found.words_per_item, 1)} words an item")
    if not math.isnan(found.characters_per_item):
        per_item, per_clause = number(found.characters_per_item, 1), number(found.characters_per_clause, 1)
        share = number(100 * found.common_characters, 1)
        parts += [f"{per_item} characters an item", f"{per_clause} a clause"]
        parts.append(f"{share} % of them among the 3755 most used (GB 2312, level 1)")
    return f"Reading level ({tag}): {', '.join(parts)}." if parts else ""
