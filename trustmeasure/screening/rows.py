"""Correlations of incomplete rows and columns, all at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.frames import Array

Flags = npt.NDArray[np.bool_]

LEAST = 3
"""Pairs that a correlation within a person needs: two points always lie on a line."""
FLAT = 1e-12
"""Share of the squared size of values below which their variation is rounding."""


def row_correlations(x: Array, y: Array) -> Array:
    """Return the correlation of x and y within each row, over the places where both are.

    Parameters
    ----------
    x, y : array, shape (n, k)
        NaN where there is no value.

    Returns
    -------
    array, shape (n,)
        NaN for a row with fewer than 3 places, or where x or y does not vary.
    """
    both = np.isfinite(x) & np.isfinite(y)
    n = both.sum(axis=1)
    a, b = _centred(x, both, n), _centred(y, both, n)
    product = (a * b).sum(axis=1)
    size = (a * a).sum(axis=1) * (b * b).sum(axis=1)
    floor = FLAT * _squares(x, both) * _squares(y, both)
    usable = (n >= LEAST) & (size > floor) & (size > 0)
    r = product / np.sqrt(np.where(usable, size, 1.0))
    return np.where(usable, np.clip(r, -1.0, 1.0), np.nan)


def _centred(x: Array, both: Flags, n: npt.NDArray[np.intp]) -> Array:
    there = np.where(both, x, 0.0)
    mean = there.sum(axis=1) / np.maximum(n, 1)
    return np.where(both, there - mean[:, None], 0.0)


def _squares(x: Array, both: Flags) -> Array:
    return np.asarray((np.where(both, x, 0.0) ** 2).sum(axis=1))


def pairwise_covariances(values: Array) -> Array:
    """Return covariances (n - 1) of columns, each of the rows that have both, shape (p, p); NaN below 2."""
    return _pairwise(values)[0]


def pairwise_correlations(values: Array) -> Array:
    """Return correlations of columns, each of the rows that have both, shape (p, p).

    Parameters
    ----------
    values : array, shape (n, p)
        NaN where there is no value.

    Returns
    -------
    array, shape (p, p)
        NaN where fewer than 3 rows have both columns, or one of them does not vary there.
    """
    cov, own, other, n = _pairwise(values)
    spread = own * other
    usable = (n >= LEAST) & (spread > 0)
    r = cov / np.sqrt(np.where(usable, spread, 1.0))
    return np.where(usable, np.clip(r, -1.0, 1.0), np.nan)


def _pairwise(values: Array) -> tuple[Array, Array, Array, Array]:
    """Return covariances, variances of the row's and the column's variable, and counts, each (p, p)."""
    there = np.isfinite(values)
    m = there.astype(float)
    filled = np.where(there, values, 0.0)
    level = filled.sum(axis=0) / np.maximum(m.sum(axis=0), 1)
    x = np.where(there, values - level, 0.0)
    n = m.T @ m
    safe = np.maximum(n, 1)
    sums, squares = x.T @ m, (x * x).T @ m
    divisor = np.where(n > 1, n - 1, np.nan)
    cov = (x.T @ x - sums * sums.T / safe) / divisor
    own = (squares - sums**2 / safe) / divisor
    flat = FLAT * (squares / safe + level[:, None] ** 2)
    own = np.where(own > flat, own, 0.0)
    return cov, own, own.T, n
