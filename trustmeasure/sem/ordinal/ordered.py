"""Which variables are ordinal, and what their categories are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.columns import Columns
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.moments.answers import MOST_CATEGORIES
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.specify import endogenous, observed_names
from trustmeasure.sem.split import Published, Rows, Split

Categories = dict[str, tuple[float, ...]]


def with_ordinal(split: Split, model: str | ParameterTable, ordered: Any) -> tuple[Split, Categories]:
    """Return the data with answers as numbers, and the codes of each ordinal variable; none without any.

    See `ordinal_columns`.

    Raises
    ------
    ArgumentError, DataError
        For what names no variable, or what is no answer scale.
    """
    first = split.parts[0]
    if isinstance(first, Published):
        if _says_something(ordered) or (isinstance(model, ParameterTable) and model.ordered):
            raise ArgumentError("Ordinal variables need the rows: give data instead of sample_cov.")
        return split, {}
    names = ordinal_columns(model, first.columns, ordered)
    if not names:
        return split, {}
    columns = with_codes(first.columns, names)
    parts = tuple(replace(part, columns=columns) for part in split.parts if isinstance(part, Rows))
    return replace(split, parts=parts), categories_of(columns, names)


def _says_something(ordered: Any) -> bool:
    return ordered is True or bool(_given(ordered))


def ordinal_columns(model: str | ParameterTable, columns: Columns, ordered: Any) -> tuple[str, ...]:
    """Return the ordinal variables of a model.

    Parameters
    ----------
    model : str or ParameterTable
        The model; one that is parsed already says it itself.
    columns : Columns
        The data; ordered categoricals of pandas and Enum columns of polars count as ordinal.
    ordered : bool, str, iterable of str, or object with `ordinal_items`
        True for every explained observed variable; names; or what knows its own ordinal items.

    Returns
    -------
    tuple of str
        Names in the order of the model.

    Raises
    ------
    ArgumentError
        For what names nothing, or a name that is neither in the model nor in the data.
    """
    if isinstance(model, ParameterTable):
        return _of_table(model, ordered)
    if not _says_something(ordered) and not _any_ordered_categorical(columns):
        return ()
    known = observed_names(model)
    for name in {one for one in _given(ordered) if isinstance(one, str)} - set(known):
        if name not in columns.frame.columns:
            raise ArgumentError(
                f"ordered: '{name}' is neither in the model nor in the data. {suggestion(name, list(known))}"
            )
    wanted = set(endogenous(model)) if ordered is True else set(names_said(ordered))
    wanted |= {n for n in known if n in columns.frame.columns and is_ordered_categorical(columns, n)}
    return tuple(n for n in known if n in wanted)


def _of_table(model: ParameterTable, ordered: Any) -> tuple[str, ...]:
    if not _says_something(ordered):
        return model.ordered
    names = () if ordered is True else names_said(ordered)
    if ordered is not True and set(names) & set(model.observed) != set(model.ordered):
        raise ArgumentError(
            "The model is parsed already, with other ordered variables: say ordered to parse_model."
        )
    return model.ordered


def names_said(ordered: Any) -> tuple[str, ...]:
    """Return the names in `ordered`: those given, and those that objects with `ordinal_items` know."""
    parts = ((one,) if isinstance(one, str) else one.ordinal_items for one in _given(ordered))
    return tuple(name for part in parts for name in part)


def _given(ordered: Any) -> tuple[Any, ...]:
    """Return names and objects with `ordinal_items`; raise ArgumentError for anything else."""
    if ordered is None or isinstance(ordered, bool):
        return ()
    if isinstance(ordered, str) or hasattr(ordered, "ordinal_items"):
        return (ordered,)
    if isinstance(ordered, Iterable) and not isinstance(ordered, Mapping):
        found = tuple(ordered)
        if all(isinstance(one, str) or hasattr(one, "ordinal_items") for one in found):
            return found
    raise ArgumentError(
        f"ordered is a {type(ordered).__name__}: give True, the names of the ordinal variables, or "
        "instruments or responses, whose response scales say which they are."
    )


def _is_enum(kind: Any) -> bool:
    """Return whether a type of Narwhals has categories with an order, as Enum of polars has."""
    import narwhals as nw

    return isinstance(kind, nw.Enum)


def _any_ordered_categorical(columns: Columns) -> bool:
    if not isinstance(columns.frame, pd.DataFrame):
        return any(_is_enum(kind) for kind in columns.frame.schema.values())
    # Each kind is looked at once: frames have many columns of few kinds.
    return any(isinstance(kind, pd.CategoricalDtype) and kind.ordered for kind in set(columns.kinds))


def is_ordered_categorical(columns: Columns, name: str) -> bool:
    """Return whether a column is an ordered categorical of pandas, or an Enum of polars."""
    column = columns.frame[name]
    if not isinstance(column, pd.DataFrame | pd.Series):
        return _is_enum(column.dtype)
    return (
        isinstance(column, pd.Series)
        and isinstance(column.dtype, pd.CategoricalDtype)
        and bool(column.dtype.ordered)
    )


def with_codes(columns: Columns, names: Iterable[str]) -> Columns:
    """Return the columns with ordered categoricals as numbers: their categories, or 1, 2, ... for texts."""
    held = [n for n in names if n in columns.frame.columns and is_ordered_categorical(columns, n)]
    if not held:
        return columns
    held_here = isinstance(columns.frame, pd.DataFrame)
    frame = columns.frame.copy() if held_here else columns.frame.to_pandas()
    for name in held:
        column = frame[name]
        codes = np.where(column.cat.codes < 0, np.nan, column.cat.codes.to_numpy(dtype=float))
        numbers = _category_numbers(column.cat.categories)
        frame[name] = np.where(np.isnan(codes), np.nan, numbers[np.nan_to_num(codes).astype(int)])
    return Columns.of(frame)


def _category_numbers(categories: pd.Index) -> Any:
    """Return a number for each category that rises with its place."""
    try:
        numbers = np.asarray(categories, dtype=float)
    except (TypeError, ValueError):
        numbers = np.arange(1, len(categories) + 1, dtype=float)
    rising = bool((np.diff(numbers) > 0).all())
    return numbers if rising else np.arange(1, len(categories) + 1, dtype=float)


def categories_of(columns: Columns, names: Iterable[str]) -> Categories:
    """Return the codes that each ordinal variable has anywhere in the data, in their order.

    Raises
    ------
    DataError
        For a variable that is no column, with one code, or with so many that it is no answer scale.
    """
    names = tuple(names)
    reader = columns.reader(names)
    found: list[set[float]] = [set() for _ in names]
    for rows in reader.blocks():
        values = reader.read(rows)[0]
        for codes, column in zip(found, values.T, strict=True):
            if len(codes) <= MOST_CATEGORIES:
                codes.update(np.unique(column[~np.isnan(column)]).tolist())
    return {name: _scale_of(name, sorted(codes)) for name, codes in zip(names, found, strict=True)}


def _scale_of(name: str, codes: list[float]) -> tuple[float, ...]:
    if len(codes) < 2:
        what = "no answer" if not codes else f"the one answer {codes[0]:g}"
        raise DataError(f"The ordinal variable '{name}' has {what}: it explains nothing. Leave it out.")
    if len(codes) > MOST_CATEGORIES:
        raise DataError(
            f"'{name}' has more than {MOST_CATEGORIES} different values, as no answer scale has: it "
            "is continuous. Leave it out of ordered, or merge categories."
        )
    return tuple(codes)
