r"""Correlations that take part with rows, not with tables: polyserial and Pearson, given the margins.

Polyserial (Olsson, Drasgow & Dorans 1982, Psychometrika 47(3), 337-347, two-step estimation): with z the
standardised continuous variable, the category between bounds l and u has the probability
:math:`\Phi((u - \rho z) / \sqrt{1 - \rho^2}) - \Phi((l - \rho z) / \sqrt{1 - \rho^2})`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.one_root import MOST_STEPS
from trustmeasure.moments.regressions import interval

Array = npt.NDArray[np.float64]

LEAST = 1e-300
SERIAL_EDGE = 0.995
"""No polyserial correlation is sought beyond this."""
WITHIN = 1.0 - 1e-12
"""No Pearson correlation is taken to be larger than this."""


@dataclass(frozen=True, slots=True)
class Serial:
    """Derivatives of the log-likelihood of rows, each of shape (n, q) for q pairs.

    Attributes
    ----------
    rho, bend : array
        With respect to the correlation, and how much that falls with it.
    lower, upper : arrays
        With respect to the bounds of the category.
    z : array
        With respect to the standardised continuous variable.
    """

    rho: Array
    bend: Array
    lower: Array
    upper: Array
    z: Array


def polyserial_scores(lower: Array, upper: Array, z: Array, rho: Array) -> Serial:
    """Return derivatives by row.

    Parameters
    ----------
    lower, upper, z : arrays, shape (n, q)
        Bounds of the category (of all values for a missing answer), and the continuous variable,
        standardised, NaN where missing.
    rho : array, shape (q,)
        Correlations.
    """
    seen = np.isfinite(z)
    z = np.nan_to_num(z)
    root = np.sqrt(1.0 - rho**2)
    low, high = (lower - rho * z) / root, (upper - rho * z) / root
    share = np.maximum(interval(low, high), LEAST)
    at_low, at_high = (np.exp(-0.5 * e**2) / (np.sqrt(2.0 * np.pi) * share) for e in (low, high))
    by_low, by_high = (lower * rho - z) / root**3, (upper * rho - z) / root**3
    slope = at_high * by_high - at_low * by_low
    bent = at_high * _bent(high, by_high, upper, rho) - at_low * _bent(low, by_low, lower, rho)
    return Serial(
        np.where(seen, slope, 0.0),
        np.where(seen, slope**2 - bent, 0.0),
        np.where(seen, -at_low / root, 0.0),
        np.where(seen, at_high / root, 0.0),
        np.where(seen, -z - rho * (at_high - at_low) / root, 0.0),
    )


def _bent(end: Array, by_rho: Array, bound: Array, rho: Array) -> Array:
    """Return the second derivative of the probability below a bound, over the density there."""
    rest = 1.0 - rho**2
    return np.asarray(bound / rest**1.5 + 3.0 * rho * by_rho / rest - end * by_rho**2)


@dataclass(frozen=True, slots=True)
class Linear:
    """Derivatives of the log-likelihood of rows for two continuous variables, each of shape (n, q).

    Attributes
    ----------
    rho : array
        With respect to the correlation.
    first, second : arrays
        With respect to each standardised variable.
    """

    rho: Array
    first: Array
    second: Array


def pearson_scores(first: Array, second: Array, rho: Array) -> Linear:
    """Return derivatives by row of the bivariate normal log-likelihood of standardised variables (n, q)."""
    seen = np.isfinite(first) & np.isfinite(second)
    a, b = np.where(seen, first, 0.0), np.where(seen, second, 0.0)
    rest = 1.0 - rho**2
    slope = (rho * rest + (1.0 + rho**2) * a * b - rho * (a**2 + b**2)) / rest**2
    return Linear(np.where(seen, slope, 0.0), (rho * b - a) / rest, (rho * a - b) / rest)


def pearson_two_step(products: Array, squares: Array, counts: Array) -> Array:
    """Return the correlations that maximise the likelihood of standardised variables.

    Parameters
    ----------
    products, squares : arrays, shape (q,)
        Sums of `a b` and of `a^2 + b^2` over the rows that have both.
    counts : array, shape (q,)
        Rows that have both.

    Returns
    -------
    array, shape (q,)
        The solution of ``rho (1 - rho^2) + (1 + rho^2) r - rho s = 0`` with `r` and `s` the mean product and
        sum of squares; `r` itself when `s` is 2, as it is without missing values.
    """
    r, s = products / counts, squares / counts
    rho = np.clip(r, -WITHIN, WITHIN)
    for _ in range(MOST_STEPS):
        slope = rho * (1.0 - rho**2) + (1.0 + rho**2) * r - rho * s
        bend = s - 1.0 + 3.0 * rho**2 - 2.0 * rho * r
        there = np.clip(rho + slope / np.where(bend > 0.0, bend, 1.0), -WITHIN, WITHIN)
        if np.all(np.abs(there - rho) < 1e-15):
            break
        rho = there
    return np.asarray(rho)
