"""Points and weights that integrate functions times the standard normal density, in several directions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import comb

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

POINTS = {1: 31, 2: 17, 3: 11}
"""Points in each direction of a product rule, by the number of directions."""
LEVELS = {4: 5, 5: 4, 6: 4, 7: 4, 8: 4}
"""Levels of a sparse rule, by the number of directions; it is exact up to the total degree 2 level + 1."""
MOST = max(LEVELS)
"""Directions that can be integrated over."""
LIGHT = 1e-12
"""Weights below this part of the largest are left out."""


def rule(d: int) -> tuple[Array, Array]:
    """Return nodes (m, d) and weights (m,) for d directions, of which there are at most `MOST`."""
    return product_rule(POINTS[d], d) if d in POINTS else sparse_rule(LEVELS[d], d)


@cache
def product_rule(points: int, d: int) -> tuple[Array, Array]:
    """Return the product of d Gauss-Hermite rules."""
    nodes, weights = _product((points,) * d)
    kept = weights > LIGHT * weights.max()
    return nodes[kept], weights[kept]


@cache
def sparse_rule(level: int, d: int) -> tuple[Array, Array]:
    """Return the sum of small products that is exact for all polynomials up to a total degree.

    Smolyak's construction of Gauss-Hermite rules with 1, 3, 5, ... points (Heiss & Winschel 2008, Journal of
    Econometrics 144(1), 62-80). Some weights are negative.
    """
    parts = [
        (nodes, (-1) ** (level - size) * comb(d - 1, level - size) * weights)
        for size in range(max(0, level - d + 1), level + 1)
        for shares in _shared(size, d)
        for nodes, weights in [_product(tuple(2 * s + 1 for s in shares))]
    ]
    nodes, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    # The points of different rules are the same but for rounding; -0 and 0 are, too.
    different, which = np.unique(np.round(nodes, 10) + 0.0, axis=0, return_inverse=True)
    total = np.bincount(which.ravel(), weights=weights)
    kept = np.abs(total) > LIGHT * np.abs(total).max()
    return different[kept], total[kept]


def _product(points: tuple[int, ...]) -> tuple[Array, Array]:
    rules = [np.polynomial.hermite_e.hermegauss(m) for m in points]
    grid = np.stack([g.ravel() for g in np.meshgrid(*(x for x, _ in rules), indexing="ij")], axis=1)
    weights = np.ones(1)
    for _, w in rules:
        weights = np.outer(weights, w).ravel()
    return grid, weights


def _shared(total: int, d: int) -> Iterator[tuple[int, ...]]:
    """Yield all ways to share a whole number among d places."""
    if d == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _shared(total - first, d - 1):
            yield (first, *rest)
