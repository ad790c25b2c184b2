"""How long a person took: in all, per item, and against everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array, in_place, numbers_of, to_pandas
from trustmeasure.screening.asked import Asked, column_of

STARTED, SAVED = "started_at", "saved_at"
"""Columns in which the HTML form of a questionnaire saves when a respondent began and ended."""
DURATION, PART = "duration_seconds", "seconds_"
"""Column with the seconds in all, and beginning of the columns with those of a block or an item."""
NORMAL = 0.6745
"""Median absolute deviation of a standard normal variable, as Iglewicz and Hoaglin (1993) use it."""


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """How long n people took.

    Attributes
    ----------
    seconds : array, shape (n,)
        In all; NaN where it is not known, or not positive.
    per_item : array, shape (n,)
        Divided by the number of items that the person answered.
    fast : array, shape (n,), or None
        Pages (or single items) answered in less than the limit an item; None when only totals are known.
    z : array, shape (n,)
        Robust z of the logarithm of `seconds`; NaN where times do not vary.
    """

    seconds: Array
    per_item: Array
    fast: Array | None
    z: Array


def times_of(asked: Asked, seconds: Any, limit: float) -> Times | None:
    """Return the times, or None when nothing is known of them.

    Parameters
    ----------
    asked : Asked
        The answers.
    seconds : see `screen`
        Column, pair of columns, array or frame.
    limit : float
        Seconds an item below which a page counts as fast.
    """
    parts, total = _read(asked, seconds)
    answered = np.isfinite(asked.given).sum(axis=1)
    if total is None:
        if parts is None:
            return None
        total = parts.to_numpy(dtype=float).sum(axis=1)
    whole = np.where(total > 0, total, np.nan)
    per_item = np.where(answered > 0, whole / np.maximum(answered, 1), np.nan)
    fast = None if parts is None else _fast(asked, parts, limit)
    return Times(whole, per_item, fast, robust_z(np.log(whole)))


def robust_z(values: Array) -> Array:
    """Return 0.6745 (x - median) / MAD, the modified z-score of Iglewicz and Hoaglin (1993).

    NaN everywhere where the median absolute deviation is 0.
    """
    seen = values[np.isfinite(values)]
    if seen.size == 0:
        return np.full(len(values), np.nan)
    middle = float(np.median(seen))
    spread = float(np.median(np.abs(seen - middle)))
    return NORMAL * (values - middle) / spread if spread > 0 else np.full(len(values), np.nan)


def _read(asked: Asked, seconds: Any) -> tuple[pd.DataFrame | None, Array | None]:
    """Return seconds of parts, and in all; None for what is not known."""
    if seconds is None:
        return _own_parts(asked), _own_total(asked.data)
    if isinstance(seconds, str):
        return None, _numbers(column_of(asked.data, seconds), seconds)
    if isinstance(seconds, tuple) and len(seconds) == 2 and all(isinstance(s, str) for s in seconds):
        return None, _between(asked.data, *seconds)
    if isinstance(seconds, Sequence) and seconds and all(isinstance(s, str) for s in seconds):
        raise ArgumentError(
            "seconds: give one column, a pair (started, ended), an array, or a frame of parts."
        )
    if np.ndim(seconds) == 1:
        return None, _column(asked, seconds)
    return _parts(asked, seconds), None


def _own_total(data: pd.DataFrame) -> Array | None:
    """Return the seconds in all that the data bring themselves; None when they bring none."""
    if DURATION in data.columns:
        return _numbers(data[DURATION], DURATION)
    return _between(data, STARTED, SAVED) if {STARTED, SAVED} <= set(data.columns) else None


def _own_parts(asked: Asked) -> pd.DataFrame | None:
    """Return the seconds of pages and items that the data bring themselves; None when they bring none."""
    blocks = {page.rpartition(": ")[2].rpartition("/")[2].casefold(): page for page in asked.pages}
    found = {}
    for column in map(str, asked.data.columns):
        part = column.removeprefix(PART)
        name = part if part in asked.items else blocks.get(part.casefold())
        if column.startswith(PART) and name is not None:
            found[name] = _numbers(asked.data[column], column)
    return pd.DataFrame(found) if found else None


def _column(asked: Asked, seconds: Any) -> Array:
    series = seconds if isinstance(seconds, pd.Series) else pd.Series(np.asarray(seconds))
    if len(series) != len(asked.index):
        raise ArgumentError(f"seconds has {len(series)} values; the data have {len(asked.index)} rows.")
    return _numbers(series, "seconds")


def _numbers(column: pd.Series, name: str) -> Array:
    values = numbers_of(column, name).to_numpy(dtype=float)
    return np.where(np.isfinite(values), values, np.nan)


def _between(data: pd.DataFrame, start: str, end: str) -> Array:
    first, last = (_moment(column_of(data, name), name) for name in (start, end))
    return np.asarray((last - first).dt.total_seconds(), dtype=float)


def _moment(column: pd.Series, name: str) -> pd.Series:
    form = None if pd.api.types.is_datetime64_any_dtype(column.dtype) else "ISO8601"
    try:
        return pd.to_datetime(column, utc=True, format=form)
    except (ValueError, TypeError) as problem:
        raise ArgumentError(
            f"Column '{name}' holds no points in time ({problem}). Give seconds instead, or ISO dates."
        ) from problem


def _parts(asked: Asked, seconds: Any) -> pd.DataFrame:
    frame = to_pandas(in_place(seconds, name="seconds"), name="seconds")
    if len(frame) != len(asked.index):
        raise ArgumentError(f"seconds has {len(frame)} rows; the data have {len(asked.index)}.")
    known = [*asked.items, *asked.pages]
    for name in frame.columns:
        if name not in known:
            raise ArgumentError(
                f"seconds: '{name}' is neither an item nor a page. {suggestion(str(name), known)}"
            )
    return pd.DataFrame({name: _numbers(frame[name], str(name)) for name in frame.columns})


def _fast(asked: Asked, parts: pd.DataFrame, limit: float) -> Array:
    """Return the number of parts that a person went through in less than `limit` seconds an item."""
    place = {name: i for i, name in enumerate(asked.items)}
    fast, known = np.zeros(len(parts)), np.zeros(len(parts))
    for name in parts.columns:
        items = asked.pages[name] if name in asked.pages else (place[name],)
        values = parts[name].to_numpy(dtype=float)
        known += np.isfinite(values)
        fast += values < limit * len(items)
    return np.where(known > 0, fast, np.nan)
