"""Experts' ratings, long or wide, as one checked record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import DataError
from trustmeasure.frames import Array, numeric_columns, to_pandas

EXPERT, ITEM, COMMENT = "expert", "item", "comment"
RELEVANCE, CLARITY, NECESSITY = KINDS = ("relevance", "clarity", "necessity")


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Ratings of m items by n experts.

    Attributes
    ----------
    experts, items : tuple of str
        Who rated, and what.
    values : dict of array, shape (n, m)
        By kind of rating ("relevance", "clarity", "necessity"); NaN where an expert did not rate.
    comments : pandas.DataFrame
        One row a comment: expert, item, comment.
    """

    experts: tuple[str, ...]
    items: tuple[str, ...]
    values: dict[str, Array]
    comments: pd.DataFrame

    def reordered(self, items: Sequence[str]) -> Ratings:
        """Return the ratings with these items in this order; NaN for those that nobody rated."""
        at = {name: j for j, name in enumerate(self.items)}
        moved = {}
        for kind, values in self.values.items():
            moved[kind] = np.full((len(self.experts), len(items)), np.nan)
            for j, name in enumerate(items):
                if name in at:
                    moved[kind][:, j] = values[:, at[name]]
        return Ratings(self.experts, tuple(items), moved, self.comments)


def ratings_of(ratings: Any, bounds: dict[str, tuple[int, int]]) -> Ratings:
    """Return ratings in a table, checked.

    Parameters
    ----------
    ratings : frame, or mapping of kinds to frames
        Long: columns expert, item and relevance, clarity or necessity (one of them at least), and comment.
        Wide: one row an expert (named by a column "expert" or the index), one column an item, of relevance; a
        mapping such as {"relevance": frame, "necessity": frame} for several kinds. An item in brackets is no
        item: it holds a comment on the construct of that name.
    bounds : dict of pair of int
        Lowest and highest rating of each kind.
    """
    if isinstance(ratings, dict) and ratings and set(ratings) <= set(KINDS):
        long = _together([_melted(frame, kind) for kind, frame in ratings.items()])
    else:
        frame = to_pandas(ratings, name="ratings")
        frame.columns = pd.Index([str(c) for c in frame.columns])
        long = frame if ITEM in frame and EXPERT in frame else _melted(frame, RELEVANCE)
    rated, comments = _split(_numbers(long))
    return _checked(rated, comments, bounds)


def _together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the ratings of several kinds side by side, experts and items in the order they first come."""
    long = parts[0]
    for part in parts[1:]:
        long = long.merge(part, how="outer", on=[EXPERT, ITEM])
    every = pd.concat([part[[EXPERT, ITEM]] for part in parts])
    place = {name: {v: i for i, v in enumerate(every[name].unique())} for name in (EXPERT, ITEM)}
    return long.sort_values([ITEM, EXPERT], key=lambda names: names.map(place[str(names.name)]))


def _melted(ratings: Any, kind: str) -> pd.DataFrame:
    frame = to_pandas(ratings, name=kind)
    frame.columns = pd.Index([str(c) for c in frame.columns])
    if EXPERT in frame:
        frame = frame.set_index(EXPERT)
    elif isinstance(frame.index, pd.RangeIndex):
        frame.index = pd.Index([str(i + 1) for i in range(len(frame))])
    frame.index.name, frame.columns.name = EXPERT, None
    if not frame.shape[1]:
        raise DataError("The ratings have no item: give one column an item, or columns expert and item.")
    return frame.reset_index().melt(id_vars=EXPERT, var_name=ITEM, value_name=kind)


def _numbers(long: pd.DataFrame) -> pd.DataFrame:
    kinds = [kind for kind in KINDS if kind in long]
    if not kinds:
        raise DataError(
            f"The ratings have columns expert and item, but none of {', '.join(KINDS)}. "
            f"{suggestion(str(long.columns[-1]), list(KINDS))}"
        )
    frame = long.reset_index(drop=True)
    named = frame[[EXPERT, ITEM]].astype(object)
    blank = named.isna() | named.map(lambda v: not str(v).strip())
    if blank.any(axis=None):
        row = int(np.argmax(blank.any(axis=1).to_numpy()))
        raise DataError(
            f"Row {row + 1} of the ratings names no expert or no item. Fill it in, or drop the row."
        )
    found = numeric_columns(frame, kinds)
    found.insert(0, ITEM, [_name(v) for v in frame[ITEM]])
    found.insert(0, EXPERT, [_name(v) for v in frame[EXPERT]])
    found[COMMENT] = frame.get(COMMENT)
    return found


def _split(long: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ratings, and all comments: an item in brackets is a remark on a whole construct."""
    rated = np.array([not str(name).startswith("[") for name in long[ITEM]], dtype=bool)
    return long[rated], _comments(long)


def _name(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if isinstance(value, float) and whole else str(value).strip()


def _checked(long: pd.DataFrame, comments: pd.DataFrame, bounds: dict[str, tuple[int, int]]) -> Ratings:
    kinds = [kind for kind in KINDS if kind in long]
    if not len(long) or long[kinds].isna().all(axis=None):
        raise DataError("There is no rating in the table.")
    twice = long[long.duplicated([EXPERT, ITEM])]
    if len(twice):
        first = twice.iloc[0]
        raise DataError(
            f"Expert '{first[EXPERT]}' rated item '{first[ITEM]}' more than once. Keep one row each, or give "
            "experts different ids."
        )
    for kind in kinds:
        _refuse_outside(long, kind, *bounds[kind])
    experts, items = (tuple(dict.fromkeys(long[name])) for name in (EXPERT, ITEM))
    row = long[EXPERT].map({name: i for i, name in enumerate(experts)}).to_numpy()
    col = long[ITEM].map({name: j for j, name in enumerate(items)}).to_numpy()
    values = {}
    for kind in kinds:
        values[kind] = np.full((len(experts), len(items)), np.nan)
        values[kind][row, col] = long[kind].to_numpy(dtype=float)
    return Ratings(experts, items, values, comments)


def _refuse_outside(long: pd.DataFrame, kind: str, low: int, high: int) -> None:
    values = long[kind].to_numpy(dtype=float)
    bad = ~np.isnan(values) & ((values < low) | (values > high) | (values != np.round(values)))
    if bad.any():
        first = long.iloc[int(np.argmax(bad))]
        raise DataError(
            f"Expert '{first[EXPERT]}' gave {kind} {first[kind]:g} to item '{first[ITEM]}'; ratings are "
            f"whole numbers from {low} to {high}. Correct it, or name the scale: points=."
        )


def _comments(long: pd.DataFrame) -> pd.DataFrame:
    said = long[[EXPERT, ITEM, COMMENT]]
    there = said[COMMENT].notna() & said[COMMENT].map(lambda v: bool(str(v).strip()))
    return said[there].astype(object).reset_index(drop=True)
