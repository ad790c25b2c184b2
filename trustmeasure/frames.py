"""Frames of any kind come in (pandas, polars, anything Narwhals knows) and become pandas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import DataError

Array = npt.NDArray[np.float64]


def to_pandas(data: Any, *, name: str = "data") -> pd.DataFrame:
    """Return `data` as a pandas frame.

    Parameters
    ----------
    data : frame
        A pandas or polars frame (or another eager or lazy frame that Narwhals understands), a 2-D NumPy
        array, a mapping of columns, or an object that holds its frame as `.data`, such as `Responses`.
    name : str
        What the caller calls the argument, for messages.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns; never a view that the caller could change by accident.

    Raises
    ------
    DataError
        If `data` is not a frame.
    """
    frame = in_place(data, name=name)
    return frame.copy() if isinstance(frame, pd.DataFrame) else frame.to_pandas()


def in_place(data: Any, *, name: str = "data") -> Any:
    """Return `data` as a pandas or Narwhals frame that shares its memory: to be read, never to be changed.

    Parameters
    ----------
    data : frame
        As for `to_pandas`.
    name : str
        What the caller calls the argument, for messages.

    Returns
    -------
    pandas.DataFrame or narwhals.DataFrame
        A Narwhals frame for what is not pandas.

    Raises
    ------
    DataError
        If `data` is not a frame.
    """
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, pd.Series):
        return data.to_frame()
    held = getattr(data, "data", None)
    if isinstance(held, pd.DataFrame):
        return held
    if isinstance(data, np.ndarray) and data.ndim == 2:
        return pd.DataFrame(data, columns=[f"x{i + 1}" for i in range(data.shape[1])], copy=False)
    if isinstance(data, dict):
        return _from_columns(data, name)
    return _through_narwhals(data, name)


def _from_columns(data: dict[Any, Any], name: str) -> pd.DataFrame:
    try:
        return pd.DataFrame(data)
    except ValueError as error:
        raise DataError(
            f"{name} is a mapping that makes no frame: {error}. Give columns of one length."
        ) from error


def _through_narwhals(data: Any, name: str) -> Any:
    import narwhals as nw

    frame = nw.from_native(data, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, nw.DataFrame):
        native = frame.to_native()
        return native if isinstance(native, pd.DataFrame) else frame
    raise DataError(
        f"{name} is a {type(data).__name__}; give a frame (pandas, polars, ...), a 2-D array or Responses."
    )


def require_columns(frame: Any, columns: list[str], *, what: str = "variable") -> None:
    """Raise DataError naming the nearest column when one of `columns` is not in `frame`."""
    for column in columns:
        if column not in frame.columns:
            names = [str(c) for c in frame.columns]
            raise DataError(f"The {what} '{column}' is not a column of the data. {suggestion(column, names)}")


def numeric_columns(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return `columns` as float64, or raise DataError naming the first cell that is not a number.

    Text that spells a number ("5") is converted; missing values of any kind become NaN; infinite values
    are refused.
    """
    require_columns(frame, columns)
    return pd.DataFrame({c: _numeric(frame[c], str(c)) for c in columns}, index=frame.index)


def require_one(column: Any, name: str) -> pd.Series:
    """Return a column of a pandas frame; raise DataError when several have its name."""
    if isinstance(column, pd.DataFrame):
        raise DataError(
            f"The data have {column.shape[1]} columns named '{name}'. Rename or drop all but one."
        )
    found: pd.Series = column
    return found


def _blanks_missing(column: pd.Series) -> pd.Series:
    values = [np.nan if isinstance(v, str) and not v.strip() else v for v in column.astype(object)]
    return pd.Series(values, index=column.index, dtype=object)


def _numeric(column: Any, name: str) -> pd.Series[float]:
    numbers = numbers_of(require_one(column, name), name)
    infinite = np.isinf(numbers.to_numpy())
    if infinite.any():
        row = int(np.flatnonzero(infinite)[0])
        raise DataError(f"Column '{name}' holds an infinite value in row {row + 1}. Set it to missing.")
    return numbers


def numbers_of(
    column: pd.Series, name: str, *, place: Callable[[int], int] = lambda i: i + 1
) -> pd.Series[float]:
    """Return a column as float64, missing values as NaN.

    Parameters
    ----------
    column : Series
        Numbers, or text that spells numbers.
    name : str
        Its name, for messages.
    place : function of int
        Number of the row to show for the i-th value, from 0.

    Raises
    ------
    DataError
        For dates, complex numbers, and text that is no number.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    if pd.api.types.is_datetime64_any_dtype(column.dtype) or pd.api.types.is_complex_dtype(column.dtype):
        raise DataError(f"Column '{name}' has type {column.dtype}; numbers are needed.")
    given = column if pd.api.types.is_numeric_dtype(column.dtype) else _blanks_missing(column)
    numbers: pd.Series[float] = pd.to_numeric(given, errors="coerce").astype("float64")
    bad = np.asarray(numbers.isna() & given.notna())
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise DataError(
            f"Column '{name}' holds {given.iloc[row]!r} in row {place(row)}, which is not a number. "
            "Recode the text to numbers, or leave the column out."
        )
    return numbers
