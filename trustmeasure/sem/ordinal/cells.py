r"""How likely answers are given linear predictors, with derivatives: intervals and boxes of the normal.

An answer says that a standard normal error lies between two bounds that move with a linear predictor m:
``P = Phi(b - m) - Phi(a - m)``; two answers with correlated errors say that both lie in a box. Everything is
worked out in logarithms, so that answers far from what the predictor says keep their derivatives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr, ndtr

from trustmeasure.moments.bivariate_normal import bivariate_cdf, bivariate_density

Array = npt.NDArray[np.float64]

LOG_ROOT = 0.5 * np.log(2.0 * np.pi)
FAR = 37.0
"""Bounds beyond this stand for infinite ones in boxes."""
LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Cell:
    """How likely answers are, and how that changes with the linear predictors.

    Attributes
    ----------
    log_p : array, shape (n, j)
        Logarithm of the probability; for boxes, one a pair of answers.
    slope : array, shape (n, j) or (n, j, 2)
        Its derivative by the predictor, or by both predictors.
    curve : array, shape (n, j) or (n, j, 2, 2)
        Minus its second derivatives.
    """

    log_p: Array
    slope: Array
    curve: Array


def log_interval(low: Array, high: Array) -> Array:
    """Return the logarithm of ``Phi(high) - Phi(low)``, exact in both tails; 0 for an infinite interval."""
    turned = low > 0
    a, b = np.where(turned, -high, low), np.where(turned, -low, high)
    above, below = log_ndtr(b), log_ndtr(a)
    return np.asarray(above + np.log1p(-np.exp(np.minimum(below - above, -1e-300))))


def interval(low: Array, high: Array) -> Cell:
    """Return probability and derivatives of ``low - m < e < high - m`` at m = 0, each of shape (n, j)."""
    log_p = log_interval(low, high)
    at_low, at_high = (np.exp(-0.5 * x**2 - LOG_ROOT - log_p) for x in (low, high))
    slope = at_low - at_high
    moved = np.where(np.isfinite(low), low, 0.0) * at_low - np.where(np.isfinite(high), high, 0.0) * at_high
    return Cell(log_p, slope, np.maximum(slope**2 - moved, 0.0))


def box(low: Array, high: Array, rho: Array) -> Cell:
    """Return probability and derivatives of two correlated errors between their bounds.

    Parameters
    ----------
    low, high : arrays, shape (n, j, 2)
        Bounds of both answers of a pair, less their predictors.
    rho : array, shape (j,)
        Correlation of the errors.
    """
    p = np.zeros(low.shape[:2])
    first, second = np.zeros(low.shape), np.zeros((*low.shape, 2))
    for sign, corner in _corners(low, high):
        h, k = np.clip(corner[..., 0], -FAR, FAR), np.clip(corner[..., 1], -FAR, FAR)
        p += sign * bivariate_cdf(h, k, rho)
        _add(first, second, sign, h, k, rho)
    p = np.maximum(p, LEAST)
    slope = -first / p[..., None]
    curve = slope[..., :, None] * slope[..., None, :] - second / p[..., None, None]
    return Cell(np.log(p), slope, curve)


def log_box(low: Array, high: Array, rho: Array) -> Array:
    """Return the logarithm of the probability of a box alone, shape (n, j); see `box`."""
    p = np.zeros(low.shape[:2])
    for sign, corner in _corners(low, high):
        h, k = np.clip(corner[..., 0], -FAR, FAR), np.clip(corner[..., 1], -FAR, FAR)
        p += sign * bivariate_cdf(h, k, rho)
    return np.log(np.maximum(p, LEAST))


def _corners(low: Array, high: Array) -> list[tuple[float, Array]]:
    """Return the corners of boxes with their signs, each of shape (n, j, 2)."""
    bounds = ((1.0, high), (-1.0, low))
    return [(s * t, np.stack([x[..., 0], y[..., 1]], axis=-1)) for s, x in bounds for t, y in bounds]


def _add(first: Array, second: Array, sign: float, h: Array, k: Array, rho: Array) -> None:
    """Add the derivatives of the distribution function at a corner by both of its coordinates."""
    apart = np.sqrt(1.0 - rho**2)
    density = sign * bivariate_density(h, k, rho)
    for i, (x, y) in enumerate(((h, k), (k, h))):
        edge = sign * np.exp(-0.5 * x**2 - LOG_ROOT) * ndtr((y - rho * x) / apart)
        first[..., i] += edge
        second[..., i, i] += -x * edge - rho * density
    second[..., 0, 1] += density
    second[..., 1, 0] += density
