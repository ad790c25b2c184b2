"""Layers of a directed graph and the order within each: few crossings, causes left of effects.

A path that spans several layers is cut by a bend in each layer between, so that room is kept for it there.
After Sugiyama, Tagawa and Toda (1981): longest-path layering, then barycentre sweeps,
each followed by sifting (Matuszewski, Schoenfeld and Molitor, 1999).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Edge = tuple[str, str]
Vertex = str | tuple[str, str, int]
SWEEPS = 4
STARTS = 6


@dataclass(frozen=True, slots=True)
class Layering:
    """Rows of vertices from left to right, each listed from top to bottom.

    Attributes
    ----------
    rows : tuple of tuples
        A vertex is the name of a variable, or (source, target, layer) for a bend of a long path.
    pieces : tuple of pairs
        The paths, cut so that each piece joins neighbouring layers, left end first.
    chains : mapping
        (source, target) -> the bends of that path in the order from source to target.
    """

    rows: tuple[tuple[Vertex, ...], ...]
    pieces: tuple[tuple[Vertex, Vertex], ...]
    chains: Mapping[Edge, tuple[Vertex, ...]]


def layer_numbers(names: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """Return the length of the longest way to each variable, feedback left aside.

    Parameters
    ----------
    names : sequence of str
        The variables.
    edges : iterable of pairs
        (cause, effect). Where effects lead back to a cause, the edge that closes the loop is left aside.

    Returns
    -------
    dict
        Variable -> layer, 0 for those without a cause.
    """
    forward = _without_loops(names, edges)
    causes: dict[str, list[str]] = defaultdict(list)
    for cause, effect in forward:
        causes[effect].append(cause)
    numbers: dict[str, int] = {}
    for name in _sorted_by_cause(names, forward):
        numbers[name] = max((numbers[c] + 1 for c in causes[name]), default=0)
    return {name: numbers[name] for name in names}


def _without_loops(names: Sequence[str], edges: Iterable[Edge]) -> list[Edge]:
    kept: list[Edge] = []
    effects: dict[str, list[str]] = defaultdict(list)
    for cause, effect in edges:
        if cause != effect and not _reaches(effect, cause, effects):
            kept.append((cause, effect))
            effects[cause].append(effect)
    return kept


def _reaches(start: str, goal: str, effects: Mapping[str, list[str]]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        following = [e for e in effects.get(here, ()) if e not in seen]
        seen.update(following)
        waiting.extend(following)
    return False


def _sorted_by_cause(names: Sequence[str], edges: Sequence[Edge]) -> list[str]:
    open_causes = {name: sum(e == name for _, e in edges) for name in names}
    ready = [name for name in names if not open_causes[name]]
    done: list[str] = []
    while ready:
        here = ready.pop(0)
        done.append(here)
        for cause, effect in edges:
            if cause == here:
                open_causes[effect] -= 1
                if not open_causes[effect]:
                    ready.append(effect)
    return done


def layered(names: Sequence[str], edges: Sequence[Edge], ranks: Mapping[str, int] | None = None) -> Layering:
    """Return the layers of a graph, ordered for few crossings.

    Parameters
    ----------
    names : sequence of str
        The variables, in the order that is kept where nothing speaks against it.
    edges : sequence of pairs
        (cause, effect).
    ranks : mapping, optional
        Variable -> -1 to keep it at the top of its layer, 1 at the bottom, 0 (as if not named) anywhere.

    Returns
    -------
    Layering
        Rows from left to right; the same input always gives the same rows.
    """
    numbers = layer_numbers(names, edges)
    distinct = list(dict.fromkeys(e for e in edges if e[0] != e[1]))
    chains = {edge: _bends(edge, numbers) for edge in distinct}
    pieces = tuple(piece for edge in distinct for piece in _pieces(edge, chains[edge], numbers))
    rows: list[list[Vertex]] = [[] for _ in range(max(numbers.values(), default=-1) + 1)]
    for name in names:
        rows[numbers[name]].append(name)
    for chain in chains.values():
        for vertex in chain:
            rows[int(vertex[2])].append(vertex)
    best = _ordered(rows, pieces, dict(ranks or {}))
    return Layering(tuple(tuple(row) for row in best), pieces, chains)


def _bends(edge: Edge, numbers: Mapping[str, int]) -> tuple[Vertex, ...]:
    first, last = numbers[edge[0]], numbers[edge[1]]
    step = 1 if first < last else -1
    return tuple((edge[0], edge[1], layer) for layer in range(first + step, last, step))


def _pieces(edge: Edge, chain: Sequence[Vertex], numbers: Mapping[str, int]) -> list[tuple[Vertex, Vertex]]:
    if numbers[edge[0]] == numbers[edge[1]]:
        return []
    ends: list[Vertex] = [edge[0], *chain, edge[1]]
    if numbers[edge[0]] > numbers[edge[1]]:
        ends.reverse()
    return list(pairwise(ends))


def _ordered(
    rows: list[list[Vertex]], pieces: Sequence[tuple[Vertex, Vertex]], ranks: Mapping[str, int]
) -> list[list[Vertex]]:
    """Return the best order that sweeps from several starts meet; the given order wins a tie."""
    rng = np.random.default_rng(0)
    best = _by_sweeps([_by_rank(row, ranks) for row in rows], pieces, ranks)
    for _ in range(STARTS):
        if not crossings(best, pieces):
            break
        shuffled = [_by_rank([row[i] for i in rng.permutation(len(row))], ranks) for row in rows]
        tried = _by_sweeps(shuffled, pieces, ranks)
        best = min(best, tried, key=lambda order: crossings(order, pieces))
    return best


def _by_sweeps(
    start: list[list[Vertex]], pieces: Sequence[tuple[Vertex, Vertex]], ranks: Mapping[str, int]
) -> list[list[Vertex]]:
    """Return the best order that forward and backward sweeps from `start` meet; `start` wins a tie."""
    before: dict[Vertex, list[Vertex]] = defaultdict(list)
    after: dict[Vertex, list[Vertex]] = defaultdict(list)
    for left, right in pieces:
        before[right].append(left)
        after[left].append(right)
    current = best = start
    fewest = crossings(best, pieces)
    for sweep in range(SWEEPS):
        current = _swept(current, before if sweep % 2 == 0 else after, ranks, backwards=sweep % 2 == 1)
        current = _sifted(current, pieces, ranks)
        count = crossings(current, pieces)
        if count < fewest:
            best, fewest = current, count
        if not fewest:
            break
    return best


def _rank(vertex: Vertex, ranks: Mapping[str, int]) -> int:
    return ranks.get(vertex, 0) if isinstance(vertex, str) else 0


def _by_rank(row: Sequence[Vertex], ranks: Mapping[str, int]) -> list[Vertex]:
    return sorted(row, key=lambda v: _rank(v, ranks))


def _swept(
    rows: list[list[Vertex]],
    neighbours: Mapping[Vertex, list[Vertex]],
    ranks: Mapping[str, int],
    *,
    backwards: bool,
) -> list[list[Vertex]]:
    """Order each row by the mean place of its neighbours in the row before (or after)."""
    result = [list(row) for row in rows]
    places = {v: float(i) for row in result for i, v in enumerate(row)}
    order = range(len(rows) - 2, -1, -1) if backwards else range(1, len(rows))
    for number in order:
        row = result[number]
        centre = {
            v: _mean([places[n] for n in neighbours.get(v, ())], float(i), len(row), rows, number, backwards)
            for i, v in enumerate(row)
        }
        row.sort(key=lambda v: (_rank(v, ranks), centre[v]))
        places.update({v: float(i) for i, v in enumerate(row)})
    return result


def _mean(
    places: list[float], own: float, size: int, rows: list[list[Vertex]], number: int, backwards: bool
) -> float:
    """Return the mean place of the neighbours as a share of their row; the own place without neighbours."""
    if not places:
        return (own + 0.5) / size
    other = len(rows[number + 1 if backwards else number - 1])
    return (sum(places) / len(places) + 0.5) / other


def _sifted(
    rows: list[list[Vertex]], pieces: Sequence[tuple[Vertex, Vertex]], ranks: Mapping[str, int]
) -> list[list[Vertex]]:
    """Move each vertex to the best place of its row, as long as that saves crossings."""
    result = [list(row) for row in rows]
    count = crossings(result, pieces)
    improved = count > 0
    while improved:
        improved = False
        for number, vertex in [(i, v) for i, row in enumerate(result) for v in row]:
            row, fewest = _best_place(result, number, vertex, pieces, ranks)
            if fewest < count:
                result[number], count, improved = row, fewest, True
    return result


def _best_place(
    rows: list[list[Vertex]],
    number: int,
    vertex: Vertex,
    pieces: Sequence[tuple[Vertex, Vertex]],
    ranks: Mapping[str, int],
) -> tuple[list[Vertex], int]:
    """Return a row with one vertex at its best place, and the crossings that remain."""
    others = [v for v in rows[number] if v != vertex]
    tries = [[*others[:i], vertex, *others[i:]] for i in range(len(others) + 1)]
    allowed = [row for row in tries if row == _by_rank(row, ranks)]
    counts = [crossings([*rows[:number], row, *rows[number + 1 :]], pieces) for row in allowed]
    best = counts.index(min(counts))
    return allowed[best], counts[best]


def crossings(rows: Sequence[Sequence[Vertex]], pieces: Sequence[tuple[Vertex, Vertex]]) -> int:
    """Return how many pairs of pieces between neighbouring rows cross."""
    place = {v: (number, i) for number, row in enumerate(rows) for i, v in enumerate(row)}
    ends = np.array([(*place[left], place[right][1]) for left, right in pieces]).reshape(-1, 3)
    layer, left, right = (ends[:, i, None] - ends[None, :, i] for i in range(3))
    return int(((layer == 0) & (left * right < 0)).sum()) // 2
