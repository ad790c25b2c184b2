"""A place on its line for every label: off shapes and other labels, and clear of other lines if it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from trustmeasure.plots.diagram.fans import HEAD
from trustmeasure.plots.diagram.geometry import lengths
from trustmeasure.plots.diagram.graph import Flags, Place, Points, Route, Size
from trustmeasure.plots.diagram.plan import Plan

GAP = 1.5
BESIDE = 3.0
ROUNDS = 4
_SHARES = np.linspace(0.06, 0.94, 45)
_HARD = 1000.0


@dataclass(frozen=True, slots=True)
class _Offer:
    """Places for one label: `spots` (k, 2), each with its price without regard to other labels (k,)."""

    spots: Points
    prices: Points


def labelled(routes: Sequence[Route], plan: Plan) -> tuple[Route, ...]:
    """Return the routes with the centres of their labels.

    Labels inside fans stand in line before the indicators. The others start at the best place for each alone
    and then give way to one another for a few rounds.
    """
    result = [_in_fan(route, plan) for route in routes]
    loose = [i for i, r in enumerate(result) if r.label is None and r.link.label.width]
    offers = {i: _offer(i, result, list(plan.places.values())) for i in loose}
    fewest_first = sorted(loose, key=lambda i: int((offers[i].prices < _HARD).sum()))
    for _ in range(ROUNDS):
        before = [r.label for r in result]
        for i in fewest_first:
            result[i] = replace(result[i], label=_cheapest(i, offers[i], result))
        if [r.label for r in result] == before:
            break
    return tuple(result)


def _in_fan(route: Route, plan: Plan) -> Route:
    """Place the label of a loading in its fan at a fixed distance from the indicator."""
    link = route.link
    if link.kind != "loading" or plan.parent.get(link.target) != link.source or not link.label.width:
        return route
    child = plan.places[link.target]
    axis = 1 if child.outward in ("up", "down") else 0
    deep, half = (link.label.height, child.height / 2) if axis else (link.label.width, child.width / 2)
    depth = np.abs(route.points[:, axis] - (child.y if axis else child.x))[::-1]
    away = half + HEAD + deep / 2
    x = float(np.interp(away, depth, route.points[::-1, 0]))
    y = float(np.interp(away, depth, route.points[::-1, 1]))
    return replace(route, label=(x, y))


def has_room(points: Points, size: Size, walls: Sequence[Place]) -> bool:
    """Return whether a label of `size` finds a place on a line without lying on a shape."""
    return not size.width or not bool(_overlaps(_spots(points), size, _boxes(walls), GAP).any(axis=1).all())


def _spots(points: Points) -> Points:
    walked = lengths(points)
    return np.column_stack([np.interp(_SHARES * walked[-1], walked, points[:, i]) for i in (0, 1)])


def _offer(number: int, routes: Sequence[Route], walls: Sequence[Place]) -> _Offer:
    """Return the places for the label of one route."""
    points, size = routes[number].points, routes[number].link.label
    on_line = _spots(points)
    spots = np.vstack([on_line, *_beside(on_line, size)])
    off_centre = np.concatenate([0.6 * np.abs(_SHARES - 0.5) + extra for extra in (0.0, BESIDE, BESIDE)])
    others = [r.points for i, r in enumerate(routes) if i != number]
    blocked = _overlaps(spots, size, _boxes(walls), GAP).sum(axis=1)
    return _Offer(spots, off_centre + _HARD * blocked + _covered(spots, size, others) / size.height)


def _beside(spots: Points, size: Size) -> tuple[Points, Points]:
    """Return the places just left and just right of a line, for a label that finds none on it."""
    along = np.gradient(spots, axis=0)
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    reach = np.abs(normal) @ np.array([size.width / 2, size.height / 2]) + 2.0
    return spots + normal * reach[:, None], spots - normal * reach[:, None]


def _boxes(places: Sequence[Place]) -> Points:
    """Return centre and size of places, shape (k, 4)."""
    return np.array([(p.x, p.y, p.width, p.height) for p in places]).reshape(-1, 4)


def _overlaps(spots: Points, size: Size, boxes: Points, gap: float) -> Flags:
    """Return for each spot and box whether a label there comes nearer to the box than `gap`."""
    dx = np.abs(spots[:, None, 0] - boxes[None, :, 0]) < (size.width + boxes[None, :, 2]) / 2 + gap
    dy = np.abs(spots[:, None, 1] - boxes[None, :, 1]) < (size.height + boxes[None, :, 3]) / 2 + gap
    return np.asarray(dx & dy)


def _covered(spots: Points, size: Size, lines: Sequence[Points]) -> Points:
    """Return for each spot about how much of other lines a label there hides, in points; heads count more."""
    if not lines:
        return np.zeros(len(spots))
    middles = np.vstack([(line[:-1] + line[1:]) / 2 for line in lines])
    steps = np.concatenate([np.hypot(*np.diff(line, axis=0).T) for line in lines])
    tips = np.array([line[-1] for line in lines])
    hidden = _within(spots, size, middles, 2.0) @ steps
    return np.asarray(hidden + size.height * _within(spots, size, tips, HEAD / 2).sum(axis=1))


def _within(spots: Points, size: Size, points: Points, gap: float) -> Flags:
    dx = np.abs(spots[:, None, 0] - points[None, :, 0]) < size.width / 2 + gap
    dy = np.abs(spots[:, None, 1] - points[None, :, 1]) < size.height / 2 + gap
    return np.asarray(dx & dy)


def _cheapest(number: int, offer: _Offer, routes: Sequence[Route]) -> tuple[float, float]:
    """Return the best of the offered places, now that the other labels stand where they stand."""
    others = [
        (*r.label, r.link.label.width, r.link.label.height)
        for i, r in enumerate(routes)
        if i != number and r.label is not None
    ]
    stacked = _overlaps(offer.spots, routes[number].link.label, np.array(others).reshape(-1, 4), GAP)
    best = int(np.argmin(offer.prices + _HARD * stacked.sum(axis=1)))
    return float(offer.spots[best, 0]), float(offer.spots[best, 1])
