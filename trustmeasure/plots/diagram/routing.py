"""A line for every link: free of all other shapes, then short, plain and with few crossings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trustmeasure.plots.diagram import curves
from trustmeasure.plots.diagram.detour import detour
from trustmeasure.plots.diagram.fans import TAIL
from trustmeasure.plots.diagram.geometry import Walls, box_around, clip, crossings
from trustmeasure.plots.diagram.graph import Box, Graph, Link, Place, Points, Route, Side, Size
from trustmeasure.plots.diagram.labels import has_room
from trustmeasure.plots.diagram.plan import Plan

MARGIN = 4.0
NEAR = 5.0
CROWDED = 9.0
NO_ROOM = 20.0


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a new line has to reckon with: the places, and the lines that are drawn already."""

    graph: Graph
    plan: Plan
    done: tuple[Route, ...]

    @property
    def lines(self) -> list[Points]:
        """The lines drawn already."""
        return [route.points for route in self.done]

    @property
    def solid(self) -> list[Place]:
        """All shapes, and the texts of residuals under the names of their indicators."""
        texts = [_text_of(route) for route in self.done if route.link.kind == "residual"]
        return [*self.plan.places.values(), *texts]

    def ends(self, link: Link) -> tuple[Place, Place]:
        """Return the two places that a link names."""
        return self.plan.places[link.source], self.plan.places[link.target]


def routes(graph: Graph, plan: Plan) -> tuple[Route, ...]:
    """Return a route without label for every link, and one for every residual arrow."""
    done = (*_fan_routes(graph, plan), *_tails(graph.boxes, plan))
    in_fan = {(r.link.source, r.link.target) for r in done}
    free = [k for k in graph.links if k.kind == "covariance" or (k.source, k.target) not in in_fan]
    for link in sorted(free, key=lambda k: (k.kind == "covariance", _span(*_Scene(graph, plan, ()).ends(k)))):
        done = (*done, Route(link, _best(link, _Scene(graph, plan, done))))
    return done


def _fan_routes(graph: Graph, plan: Plan) -> list[Route]:
    return [
        Route(link, _fan_line(link, plan))
        for link in graph.links
        if link.kind == "loading" and link.source in (plan.parent.get(link.target), *plan.outer)
    ]


def _fan_line(link: Link, plan: Plan) -> Points:
    factor, child = plan.places[link.source], plan.places[link.target]
    return curves.outer_line(factor, child) if link.source in plan.outer else curves.fan_line(factor, child)


def _tails(boxes: Iterable[Box], plan: Plan) -> list[Route]:
    return [_tail(box.id, box.residual, plan.places[box.id]) for box in boxes if box.residual is not None]


def _tail(name: str, text: Size, place: Place) -> Route:
    line = curves.tail(place, TAIL)
    nx, ny = curves.NORMAL[place.outward]
    away = (text.width if nx else text.height) / 2 + 2
    label = (float(line[0, 0] + nx * away), float(line[0, 1] + ny * away))
    return Route(Link(name, name, "residual", text), line, label if text.width else None)


def _span(start: Place, end: Place) -> float:
    return float(np.hypot(start.x - end.x, start.y - end.y))


def _text_of(tail: Route) -> Place:
    """Return the rectangle of a residual's text; the tail's end when it has none."""
    x, y = tail.label or (float(tail.points[0, 0]), float(tail.points[0, 1]))
    return box_around(x, y, tail.link.label.width, tail.link.label.height, tail.link.source)


def _best(link: Link, scene: _Scene) -> Points:
    """Return the cheapest free line of a link; a way round everything when no simple line is free."""
    start, end = (_anchor(name, link, scene) for name in (link.source, link.target))
    strange = [place for place in scene.solid if place.id not in (link.source, link.target)]
    walls = Walls.of(strange)
    offers = list(_offers(link, start, end, scene))
    free = [(line, price) for line, price in offers if not walls.touched(line, MARGIN)]
    priced = [(price + _price(line, link, scene), i) for i, (line, price) in enumerate(free)]
    if priced:
        return free[min(priced)[1]][0]
    way = detour(start, end, strange, MARGIN)
    return offers[0][0] if way is None else clip(way, start, end)


def _anchor(name: str, link: Link, scene: _Scene) -> Place:
    """Return what a link joins: a covariance of residuals begins at the residual's text, if there is one."""
    tails = [r for r in scene.done if r.link.kind == "residual" and r.link.source == name]
    if link.kind != "covariance" or not tails or tails[0].label is None:
        return scene.plan.places[name]
    text = _text_of(tails[0])
    return replace(
        scene.plan.places[name],
        x=text.x,
        y=text.y,
        width=text.width + 3,
        height=text.height + 3,
        shape="rectangle",
    )


def _offers(link: Link, start: Place, end: Place, scene: _Scene) -> Iterable[tuple[Points, float]]:
    if link.kind == "covariance":
        return curves.covariance_lines(start, end, link.label, _side(scene.plan))
    back = (link.target, link.source)
    both_ways = any((k.source, k.target) == back for k in scene.graph.links if k.kind != "covariance")
    bends = scene.plan.bends.get((link.source, link.target), ())
    return curves.path_lines(start, end, bends, straight=not both_ways)


def _side(plan: Plan) -> Side:
    """Return the side of a column of factors on which no indicators stand."""
    has_left_fan = any(plan.places[child].outward == "left" for child in plan.parent)
    return "right" if has_left_fan else "left"


def _price(line: Points, link: Link, scene: _Scene) -> float:
    """Return the price of a line: length, crossings, running along and ending beside other lines."""
    start, end = scene.ends(link)
    longer = float(np.hypot(*np.diff(line, axis=0).T).sum()) / max(_span(start, end), 1.0) - 1
    cramped = 0.0 if has_room(line, link.label, scene.solid) else NO_ROOM
    met = 0.12 * crossings(line, scene.lines) + 0.1 * _crowding(line, scene.lines)
    return cramped + longer + met + 0.05 * _side_by_side(line, (start, end), scene.lines)


def _side_by_side(line: Points, ends: Iterable[Place], others: Sequence[Points]) -> int:
    """Return how many points of a line lie on another line, away from the shapes that both meet."""
    far = np.ones(len(line), dtype=bool)
    for place in ends:
        reach = max(place.width, place.height) / 2 + 14
        far &= np.hypot(line[:, 0] - place.x, line[:, 1] - place.y) > reach
    points = line[far]
    if not others or not len(points):
        return 0
    drawn = np.vstack(others)
    gaps = np.hypot(points[:, None, 0] - drawn[None, :, 0], points[:, None, 1] - drawn[None, :, 1])
    return int((gaps.min(axis=1) < NEAR).sum())


def _crowding(line: Points, others: Sequence[Points]) -> int:
    """Return how many other lines begin or end beside the ends of this one."""
    if not others:
        return 0
    ends = np.array([end for other in others for end in (other[0], other[-1])])
    return sum(int((np.hypot(*(ends - own).T) < CROWDED).sum()) for own in (line[0], line[-1]))
