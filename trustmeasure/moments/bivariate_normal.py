r"""The standard bivariate normal distribution, for many points and correlations at once.

With :math:`\varphi_2` its density and :math:`\Phi_2` its distribution function,
:math:`\partial \Phi_2(h, k; \rho) / \partial \rho = \varphi_2(h, k; \rho)` (Plackett 1954, Biometrika
41(3-4), 351-360), so that

.. math:: \Phi_2(h, k; \rho) = \Phi(h) \Phi(k)
          + \frac{1}{2 \pi} \int_0^{\arcsin \rho} \exp \frac{-(h^2 - 2 h k \sin t + k^2)}{2 \cos^2 t} \, dt,

which a Gauss-Legendre rule integrates (Drezner & Wesolowsky 1990, Journal of Statistical Computation and
Simulation 35(1-2), 101-107). Near a correlation of 1 the integral from there to 1 is taken instead, less an
expansion of its sharp part (Genz 2004, Statistics and Computing 14(3), 251-260).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Array = npt.NDArray[np.float64]

FAR = 40.0
"""Points beyond this are taken to be here: the normal distribution has nothing there that a float64 holds."""
RULES = ((0.0, 0.3, 6), (0.3, 0.75, 12), (0.75, 0.925, 20))
"""Least and greatest correlation, and the points of the Gauss-Legendre rule."""
STEEP = 0.925
"""Correlations from here on are integrated from 1 backwards."""
LEAST_EXPONENT = -100.0
CELLS = 2**15
"""Cells worked on at a time: they stay in the processor's cache."""


