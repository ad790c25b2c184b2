"""Answers from LimeSurvey: CSV or Excel with question codes, full texts or both; SPSS and R exports.

A row of a matrix is `COG[cog_1]` in a CSV and `COG_cog_1` in SPSS and R. LimeSurvey takes underscores out of
codes, so that `customernow` may stand for `customer_now`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from trustmeasure.responses.columns import folded
from trustmeasure.responses.platforms.base import Kept, Platform, Sign, TidyOptions
from trustmeasure.responses.platforms.shapes import after_prefix, in_brackets, kept_by_name, moments, numbers
from trustmeasure.responses.raw import RawTable
from trustmeasure.responses.readers.tidy import is_blank

LANGUAGES = {"zh-hans": "zh"}
"""LimeSurvey's tags of languages -> ours, where they differ."""

CODES = ("submitdate", "lastpage", "startlanguage", "seed")
WORDS = ("Date submitted", "Last page", "Start language", "Seed")
LEAST_MARKS = 3
NO_DATE = "1980-01-01 00:00:00"
"""What LimeSurvey writes when it does not keep the time."""

_MOST_UNDERSCORES = 3
_CODED = re.compile(r"(?P<code>\w+(\[\w+\])?)\. .*", re.DOTALL)
_MIDNIGHT = re.compile(r"(?P<day>\d{4}-\d\d-\d\d) 00:00:00")
_TIMES = re.compile(r"(groupTime|questionTime)\d+|(Group|Question) time: .*", re.DOTALL)


def recognise(raw: RawTable) -> Sign | None:
    """Return how sure it is that LimeSurvey wrote a table."""
    names = {_code(str(name)) for name in raw.frame.columns}
    for marks in (CODES, WORDS):
        seen = [mark for mark in marks if folded(mark) in names]
        if len(seen) >= LEAST_MARKS:
            return Sign(95, f"columns {', '.join(seen)}")
    return None


def _code(column: str) -> str:
    """Return the code of a column, without the text that may stand behind it."""
    found = _CODED.fullmatch(column)
    known = {*map(folded, CODES), *map(folded, WORDS)}
    return folded(found["code"]) if found and folded(column) not in known else folded(column)


def tidy(raw: RawTable, options: TidyOptions) -> RawTable:
    """Return the answers with whole days as days, and with whether they were sent."""
    days = {name: _days(raw.frame[name]) for name in raw.frame.columns if _all_midnight(raw.frame[name])}
    frame = raw.frame.assign(**days)
    submitted = next((name for name in frame if _code(str(name)) in ("submitdate", "date submitted")), None)
    if submitted is None or "finished" in frame.columns:
        return replace(raw, frame=frame)
    sent = np.array([not is_blank(cell) for cell in frame[submitted]])
    told = f"{int((~sent).sum())} of {len(sent)} responses were not sent (no {submitted}); they were kept."
    notes = raw.notes if sent.all() else (*raw.notes, told)
    return replace(raw, frame=frame.assign(finished=sent.astype(float)), notes=notes)


def _all_midnight(column: pd.Series) -> bool:
    cells = [cell for cell in column if not is_blank(cell)]
    return bool(cells) and all(
        isinstance(cell, str) and cell != NO_DATE and _MIDNIGHT.fullmatch(cell) for cell in cells
    )


def _days(column: pd.Series) -> pd.Series:
    return column.map(lambda cell: cell[:10] if isinstance(cell, str) else cell)


def candidates(column: str) -> tuple[str, ...]:
    """Return the ids that a column may stand for.

    Examples
    --------
    >>> candidates("COG[cog_1]")
    ('cog_1',)
    >>> "customer_now" in candidates("customernow")
    True
    """
    found = _CODED.fullmatch(column)
    code = found["code"] if found else column
    inside = in_brackets(code)
    if inside:
        return (*inside, *_respelled(inside[0]))
    return (code, *after_prefix(code), *_respelled(code))


def _respelled(code: str) -> Iterator[str]:
    """Yield a code with one to three underscores put in, as before LimeSurvey took them out."""
    if not re.fullmatch("[A-Za-z][A-Za-z0-9]{2,19}", code):
        return
    for count in range(1, _MOST_UNDERSCORES + 1):
        for places in combinations(range(1, len(code)), count):
            parts = zip((0, *places), (*places, len(code)), strict=True)
            yield "_".join(code[start:end] for start, end in parts)


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wordings that a heading or label may show: all of it, or the row of a matrix in brackets.

    Examples
    --------
    >>> texts("About Acme: [I trust it.]", "")
    ('About Acme: [I trust it.]', 'I trust it.')
    """
    return tuple(dict.fromkeys(text for shown in (column, label) for text in _shown(shown)))


def _shown(heading: str) -> Iterator[str]:
    heading = heading.strip()
    if not heading:
        return
    coded = _CODED.fullmatch(heading)
    for text in (heading, heading[len(coded["code"]) :].lstrip(". ") if coded else ""):
        if text:
            yield text
            yield from (text[place + 1 : -1] for place in _opening(text) if text.endswith("]"))
    before = re.match(r"\[(.*?)\] ", heading, re.DOTALL)
    if before:
        yield before[1]


def _opening(text: str) -> list[int]:
    return [place for place, sign in enumerate(text) if sign == "["]


def languages(column: pd.Series) -> pd.Series:
    """Return our tags in the place of LimeSurvey's."""
    return column.map(
        lambda cell: LANGUAGES.get(cell.lower(), cell.lower()) if isinstance(cell, str) else cell
    )


def kept_times(column: pd.Series) -> pd.Series:
    """Return points in time; missing where LimeSurvey did not keep them."""
    return moments()(column.where(column != NO_DATE))


_NAMED = kept_by_name(
    {
        "id": Kept("respondent_id", "identifier"),
        "Response ID": Kept("respondent_id", "identifier"),
        "submitdate": Kept("saved_at", "time", kept_times),
        "Date submitted": Kept("saved_at", "time", kept_times),
        "startdate": Kept("started_at", "time", kept_times),
        "Date started": Kept("started_at", "time", kept_times),
        "datestamp": Kept("", "time", kept_times),
        "Date last action": Kept("", "time", kept_times),
        "lastpage": Kept("last_page", "status", numbers),
        "Last page": Kept("last_page", "status", numbers),
        "startlanguage": Kept("language", "language", languages),
        "Start language": Kept("language", "language", languages),
        "seed": Kept("", "order"),
        "token": Kept("", "identifier"),
        "Access code": Kept("", "identifier"),
        "ipaddr": Kept("ip_address", "personal"),
        "IP address": Kept("ip_address", "personal"),
        "refurl": Kept("", "other"),
        "Referrer URL": Kept("", "other"),
        "firstname": Kept("", "personal"),
        "lastname": Kept("", "personal"),
        "email": Kept("email", "personal"),
        "interviewtime": Kept("duration_seconds", "duration", numbers),
        "Total time": Kept("duration_seconds", "duration", numbers),
        "wave": Kept("wave", "wave"),
        "questionnaire": Kept("questionnaire", "other"),
        "finished": Kept("finished", "status"),
    }
)


def bookkeeping(column: str) -> Kept | None:
    """Return what a column beside the answers holds."""
    if _TIMES.fullmatch(column):
        return Kept("", "duration", numbers)
    return _NAMED(column) or _NAMED(_code(column))


PLATFORM = Platform(
    name="limesurvey",
    title="LimeSurvey",
    recognise=recognise,
    formats=("limesurvey",),
    tidy=tidy,
    candidates=candidates,
    texts=texts,
    bookkeeping=bookkeeping,
    missing={"N/A": "not shown"},
)
