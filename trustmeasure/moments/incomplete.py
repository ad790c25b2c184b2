"""Rows with missing values -> moments by the EM algorithm, with checks that keep a fit from failing later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.columns import Columns, Reader
from trustmeasure.errors import DataError
from trustmeasure.moments.continuous import SampleMoments, refuse_singular
from trustmeasure.moments.missing import Incomplete, saturated
from trustmeasure.moments.patterns import Patterns, patterns_of

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


def from_incomplete(data: Any, names: Sequence[str], always: Sequence[str] = ()) -> SampleMoments:
    """Return the maximum-likelihood moments of incomplete rows, by the EM algorithm.

    Parameters
    ----------
    data : frame
        One row a respondent.
    names : sequence of str, length p
        The variables of the model.
    always : sequence of str
        Variables that must be answered, such as exogenous ones that the model takes as given.

    Returns
    -------
    SampleMoments
        With `incomplete`; `n_dropped` rows had no answer at all, or none to one of `always`.

    Raises
    ------
    DataError
        As for `from_frame`; and for two variables that no row answers both.
    """
    values, dropped = incomplete_rows(Columns.of(data).reader(names), None, always)
    return from_incomplete_rows(values, dropped, names)


def incomplete_rows(reader: Reader, at: Index | None, always: Sequence[str] = ()) -> tuple[Array, int]:
    """Return the rows with an answer and all of `always`, shape (n, p), and how many others there are.

    Parameters
    ----------
    reader : Reader
        The variables.
    at : array of int, or None
        Numbers of the rows to look at; None for all.
    always : sequence of str
        Variables that must be answered.

    Raises
    ------
    DataError
        For text, no rows, or a column without any value.
    """
    if reader.n_rows == 0:
        raise DataError("The data have no rows.")
    values, _ = reader.read(slice(0, reader.n_rows) if at is None else at)
    seen = np.isfinite(values)
    empty = [n for n, answers in zip(reader.names, seen.sum(axis=0).tolist(), strict=True) if not answers]
    if empty:
        raise DataError(f"No value at all in {', '.join(empty)}. Leave the variable out of the model.")
    needed = [reader.names.index(n) for n in always]
    kept = seen.any(axis=1) & seen[:, needed].all(axis=1)
    return np.ascontiguousarray(values[kept]), int((~kept).sum())


def from_incomplete_rows(values: Array, dropped: int, names: Sequence[str]) -> SampleMoments:
    """Return the moments of rows (n, p) with NaN for a missing value.

    Raises
    ------
    DataError
        For too few rows, a variable whose answers are all the same, two variables that no row answers both,
        linear dependence, or moments that the EM algorithm does not find.
    """
    if len(values) <= len(names):
        raise DataError(
            f"{len(values)} rows with an answer are too few for {len(names)} variables: their covariance "
            "matrix needs more rows than variables. Use fewer variables or collect more answers."
        )
    _refuse_constant(values, names)
    patterns = patterns_of(values)
    _refuse_apart(patterns, names)
    found = saturated(patterns)
    if not found.converged:
        raise DataError(
            f"The EM algorithm did not settle within {found.steps} steps: the answers do not determine the "
            f"covariances. {_scarcest(patterns, names)} Leave out variables with few answers."
        )
    moments = SampleMoments(
        tuple(names),
        found.cov,
        found.mean,
        len(values),
        dropped,
        incomplete=Incomplete(patterns, found.logl, values, found.steps),
    )
    refuse_singular(moments)
    return moments


def _refuse_constant(values: Array, names: Sequence[str]) -> None:
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    constant = [n for n, a, b in zip(names, low, high, strict=True) if a == b]
    if constant:
        raise DataError(f"The same value in all answers to {', '.join(constant)}. Leave it out of the model.")


def _refuse_apart(patterns: Patterns, names: Sequence[str]) -> None:
    together = patterns.coverage
    if together.min() == 0:
        i, j = np.argwhere(together == 0)[0]
        more = int((together == 0).sum() // 2) - 1
        others = f" The same holds for {more} more pairs." if more else ""
        raise DataError(
            f"No respondent answered both {names[i]} and {names[j]}, so their covariance is unknown.{others} "
            "Leave one of them out of the model."
        )


def _scarcest(patterns: Patterns, names: Sequence[str]) -> str:
    """Return which two variables are answered together least often."""
    together = patterns.coverage
    i, j = (int(k) for k in np.unravel_index(int(together.argmin()), together.shape))
    return (
        f"{names[i]} and {names[j]} are answered together in only {100 * together[i, j]:.1f} % of the rows."
    )
