"""Columns and cells that tell directly who somebody is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.frames import to_pandas
from trustmeasure.responses.privacy.kinds import KINDS, Direct, is_resident_number
from trustmeasure.responses.readers.tidy import is_blank

By = Literal["name", "look", "inside"]
COLUMNS = ["column", "kind", "by", "cells", "share"]
LEAST_CELLS = 3
"""Least different cells by whose look alone a column of numbers is taken for identifiers."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\W_]+")
_SUSPECT = re.compile(r"@|(?:\d\D{0,3}){8}|[.:][^.:]*[.:]")
"""What every identifier that is known by its look has: an at sign, eight digits, or two points or colons."""
_NUMBERING = re.compile(r"^(?:q?\d+\s+)+")
_ASIDE = re.compile(r"\([^()]*\)\s*[*:]?\s*$|\*\s*$")
_ASKED = re.compile(
    r"^(?:please )?(?:(?:enter|give|write|type|provide|state) )?(?:us )?(?:what (?:is|s) )?(?:your )?"
    r"(?:请问|请)?(?:填写|输入|留下|提供)?(?:[您你]的)?(?P<asked>.+?)(?:是(?:什么|多少)?)?$"
)
"""Words with which a form asks for something: "Please enter your e-mail", "请填写您的姓名"."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A column that tells who somebody is, whole or in some of its cells.

    Attributes
    ----------
    column, kind : str
        Name of the column, and what it holds.
    by : {"name", "look", "inside"}
        What shows it: the column's name, the look of most cells, or parts of some texts.
    cells : int
        How many cells hold it.
    share : float
        Of the cells that are not empty.
    """

    column: str
    kind: str
    by: By
    cells: int
    share: float


def find_identifiers(data: Any) -> pd.DataFrame:
    """Return the columns that tell directly who somebody is.

    Looked for are e-mail addresses, phone numbers (also Chinese mobiles), Chinese resident identity numbers
    (with their check digit), card numbers (Luhn), IP addresses, names, places, postal addresses, messenger
    accounts and devices: by the column's name in English and Chinese, and by the look of the cells. What is
    not on this list is not found: answers in free text can tell who somebody is in many other ways.

    Parameters
    ----------
    data : frame or Responses
        The columns to look at.

    Returns
    -------
    pandas.DataFrame
        One row a finding: column, kind, by ("name", "look" of the cells, or "inside" texts), cells and share.

    Examples
    --------
    >>> import pandas as pd
    >>> import trustmeasure as tm
    >>> frame = pd.DataFrame({"contact": ["ann@acme.example", "bo@acme.example"], "sat_1": [7, 6]})
    >>> tm.find_identifiers(frame)[["column", "kind", "by"]].values.tolist()
    [['contact', 'e-mail address', 'look']]
    """
    frame = to_pandas(data)
    found = findings_in(frame, [str(name) for name in frame.columns])
    rows = [(one.column, one.kind, one.by, one.cells, one.share) for one in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def findings_in(frame: pd.DataFrame, columns: Iterable[str]) -> tuple[Finding, ...]:
    """Return what some columns of a frame tell of people: of each column the whole, else the parts."""
    return tuple(one for column in columns for one in _of_column(column, frame[column]))


def _of_column(column: str, values: pd.Series) -> list[Finding]:
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return []
    texts = Counter(_text(value) for value in values.tolist() if not is_blank(value))
    if not texts:
        return []
    whole = _whole(column, texts)
    return [whole] if whole is not None else _inside(column, texts)


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip()


def _whole(column: str, texts: Counter[str]) -> Finding | None:
    names, cells = set(names_of(column)), texts.total()
    for kind in KINDS:
        plausible = _counted(texts, kind.plausible) if names & set(kind.names) else 0
        if plausible:
            return Finding(column, kind.kind, "name", plausible, plausible / cells)
    suspects = _suspects(texts)
    for kind in KINDS:
        hits = 0 if kind.is_one is None else _counted(suspects, kind.is_one)
        if hits and hits / cells >= kind.least and _enough(texts, kind):
            return Finding(column, kind.kind, "look", hits, hits / cells)
    return None


def _suspects(texts: Counter[str]) -> Counter[str]:
    return Counter({text: times for text, times in texts.items() if _SUSPECT.search(text)})


def _counted(texts: Counter[str], holds: Callable[[str], bool]) -> int:
    """Return how many cells fulfil something, looking at each different text once."""
    return sum(times for text, times in texts.items() if holds(text))


def _enough(texts: Counter[str], kind: Direct) -> bool:
    """Return whether the look of digits alone is no accident."""
    return kind.least <= 0.5 or len(texts) >= LEAST_CELLS


def _inside(column: str, texts: Counter[str]) -> list[Finding]:
    found = []
    suspects = _suspects(texts)
    for kind in KINDS:
        hits = _counted(suspects, partial(_holds, kind))
        if hits:
            found.append(Finding(column, kind.kind, "inside", hits, hits / texts.total()))
    return found


def _holds(kind: Direct, text: str) -> bool:
    return bool(_hits(text, kind))


def _hits(text: str, kind: Direct) -> list[str]:
    if kind.inside is None:
        return []
    hits = [match.group() for match in kind.inside.finditer(text)]
    return [hit for hit in hits if kind.kind != "identity number" or is_resident_number(hit)]


def plain_name(column: str) -> str:
    """Return a column's name as words: without case, numbering, underscores and marks.

    Examples
    --------
    >>> plain_name("RecipientEmail"), plain_name("12、您的姓名：")
    ('recipient email', '您的姓名')
    """
    words = _CAMEL.sub(" ", unicodedata.normalize("NFKC", column))
    return _NUMBERING.sub("", _BETWEEN.sub(" ", words).strip().casefold()).strip()


def names_of(column: str) -> tuple[str, ...]:
    """Return a column's name as words, as it is and without what a form says around it.

    Examples
    --------
    >>> names_of("What is your name?"), names_of("2、手机号码(选填)")
    (('what is your name', 'name'), ('手机号码 选填', '手机号码'))
    """
    bare = plain_name(_ASIDE.sub("", unicodedata.normalize("NFKC", column).strip()))
    return tuple(dict.fromkeys((plain_name(column), bare, _ASKED.sub(r"\g<asked>", bare))))


def masked(text: object) -> object:
    """Return a text with the identifiers inside it replaced by their kind, such as `[phone number]`.

    Examples
    --------
    >>> masked("Call me: 13812345678!")
    'Call me: [phone number]!'
    """
    if not isinstance(text, str):
        return text
    shown = unicodedata.normalize("NFKC", text)
    if not any(_hits(shown, kind) for kind in KINDS):
        return text
    for kind in KINDS:
        for hit in _hits(shown, kind):
            shown = shown.replace(hit, f"[{kind.kind}]")
    return shown
