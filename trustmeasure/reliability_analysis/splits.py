"""Splits of k items into two parts, as signs +1 and -1, and the split whose parts agree most."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from math import comb

import numpy as np

from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import Coefficient, total_of

EXHAUSTIVE = 16
"""Items up to which every split into any two parts is looked at."""
STARTS = 100
"""Random starts of the search among more items."""
CELLS = 2**22
"""Numbers held at a time."""


def all_splits(k: int) -> Array:
    """Return every split of k items into two parts, none of them empty, once: signs (2^(k-1) - 1, k)."""
    bits = (np.arange(1, 2 ** (k - 1))[:, None] >> np.arange(k - 1)) & 1
    return np.hstack([np.ones((len(bits), 1)), 1.0 - 2.0 * bits])


def half_count(k: int) -> int:
    """Return how many splits into halves there are, of sizes that differ by one when k is odd."""
    return comb(k, k // 2) // (1 if k % 2 else 2)


def all_halves(k: int, size: int = 2**14) -> Iterator[Array]:
    """Yield every split of k items into halves once, as stacks of signs (m, k)."""
    rows: Iterator[tuple[int, ...]] = combinations(range(k), k // 2)
    if k % 2 == 0:
        rows = (row for row in rows if row[0] == 0)
    while chunk := list(islice(rows, size)):
        signs = -np.ones((len(chunk), k))
        np.put_along_axis(signs, np.array(chunk), 1.0, axis=1)
        yield signs


def sampled_halves(k: int, count: int, seed: int | None) -> Array:
    """Return `count` random splits of k items into halves, signs (count, k)."""
    order = np.random.default_rng(seed).random((count, k)).argsort(axis=1)
    return np.where(order < k // 2, 1.0, -1.0)


def contrast(covs: Array, signs: Array) -> Array:
    """Return s'Cs for each matrix (b, k, k) and split (m, k), shape (b, m)."""
    if len(covs) == 1:
        return np.asarray(((signs @ covs[0]) * signs).sum(axis=1)[None])
    row, col = np.triu_indices(signs.shape[1])
    products = signs[:, row] * signs[:, col] * np.where(row == col, 1.0, 2.0)
    return np.asarray(covs[:, row, col] @ products.T)


def best_splits(covs: Array) -> Array:
    """Return, for each matrix, the split with the largest covariance between its parts, signs (b, k).

    Every split is looked at up to 16 items; beyond, the best that a search from 100 random splits and the
    signs of the last eigenvector finds, moving one item or two at a time.
    """
    k = covs.shape[-1]
    if k > EXHAUSTIVE:
        return np.concatenate([_searched(part) for part in _in_blocks(covs, STARTS * k * k)])
    signs = all_splits(k)
    parts = [signs[contrast(part, signs).argmin(axis=1)] for part in _in_blocks(covs, len(signs))]
    return np.concatenate(parts)


def _in_blocks(covs: Array, width: int) -> Iterator[Array]:
    step = max(CELLS // width, 1)
    for at in range(0, len(covs), step):
        yield covs[at : at + step]


def _searched(covs: Array) -> Array:
    b, k = covs.shape[:2]
    good = np.asarray(np.isfinite(covs).all(axis=(1, 2)))
    filled = np.where(good[:, None, None], covs, np.eye(k))
    starts = np.where(np.random.default_rng(0).random((STARTS, k)) < 0.5, 1.0, -1.0)
    signs = np.broadcast_to(starts, (b, STARTS, k)).copy()
    signs[:, 0] = np.where(np.linalg.eigh(filled)[1][:, :, 0] < 0, -1.0, 1.0)
    least = 1e-12 * np.trace(filled, axis1=1, axis2=2)[:, None]
    while True:
        gain = _gain(filled, signs).reshape(b, STARTS, k * k)
        best = gain.argmax(axis=2)
        moving = np.take_along_axis(gain, best[..., None], axis=2)[..., 0] > least
        if not moving.any():
            break
        at = np.nonzero(moving)
        one, other = np.divmod(best[at], k)
        signs[(*at, one)] *= -1.0
        paired = one != other
        signs[at[0][paired], at[1][paired], other[paired]] *= -1.0
    values = ((signs @ filled) * signs).sum(axis=2)
    return np.asarray(np.take_along_axis(signs, values.argmin(axis=1)[:, None, None], axis=1)[:, 0])


def _gain(covs: Array, signs: Array) -> Array:
    """Return a quarter of what turning items i and j lowers s'Cs by, (b, m, k, k); i = j: one item."""
    single = signs * (signs @ covs) - np.diagonal(covs, axis1=1, axis2=2)[:, None, :]
    pair = signs[..., :, None] * signs[..., None, :] * covs[:, None]
    gain = single[..., :, None] + single[..., None, :] - 2.0 * pair
    np.einsum("bmii->bmi", gain)[:] = single
    return np.asarray(gain)


def _lambda4(covs: Array) -> Array:
    signs = best_splits(covs)
    return np.asarray(1.0 - np.einsum("bi,bij,bj->b", signs, covs, signs) / total_of(covs))


def _lambda4_slope(cov: Array) -> Array:
    signs, total = best_splits(cov[None])[0], total_of(cov[None])[0]
    value = 1.0 - signs @ cov @ signs / total
    return np.asarray((1.0 - np.outer(signs, signs) - value) / total)


LAMBDA4 = Coefficient("lambda4", _lambda4, _lambda4_slope)
"""Guttman's lambda 4 of the split that makes it largest, of any sizes."""
