"""Where everything stands: the factors in layers from cause to effect, each with its fan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from trustmeasure.plots.diagram import coordinates, families, fans, layers
from trustmeasure.plots.diagram.graph import Graph, Place, Points, Side
from trustmeasure.plots.diagram.layers import Layering, Vertex
from trustmeasure.plots.diagram.outer import with_outer

BEND = 7.0
ROW_GAP = 34.0
COLUMN_GAP = 56.0
STEEPEST = 2.2


@dataclass(frozen=True, slots=True)
class Plan:
    """All places, and the corridors of the paths that pass a layer.

    Attributes
    ----------
    places : mapping
        Variable -> Place.
    parent : mapping
        Indicator -> the factor in whose fan it stands.
    bends : mapping
        (source, target) -> for each layer between, from source to target, the two ends of a level line
        through it that meets nothing.
    outer : tuple of str
        Factors that stand on the far side of the indicators.
    """

    places: Mapping[str, Place]
    parent: Mapping[str, str]
    bends: Mapping[tuple[str, str], tuple[Points, ...]]
    outer: tuple[str, ...] = ()


def plan(graph: Graph, spacing: float = 1.0) -> Plan:
    """Return where every box of `graph` stands, with distances multiplied by `spacing`."""
    parent = families.parents(graph)
    outer = families.outer_factors(graph, parent)
    roots = [box.id for box in graph.boxes if box.id not in parent and box.id not in outer]
    edges = _edges(graph, set(roots))
    numbers = layers.layer_numbers(roots, edges)
    sides = _sides(roots, numbers, parent, graph)
    fanned = [name for name in roots if name in parent.values()]
    ranks = {name: {"up": -1, "down": 1}.get(sides[name], 0) for name in fanned}
    layering = layers.layered(roots, edges, ranks)
    rows = [[v for v in row if isinstance(v, str)] for row in layering.rows]
    blocks = fans.blocks(sides, rows, graph, parent, spacing, _shared(graph, outer))
    y = _heights(layering, blocks, spacing)
    spans = _columns(layering, blocks, y, graph, spacing)
    places = {
        place.id: replace(place, x=place.x + span[1], y=place.y + y[name])
        for row, span in zip(rows, spans, strict=True)
        for name in row
        for place in blocks[name].places
    }
    bends = {edge: _corridors(edge, chain, spans, y, numbers) for edge, chain in layering.chains.items()}
    return Plan(with_outer(places, outer, graph, spacing), parent, bends, outer)


def _shared(graph: Graph, outer: tuple[str, ...]) -> frozenset[str]:
    """Return the indicators of the outer factors."""
    return frozenset(k.target for k in graph.links if k.kind == "loading" and k.source in outer)


def _edges(graph: Graph, roots: set[str]) -> list[tuple[str, str]]:
    """Return what leads from left to right: paths, and loadings of variables that stand in no fan."""
    return [
        (link.source, link.target)
        for link in graph.links
        if {link.source, link.target} <= roots
        and link.kind in ("path", "loading")
        and link.source != link.target
    ]


def _sides(
    roots: list[str], numbers: Mapping[str, int], parent: Mapping[str, str], graph: Graph
) -> dict[str, Side]:
    """Return where each factor's fan opens: causes left, last effects right, others up or down."""
    last = max(numbers.values(), default=0)
    sides: dict[str, Side] = {}
    for name in roots:
        if numbers[name] == last:
            sides[name] = "right"
        elif numbers[name] == 0:
            sides[name] = "left"
    with_fan = set(parent.values())
    middle = [n for n in roots if n not in sides]
    for number in range(1, last):
        row = [n for n in middle if numbers[n] == number and n in with_fan]
        for place, name in enumerate(row):
            sides[name] = _up_or_down(place, len(row), number)
    sides.update({name: "up" for name in middle if name not in sides})
    return _side_of_partners(sides, parent, graph)


def _up_or_down(place: int, count: int, number: int) -> Side:
    if count == 1:
        return "up" if number % 2 else "down"
    return "up" if place < count / 2 else "down"


def _side_of_partners(sides: dict[str, Side], parent: Mapping[str, str], graph: Graph) -> dict[str, Side]:
    """Let a last effect open where its partner does when their indicators covary, as in repeated measures."""
    result = dict(sides)
    for link in graph.links:
        first, second = families.root(link.source, parent), families.root(link.target, parent)
        if (
            link.kind != "covariance"
            or first == second
            or link.source not in parent
            or link.target not in parent
        ):
            continue
        for here, there in ((first, second), (second, first)):
            if sides[here] == "right" and sides[there] in ("up", "down"):
                result[here] = sides[there]
    return result


def _heights(layering: Layering, blocks: Mapping[str, fans.Block], spacing: float) -> dict[Vertex, float]:
    above: dict[Vertex, float] = {}
    below: dict[Vertex, float] = {}
    for row in layering.rows:
        for v in row:
            gap = spacing * (ROW_GAP / 2 if isinstance(v, str) else BEND / 2)
            above[v] = gap + (blocks[v].up if isinstance(v, str) else BEND)
            below[v] = gap + (blocks[v].down if isinstance(v, str) else BEND)
    return coordinates.heights(layering, above, below)


def _columns(
    layering: Layering,
    blocks: Mapping[str, fans.Block],
    y: Mapping[Vertex, float],
    graph: Graph,
    spacing: float,
) -> list[tuple[float, float, float]]:
    """Return (left end, centre of the factors, right end) of every layer."""
    spans: list[tuple[float, float, float]] = []
    start = 0.0
    for number, row in enumerate(layering.rows):
        names = [v for v in row if isinstance(v, str)]
        left = max(blocks[n].left for n in names)
        right = max(blocks[n].right for n in names)
        if number:
            start += _gap(layering, number, y, graph) * spacing
        spans.append((start, start + left, start + left + right))
        start += left + right
    return spans


def _gap(layering: Layering, number: int, y: Mapping[Vertex, float], graph: Graph) -> float:
    """Return the free width before a layer: room for labels, and no line steeper than allowed."""
    place = {v: i for i, row in enumerate(layering.rows) for v in row}
    here = [(a, b) for a, b in layering.pieces if place[b] == number]
    rise = max((abs(y[a] - y[b]) for a, b in here), default=0.0)
    label = max((k.label.width for k in graph.links if k.kind == "path"), default=0.0)
    return max(COLUMN_GAP + label, min(rise / STEEPEST, 150.0))


def _corridors(
    edge: tuple[str, str],
    chain: tuple[Vertex, ...],
    spans: list[tuple[float, float, float]],
    y: Mapping[Vertex, float],
    numbers: Mapping[str, int],
) -> tuple[Points, ...]:
    """Return the level lines of a path through the layers it passes, each in the path's direction."""
    rightwards = numbers[edge[0]] < numbers[edge[1]]
    layers_passed = [(spans[int(v[2])], y[v]) for v in chain]
    ends = [((left, height), (right, height)) for (left, _, right), height in layers_passed]
    return tuple(np.array(pair if rightwards else pair[::-1]) for pair in ends)
