"""The shortest way round obstacles: the last resort when no simple curve is free.

Shortest polylines among boxes bend only at corners, so the way is found among the corners of the grown boxes
(a visibility graph, searched by Dijkstra's method) and then rounded.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from trustmeasure.plots.diagram.geometry import STEPS, Walls, segment
from trustmeasure.plots.diagram.graph import Place, Points

ROUNDING = 12.0


def detour(start: Place, end: Place, obstacles: Sequence[Place], margin: float) -> Points | None:
    """Return a line from centre to centre that meets no obstacle grown by `margin`.

    Parameters
    ----------
    start, end : Place
        The shapes to join; the line may lie inside them.
    obstacles : sequence of Place
        The shapes to go round.
    margin : float
        Least distance in points.

    Returns
    -------
    array (k, 2) or None
        The line, rounded at its corners where there is room; None when there is no way.
    """
    walls = Walls.of([replace(o, shape="rectangle") for o in obstacles])
    corners = _corners(walls, margin)
    stops = np.vstack([(start.x, start.y), corners, (end.x, end.y)])
    way = _shortest(stops, walls, margin)
    return None if way is None else _rounded(stops[way], walls, margin * 0.5)


def _corners(walls: Walls, margin: float) -> Points:
    """Return the corners of the walls, a little more than `margin` away, that lie in no other wall."""
    reach = walls.halves + margin + 1.0
    signs = np.array([(sx, sy) for sx in (-1, 1) for sy in (-1, 1)])
    corners = (walls.centres[:, None, :] + reach[:, None, :] * signs).reshape(-1, 2)
    away = np.abs(corners[:, None, :] - walls.centres)
    return np.asarray(corners[~(away < walls.halves + margin).all(axis=2).any(axis=1)])


def _shortest(stops: Points, walls: Walls, margin: float) -> list[int] | None:
    """Return the numbers of the stops on the shortest way from the first to the last (Dijkstra)."""
    last = len(stops) - 1
    distance = np.full(len(stops), np.inf)
    distance[0] = 0.0
    previous: dict[int, int] = {}
    waiting, done = [(0.0, 0)], set()
    while waiting:
        length, here = heapq.heappop(waiting)
        if here == last:
            return _traced(previous, last)
        if here in done:
            continue
        done.add(here)
        reach = length + np.hypot(*(stops - stops[here]).T)
        shorter = np.flatnonzero(reach < distance - 1e-9)
        from_here = np.repeat(stops[here][None, :], len(shorter), axis=0)
        open_way = ~walls.hit(from_here, stops[shorter], margin).any(axis=1)
        for there in (int(n) for n in shorter[open_way]):
            distance[there], previous[there] = reach[there], here
            heapq.heappush(waiting, (float(reach[there]), there))
    return None


def _traced(previous: dict[int, int], last: int) -> list[int]:
    way = [last]
    while way[-1] in previous:
        way.append(previous[way[-1]])
    return way[::-1]


def _rounded(corners: Points, walls: Walls, margin: float) -> Points:
    """Round each corner of a polyline, less where a round corner would come too near to a wall."""
    for radius in (ROUNDING, ROUNDING / 2, ROUNDING / 4):
        line = _with_radius(corners, radius)
        if not walls.touched(line, margin):
            return line
    return _with_radius(corners, 0.0)


def _with_radius(corners: Points, radius: float) -> Points:
    parts: list[Points] = []
    here = corners[0]
    for corner, following in pairwise(corners[1:]):
        before, after = _toward(corner, here, radius), _toward(corner, following, radius)
        parts += [_straight(here, before), _quadratic(before, corner, after)]
        here = after
    return np.vstack([*parts, _straight(here, corners[-1])])


def _straight(a: Points, b: Points) -> Points:
    return segment((float(a[0]), float(a[1])), (float(b[0]), float(b[1])))


def _toward(corner: Points, other: Points, radius: float) -> Points:
    step = other - corner
    length = float(np.hypot(*step)) or 1.0
    return np.asarray(corner + step / length * min(radius, length / 2))


def _quadratic(a: Points, b: Points, c: Points) -> Points:
    t = np.linspace(0.0, 1.0, STEPS // 2)[1:-1, None]
    return np.asarray((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c)
