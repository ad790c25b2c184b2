"""Coefficients of a covariance matrix of k items, for many matrices at once, with their derivatives.

Every coefficient here is a function of the covariance matrix C alone. Its value is taken of stacks of
matrices, shape (b, k, k), so that the draws of a bootstrap are one call; its slope is the symmetric matrix G
for which a small change of C moves the coefficient by ``sum_jl G_jl dC_jl``.

Guttman, L. (1945). A basis for analyzing test-retest reliability. Psychometrika, 10(4), 255-282.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trustmeasure.frames import Array

SINGULAR = 1e-12
"""Eigenvalues of a correlation matrix below this are zero but for rounding."""
NEARLY_SINGULAR = 1e-9
"""Smallest eigenvalue of a correlation matrix for which coefficients with an inverse have a slope."""
INDEFINITE = 1e-8
"""Eigenvalues of a correlation matrix below minus this make it no correlation matrix."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A function of a covariance matrix.

    Attributes
    ----------
    name : str
        What it is called in frames.
    value : callable
        Stack of matrices (b, k, k) -> values (b,); NaN where there is none.
    slope : callable
        Matrix (k, k) -> its symmetric slope (k, k).
    """

    name: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]

    def of(self, cov: Array) -> float:
        """Return the value for one matrix."""
        return float(self.value(cov[None])[0])

    def standardized(self, name: str | None = None) -> Coefficient:
        """Return the same coefficient of the correlation matrix, as a function of the covariance matrix."""

        def value(covs: Array) -> Array:
            return self.value(correlations(covs))

        def slope(cov: Array) -> Array:
            corr = correlations(cov[None])[0]
            return through_correlation(self.slope(corr), cov, corr)

        return Coefficient(name or self.name, value, slope)


def correlations(covs: Array) -> Array:
    """Return the correlation matrices of a stack; NaN where an item has no variance."""
    variance = np.diagonal(covs, axis1=1, axis2=2)
    sd = np.sqrt(np.where(variance > 0.0, variance, np.nan))
    corr = covs / sd[:, :, None] / sd[:, None, :]
    np.einsum("bii->bi", corr)[:] = np.where(np.isnan(sd), np.nan, 1.0)
    return np.asarray(corr)


def through_correlation(slope: Array, cov: Array, corr: Array) -> Array:
    """Return the slope by the covariances of what has a slope by the correlations."""
    sd = np.sqrt(np.diag(cov))
    off = slope - np.diag(np.diag(slope))
    found = off / np.outer(sd, sd)
    np.fill_diagonal(found, -(off * corr).sum(axis=1) / sd**2)
    return np.asarray(found)


def total_of(covs: Array) -> Array:
    """Return the variances of the sum of the items; NaN where there is none but for rounding."""
    total = covs.sum(axis=(1, 2))
    return np.where(total > SINGULAR * np.trace(covs, axis1=1, axis2=2), total, np.nan)


def _share(above: Array, cov: Array, value: float) -> Array:
    """Return the slope of A / total with `value`, where A has the slope `above`."""
    return np.asarray((above - value) / total_of(cov[None])[0])


def off_diagonal(covs: Array) -> Array:
    """Return the matrices with zeros on their diagonals."""
    return np.asarray(covs * (1.0 - np.eye(covs.shape[-1])))


def _between(covs: Array) -> Array:
    """Return the sum of the covariances of different items."""
    return np.asarray(covs.sum(axis=(1, 2)) - np.trace(covs, axis1=1, axis2=2))


def _lambda1(covs: Array) -> Array:
    return np.asarray(_between(covs) / total_of(covs))


def _lambda1_slope(cov: Array) -> Array:
    return _share(1.0 - np.eye(len(cov)), cov, float(_lambda1(cov[None])[0]))


def _alpha(covs: Array) -> Array:
    k = covs.shape[-1]
    return np.asarray(k / (k - 1) * _lambda1(covs))


def _alpha_slope(cov: Array) -> Array:
    k = len(cov)
    return np.asarray(k / (k - 1) * _lambda1_slope(cov))


def _lambda2(covs: Array) -> Array:
    k = covs.shape[-1]
    squares = (off_diagonal(covs) ** 2).sum(axis=(1, 2))
    return np.asarray((_between(covs) + np.sqrt(k / (k - 1) * squares)) / total_of(covs))


def _lambda2_slope(cov: Array) -> Array:
    k, off = len(cov), off_diagonal(cov)
    norm = np.sqrt((off**2).sum())
    above = 1.0 - np.eye(k) + np.sqrt(k / (k - 1)) * (off / norm if norm > 0.0 else np.nan)
    return _share(above, cov, float(_lambda2(cov[None])[0]))


def _columns(covs: Array) -> Array:
    """Return, for each item, the sum of its squared covariances with the others, shape (b, k)."""
    return np.asarray((off_diagonal(covs) ** 2).sum(axis=1))


def _lambda5(covs: Array) -> Array:
    return np.asarray((_between(covs) + 2.0 * np.sqrt(_columns(covs).max(axis=1))) / total_of(covs))


def _lambda5_slope(cov: Array) -> Array:
    off, columns = off_diagonal(cov), _columns(cov[None])[0]
    best = int(columns.argmax())
    norm = np.sqrt(columns[best])
    above = 1.0 - np.eye(len(cov))
    share = off[best] / norm if norm > 0.0 else np.full(len(cov), np.nan)
    above[best] += share
    above[:, best] += share
    return _share(above, cov, float(_lambda5(cov[None])[0]))


def inverses(corrs: Array) -> Array:
    """Return inverses of correlation matrices; huge numbers stand for infinite ones, NaN for indefinite."""
    good = np.asarray(np.isfinite(corrs).all(axis=(1, 2)))
    values, vectors = np.linalg.eigh(np.where(good[:, None, None], corrs, np.eye(corrs.shape[-1])))
    good &= values[:, 0] > -INDEFINITE
    kept = np.maximum(values, SINGULAR)
    found = (vectors / kept[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    return np.where(good[:, None, None], found, np.nan)


def _errors(covs: Array) -> Array:
    """Return the variance of each item that the others do not predict, shape (b, k)."""
    inverse = inverses(correlations(covs))
    own = np.diagonal(covs, axis1=1, axis2=2)
    return np.asarray(own / np.diagonal(inverse, axis1=1, axis2=2))


def _lambda6(covs: Array) -> Array:
    return np.asarray(1.0 - _errors(covs).sum(axis=1) / total_of(covs))


def _lambda6_slope(cov: Array) -> Array:
    sd, corr = np.sqrt(np.diag(cov)), correlations(cov[None])
    if np.linalg.eigvalsh(corr[0])[0] < NEARLY_SINGULAR:
        return np.full_like(cov, np.nan)
    inverse = inverses(corr)[0] / np.outer(sd, sd)
    weighted = inverse / np.diag(inverse)
    return _share(1.0 - weighted @ weighted.T, cov, float(_lambda6(cov[None])[0]))


def _average_r(corrs: Array) -> Array:
    k = corrs.shape[-1]
    return np.asarray(_between(corrs) / (k * (k - 1)))


def _average_r_slope(corr: Array) -> Array:
    k = len(corr)
    return np.asarray((1.0 - np.eye(k)) / (k * (k - 1)))


ALPHA = Coefficient("alpha", _alpha, _alpha_slope)
LAMBDA1 = Coefficient("lambda1", _lambda1, _lambda1_slope)
LAMBDA2 = Coefficient("lambda2", _lambda2, _lambda2_slope)
LAMBDA3 = Coefficient("lambda3", _alpha, _alpha_slope)
LAMBDA5 = Coefficient("lambda5", _lambda5, _lambda5_slope)
LAMBDA6 = Coefficient("lambda6", _lambda6, _lambda6_slope)
STANDARDIZED = ALPHA.standardized("standardized")
AVERAGE_R = Coefficient("average_r", _average_r, _average_r_slope).standardized()
