"""Frames of any kind come in (pandas, polars, anything Narwhals knows) and become pandas."""

from __future__ import annotations

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
    if isinstance(data, pd.DataFrame):
        return data.copy()
    if isinstance(data, pd.Series):
        return data.to_frame()
    held = getattr(data, "data", None)
    if isinstance(held, pd.DataFrame):
        return held.copy()
    if isinstance(data, np.ndarray) and data.ndim == 2:
        return pd.DataFrame(data, columns=[f"x{i + 1}" for i in range(data.shape[1])])
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


def _through_narwhals(data: Any, name: str) -> pd.DataFrame:
    import narwhals as nw

    frame = nw.from_native(data, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, nw.DataFrame):
        return frame.to_pandas()
    raise DataError(
        f"{name} is a {type(data).__name__}; give a frame (pandas, polars, ...), a 2-D array or Responses."
    )


def require_columns(frame: pd.DataFrame, columns: list[str], *, what: str = "variable") -> None:
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


def _blanks_missing(column: Any) -> Any:
    return column.astype(object).replace(r"^\s*$", np.nan, regex=True)


def _numeric(column: Any, name: str) -> pd.Series[float]:
    if isinstance(column, pd.DataFrame):
        raise DataError(
            f"The data have {column.shape[1]} columns named '{name}'. Rename or drop all but one."
        )
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
            f"Column '{name}' holds {given.iloc[row]!r} in row {row + 1}, which is not a number. "
            "Recode the text to numbers, or leave the column out."
        )
    infinite = np.isinf(numbers.to_numpy())
    if infinite.any():
        row = int(np.flatnonzero(infinite)[0])
        raise DataError(f"Column '{name}' holds an infinite value in row {row + 1}. Set it to missing.")
    return numbers
