"""The layout of a path diagram: a graph of boxes and links becomes places and routes on a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from trustmeasure.plots.diagram.geometry import Walls, box_around, boxes_overlap
from trustmeasure.plots.diagram.graph import Flags, Graph, Layout, Place, Route
from trustmeasure.plots.diagram.labels import labelled
from trustmeasure.plots.diagram.plan import plan
from trustmeasure.plots.diagram.routing import routes

SPACINGS = (1.0, 1.15, 1.35, 1.6, 1.9, 2.3, 2.8)
BORDER = 8.0


def layout(graph: Graph) -> Layout:
    """Return a drawing of `graph` in which nothing covers anything else.

    Shapes do not overlap, no label lies on a shape or on another label, and no line runs through a shape that
    it does not belong to. The drawing is tried with growing distances until that holds.

    Parameters
    ----------
    graph : Graph
        Boxes with their sizes, links with the sizes of their labels, in points.

    Returns
    -------
    Layout
        Places and routes; of several tries the one with the fewest `problems`.
    """
    best: tuple[int, Layout] | None = None
    for spacing in SPACINGS:
        made = _with_spacing(graph, spacing)
        count = len(problems(made))
        if not count:
            return made
        if best is None or count < best[0]:
            best = count, made
    return best[1] if best else Layout((), (), 0.0, 0.0)


def _with_spacing(graph: Graph, spacing: float) -> Layout:
    planned = plan(graph, spacing)
    return _on_sheet(list(planned.places.values()), labelled(routes(graph, planned), planned))


def _on_sheet(places: Sequence[Place], lines: Sequence[Route]) -> Layout:
    """Shift everything so that it lies inside a sheet with a border."""
    corners = np.array(list(_extremes(places, lines))) if places else np.zeros((1, 2))
    low, high = corners.min(axis=0) - BORDER, corners.max(axis=0) + BORDER
    dx, dy = (float(v) for v in low)
    moved = tuple(replace(p, x=p.x - dx, y=p.y - dy) for p in places)
    shifted = tuple(
        replace(
            r, points=r.points - low, label=None if r.label is None else (r.label[0] - dx, r.label[1] - dy)
        )
        for r in lines
    )
    width, height = (float(v) for v in high - low)
    return Layout(moved, shifted, width, height)


def _extremes(places: Sequence[Place], lines: Sequence[Route]) -> Iterator[tuple[float, float]]:
    boxes = [*places, *(box for route in lines for box in label_boxes(route))]
    for box in boxes:
        yield box.x - box.width / 2, box.y - box.height / 2
        yield box.x + box.width / 2, box.y + box.height / 2
    for route in lines:
        yield from ((float(x), float(y)) for x, y in route.points)


def label_boxes(route: Route) -> list[Place]:
    """Return the rectangle of a route's label, as a list of none or one."""
    if route.label is None:
        return []
    size = route.link.label
    return [box_around(*route.label, size.width, size.height, f"{route.link.source} {route.link.target}")]


def problems(made: Layout) -> list[str]:
    """Return what overlaps in a drawing, in words; empty when nothing does."""
    labels = [(route, box) for route in made.routes for box in label_boxes(route)]
    shapes = [f"{a.id} on {b.id}" for a, b in combinations(made.places, 2) if boxes_overlap(a, b)]
    covered = [
        f"label {box.id} on {place.id}"
        for _, box in labels
        for place in made.places
        if boxes_overlap(box, place)
    ]
    stacked = [
        f"label {a.id} on label {b.id}" for (_, a), (_, b) in combinations(labels, 2) if boxes_overlap(a, b)
    ]
    crossed = [
        f"{route.link.source} to {route.link.target} through {place.id}"
        for route, met in zip(made.routes, _met(made), strict=True)
        for place, touched in zip(made.places, met, strict=True)
        if touched and place.id not in (route.link.source, route.link.target)
    ]
    return [*shapes, *covered, *stacked, *crossed]


def _met(made: Layout) -> list[Flags]:
    """Return for each route whether its line meets each shape."""
    walls = Walls.of(made.places)
    return [np.asarray(walls.hit(r.points[:-1], r.points[1:]).any(axis=0)) for r in made.routes]
