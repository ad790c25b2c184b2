"""Fitted models, graphs and an independent eye for overlaps, shared by the tests of the plots."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pandas as pd
import semopy

from trustmeasure.plots.diagram.graph import Box, Graph, Layout, Link, Place, Size
from trustmeasure.responses import Responses, load_sample
from trustmeasure.sem import SemResult, fit_sem
from trustmeasure.trust.models import trust_outcomes

T = TypeVar("T")
HS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
DEMOCRACY = """
ind60 =~ x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 ~ ind60
dem65 ~ ind60 + dem60
y1 ~~ y5
y2 ~~ y4 + y6
y3 ~~ y7
y4 ~~ y8
y6 ~~ y8
"""
GROWTH = "i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4"
FEEDBACK = "A =~ y1 + y2 + y3\nB =~ y4 + y5 + y6\nA ~ B + z1\nB ~ A + z2"
PATHS = "m ~ x + z\ny ~ m + x"


@cache
def holzinger() -> SemResult:
    """Three factors with three indicators each."""
    return fit_sem(HS, semopy.examples.holzinger39.get_data())


@cache
def democracy() -> SemResult:
    """Three factors, eleven indicators, six residual covariances."""
    return fit_sem(DEMOCRACY, semopy.examples.political_democracy.get_data())


@cache
def sample() -> Responses:
    """The bundled simulated survey."""
    return load_sample("trust-survey")


@cache
def trust(higher_order: bool = True) -> SemResult:
    """Six constructs, four of them with dimensions, 45 items."""
    text = trust_outcomes(higher_order=higher_order)
    items = [c for c in sample().item_ids if not c.startswith("rec")]
    return fit_sem(text, sample().data[items].dropna())


@cache
def growth() -> SemResult:
    """Intercept and slope on the same four indicators."""
    rng = np.random.default_rng(2)
    i, s = rng.normal(size=400) + 3, 0.5 * rng.normal(size=400) + 0.5
    return fit_sem(GROWTH, pd.DataFrame({f"t{k + 1}": i + k * s + rng.normal(size=400) for k in range(4)}))


@cache
def feedback() -> SemResult:
    """Two factors that lead to each other."""
    rng = np.random.default_rng(5)
    z1, z2, a, b = rng.normal(size=(4, 800))
    first = (a + 0.3 * b + 0.6 * z1 + 0.18 * z2) / 0.91
    second = b + 0.3 * first + 0.6 * z2
    columns = {f"y{k}": (first if k < 4 else second) + 0.6 * rng.normal(size=800) for k in range(1, 7)}
    return fit_sem(FEEDBACK, pd.DataFrame({**columns, "z1": z1, "z2": z2}))


@cache
def observed() -> SemResult:
    """Observed variables only."""
    rng = np.random.default_rng(1)
    x, z = rng.normal(size=(2, 300))
    m = 0.5 * x + 0.2 * z + rng.normal(size=300)
    return fit_sem(
        PATHS, pd.DataFrame({"x": x, "z": z, "m": m, "y": 0.4 * m - 0.3 * x + rng.normal(size=300)})
    )


def bifactor(label: Size) -> Graph:
    """A general factor over nine indicators, and three specific ones."""
    items = [f"x{k}" for k in range(9)]
    boxes = [Box(f, "ellipse", Size(70, 40)) for f in "gabc"]
    boxes += [Box(item, "rectangle", Size(24, 15), Size(20, 9)) for item in items]
    links = [Link("g", item, "loading", label) for item in items]
    links += [Link("abc"[k // 3], item, "loading", label) for k, item in enumerate(items)]
    return Graph(tuple(boxes), tuple(links))


def random_graph(seed: int) -> Graph:
    """A model of random shape: paths, feedback, fans, dimensions, cross-loadings, covariances, controls."""
    rng = np.random.default_rng(seed)
    label = _pick(rng, [Size(20, 9), Size(40, 9), Size(), Size(80, 9)])
    factors = [f"f{i}" for i in range(rng.integers(1, 8))]
    boxes = [Box(f, "ellipse", Size(_pick(rng, [64, 90, 140]), 40)) for f in factors]
    links = _random_paths(rng, factors, label)
    if rng.random() < 0.6:
        more, loadings = _random_indicators(rng, factors, label)
        boxes, links = boxes + more, links + loadings
    for i in range(_pick(rng, [0, 0, 2, 4])):
        boxes.append(Box(f"z{i}", "rectangle", Size(40, 18)))
        links.append(Link(f"z{i}", _pick(rng, factors), "path", label))
    return Graph(tuple(boxes), tuple(links))


def _pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    return options[rng.integers(len(options))]


def _random_paths(rng: np.random.Generator, factors: list[str], label: Size) -> list[Link]:
    density = rng.random()
    links = []
    for i, effect in enumerate(factors):
        for cause in factors[:i]:
            draw = rng.random()
            if draw < density:
                links.append(Link(cause, effect, "path", label))
            elif draw < density + 0.15:
                links.append(Link(cause, effect, "covariance", label))
            elif draw < density + 0.2:
                links.append(Link(effect, cause, "path", label))
    return links


def _random_indicators(
    rng: np.random.Generator, factors: list[str], label: Size
) -> tuple[list[Box], list[Link]]:
    size, residual = Size(_pick(rng, [22, 55, 120]), 16), _pick(rng, [None, Size(20, 9)])
    boxes: list[Box] = []
    links: list[Link] = []
    for factor in factors:
        owners = [factor]
        if rng.random() < 0.3:
            owners = [f"{factor}_{k}" for k in range(rng.integers(2, 4))]
            boxes += [Box(name, "ellipse", Size(70, 36)) for name in owners]
            links += [Link(factor, name, "loading", label) for name in owners]
        for owner in owners:
            for k in range(rng.integers(0, 6)):
                boxes.append(Box(f"{owner}x{k}", "rectangle", size, residual))
                links.append(Link(owner, f"{owner}x{k}", "loading", label))
    return boxes, links + _random_extras(rng, factors, [b.id for b in boxes if b.shape == "rectangle"], label)


def _random_extras(rng: np.random.Generator, factors: list[str], items: list[str], label: Size) -> list[Link]:
    if len(items) < 4:
        return []
    first, second = (items[i] for i in rng.permutation(len(items))[:2])
    crossed = _pick(rng, [f for f in factors if not items[0].startswith(f)] or factors)
    extra = [Link(first, second, "covariance", label)]
    return extra if items[0].startswith(crossed) else [*extra, Link(crossed, items[0], "loading", label)]


def overlaps(made: Layout) -> list[str]:
    """Return what covers what, found by sampling points; shares no code with the layout."""
    labels = [(r.link, *r.label) for r in made.routes if r.label is not None]
    grids = {p.id: _grid(p.x, p.y, p.width, p.height) for p in made.places}
    found = [
        f"{a.id} on {b.id}"
        for a in made.places
        for b in made.places
        if a.id != b.id and _within(grids[a.id][_within(grids[a.id], a)], b).any()
    ]
    boxes = [(link, _grid(x, y, link.label.width, link.label.height)) for link, x, y in labels]
    for link, grid in boxes:
        found += [f"label {link} on {p.id}" for p in made.places if _within(grid, p).any()]
    for i, (a, ax, ay) in enumerate(labels):
        for b, bx, by in labels[:i]:
            wide, high = (a.label.width + b.label.width) / 2, (a.label.height + b.label.height) / 2
            if abs(ax - bx) < wide - 1e-6 and abs(ay - by) < high - 1e-6:
                found.append(f"label {a} on label {b}")
    for route in made.routes:
        dense = _dense(route.points)
        ends = (route.link.source, route.link.target)
        found += [
            f"{ends} through {p.id}" for p in made.places if p.id not in ends and _within(dense, p).any()
        ]
    return found


def _grid(x: float, y: float, width: float, height: float) -> np.ndarray:
    steps = np.linspace(-0.5, 0.5, 21)
    dx, dy = np.meshgrid(steps * (width - 1e-6), steps * (height - 1e-6))
    return np.column_stack([x + dx.ravel(), y + dy.ravel()])


def _dense(points: np.ndarray) -> np.ndarray:
    parts = [np.linspace(a, b, max(2, int(np.hypot(*(b - a)) / 0.5) + 1)) for a, b in pairwise(points)]
    return np.vstack(parts)


def _within(points: np.ndarray, place: Place) -> np.ndarray:
    dx = np.abs(points[:, 0] - place.x) / (place.width / 2)
    dy = np.abs(points[:, 1] - place.y) / (place.height / 2)
    return dx**2 + dy**2 < 1 if place.shape == "ellipse" else np.maximum(dx, dy) < 1
