"""Correlations from a frame, a matrix or responses, with the groups their variables belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import numeric_columns, to_pandas
from trustmeasure.plots.naming import instruments_of, names

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Correlations:
    """A correlation matrix with names.

    Attributes
    ----------
    matrix : DataFrame (k, k)
        Correlations; NaN where there is none. Variables of one group stand together.
    called : mapping
        Variable -> what it is called.
    groups : mapping
        Variable -> what its group is called; empty when there are no groups.
    n : tuple of int or None
        Fewest and most rows that a correlation rests on; None for a matrix that came without data.
    limit : float
        Value at which the colours end on both sides.
    what : str
        Key of the word that the colour bar is called by.
    """

    matrix: pd.DataFrame
    called: Mapping[str, str]
    groups: Mapping[str, str]
    n: tuple[int, int] | None
    limit: float = 1.0
    what: str = "correlation"


def correlations(
    data: Any,
    construct: str | Sequence[str] | None,
    groups: Mapping[str, str] | None,
    method: str,
    language: str,
) -> Correlations:
    """Return the correlations of `data`, grouped by construct when that is known."""
    called: dict[str, str] = {}
    found: dict[str, str] = {}
    frame = data
    if hasattr(data, "instruments") and callable(getattr(data, "items", None)):
        frame, called, found = _of_responses(data, construct, language)
    elif construct is not None:
        raise ArgumentError("construct= needs responses. Of a frame, select the columns instead.")
    matrix, n = _matrix(frame, method)
    grouped = {str(k): str(v) for k, v in (groups or found).items() if str(k) in matrix.columns}
    order = _grouped_order([str(c) for c in matrix.columns], grouped)
    return Correlations(matrix.loc[order, order], called, grouped, n)


def _of_responses(
    responses: Any, construct: str | Sequence[str] | None, language: str
) -> tuple[pd.DataFrame, dict[str, str], dict[str, str]]:
    wanted = [construct] if isinstance(construct, str) else list(construct or [])
    parts = [responses.items(name) for name in wanted] or [responses.items(None)]
    frame = pd.concat(parts, axis=1)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    called = names(responses, language, wording=True)
    constructs = {i.id: i.construct for instrument in instruments_of(responses) for i in instrument.items}
    return frame, called, {str(c): called[constructs[str(c)]] for c in frame.columns}


def _matrix(data: Any, method: str) -> tuple[pd.DataFrame, tuple[int, int] | None]:
    """Return a correlation matrix as it came, or that of the columns of a frame, with the numbers of rows."""
    frame = to_pandas(data, name="data")
    frame.columns = [str(c) for c in frame.columns]
    if _is_matrix(frame):
        return frame.set_axis(list(frame.columns), axis=0).astype(float), None
    frame = numeric_columns(frame, list(frame.columns))
    if frame.shape[1] < 2 or len(frame) < 2:
        raise DataError(
            f"data has {frame.shape[1]} columns and {len(frame)} rows; correlations need two of each."
        )
    varying = frame.loc[:, frame.max() > frame.min()]
    matrix = varying.corr(method="spearman" if method == "spearman" else "pearson")
    matrix = matrix.reindex(index=frame.columns, columns=frame.columns)
    present = frame.notna().to_numpy().astype(int)
    pairs = (present.T @ present)[np.tril_indices(frame.shape[1], -1)]
    return matrix, (int(pairs.min()), int(pairs.max()))


def _is_matrix(frame: pd.DataFrame) -> bool:
    """Return whether a frame is a correlation matrix: square, symmetric, ones on the diagonal."""
    if frame.shape[0] != frame.shape[1] or frame.shape[0] < 2:
        return False
    if not all(pd.api.types.is_numeric_dtype(dtype) for dtype in frame.dtypes):
        return False
    named = list(frame.index.astype(str)) == list(frame.columns)
    counted = list(frame.index) == list(range(len(frame)))
    values = frame.to_numpy(dtype=float)
    bounded = bool((np.abs(values[np.isfinite(values)]) <= 1 + TOLERANCE).all())
    ones = np.allclose(np.diag(values), 1.0, atol=TOLERANCE)
    same = np.allclose(values, values.T, atol=TOLERANCE, equal_nan=True)
    return (named or counted) and bounded and bool(ones) and bool(same)


def _grouped_order(columns: Sequence[str], groups: Mapping[str, str]) -> list[str]:
    """Return the columns with those of one group together, groups in the order of their first column."""
    first = {group: i for i, group in reversed(list(enumerate(groups.get(c, "") for c in columns)))}
    return sorted(columns, key=lambda c: first[groups.get(c, "")])
