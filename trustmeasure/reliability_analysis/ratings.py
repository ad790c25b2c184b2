"""Ratings of the same people (or things) made ready for agreement coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array, numeric_columns, to_pandas
from trustmeasure.responses.item_frame import item_frame

ONE = "All ratings are of one category, so agreement cannot be told from chance."


def numeric_ratings(ratings: Any, *, least: int = 2) -> tuple[Array, tuple[str, ...], int]:
    """Return complete rows of ratings (n, k), the names of the columns, and how many rows were given.

    Raises
    ------
    DataError
        For fewer than two columns, or fewer than `least` complete rows.
    """
    frame = item_frame(ratings)
    names = tuple(str(name) for name in frame.columns)
    if len(names) < 2:
        raise DataError(
            f"Agreement needs at least 2 columns (raters or occasions); there {_is(len(names))}. One row is "
            "one person, one column one rater or occasion."
        )
    complete = frame.dropna()
    if len(complete) < least:
        worst = str(frame.isna().sum().idxmax())
        raise DataError(
            f"Only {len(complete)} of {len(frame)} rows have every rating; at least {least} are needed. "
            f"'{worst}' has the most missing ratings ({int(frame[worst].isna().sum())})."
        )
    return complete.to_numpy(dtype=float), names, len(frame)


def _is(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _series(given: Any) -> pd.Series:
    """Return one rater's ratings as a Series; text and numbers keep their kinds."""
    return pd.Series(np.asarray(given, dtype=object)) if isinstance(given, list | tuple) else pd.Series(given)


def two_columns(first: Any, second: Any | None) -> pd.DataFrame:
    """Return two columns of ratings as a frame; ArgumentError when they are not two, or of two lengths."""
    if second is None:
        frame = to_pandas(first, name="ratings").reset_index(drop=True)
    else:
        given = [_series(x) for x in (first, second)]
        if len(given[0]) != len(given[1]):
            raise ArgumentError(
                f"The first rater has {len(given[0])} ratings and the second {len(given[1])}; one row is one "
                "person that both rated."
            )
        names = [str(x.name) if x.name is not None else f"rater_{i}" for i, x in enumerate(given, 1)]
        frame = pd.concat([x.reset_index(drop=True) for x in given], axis=1)
        same = names[0] == names[1]
        frame.columns = pd.Index([f"{n}_{i}" for i, n in enumerate(names, 1)] if same else names)
    if frame.shape[1] != 2:
        raise ArgumentError(
            f"Two raters are needed; there are {frame.shape[1]} columns. Give two columns, or use "
            "fleiss_kappa or krippendorff_alpha for more raters."
        )
    return frame


def codes_of(frame: pd.DataFrame, categories: Sequence[Any] | None) -> tuple[Array, tuple[Any, ...], bool]:
    """Return ratings as positions of their categories, NaN where there is none.

    Returns
    -------
    codes : array, shape (n, k)
        Positions from 0.
    categories : tuple
        The categories in order.
    ordered : bool
        Whether their order is known: given, of an ordered categorical, or of numbers.

    Raises
    ------
    DataError
        For a rating that is not among `categories`, that is infinite, or categories that cannot be ordered.
    """
    columns = [frame.iloc[:, j] for j in range(frame.shape[1])]
    known, ordered = _categories(columns, categories)
    at = {value: i for i, value in enumerate(known)}
    codes = np.full((len(frame), len(columns)), np.nan)
    for j, column in enumerate(columns):
        for i, value in enumerate(column.tolist()):
            if pd.isna(value):
                continue
            if value not in at:
                shown = ", ".join(map(str, known))
                where = f"Column '{frame.columns[j]}' holds {value!r} in row {i + 1}"
                raise DataError(f"{where}, which is none of the categories {shown}.")
            codes[i, j] = at[value]
    return codes, known, ordered


def _categories(columns: Sequence[pd.Series], given: Sequence[Any] | None) -> tuple[tuple[Any, ...], bool]:
    if given is not None:
        found = tuple(given)
        if len(set(found)) < len(found):
            raise ArgumentError("categories: a category is named twice.")
        return found, True
    kinds = [column.dtype for column in columns if isinstance(column.dtype, pd.CategoricalDtype)]
    if kinds and len(kinds) == len(columns) and all(kind == kinds[0] for kind in kinds):
        return tuple(kinds[0].categories), bool(kinds[0].ordered)
    values = {value for column in columns for value in column.dropna().tolist()}
    numbers = [isinstance(value, int | float | np.number) for value in values]
    if any(numbers) and not all(numbers):
        text = next(value for value in values if not isinstance(value, int | float | np.number))
        raise DataError(
            f"Ratings are numbers and text ({text!r}) at once. Recode them, or say categories=[...]."
        )
    if all(numbers) and any(np.isinf(value) for value in values):
        raise DataError("A rating is infinite. Set it to missing.")
    return tuple(sorted(values)), all(numbers)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each person got each category.

    Attributes
    ----------
    counts : array, shape (n, q)
        People with at least two ratings.
    known : tuple
        The categories.
    given : int
        Rows given.
    """

    counts: Array
    known: tuple[Any, ...]
    given: int


def counted(ratings: Any, categories: Sequence[Any] | None) -> Counts:
    """Return the counts of ratings; DataError when nobody has two."""
    frame = to_pandas(ratings, name="ratings").reset_index(drop=True)
    if frame.shape[1] < 2:
        raise DataError(
            f"Agreement needs at least 2 columns (raters); there {'is' if frame.shape[1] == 1 else 'are'} "
            f"{frame.shape[1]}. One row is one person or thing, one column one rater."
        )
    codes, known, _ = codes_of(frame, categories)
    counts = (codes[:, :, None] == np.arange(len(known))).sum(axis=1)
    used = counts[counts.sum(axis=1) > 1]
    if len(used) < 1:
        raise DataError(f"None of the {len(frame)} rows has two ratings.")
    return Counts(used.astype(float), known, len(frame))


def counts_from(table: Any) -> Counts:
    """Return counts given as a table; DataError when they are no counts."""
    frame = to_pandas(table, name="ratings")
    values = numeric_columns(frame, list(frame.columns)).to_numpy(dtype=float)
    if not (np.isfinite(values) & (values >= 0) & (values == np.round(values))).all():
        raise DataError("With counts=True every cell must be a whole number of ratings, 0 or more.")
    used = values[values.sum(axis=1) > 1]
    if len(used) < 1:
        raise DataError(f"None of the {len(frame)} rows has two ratings.")
    return Counts(used, tuple(frame.columns), len(frame))
