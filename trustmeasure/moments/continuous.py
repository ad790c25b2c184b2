"""Means and covariances of continuous variables, with the checks that keep a fit from failing later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import DataError
from trustmeasure.frames import numeric_columns, require_columns, to_pandas
from trustmeasure.moments.missing import Incomplete, patterns_of, saturated

Array = npt.NDArray[np.float64]

# The smallest eigenvalue of a correlation matrix that counts as positive.
LEAST_EIGENVALUE = 1e-10


@dataclass(frozen=True, slots=True)
class SampleMoments:
    """First and second moments of complete rows.

    Attributes
    ----------
    names : tuple of str
        The p variables.
    cov : array, shape (p, p)
        Covariances with divisor n (the maximum-likelihood ones).
    mean : array, shape (p,), or None
        Means; None when only covariances are known.
    n_obs : int
        Rows used.
    n_dropped : int
        Rows left out because a value was missing.
    source : str
        "data" or "covariance".
    incomplete : Incomplete or None
        The rows by pattern of answers, when the moments are those of the EM algorithm.
    """

    names: tuple[str, ...]
    cov: Array
    mean: Array | None
    n_obs: int
    n_dropped: int = 0
    source: str = "data"
    incomplete: Incomplete | None = None

    def ordered(self, names: Sequence[str]) -> SampleMoments:
        """Return the moments of `names`, in that order."""
        at = [self.names.index(n) for n in names]
        mean = None if self.mean is None else self.mean[at]
        return SampleMoments(
            tuple(names), self.cov[np.ix_(at, at)], mean, self.n_obs, self.n_dropped, self.source
        )


def from_frame(data: Any, names: Sequence[str]) -> SampleMoments:
    """Return the moments of the rows of `data` that are complete on `names`.

    Parameters
    ----------
    data : frame
        One row a respondent; see `trustmeasure.frames.to_pandas`.
    names : sequence of str, length p
        The variables of the model.

    Returns
    -------
    SampleMoments
        With `n_dropped` rows left out for missing values (listwise).

    Raises
    ------
    DataError
        For a variable that is not a column, text, an empty or constant column, too few rows, or linear
        dependence; the message names the columns.
    """
    values, dropped = complete_rows(data, names)
    return from_rows(values, names, dropped)


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
    frame = numeric_columns(to_pandas(data), list(names))
    _refuse_empty(frame)
    used = frame[frame.notna().any(axis=1) & frame[list(always)].notna().all(axis=1)]
    values = used.to_numpy(dtype=float)
    if len(values) <= len(names):
        raise DataError(_too_few(len(values), len(frame) - len(values), len(names)))
    _refuse_constant_answers(values, names)
    patterns = patterns_of(values)
    _refuse_apart(patterns.seen, names)
    found = saturated(patterns)
    if not found.converged:
        raise DataError(
            f"The EM algorithm did not settle within {found.steps} steps: the answers do not determine the "
            "covariances. Leave out the variables with the most missing answers."
        )
    moments = SampleMoments(
        tuple(names),
        found.cov,
        found.mean,
        len(values),
        len(frame) - len(values),
        incomplete=Incomplete(patterns, found.logl),
    )
    _refuse_singular(moments)
    return moments


def _refuse_constant_answers(values: Array, names: Sequence[str]) -> None:
    low, high = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    constant = [n for n, a, b in zip(names, low, high, strict=True) if a == b]
    if constant:
        raise DataError(f"The same value in all answers to {', '.join(constant)}. Leave it out of the model.")


def _refuse_apart(seen: npt.NDArray[np.bool_], names: Sequence[str]) -> None:
    together = seen.T.astype(float) @ seen.astype(float)
    if together.min() == 0:
        i, j = np.argwhere(together == 0)[0]
        raise DataError(
            f"No respondent answered both {names[i]} and {names[j]}, so their covariance is unknown. Leave "
            "one of them out of the model."
        )


def complete_rows(data: Any, names: Sequence[str]) -> tuple[Array, int]:
    """Return the rows of `data` that are complete on `names`, shape (n, p), and how many others there are.

    Raises
    ------
    DataError
        For a variable that is not a column, text, or an empty column.
    """
    frame = numeric_columns(to_pandas(data), list(names))
    _refuse_empty(frame)
    complete = frame.dropna()
    return complete.to_numpy(dtype=float), len(frame) - len(complete)


def from_rows(values: Array, names: Sequence[str], dropped: int = 0) -> SampleMoments:
    """Return the moments of complete rows of shape (n, p).

    Raises
    ------
    DataError
        For too few rows, a constant column, or linear dependence; the message names the columns.
    """
    n_obs = len(values)
    if n_obs <= len(names):
        raise DataError(_too_few(n_obs, dropped, len(names)))
    _refuse_constant(values, names)
    mean = values.mean(axis=0)
    centred = values - mean
    moments = SampleMoments(tuple(names), centred.T @ centred / n_obs, mean, n_obs, dropped)
    _refuse_singular(moments)
    return moments


def _too_few(n_obs: int, dropped: int, p: int) -> str:
    cause = f" ({dropped} rows have a missing value in at least one of them)" if dropped else ""
    return (
        f"{n_obs} complete rows{cause} are too few for {p} variables: their covariance matrix needs more "
        "rows than variables. Use fewer variables or collect more answers."
    )


def _refuse_empty(frame: pd.DataFrame) -> None:
    if frame.shape[0] == 0:
        raise DataError("The data have no rows.")
    empty = [str(c) for c in frame.columns if frame[c].isna().all()]
    if empty:
        raise DataError(f"No value at all in {', '.join(empty)}. Leave the variable out of the model.")


def _refuse_constant(values: Array, names: Sequence[str]) -> None:
    constant = [n for n, low, high in zip(names, values.min(0), values.max(0), strict=True) if low == high]
    if constant:
        raise DataError(
            f"The same value in all complete rows of {', '.join(constant)}: a variable without variance "
            "explains nothing. Leave it out of the model."
        )


def _refuse_singular(moments: SampleMoments) -> None:
    variances = np.diag(moments.cov)
    if np.any(variances <= 0):
        bad = [n for n, v in zip(moments.names, variances, strict=True) if v <= 0]
        raise DataError(f"The variance of {', '.join(bad)} is not positive.")
    sd = np.sqrt(variances)
    values, vectors = np.linalg.eigh(moments.cov / np.outer(sd, sd))
    if values[0] > LEAST_EIGENVALUE:
        return
    share = np.abs(vectors[:, 0])
    involved = [n for n, s in zip(moments.names, share, strict=True) if s > 0.1 * share.max()]
    what = "linearly dependent" if values[0] > -LEAST_EIGENVALUE else "inconsistent (no data can have them)"
    raise DataError(
        f"The sample covariance matrix is not positive definite: {', '.join(involved)} are {what}. "
        "Leave one of them out, or check for duplicated or computed columns."
    )


def from_covariance(
    cov: Any, n_obs: int | None, mean: Any = None, *, names: Sequence[str] | None = None
) -> SampleMoments:
    """Return the moments given by a published covariance matrix.

    Parameters
    ----------
    cov : frame or array, shape (k, k)
        Covariances with divisor n - 1, as papers print them; a frame's column names are the variables. A
        triangle with the other half missing or zero is completed.
    n_obs : int
        Sample size behind it.
    mean : sequence, mapping or Series of length k, optional
        Means in the same order, or by name.
    names : sequence of str, optional
        Names, when `cov` is an array.

    Returns
    -------
    SampleMoments
        Covariances rescaled to divisor n, as for raw data.

    Raises
    ------
    DataError
        If the matrix is not square, symmetric and positive definite, or `n_obs` is missing.
    """
    if n_obs is None or int(n_obs) != n_obs or n_obs < 2:
        raise DataError(f"sample_cov needs n_obs, a whole number of at least 2; it is {n_obs!r}.")
    matrix, labels = _square(cov, names)
    if n_obs <= len(labels):
        raise DataError(f"n_obs={n_obs} is too small for {len(labels)} variables.")
    scaled = _symmetric(matrix, labels) * (n_obs - 1) / n_obs
    moments = SampleMoments(labels, scaled, _means(mean, labels), int(n_obs), 0, "covariance")
    _refuse_singular(moments)
    return moments


def _square(cov: Any, names: Sequence[str] | None) -> tuple[Array, tuple[str, ...]]:
    if isinstance(cov, np.ndarray | list | tuple):
        matrix = np.asarray(cov, dtype=float)
        labels = tuple(names) if names is not None else ()
        if matrix.ndim == 2 and not labels:
            raise DataError(
                "sample_cov is an array without names. Give a frame whose columns are the variables."
            )
    else:
        frame = to_pandas(cov, name="sample_cov")
        labels = tuple(str(c) for c in frame.columns)
        matrix = frame.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
        _refuse_other_order(frame, labels)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.shape[0] != len(labels):
        raise DataError(f"sample_cov must be square with one name a column; it has shape {matrix.shape}.")
    return matrix, labels


def _refuse_other_order(frame: pd.DataFrame, labels: tuple[str, ...]) -> None:
    index = tuple(str(i) for i in frame.index)
    if set(index) == set(labels) and index != labels:
        raise DataError("The rows of sample_cov are in another order than its columns. Reorder them.")


def _symmetric(matrix: Array, labels: tuple[str, ...]) -> Array:
    upper, lower = np.triu(matrix, 1), np.tril(matrix, -1)
    for half, other in ((upper, lower.T), (lower.T, upper)):
        if np.all(np.isnan(half) | (half == 0)):
            half[...] = other
    full = upper + upper.T + np.diag(np.diag(matrix))
    bad = ~np.isclose(upper, lower.T, rtol=1e-6, atol=1e-12) & np.triu(np.ones_like(matrix, bool), 1)
    missing = ~np.isfinite(full)
    if missing.any() or bad.any():
        i, j = np.argwhere(missing | bad)[0]
        raise DataError(
            f"sample_cov is not symmetric or not a number at {labels[i]}, {labels[j]}: "
            f"{matrix[i, j]} and {matrix[j, i]}."
        )
    return full


def _means(mean: Any, labels: tuple[str, ...]) -> Array | None:
    if mean is None:
        return None
    if isinstance(mean, pd.Series | dict):
        given = pd.Series(mean)
        require_columns(given.to_frame().T, list(labels), what="mean of the variable")
        return given[list(labels)].to_numpy(dtype=float)
    values = np.asarray(mean, dtype=float).ravel()
    if values.size != len(labels):
        raise DataError(f"sample_mean has {values.size} values for {len(labels)} variables.")
    return values


def require_names(moments: SampleMoments, names: Sequence[str]) -> None:
    """Raise DataError naming the nearest variable when one of `names` is not in the moments."""
    for name in names:
        if name not in moments.names:
            raise DataError(
                f"The model's variable '{name}' is not in sample_cov. {suggestion(name, list(moments.names))}"
            )
