"""Answers from Google Forms: a CSV or a sheet with the questions' words as headings and labels in the cells.

A row of a grid is `Stem [Row]`. Each language is a form with answers of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from trustmeasure.responses.columns import folded
from trustmeasure.responses.platforms.base import Kept, Platform, Sign
from trustmeasure.responses.platforms.shapes import kept_by_name, moments
from trustmeasure.responses.raw import RawTable

TIMESTAMPS = ("Timestamp", "时间戳记", "时间戳")
_ZONE = re.compile(r"\s*(?:GMT|UTC)(?:(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?)?$")
_GRID = re.compile(r".+ \[.+\]\s*", re.DOTALL)
_HALVES = (("上午", "AM"), ("下午", "PM"))
_FORMS = (
    "%Y/%m/%d %I:%M:%S %p",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %p%I:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
)
_DAY_OR_MONTH_FIRST = ("%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S")


def recognise(raw: RawTable) -> Sign | None:
    """Return how sure it is that Google Forms wrote a table: it begins with the time."""
    names = [str(name) for name in raw.frame.columns]
    if not names or folded(names[0]) not in map(folded, TIMESTAMPS):
        return None
    if any(_GRID.fullmatch(name) for name in names):
        return Sign(70, f"the first column is {names[0]}, and rows of grids stand in brackets")
    return Sign(30, f"the first column is {names[0]}")


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wordings that a heading may show: all of it, or the row of a grid in brackets.

    Examples
    --------
    >>> texts("About Acme: [I trust it.]", "")
    ('About Acme: [I trust it.]', 'I trust it.')
    """
    return tuple(_shown(column))


def _shown(heading: str) -> Iterator[str]:
    text = heading.strip()
    yield text
    if text.endswith("]"):
        yield from (text[place + 1 : -1] for place, sign in enumerate(text) if sign == "[")


def times(column: pd.Series) -> pd.Series:
    """Return points in time as ISO 8601; unchanged where day and month cannot be told apart.

    Examples
    --------
    >>> import pandas as pd
    >>> times(pd.Series(["2026/01/31 9:15:00 AM GMT+8"])).tolist()
    ['2026-01-31T09:15:00+08:00']
    """
    if not all(isinstance(cell, str) for cell in column.dropna()):
        return moments()(column)
    parted = column.map(lambda cell: _parted(cell) if isinstance(cell, str) else (cell, ""))
    plain = parted.map(lambda pair: pair[0])
    read = [found for form in _DAY_OR_MONTH_FIRST if (found := _read(plain, form)) is not None]
    found = _read(plain, *_FORMS) if not read else read[0] if len(read) == 1 else None
    if found is None:
        return column
    zones = parted.map(lambda pair: pair[1])
    return pd.Series(
        [f"{when}{zone}" if isinstance(when, str) else when for when, zone in zip(found, zones, strict=True)],
        index=column.index,
        dtype=object,
    )


def _read(column: pd.Series, *forms: str) -> pd.Series | None:
    """Return the column read in one of the forms; None when none fits."""
    for form in forms:
        try:
            found = pd.to_datetime(column, format=form)
        except (ValueError, TypeError, OverflowError):
            continue
        return found.map(lambda moment: None if pd.isna(moment) else moment.isoformat())
    return None


def _parted(cell: str) -> tuple[str, str]:
    """Return the time and its offset, such as `+08:00`; words for the halves of the day in English."""
    zone = _ZONE.search(cell)
    plain = cell[: zone.start()] if zone else cell
    for word, half in _HALVES:
        plain = plain.replace(word, half)
    if not zone:
        return plain.strip(), ""
    return plain.strip(), f"{zone['sign'] or '+'}{int(zone['hours'] or 0):02d}:{zone['minutes'] or '00'}"


_NAMED = kept_by_name(
    {
        **dict.fromkeys(TIMESTAMPS, Kept("saved_at", "time", times)),
        **dict.fromkeys(
            ("Email Address", "Email address", "Username", "电子邮件地址", "用户名"),
            Kept("email", "personal"),
        ),
        **dict.fromkeys(("Score", "得分", "分数"), Kept("", "other")),
    }
)

PLATFORM = Platform(
    name="google-forms",
    title="Google Forms",
    recognise=recognise,
    formats=("google-forms",),
    texts=texts,
    bookkeeping=_NAMED,
)
