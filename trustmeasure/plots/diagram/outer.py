"""Factors on the far side of the indicators, such as the general factor of a bifactor model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from trustmeasure.plots.diagram.coordinates import pooled
from trustmeasure.plots.diagram.fans import TAIL
from trustmeasure.plots.diagram.graph import Box, Graph, Place

GAP = 60.0
ROW_GAP = 30.0


def with_outer(
    places: Mapping[str, Place], outer: Sequence[str], graph: Graph, spacing: float
) -> dict[str, Place]:
    """Return the places with the outer factors in a column of their own, right of everything else.

    The residual arrows of their indicators move to the corner that looks away from the arriving loading.
    """
    if not outer:
        return dict(places)
    boxes = {box.id: box for box in graph.boxes}
    aims = {name: _aim(name, places, graph) for name in outer}
    names = sorted(outer, key=lambda name: -aims[name])
    heights = _apart([aims[n] for n in names], [boxes[n].size.height + ROW_GAP * spacing for n in names])
    x = _edge(places, boxes) + _gap(places, outer, graph) * spacing
    added = {
        name: Place(name, boxes[name].shape, x + boxes[name].size.width / 2, y, *_size(boxes[name]))
        for name, y in zip(names, heights, strict=True)
    }
    return {**_with_corners(places, added, graph), **added}


def _size(box: Box) -> tuple[float, float]:
    return box.size.width, box.size.height


def _targets(name: str, graph: Graph) -> list[str]:
    return [k.target for k in graph.links if k.kind == "loading" and k.source == name]


def _aim(name: str, places: Mapping[str, Place], graph: Graph) -> float:
    """Return the mean height of a factor's indicators."""
    heights = [places[target].y for target in _targets(name, graph)]
    return sum(heights) / len(heights)


def _apart(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Return the heights nearest to `wanted` (falling) that keep boxes of these sizes apart."""
    offsets = [0.0]
    for a, b in pairwise(sizes):
        offsets.append(offsets[-1] + (a + b) / 2)
    flat = pooled([w + o for w, o in zip(wanted, offsets, strict=True)], [1.0] * len(offsets))
    return [value - offset for value, offset in zip(flat, offsets, strict=True)]


def _edge(places: Mapping[str, Place], boxes: Mapping[str, Box]) -> float:
    """Return the right end of everything placed, residual arrows included."""
    texts = [box.residual.width for box in boxes.values() if box.residual is not None]
    room = TAIL + max(texts) if texts else 0.0
    return max(place.x + place.width / 2 for place in places.values()) + room


def _gap(places: Mapping[str, Place], outer: Sequence[str], graph: Graph) -> float:
    """Return the free width before the outer factors: wider the farther apart their indicators stand."""
    heights = [places[target].y for name in outer for target in _targets(name, graph)]
    return max(GAP, 0.2 * (max(heights) - min(heights)))


def _with_corners(places: Mapping[str, Place], added: Mapping[str, Place], graph: Graph) -> dict[str, Place]:
    result = dict(places)
    for name, factor in added.items():
        for target in _targets(name, graph):
            place = places[target]
            result[target] = replace(place, corner=1 if place.y >= factor.y else -1)
    return result
