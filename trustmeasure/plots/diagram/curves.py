"""The lines that a link may take, the plainest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from trustmeasure.plots.diagram.geometry import bent, clip, cubic, segment
from trustmeasure.plots.diagram.graph import Place, Points, Side, Size

NORMAL: dict[Side, tuple[float, float]] = {
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
    "up": (0.0, 1.0),
    "down": (0.0, -1.0),
}
_BULGES = (0.1, -0.1, 0.18, -0.18, 0.28, -0.28)


def centre(place: Place) -> tuple[float, float]:
    """Return the centre of a place."""
    return place.x, place.y


def port(place: Place, side: Side) -> tuple[float, float]:
    """Return the middle of one side of a place."""
    nx, ny = NORMAL[side]
    return place.x + nx * place.width / 2, place.y + ny * place.height / 2


def inner_side(place: Place) -> Side:
    """Return the side that looks towards the factor."""
    opposite: dict[Side, Side] = {"left": "right", "right": "left", "up": "down", "down": "up"}
    return opposite[place.outward]


def fan_line(parent: Place, child: Place) -> Points:
    """Return the straight line of a loading inside a fan, from the factor to the indicator's near side."""
    if child.shape == "ellipse":
        return clip(segment(centre(parent), centre(child)), parent, child)
    return clip(segment(centre(parent), port(child, inner_side(child))), parent, child)


def tail(place: Place, length: float) -> Points:
    """Return the short line of a residual, from outside to an indicator's far side or a corner of it."""
    nx, ny = NORMAL[place.outward]
    x, y = port(place, place.outward)
    if not place.corner:
        return segment((x + nx * length, y + ny * length), (x, y), 2)
    tx, ty = abs(ny) * place.corner, abs(nx) * place.corner
    half = (place.width if ny else place.height) / 2 - 1.5
    end = (x + tx * half, y + ty * half)
    out, up = 0.6 * length, 0.45 * length
    return segment((end[0] + nx * out + tx * up, end[1] + ny * out + ty * up), end, 2)


def outer_line(factor: Place, child: Place) -> Points:
    """Return the straight line of a loading from an outer factor to the far side of an indicator."""
    if child.shape == "ellipse":
        return clip(segment(centre(factor), centre(child)), factor, child)
    return clip(segment(centre(factor), port(child, child.outward)), factor, child)


def path_lines(
    start: Place, end: Place, bends: Sequence[Points], *, straight: bool
) -> Iterator[tuple[Points, float]]:
    """Yield lines for a regression, each with a price for its shape (0 for a straight line)."""
    a, b = centre(start), centre(end)
    if straight:
        yield clip(segment(a, b), start, end), 0.0
    far = float(np.hypot(b[0] - a[0], b[1] - a[1]))
    for bulge in _BULGES if straight else _BULGES[::2]:
        yield clip(bent(a, b, bulge * far), start, end), 0.1 + abs(bulge)
    if bends:
        yield clip(_through([c.mean(axis=0) for c in bends], a, b), start, end), 0.12
        yield clip(_level(bends, start, end), start, end), 0.3
    yield clip(_sweep(a, b), start, end), 0.35


def _sweep(a: tuple[float, float], b: tuple[float, float]) -> Points:
    """Return an S that leaves and arrives level."""
    reach = (b[0] - a[0]) / 2
    return cubic(a, (a[0] + reach, a[1]), (b[0] - reach, b[1]), b)


def _through(middles: Sequence[Points], a: tuple[float, float], b: tuple[float, float]) -> Points:
    """Return a smooth line through points (a Catmull-Rom spline)."""
    stops = np.vstack([a, *middles, b])
    slopes = np.vstack([stops[1] - stops[0], (stops[2:] - stops[:-2]) / 2, stops[-1] - stops[-2]])
    parts = [
        cubic(p, p + m / 3, q - n / 3, q)
        for p, q, m, n in zip(stops[:-1], stops[1:], slopes[:-1], slopes[1:], strict=True)
    ]
    return np.vstack([parts[0], *(part[1:] for part in parts[1:])])


def _level(bends: Sequence[Points], start: Place, end: Place) -> Points:
    """Return a line that goes level through every layer it passes."""
    parts: list[Points] = []
    here = centre(start)
    for corridor in bends:
        near, far = corridor
        parts += [_sweep(here, (float(near[0]), float(near[1]))), corridor]
        here = (float(far[0]), float(far[1]))
    return np.vstack([*parts, _sweep(here, centre(end))])


def covariance_lines(start: Place, end: Place, label: Size, prefer: Side) -> Iterable[tuple[Points, float]]:
    """Return bows for a covariance, each with a price; `prefer` names the side that costs least."""
    if start.shape == end.shape == "rectangle":
        return _outward_bows(start, end, label)
    return _side_bows(start, end, prefer)


def _outward_bows(start: Place, end: Place, label: Size) -> Iterator[tuple[Points, float]]:
    """Yield bows that leave both rectangles on their far sides, flat ones first, then wider for the label."""
    a, b = port(start, start.outward), port(end, end.outward)
    far = float(np.hypot(b[0] - a[0], b[1] - a[1]))
    first, second = np.array(NORMAL[start.outward]), np.array(NORMAL[end.outward])
    for extra in (0.0, 0.7 * label.width, 1.4 * label.width, 100.0):
        for price, share in enumerate((0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.3)):
            push = 10.0 + extra + share * far
            yield cubic(a, a + first * push, b + second * push, b), 0.02 * price + 0.01 * extra


def _side_bows(start: Place, end: Place, prefer: Side) -> Iterator[tuple[Points, float]]:
    a, b = centre(start), centre(end)
    far = float(np.hypot(b[0] - a[0], b[1] - a[1]))
    least = max(start.width, end.width) / 2 if abs(a[0] - b[0]) < abs(a[1] - b[1]) else 0.0
    for extra in (0.1, 0.16, 0.22, 0.3, 0.4, 0.52):
        for sign in (1, -1):
            bulge = sign * (least * 0.8 + extra * far)
            line = clip(bent(a, b, bulge), start, end)
            side = 0.0 if _leans(line, a, b, prefer) else 1.5
            yield line, 0.1 + abs(extra - 0.2) + side


def _leans(line: Points, a: tuple[float, float], b: tuple[float, float], side: Side) -> bool:
    middle = line[len(line) // 2] - (np.array(a) + np.array(b)) / 2
    return float(middle @ np.array(NORMAL[side])) > 0
