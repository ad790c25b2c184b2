r"""Correlated variables with chosen distributions: a Gaussian copula (NORTA; Cario & Nelson 1997).

Each variable is ``Y = Q(Phi(Z))`` of a standard normal Z with the quantile function Q of its distribution.
In normalised Hermite polynomials, ``Q(Phi(z)) = sum_k a_k h_k(z)``, so that variables whose Z correlate r
have the covariance ``sum_k a_k b_k r^k`` (Mehler 1866), which rises with r. The r behind a wanted correlation
is found by halving intervals.

Cario & Nelson (1997), Modeling and generating random vectors with arbitrary marginal distributions and
correlation matrix, Northwestern University.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import ndtr

from trustmeasure.errors import ArgumentError

Array = npt.NDArray[np.float64]

NODES, TERMS = 120, 60
"""Points of the quadrature, and Hermite polynomials that are kept."""


class Marginal(Protocol):
    """A distribution such as `scipy.stats.gamma(2)`."""

    def mean(self) -> float:
        """Return the mean."""
        ...

    def var(self) -> float:
        """Return the variance."""
        ...

    def ppf(self, q: Array) -> Array:
        """Return quantiles by what lies below them."""
        ...

    def isf(self, q: Array) -> Array:
        """Return quantiles by what lies above them."""
        ...


def transformed(marginal: Marginal | None, z: Array) -> Array:
    """Return `Q(Phi(z))` with mean 0 and variance 1; z itself without a marginal.

    Above 0 the upper tail is looked up, which keeps its digits.
    """
    if marginal is None:
        return z
    high = z > 0
    value = np.where(high, marginal.isf(ndtr(-np.abs(z))), marginal.ppf(ndtr(-np.abs(z))))
    return np.asarray((value - marginal.mean()) / np.sqrt(marginal.var()))


def coefficients(marginal: Marginal | None) -> Array:
    """Return the Hermite coefficients a_1, a_2, ... of a standardised variable, shape (TERMS,)."""
    nodes, weights = hermegauss(NODES)
    weights = weights / weights.sum()
    value = transformed(marginal, nodes)
    before, now, found = np.zeros_like(nodes), np.ones_like(nodes), []
    for k in range(TERMS):
        before, now = now, (nodes * now - np.sqrt(k) * before) / np.sqrt(k + 1)
        found.append(float(weights @ (value * now)))
    return np.array(found)


def normal_correlations(corr: Array, series: Array, names: Sequence[str]) -> Array:
    """Return the correlations of the normal variables behind the wanted ones.

    Parameters
    ----------
    corr : array, shape (p, p)
        Wanted correlations.
    series : array, shape (p, TERMS)
        Hermite coefficients.
    names : sequence of str, length p
        The variables, for messages.

    Raises
    ------
    ArgumentError
        If two distributions do not allow a correlation, or the normal variables would not have a positive
        definite correlation matrix.
    """
    row, col = np.tril_indices(len(corr), -1)
    products = series[row] * series[col]
    wanted = corr[row, col]
    low, high = -np.ones(row.size), np.ones(row.size)
    powers = np.arange(1, TERMS + 1)
    ends = [(products * end**powers).sum(axis=1) for end in (-1.0, 1.0)]
    bad = np.flatnonzero((wanted < ends[0] - 1e-9) | (wanted > ends[1] + 1e-9))
    if bad.size:
        i = int(bad[0])
        raise ArgumentError(
            f"{names[col[i]]} and {names[row[i]]} cannot correlate {wanted[i]:.3f}: their distributions "
            f"allow {ends[0][i]:.3f} to {ends[1][i]:.3f}. Take more similar ones, or a weaker correlation."
        )
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = (products * middle[:, None] ** powers).sum(axis=1) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    found = np.eye(len(corr))
    found[row, col] = found[col, row] = 0.5 * (low + high)
    if np.linalg.eigvalsh(found)[0] <= 0:
        raise ArgumentError(
            "No normal variables lie behind these distributions and correlations: their correlation matrix "
            "would not be positive definite. Take distributions nearer to the normal one."
        )
    return found


def gaussian_copula(
    rng: np.random.Generator,
    n: int,
    corr: Array,
    marginals: Mapping[str, Marginal],
    names: Sequence[str],
) -> Array:
    """Draw standardised variables with given correlations and distributions.

    Parameters
    ----------
    rng : Generator
        Where the numbers come from.
    n : int
        Rows.
    corr : array, shape (p, p)
        Population correlations.
    marginals : mapping of str to distribution
        Shapes by name; variables that are not named are normal.
    names : sequence of str, length p
        The variables.

    Returns
    -------
    array, shape (n, p)
        Population mean 0 and variance 1.
    """
    each = [marginals.get(name) for name in names]
    for name, marginal in zip(names, each, strict=True):
        if marginal is not None and not (np.isfinite(marginal.var()) and marginal.var() > 0):
            raise ArgumentError(f"marginals: the distribution of '{name}' has no variance above 0.")
    behind = normal_correlations(corr, np.stack([coefficients(m) for m in each]), names)
    z = rng.standard_normal((n, len(names))) @ np.linalg.cholesky(behind).T
    return np.stack([transformed(m, z[:, i]) for i, m in enumerate(each)], axis=1)
