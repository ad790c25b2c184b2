r"""The saturated model of incomplete rows: information, and scores of single rows.

Its parameters are the lower triangle of the covariances by rows, then the means, as in `matrices.jacobian`.
With ``V_k`` and ``M_k = V_k C_k V_k`` of pattern k and ``Z_k = 2 M_k - V_k``, the information that a row
brings of two covariances is ``tr(V A Z B) / 2`` (observed) or ``tr(V A V B) / 2`` (expected), where A and B
have ones at the two cells. Its sum over patterns is a look-up in one Gram matrix of the lower triangles of
all V and Z.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.missing import usable_parts
from trustmeasure.moments.patterns import Part, Patterns
from trustmeasure.sem.discrepancy.fiml_hessian import each_inverse

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


def saturated_information(patterns: Patterns, mean: Array, cov: Array, *, observed: bool = True) -> Array:
    """Return the information of one row, on average, at the given moments.

    Parameters
    ----------
    patterns : Patterns
        The rows.
    mean : array, shape (p,)
    cov : array, shape (p, p)
        Where to take it.
    observed : bool
        Second derivatives, or their expectation given the patterns.

    Returns
    -------
    array, shape (p (p + 1) / 2 + p, p (p + 1) / 2 + p)
    """
    p = mean.size
    pairs, crossed, flat = _sums(patterns, mean, cov, observed=observed)
    row, col = np.tril_indices(p)
    place = np.zeros((p, p), dtype=np.intp)
    place[row, col] = place[col, row] = np.arange(row.size)
    weight = np.where(row == col, 0.5, 1.0)
    found = np.empty((row.size + p, row.size + p))
    block = _rearranged(pairs, place, row, col)
    found[: row.size, : row.size] = 0.5 * np.outer(weight, weight) * (block + block.T) * 0.5
    # Derivative by a covariance and a mean: h_i V_j. + h_j V_i.
    mixed = crossed[row][np.arange(row.size)[:, None], place[col]]
    mixed += crossed[col][np.arange(row.size)[:, None], place[row]]
    found[: row.size, row.size :] = weight[:, None] * mixed
    found[row.size :, : row.size] = found[: row.size, row.size :].T
    found[row.size :, row.size :] = flat[place]
    return found / float(patterns.n.sum())


def _rearranged(pairs: Array, place: Index, row: Index, col: Index) -> Array:
    """Return `tr(V A Z B)` for all pairs of cells from sums of products of elements of V and Z."""
    i, j, k, m = row[:, None], col[:, None], row, col
    found = pairs[place[m, i], place[j, k]]
    for first, second in (((k, i), (j, m)), ((m, j), (i, k)), ((k, j), (i, m))):
        found += pairs[place[first], place[second]]
    return np.asarray(found)


def _sums(patterns: Patterns, mean: Array, cov: Array, *, observed: bool) -> tuple[Array, Array, Array]:
    """Return sums of products of V and Z, of h and V, and of V, as lower triangles, over all rows."""
    p = mean.size
    size = p * (p + 1) // 2
    pairs, crossed, flat = np.zeros((size, size)), np.zeros((p, size)), np.zeros(size)
    row, col = np.tril_indices(p)
    for part in usable_parts(patterns, cov):
        found = each_inverse(patterns, part, mean, cov)
        if found is None:
            raise np.linalg.LinAlgError
        v, h, at = found
        n, lower = patterns.n[part.patterns], v[:, row, col]
        starts = np.searchsorted(at, np.arange(len(n)))
        if observed:
            squares = np.add.reduceat(h[:, row] * h[:, col], starts, axis=0)
            pairs += lower.T @ (2.0 * squares - n[:, None] * lower)
            crossed += np.add.reduceat(patterns.level[part.points, None] * h, starts, axis=0).T @ lower
        else:
            pairs += lower.T @ (n[:, None] * lower)
        flat += n @ lower
    return pairs, crossed, flat


def part_scores(rows: Patterns, part: Part, mean: Array, cov: Array) -> Array:
    """Return the derivatives of each row's log-likelihood by the saturated moments, for one part.

    Parameters
    ----------
    rows : Patterns
        With one point a row.
    part : Part
        Of `usable_parts` at `cov`.
    mean : array, shape (p,)
    cov : array, shape (p, p)
        Where to take them.

    Returns
    -------
    array, shape (r, p (p + 1) / 2 + p)
        In the order of the points; NaN where the pattern's covariances are not positive definite.
    """
    row, col = np.tril_indices(mean.size)
    level = rows.level[part.points, None]
    found = each_inverse(rows, part, mean, cov)
    if found is None:
        return np.full((level.size, row.size + mean.size), np.nan)
    v, h, at = found
    weight = np.where(row == col, 0.5, 1.0)
    moved = weight * (h[:, row] * h[:, col] - level**2 * v[:, row, col][at])
    return np.concatenate([moved, level * h], axis=1)


def first_order_information(rows: Patterns, mean: Array, cov: Array) -> Array:
    """Return the mean outer product of the rows' scores at the given moments, as `saturated_information`."""
    size = mean.size * (mean.size + 3) // 2
    found = np.zeros((size, size))
    for part in usable_parts(rows, cov):
        own = part_scores(rows, part, mean, cov)
        found += own.T @ own
    return found / float(rows.n.sum())


def complete_information(cov: Array) -> Array:
    """Return the expected information of a complete row, shape as `saturated_information`."""
    p = len(cov)
    row, col = np.tril_indices(p)
    weight, v = np.where(row == col, 0.5, 1.0), np.linalg.inv(cov)
    both = v[row[:, None], row] * v[col[:, None], col] + v[row[:, None], col] * v[col[:, None], row]
    found = np.zeros((row.size + p, row.size + p))
    found[: row.size, : row.size] = np.outer(weight, weight) * both
    found[row.size :, row.size :] = v
    return found
