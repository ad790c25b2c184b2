r"""How sample covariances and means vary from sample to sample, without assuming a distribution.

With `y_i` the products of the centred answers of row i (lower triangle by rows) and, when means are modelled,
the centred answers themselves, the covariance matrix of ``sqrt(n)`` times the sample moments is estimated by
``Gamma = sum_i (y_i - ybar)(y_i - ybar)' / n`` (Browne 1984, British Journal of Mathematical and Statistical
Psychology 37(1), 62-83, eq. 3.3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def explained(z: Array, x: Sequence[int]) -> Array:
    """Return the part of centred rows (n, p) that the variables `x` explain linearly: given, not sampled."""
    if not len(x):
        return np.zeros_like(z)
    given = z[:, list(x)]
    return np.asarray(given @ np.linalg.lstsq(given, z, rcond=None)[0])


def moment_covariance(rows: Array, x: Sequence[int] = (), *, means: bool) -> Array:
    """Return Gamma.

    Parameters
    ----------
    rows : array, shape (n, p)
        Complete rows.
    x : sequence of int
        Exogenous variables that the model takes as given: what they explain does not vary.
    means : bool
        Whether means are among the moments.

    Returns
    -------
    array, shape (m, m)
        m is `p (p + 1) / 2`, and p more with means. Rows and columns of the moments of `x` are zero.
    """
    z = rows - rows.mean(axis=0)
    given = explained(z, x)
    row, col = np.tril_indices(z.shape[1])
    products = z[:, row] * z[:, col]
    if len(x):
        products -= given[:, row] * given[:, col]
    y = np.concatenate([products, z - given], axis=1) if means else products
    y -= y.mean(axis=0)
    gamma = y.T @ y / len(rows)
    # What is given varies by rounding only; it must be exactly zero to be left out.
    still = given_moments(z.shape[1], x, means=means)
    gamma[still], gamma[:, still] = 0.0, 0.0
    return np.asarray(gamma)


def given_moments(p: int, x: Sequence[int], *, means: bool) -> npt.NDArray[np.intp]:
    """Return which moments are those of the variables `x` alone."""
    inside = np.zeros(p, dtype=bool)
    inside[list(x)] = True
    row, col = np.tril_indices(p)
    flags = inside[row] & inside[col]
    return np.flatnonzero(np.concatenate([flags, inside]) if means else flags)


def inverse_of_free(gamma: Array, given: npt.NDArray[np.intp]) -> Array | None:
    """Return the inverse of Gamma (m, m) with zeros for the moments `given`; None when it is singular."""
    free = np.setdiff1d(np.arange(gamma.shape[0]), given)
    block = gamma[np.ix_(free, free)]
    scale = np.sqrt(np.maximum(np.diag(block), 1e-300))
    unit = block / np.outer(scale, scale)
    if np.linalg.eigvalsh(unit)[0] < 1e-12:
        return None
    whole = np.zeros_like(gamma)
    whole[np.ix_(free, free)] = np.linalg.inv(unit) / np.outer(scale, scale)
    return 0.5 * (whole + whole.T)
