"""What can be the matter with a draw: no covariance matrix, no convergence, impossible values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.slope import Slope

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

LEAST_PIVOT = 1e-7
"""Of the Cholesky factor of a correlation matrix that counts as positive definite: below it is rounding."""
BELOW_ZERO = 1e-8
"""How far the least eigenvalue of a correlation matrix may lie below zero by rounding."""
USABLE, SINGULAR, UNFINISHED = 0, 1, 2
NEGATIVE, BEYOND, INDEFINITE = 3, 4, 5
EMPTY = 6
CAUSES = {
    USABLE: "usable",
    SINGULAR: "covariance matrix of the draw not positive definite",
    UNFINISHED: "no convergence",
    NEGATIVE: "negative variance",
    BEYOND: "correlation of latent variables beyond 1",
    INDEFINITE: "covariance matrix of the latent variables not positive definite",
    EMPTY: "category or pair of variables without answers in the draw",
}
"""What can be the matter with a draw, by code."""
FAILED = (SINGULAR, UNFINISHED, EMPTY)
"""Causes that leave a draw without estimates."""


def positive(cov: Array) -> tuple[Flags, Array]:
    """Return which matrices (b, p, p) are positive definite, and log determinants (NaN for others)."""
    variance = np.einsum("bii->bi", cov)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    unit = cov / (sd[:, :, None] * sd[:, None, :])
    pivots = np.einsum("bii->bi", _roots(unit))
    with np.errstate(invalid="ignore"):
        good = np.asarray(pivots.min(axis=1) > LEAST_PIVOT)
        return good, np.where(good, 2.0 * np.log(pivots * sd).sum(axis=1), np.nan)


def _roots(unit: Array) -> Array:
    """Return the Cholesky factors of correlation matrices, NaN for those that have none."""
    try:
        return np.asarray(np.linalg.cholesky(unit))
    except np.linalg.LinAlgError:
        if len(unit) == 1:
            return np.full(unit.shape, np.nan)
    return np.concatenate([_roots(unit[i : i + 1]) for i in range(len(unit))])


def impossible(slopes: Sequence[Slope], theta: Array) -> Codes:
    """Return for parameters of shape (b, q) which values in them cannot be, keys of `CAUSES`."""
    found = np.zeros(theta.shape[0], dtype=np.int8)
    for slope in slopes:
        own = _impossible(slope, theta)
        found = np.where(found == USABLE, own, found).astype(np.int8)
    return found


def _impossible(slope: Slope, theta: Array) -> Codes:
    own = slope.ram.s.row == slope.ram.s.col
    return impossible_values(theta[:, slope.ram.s.free[own]], slope.latent_covariance(theta))


def impossible_values(variances: Array, cov: Array) -> Codes:
    """Return what cannot be, given variances (b, k) and covariances of latent variables (b, l, l)."""
    negative = (variances < 0).any(axis=1)
    variance = np.einsum("bii->bi", cov)
    negative |= (variance < 0).any(axis=1)
    sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    corr = np.nan_to_num(cov / (sd[:, :, None] * sd[:, None, :]), nan=0.0)
    at = np.arange(corr.shape[1])
    corr[:, at, at] = 1.0
    beyond = (np.abs(corr) > 1 + BELOW_ZERO).any(axis=(1, 2))
    return np.select([negative, beyond, _indefinite(corr)], [NEGATIVE, BEYOND, INDEFINITE], USABLE).astype(
        np.int8
    )


def _indefinite(corr: Array) -> Flags:
    """Return which correlation matrices of shape (b, k, k) have an eigenvalue below zero."""
    if corr.shape[1] < 2 or not len(corr):
        return np.zeros(len(corr), dtype=bool)
    try:
        np.linalg.cholesky(corr + BELOW_ZERO * np.eye(corr.shape[1]))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.eigvalsh(corr)[:, 0] < -BELOW_ZERO)
    return np.zeros(len(corr), dtype=bool)
