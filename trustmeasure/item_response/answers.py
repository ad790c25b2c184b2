"""Answers to items become categories counted from 0, with checks that keep a fit from failing later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import Array, require_columns, to_pandas
from trustmeasure.item_response.layout import Index, Layout, layout_of
from trustmeasure.moments.answers import MOST_CATEGORIES
from trustmeasure.responses import Responses
from trustmeasure.responses.item_frame import item_frame

Categories = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers of n people to k items.

    Attributes
    ----------
    names : tuple of str, length k
        The items.
    categories : tuple of tuple of float, length k
        The codes that were used, in their order.
    codes : array of int (n, k)
        Place of each answer among its item's codes, from 0; -1 where there is no answer.
    index : pandas.Index, length n
        What the rows are called.
    notes : tuple of str
        What a reader should know.
    """

    names: tuple[str, ...]
    categories: Categories
    codes: Index
    index: pd.Index
    notes: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        """Numbers of categories."""
        return layout_of([len(codes) for codes in self.categories])

    @property
    def answered(self) -> Array:
        """How many items each person answered, length n."""
        return np.asarray((self.codes >= 0).sum(axis=1), dtype=float)


def chosen_items(data: Any, items: str | Sequence[str] | None) -> pd.DataFrame:
    """Return the answers to some items as numbers, under the names of the rows.

    Parameters
    ----------
    data : frame, 2-D array, mapping from name to column or Responses
        One row a person.
    items : str, sequence of str or None
        Of Responses, a construct, or ids of items; of anything else, names of columns. None for all.
    """
    if isinstance(data, Responses):
        if items is None or isinstance(items, str):
            return data.items(items)
        answers = data.items()
        require_columns(answers, list(items), what="item")
        return answers[list(items)]
    frame = to_pandas(data, name="data")
    if isinstance(items, str):
        raise ArgumentError(
            f"items='{items}' is one name. Give a list of columns; a construct is known by Responses only."
        )
    if items is not None:
        require_columns(frame, list(items), what="item")
        frame = frame[list(items)]
    return item_frame(frame).set_axis(frame.index, axis=0)


def answers_of(frame: pd.DataFrame, *, least: int, scales: Categories | None = None) -> Answers:
    """Return the answers as categories.

    Parameters
    ----------
    frame : pandas.DataFrame of shape (n, k)
        Numbers, NaN where there is no answer.
    least : int
        Fewest items that make sense.
    scales : tuple of tuple of float, optional
        Codes that each item's response scale offers, for the note on codes that nobody used.

    Raises
    ------
    DataError
        If there are too few items or no rows, or an item nobody answered, or that has one category only or
        more than 11.
    """
    names = tuple(str(name) for name in frame.columns)
    if len(names) < least:
        raise DataError(
            f"{len(names)} item{'s' if len(names) != 1 else ''} ({', '.join(names)}): at least {least} are "
            "needed, since what the items share must be told from what each one measures alone."
        )
    values = frame.to_numpy(dtype=float)
    if len(values) == 0:
        raise DataError("The data have no rows. Give at least some people's answers.")
    categories = tuple(_categories(column, name) for column, name in zip(values.T, names, strict=True))
    codes = np.column_stack([_coded(column, used) for column, used in zip(values.T, categories, strict=True)])
    notes = _unused(names, categories, scales)
    return Answers(names, categories, codes, frame.index, notes)


def _categories(column: Array, name: str) -> tuple[float, ...]:
    used = np.unique(column[~np.isnan(column)])
    if used.size == 0:
        raise DataError(f"Nobody answered '{name}', so that nothing can be said of it. Leave the item out.")
    if used.size == 1:
        raise DataError(
            f"All answers to '{name}' are {used[0]:g}: an item that everybody answers alike tells nothing "
            "about differences between people. Leave it out."
        )
    if used.size > MOST_CATEGORIES:
        raise DataError(
            f"'{name}' has {used.size} different values; ordered categories are needed, at most "
            f"{MOST_CATEGORIES}. Group the values, or treat the item as continuous (omega_total, fit_sem)."
        )
    return tuple(float(x) for x in used)


def _coded(column: Array, used: tuple[float, ...]) -> Index:
    places = np.searchsorted(np.array(used), column)
    return np.where(np.isnan(column), -1, np.minimum(places, len(used) - 1)).astype(np.intp)


def recoded(frame: pd.DataFrame, names: Sequence[str], categories: Categories) -> Answers:
    """Return answers of other people in the categories of a fitted model.

    Raises
    ------
    DataError
        If an item is missing, or an answer is a code that the model does not know.
    """
    require_columns(frame, list(names), what="item")
    values = frame[list(names)].to_numpy(dtype=float)
    for column, name, used in zip(values.T, names, categories, strict=True):
        strange = np.setdiff1d(column[~np.isnan(column)], used)
        if strange.size:
            shown = ", ".join(f"{x:g}" for x in used)
            raise DataError(
                f"'{name}' holds {strange[0]:g}, which nobody answered in the data of the model (it knows "
                f"{shown}). Set it to missing, or fit the model to data that have this answer."
            )
    codes = np.column_stack([_coded(column, used) for column, used in zip(values.T, categories, strict=True)])
    return Answers(tuple(names), categories, codes, frame.index)


def _unused(names: Sequence[str], categories: Categories, scales: Categories | None) -> tuple[str, ...]:
    notes = []
    for i, (name, used) in enumerate(zip(names, categories, strict=True)):
        offered = scales[i] if scales is not None else _between(used)
        gone = [f"{x:g}" for x in offered if x not in used]
        if gone:
            what = "category" if len(gone) == 1 else "categories"
            notes.append(
                f"'{name}': nobody chose {what} {', '.join(gone)}; the model knows the {len(used)} "
                "categories that were used, and says nothing of the others."
            )
    return tuple(notes)


def _between(used: tuple[float, ...]) -> tuple[float, ...]:
    """Return the whole numbers from the lowest to the highest code, where codes are whole and close."""
    whole = all(x == round(x) for x in used)
    if not whole or used[-1] - used[0] > MOST_CATEGORIES:
        return used
    return tuple(float(x) for x in range(int(used[0]), int(used[-1]) + 1))


def scales_offered(data: Any, names: Sequence[str]) -> Categories | None:
    """Return the codes that the response scales of Responses offer; None for other data."""
    if not isinstance(data, Responses):
        return None
    return tuple(tuple(sorted(float(code) for code in data.scale_of(name).codes)) for name in names)
