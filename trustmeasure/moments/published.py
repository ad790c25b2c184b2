"""Published covariances, or correlations with standard deviations -> the moments that a model needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import DataError
from trustmeasure.frames import require_columns, to_pandas
from trustmeasure.moments.continuous import SampleMoments, refuse_singular

Array = npt.NDArray[np.float64]

ROUNDED = 0.005
"""How far the diagonal of a printed correlation matrix may be from 1."""


def from_covariance(
    cov: Any, n_obs: int | None, mean: Any = None, *, sd: Any = None, names: Sequence[str] | None = None
) -> SampleMoments:
    """Return the moments given by a published covariance matrix.

    Parameters
    ----------
    cov : frame or array, shape (k, k)
        Covariances with divisor n - 1, as papers print them; a frame's column names are the variables. A
        triangle with the other half missing or zero is completed. Correlations when `sd` is given.
    n_obs : int
        Sample size behind it.
    mean : sequence, mapping or Series of length k, optional
        Means in the same order, or by name.
    sd : sequence, mapping or Series of length k, optional
        Standard deviations (divisor n - 1), which make `cov` a correlation matrix.
    names : sequence of str, optional
        Names, when `cov` is an array.

    Returns
    -------
    SampleMoments
        Covariances rescaled to divisor n, as for raw data.

    Raises
    ------
    DataError
        If the matrix is not square, symmetric and positive definite, or `n_obs` is missing; with `sd`, if it
        is no correlation matrix or a standard deviation is not positive.
    """
    if n_obs is None or int(n_obs) != n_obs or n_obs < 2:
        raise DataError(f"sample_cov needs n_obs, a whole number of at least 2; it is {n_obs!r}.")
    matrix, labels = _square(cov, names)
    if n_obs <= len(labels):
        raise DataError(f"n_obs={n_obs} is too small for {len(labels)} variables.")
    full = _symmetric(matrix, labels)
    scaled = (full if sd is None else covariances_of(full, sd, labels)) * (n_obs - 1) / n_obs
    means = None if mean is None else _by_name(mean, labels, "sample_mean", "mean")
    moments = SampleMoments(labels, scaled, means, int(n_obs), 0, "covariance")
    refuse_singular(moments)
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


def _by_name(given: Any, labels: tuple[str, ...], argument: str, what: str) -> Array:
    """Return one number a variable, given in their order or by name."""
    if isinstance(given, pd.Series | Mapping):
        series = pd.Series(given)
        require_columns(series.to_frame().T, list(labels), what=f"{what} of the variable")
        values = series[list(labels)].to_numpy(dtype=float)
    else:
        values = np.asarray(given, dtype=float).ravel()
    if values.size != len(labels):
        raise DataError(f"{argument} has {values.size} values for {len(labels)} variables.")
    if not np.isfinite(values).all():
        raise DataError(f"{argument} is no number for {labels[int(np.argmin(np.isfinite(values)))]}.")
    return values


def covariances_of(corr: Array, sd: Any, labels: tuple[str, ...]) -> Array:
    """Return the covariances (p, p) of correlations and standard deviations, given in order or by name."""
    values = _by_name(sd, labels, "sample_sd", "standard deviation")
    if (values <= 0).any():
        i = int(np.argmax(values <= 0))
        raise DataError(f"sample_sd must be above zero; it is {values[i]:g} for {labels[i]}.")
    off = np.abs(np.diag(corr) - 1.0)
    if (off > ROUNDED).any():
        i = int(np.argmax(off))
        raise DataError(
            f"With sample_sd, sample_cov must hold correlations, but the diagonal of {labels[i]} is "
            f"{corr[i, i]:g}. Leave sample_sd out when the matrix holds covariances."
        )
    full = corr.copy()
    np.fill_diagonal(full, 1.0)
    return np.asarray(full * np.outer(values, values))


def require_names(moments: SampleMoments, names: Sequence[str]) -> None:
    """Raise DataError naming the nearest variable when one of `names` is not in the moments."""
    for name in names:
        if name not in moments.names:
            raise DataError(
                f"The model's variable '{name}' is not in sample_cov. {suggestion(name, list(moments.names))}"
            )


def correlation_note(moments: SampleMoments) -> tuple[str, ...]:
    """Return what a reader must know when a published matrix has only ones in its diagonal."""
    if moments.source != "covariance" or len(moments.names) < 2:
        return ()
    published = np.diag(moments.cov) * moments.n_obs / (moments.n_obs - 1)
    if not np.allclose(published, 1.0, rtol=0.0, atol=1e-8):
        return ()
    return (
        "sample_cov has only ones in its diagonal, so correlations are analysed as if they were covariances: "
        "standard errors are wrong, and so is the chi-square of a model that is not invariant under scaling, "
        "such as one with equal loadings (Cudeck 1989, Psychological Bulletin 105(2), 317-327). Give the "
        "standard deviations as sample_sd.",
    )
