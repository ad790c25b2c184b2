"""What every reader does in the end: one form for names, text and empty cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import ResponseError

ORIGIN_COLUMN = "data_origin"  # a column that holds "simulated" throughout marks simulated answers

_WHOLE = re.compile(r"[+-]?(0|[1-9]\d{0,14})")
_DECIMAL = re.compile(r"[+-]?(0|[1-9]\d{0,14})?\.\d+([eE][+-]?\d+)?")


def tidy(frame: pd.DataFrame, source: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return `frame` with text names, empty cells as missing values and no empty rows, and what was done.

    Parameters
    ----------
    frame : pandas.DataFrame
        As read; the index counts the rows from 0.
    source : str
        Name of the file, for messages.

    Returns
    -------
    frame : pandas.DataFrame
        Its index still counts the rows of the source, so empty rows leave gaps.
    notes : tuple of str
        One for columns and one for rows left out.

    Raises
    ------
    ResponseError
        If two columns have the same name, or there are no columns or no rows.
    """
    blank = _blank_cells(frame)
    frame, blank, column_notes = _named(frame, blank)
    require_unique([str(c) for c in frame.columns], source)
    if frame.shape[1] == 0:
        raise ResponseError(f"{source} has no columns. Check that this is the file with the answers.")
    empty_rows = blank.all(axis=1).to_numpy()
    kept = frame.loc[~empty_rows]
    if kept.shape[0] == 0:
        raise ResponseError(f"{source} has column names but no rows of answers. Check the export.")
    columns = {str(name): _settled(kept[name], blank.loc[~empty_rows, name]) for name in kept.columns}
    row_notes = (f"{int(empty_rows.sum())} empty rows were left out.",) if empty_rows.any() else ()
    return pd.DataFrame(columns, index=kept.index), (*column_notes, *row_notes)


def is_blank(value: object) -> bool:
    """Return whether a cell holds nothing: a missing value, or text of spaces only."""
    if isinstance(value, str):
        return not value.strip()
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value))
    )


def _blank_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the truth of `is_blank` for every cell; columns may share a name."""
    columns = [frame.iloc[:, i] for i in range(frame.shape[1])]
    blank = {i: column.isna() if _plain(column) else _blank(column) for i, column in enumerate(columns)}
    return pd.DataFrame(blank, index=frame.index, dtype=bool)


def _plain(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column.dtype))


def _blank(column: pd.Series) -> pd.Series:
    return pd.Series([is_blank(value) for value in column], index=column.index, dtype=bool)


def require_unique(names: Sequence[str], source: str) -> None:
    """Raise ResponseError naming the places of columns that have the same name."""
    for name, times in Counter(names).items():
        if times > 1:
            places = ", ".join(str(i + 1) for i, other in enumerate(names) if other == name)
            raise ResponseError(
                f"{source} has {times} columns named '{name}' (columns {places}). "
                "Rename or remove all but one."
            )


def _named(frame: pd.DataFrame, blank: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Give a name to columns without one; leave out empty ones that have no name or one that comes again."""
    names = ["" if is_blank(c) else str(c) for c in frame.columns]
    empty = blank.all(axis=0).to_numpy(dtype=bool)
    times = Counter(names)
    keep = [i for i, name in enumerate(names) if not empty[i] or (name and times[name] == 1)]
    unnamed = [i for i in keep if not names[i]]
    columns = pd.Index([names[i] or f"unnamed_{i + 1}" for i in keep], dtype=object)
    notes = [f"Column {i + 1} has no name; it is kept as 'unnamed_{i + 1}'." for i in unnamed]
    return (
        frame.iloc[:, keep].set_axis(columns, axis=1),
        blank.iloc[:, keep].set_axis(columns, axis=1),
        tuple(notes),
    )


def _settled(column: pd.Series, blank: pd.Series) -> pd.Series:
    """Return a column with blank text as a missing value; columns of other types as they are."""
    text = column.dtype == object or isinstance(column.dtype, pd.StringDtype)
    if not text:
        return column
    cells = [np.nan if empty else value for value, empty in zip(column, blank, strict=True)]
    return pd.Series(cells, index=column.index, dtype=object).infer_objects()


def typed(cells: Sequence[str]) -> pd.Series:
    """Return a column of text as numbers when every cell is written as a plain number.

    Text with leading zeros ("007"), more than 15 digits or spaces stays text, so that ids keep their form.
    """
    places, different = pd.factorize(np.array(cells, dtype=object))
    texts = [value if value.strip() else None for value in different]
    return pd.Series(_values([text for text in texts if text], texts)[places]).infer_objects()


def _values(given: Sequence[str], texts: Sequence[str | None]) -> npt.NDArray[Any]:
    """Return the different values of a column as whole numbers, numbers or text."""
    whole = all(_WHOLE.fullmatch(text) for text in given)
    if given and whole and len(given) == len(texts):
        return np.array([int(text) for text in given], dtype=np.int64)
    if given and (whole or all(_WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text) for text in given)):
        return np.array([float(text) if text else np.nan for text in texts], dtype=np.float64)
    return np.array([text if text else np.nan for text in texts], dtype=object)


def whole_numbers(column: pd.Series) -> pd.Series:
    """Return a float column without gaps and without fractions as int64; any other column as it is."""
    if not pd.api.types.is_float_dtype(column.dtype) or column.isna().any():
        return column
    values = column.to_numpy()
    whole = bool(np.all(np.isfinite(values)) and np.all(values == np.round(values)))
    return column.astype("int64") if whole else column


def says_simulated(frame: pd.DataFrame, *texts: str | None) -> bool:
    """Return whether a column `data_origin` or one of the file's own texts says "simulated"."""
    if any("simulated" in text.casefold() for text in texts if text):
        return True
    if ORIGIN_COLUMN not in frame.columns:
        return False
    return bool((frame[ORIGIN_COLUMN].astype(str).str.casefold() == "simulated").all())
