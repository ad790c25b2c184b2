"""Heights of the vertices of a layered graph: straight lines, nothing nearer than allowed.

Minimises the weighted sum of squared height differences along the lines, row by row. With the other rows
held, the best heights of one row under its minimum distances are an isotonic regression, solved exactly by
pooling adjacent violators; going round the rows lowers a convex sum until it rests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from trustmeasure.plots.diagram.layers import Layering, Vertex

ROUNDS = 80
_STRAIGHT = {0: 1.0, 1: 2.0, 2: 8.0}


def pooled(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the non-increasing values nearest to `wanted` in weighted squares.

    Parameters
    ----------
    wanted, weights : sequences of float, same length
        Values and their positive weights.

    Returns
    -------
    list of float
        The isotonic regression (pool adjacent violators).

    Examples
    --------
    >>> pooled([1.0, 3.0, 0.0], [1.0, 1.0, 1.0])
    [2.0, 2.0, 0.0]
    """
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(wanted, weights, strict=True):
        mean, mass, count = float(value), float(weight), 1
        while blocks and blocks[-1][0] < mean:
            above, heavy, many = blocks.pop()
            mean = (above * heavy + mean * mass) / (heavy + mass)
            mass, count = mass + heavy, count + many
        blocks.append((mean, mass, count))
    return [mean for mean, _, count in blocks for _ in range(count)]


def heights(
    layering: Layering, above: Mapping[Vertex, float], below: Mapping[Vertex, float]
) -> dict[Vertex, float]:
    """Return the height of every vertex.

    Parameters
    ----------
    layering : Layering
        Rows and pieces.
    above, below : mapping
        How far each vertex reaches up and down from its height, distance to neighbours included.

    Returns
    -------
    dict
        Vertex -> height in points; within a row never nearer than `below` and `above` ask for.
    """
    offsets = [_offsets(row, above, below) for row in layering.rows]
    y = {
        v: -o
        for row, offset in zip(layering.rows, offsets, strict=True)
        for v, o in zip(row, offset, strict=True)
    }
    pulls = _pulls(layering)
    numbers = list(range(len(layering.rows)))
    for turn in range(ROUNDS):
        moved = 0.0
        for number in numbers if turn % 2 == 0 else numbers[::-1]:
            new = _row_heights(layering.rows[number], offsets[number], pulls, y)
            moved = max([moved, *(abs(new[v] - y[v]) for v in new)])
            y.update(new)
        if moved < 0.01:
            break
    return y


def _offsets(
    row: Sequence[Vertex], above: Mapping[Vertex, float], below: Mapping[Vertex, float]
) -> list[float]:
    """Return the least distance of each vertex of a row from the first, centred on the row's middle."""
    steps = [below[a] + above[b] for a, b in pairwise(row)]
    offsets = np.concatenate([[0.0], np.cumsum(steps)]) if row else np.zeros(0)
    return [float(o) for o in offsets - (offsets[-1] / 2 if row else 0.0)]


def _pulls(layering: Layering) -> dict[Vertex, list[tuple[Vertex, float]]]:
    pulls: dict[Vertex, list[tuple[Vertex, float]]] = defaultdict(list)
    for a, b in layering.pieces:
        weight = _STRAIGHT[(not isinstance(a, str)) + (not isinstance(b, str))]
        pulls[a].append((b, weight))
        pulls[b].append((a, weight))
    return pulls


def _row_heights(
    row: Sequence[Vertex],
    offsets: Sequence[float],
    pulls: Mapping[Vertex, list[tuple[Vertex, float]]],
    y: Mapping[Vertex, float],
) -> dict[Vertex, float]:
    wanted, weights = [], []
    for v, offset in zip(row, offsets, strict=True):
        mass = sum(w for _, w in pulls.get(v, ()))
        mean = sum(w * y[n] for n, w in pulls.get(v, ())) / mass if mass else y[v]
        wanted.append(mean + offset)
        weights.append(mass or 0.05)
    return {v: z - o for v, z, o in zip(row, pooled(wanted, weights), offsets, strict=True)}
