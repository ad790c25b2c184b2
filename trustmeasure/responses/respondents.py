"""Who answered: the column of ids, and what to do with an id that comes twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ResponseError
from trustmeasure.responses.columns import folded
from trustmeasure.responses.raw import ROW_OFFSET, place

Duplicates = Literal["error", "first", "last", "keep"]
DUPLICATES: tuple[Duplicates, ...] = ("error", "first", "last", "keep")
ID_COLUMN = "respondent_id"


def find_id_column(names: Sequence[str], given: str | None) -> str | None:
    """Return the column that holds the ids: `given`, else one named `respondent_id`, else None.

    Raises
    ------
    ResponseError
        If `given` is no column.
    """
    if given is None:
        return next((name for name in names if folded(name) == ID_COLUMN), None)
    if given in names:
        return given
    raise ResponseError(f"id_column='{given}' is not a column of the data. {suggestion(given, list(names))}")


def respondent_ids(frame: pd.DataFrame, id_column: str | None) -> pd.Series:
    """Return the ids of the respondents; the row numbers (from 1) when no column holds ids."""
    if id_column is None:
        return pd.Series(frame.index.to_numpy() + ROW_OFFSET, index=frame.index, name="row")
    return frame[id_column]


def repeated_rows(frame: pd.DataFrame, id_column: str | None, duplicates: Duplicates) -> pd.Series:
    """Return which rows go because their id comes twice; rows without an id all stay.

    Parameters
    ----------
    frame : pandas.DataFrame
        The answers.
    id_column : str or None
        The column of ids; None when there is none.
    duplicates : {"error", "first", "last", "keep"}
        Refuse repeated ids, keep the first or the last row of each, or keep all rows.

    Raises
    ------
    ResponseError
        If an id comes twice and `duplicates="error"`.
    """
    none = pd.Series(np.zeros(len(frame), dtype=bool), index=frame.index)
    if id_column is None or duplicates == "keep":
        return none
    given = frame[id_column].notna()
    if duplicates == "error":
        _refuse_repeated(frame.loc[given, id_column])
        return none
    return frame[id_column].duplicated(keep=duplicates) & given


def _refuse_repeated(ids: pd.Series) -> None:
    repeated = ids.duplicated(keep="first")
    if not repeated.any():
        return
    first = ids[repeated].iloc[0]
    rows = [place(ids.index, int(i)) for i in np.flatnonzero((ids == first).to_numpy())]
    raise ResponseError(
        f"Column '{ids.name}': the respondent id '{first}' comes in rows {', '.join(map(str, rows))}; "
        f"{int(repeated.sum())} rows repeat an id. Remove them, or pass duplicates='first', 'last' or "
        "(for data with several waves) 'keep'."
    )
