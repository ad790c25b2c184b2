"""Lines against shapes: where a line leaves a shape, and whether it touches one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.plots.diagram.graph import Flags, Place, Points

STEPS = 28


def segment(start: tuple[float, float], end: tuple[float, float], steps: int = STEPS) -> Points:
    """Return a straight line as `steps + 1` points."""
    t = np.linspace(0.0, 1.0, steps + 1)[:, None]
    return np.asarray((1 - t) * np.array(start) + t * np.array(end))


def cubic(p0: npt.ArrayLike, p1: npt.ArrayLike, p2: npt.ArrayLike, p3: npt.ArrayLike) -> Points:
    """Return a cubic Bezier curve as points."""
    t = np.linspace(0.0, 1.0, STEPS + 1)[:, None]
    a, b, c, d = (np.asarray(p, dtype=float) for p in (p0, p1, p2, p3))
    return np.asarray((1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d)


def bent(start: tuple[float, float], end: tuple[float, float], bulge: float) -> Points:
    """Return a curve whose middle lies `bulge` to the left of the straight line, in points."""
    a, b = np.array(start), np.array(end)
    along = b - a
    length = float(np.hypot(*along)) or 1.0
    normal = np.array([-along[1], along[0]]) / length
    push = normal * bulge * 4 / 3
    return cubic(a, a + along * 0.25 + push, a + along * 0.75 + push, b)


def inside(points: Points, place: Place, margin: float = 0.0) -> Flags:
    """Return for each point whether it lies in the shape grown by `margin`."""
    dx = np.abs(points[:, 0] - place.x) / (place.width / 2 + margin)
    dy = np.abs(points[:, 1] - place.y) / (place.height / 2 + margin)
    if place.shape == "ellipse":
        return np.asarray(dx**2 + dy**2 < 1)
    return np.asarray(np.maximum(dx, dy) < 1)


@dataclass(frozen=True, slots=True)
class Walls:
    """Shapes as arrays, to test lines against all of them at once.

    Attributes
    ----------
    centres, halves : array (w, 2)
        Centre, and half width and half height, of each shape.
    round : array (w,)
        Which of them are ellipses.
    """

    centres: Points
    halves: Points
    round: Flags

    @classmethod
    def of(cls, places: Sequence[Place]) -> Walls:
        """Return the walls that `places` make."""
        return cls(
            np.array([(p.x, p.y) for p in places], dtype=float).reshape(-1, 2),
            np.array([(p.width / 2, p.height / 2) for p in places], dtype=float).reshape(-1, 2),
            np.array([p.shape == "ellipse" for p in places], dtype=bool),
        )

    def hit(self, starts: Points, ends: Points, margin: float = 0.0) -> Flags:
        """Return for each segment and wall whether the segment meets the wall grown by `margin`, (k, w)."""
        scale = self.halves + margin
        a = (starts[:, None, :] - self.centres) / scale
        step = (ends - starts)[:, None, :] / scale
        return np.where(self.round, _ellipse_met(a, step), _box_met(a, step))

    def touched(self, points: Points, margin: float = 0.0) -> bool:
        """Return whether the polyline `points` meets any wall grown by `margin`."""
        return bool(self.hit(points[:-1], points[1:], margin).any())


def _ellipse_met(a: Points, step: Points) -> Flags:
    """Tell whether segments in units of the half axes come nearer to the centre than 1."""
    squared = np.maximum((step**2).sum(axis=-1), 1e-12)
    t = np.clip(-(a * step).sum(axis=-1) / squared, 0.0, 1.0)[..., None]
    return np.asarray(((a + t * step) ** 2).sum(axis=-1) < 1)


def _box_met(a: Points, step: Points) -> Flags:
    """Tell whether segments in units of the half sides meet the square (-1, 1) x (-1, 1)."""
    safe = np.where(np.abs(step) < 1e-12, 1e-12, step)
    first, second = (-1 - a) / safe, (1 - a) / safe
    enter = np.maximum(np.minimum(first, second).max(axis=-1), 0.0)
    leave = np.minimum(np.maximum(first, second).min(axis=-1), 1.0)
    return np.asarray(enter < leave)


def clip(points: Points, start: Place, end: Place) -> Points:
    """Return the part of a centre-to-centre line between the boundaries of its two shapes."""
    return _leave(_leave(points, start)[::-1], end)[::-1]


def _leave(points: Points, place: Place) -> Points:
    """Cut off the beginning of the line that lies inside `place`; the cut is exact to 1e-6 of a segment."""
    within = inside(points, place)
    if not within[0] or within.all():
        return points
    last = int(np.flatnonzero(within)[-1]) if within[-1] else int(np.argmin(within)) - 1
    if last + 1 >= len(points):
        return points
    low, high = points[last], points[last + 1]
    for _ in range(24):
        middle = (low + high) / 2
        if inside(middle[None, :], place)[0]:
            low = middle
        else:
            high = middle
    return np.vstack([high[None, :], points[last + 1 :]])


def lengths(points: Points) -> Points:
    """Return the distance along the line at each point, from 0."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def crossings(line: Points, others: Sequence[Points]) -> int:
    """Return how often a polyline crosses any of the other polylines."""
    if not others:
        return 0
    p, r = line[:-1, None, :], np.diff(line, axis=0)[:, None, :]
    q = np.vstack([other[:-1] for other in others])[None, :, :]
    s = np.vstack([np.diff(other, axis=0) for other in others])[None, :, :]
    cross = _cross(r, s)
    safe = np.where(np.abs(cross) < 1e-12, np.inf, cross)
    t, u = _cross(q - p, s) / safe, _cross(q - p, r) / safe
    return int(((t >= 0) & (t < 1) & (u >= 0) & (u < 1)).sum())


def _cross(a: Points, b: Points) -> Points:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def box_around(x: float, y: float, width: float, height: float, id: str = "") -> Place:
    """Return a rectangle as a Place, for the same tests as shapes."""
    return Place(id, "rectangle", x, y, width, height)


def boxes_overlap(a: Place, b: Place, margin: float = 0.0) -> bool:
    """Return whether the bounding rectangles of two places come nearer than `margin`."""
    return (
        abs(a.x - b.x) < (a.width + b.width) / 2 + margin
        and abs(a.y - b.y) < (a.height + b.height) / 2 + margin
    )