@cache
def _rule(points: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return nodes, weights


def bivariate_density(h: Array, k: Array, rho: Array) -> Array:
    """Return the density at (h, k) with correlation `rho`, each broadcast against the others.

    Examples
    --------
    >>> round(float(bivariate_density(0.0, 0.0, 0.0)), 6)
    0.159155
    """
    h, k = np.clip(h, -FAR, FAR), np.clip(k, -FAR, FAR)
    rest = 1.0 - rho**2
    exponent = (rho * (h * k) - 0.5 * (h**2 + k**2)) / rest
    return np.asarray(np.exp(exponent) / (2.0 * np.pi * np.sqrt(rest)))


def bivariate_cdf(h: npt.ArrayLike, k: npt.ArrayLike, rho: npt.ArrayLike) -> Array:
    """Return the probability of lying below h and below k, with correlation `rho` in [-1, 1].

    Parameters
    ----------
    h, k, rho : arrays that broadcast against each other
        Points, also infinite ones, and correlations.

    Examples
    --------
    >>> round(float(bivariate_cdf(0.0, 0.0, 0.5)), 12)
    0.333333333333
    """
    points = np.broadcast_arrays(np.asarray(h, dtype=float), np.asarray(k, dtype=float), rho)
    flat = [np.ascontiguousarray(part).reshape(-1) for part in points]
    found = grid_cdf(flat[0][:, None], flat[1][:, None], np.asarray(flat[2], dtype=float))
    return found.reshape(points[0].shape)


def grid_cdf(h: Array, k: Array, rho: Array) -> Array:
    """Return the distribution function at several points of each correlation.

    Parameters
    ----------
    h, k : arrays, shape (n, g)
        Points, g of each correlation.
    rho : array, shape (n,)
        Correlations.

    Returns
    -------
    array, shape (n, g)
        Exact to about 1e-15.
    """
    h, k = np.clip(h, -FAR, FAR), np.clip(k, -FAR, FAR)
    size = np.abs(rho)
    found = np.empty(h.shape)
    for least, most, points in RULES:
        _by_blocks(found, np.flatnonzero((size >= least) & (size < most)), h, k, rho, points)
    _by_blocks(found, np.flatnonzero(size >= STEEP), h, k, rho, 0)
    return found


def _by_blocks(found: Array, rows: npt.NDArray[np.intp], h: Array, k: Array, rho: Array, points: int) -> None:
    """Fill in some rows, so many at a time as fit into the cache."""
    size = max(CELLS // max(h.shape[1], 1), 1)
    for start in range(0, rows.size, size):
        at = rows[start : start + size]
        part = (h[at], k[at], rho[at, None])
        found[at] = _gentle(*part, points) if points else _steep(*part)


def _gentle(h: Array, k: Array, rho: Array, points: int) -> Array:
    """Integrate from a correlation of 0; `rho` has shape (n, 1)."""
    half = 0.5 * np.arcsin(rho)
    product, squares = h * k, 0.5 * (h**2 + k**2)
    total = np.zeros(h.shape)
    for node, weight in zip(*_rule(points), strict=True):
        sine = np.sin(half * (1.0 + node))
        scale = 1.0 / (1.0 - sine**2)
        part = product * (sine * scale)
        part -= squares * scale
        np.exp(part, out=part)
        part *= weight
        total += part
    return np.asarray(ndtr(h) * ndtr(k) + total * half / (2.0 * np.pi))


def _steep(h: Array, k: Array, rho: Array) -> Array:
    """Integrate from a correlation of 1 backwards (Genz 2004, section 2.4); `rho` has shape (n, 1)."""
    # In the upper tails, as in the paper; a negative correlation turns the second variable round.
    negative = rho < 0.0
    upper, other = -h, np.where(negative, k, -k)
    product, gap = upper * other, np.abs(upper - other)
    rest = np.maximum((1.0 - np.abs(rho)) * (1.0 + np.abs(rho)), 0.0)
    sharp = _sharp_part(product, gap, np.sqrt(rest)) + _smooth_part(product, gap, np.sqrt(rest))
    sharp = np.where(rest > 0.0, sharp / (2.0 * np.pi), 0.0)
    same = ndtr(-np.maximum(upper, other)) - sharp
    between = np.maximum(ndtr(other) - ndtr(upper), 0.0)
    return np.asarray(np.where(negative, between + sharp, same))


def _expansion(product: Array) -> tuple[Array, Array]:
    return (4.0 - product) / 8.0, (12.0 - product) / 16.0


def _sharp_part(product: Array, gap: Array, width: Array) -> Array:
    """Return the integral of the expansion, which is known in closed form."""
    c, d = _expansion(product)
    gap2, width2 = gap**2, width**2
    safe = np.where(width > 0.0, width, 1.0)
    exponent = np.maximum(-(gap2 / safe**2 + product) / 2.0, LEAST_EXPONENT * 7.0)
    first = 1.0 - c * (gap2 - width2) * (1.0 - d * gap2 / 5.0) / 3.0 + c * d * width2**2 / 5.0
    found = np.where(exponent > LEAST_EXPONENT, width * np.exp(np.minimum(exponent, 0.0)) * first, 0.0)
    tail = np.sqrt(2.0 * np.pi) * ndtr(-gap / safe) * gap
    second = tail * (1.0 - c * gap2 * (1.0 - d * gap2 / 5.0) / 3.0)
    bounded = np.maximum(product, LEAST_EXPONENT)
    return np.asarray(found - np.where(product > LEAST_EXPONENT, np.exp(-bounded / 2.0) * second, 0.0))


def _smooth_part(product: Array, gap: Array, width: Array) -> Array:
    """Return the integral of what the expansion leaves."""
    c, d = _expansion(product)
    total = np.zeros(product.shape)
    for node, weight in zip(*_rule(20), strict=True):
        x2 = (0.5 * width * (1.0 + node)) ** 2
        root = np.sqrt(1.0 - x2)
        exponent = -(gap**2 / np.where(x2 > 0.0, x2, 1.0) + product) / 2.0
        exact = np.exp(np.clip(-product * x2 / (2.0 * (1.0 + root) ** 2), -700.0, 700.0)) / root
        rest = exact - (1.0 + c * x2 * (1.0 + d * x2))
        total += np.where(exponent > LEAST_EXPONENT, np.exp(np.minimum(exponent, 700.0)) * rest * weight, 0.0)
    return np.asarray(0.5 * width * total)
