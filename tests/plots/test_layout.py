"""Nothing covers anything else, in real models and in random ones; checked by sampling points."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from tests.plots import cases
from trustmeasure.plots import style
from trustmeasure.plots.diagram.content import Options, content
from trustmeasure.plots.diagram.graph import Box, Graph, Layout, Link, Place, Route, Size
from trustmeasure.plots.diagram.layout import layout, problems
from trustmeasure.plots.naming import names

MODELS: dict[str, Callable[[], Any]] = {
    "holzinger": cases.holzinger,
    "democracy": cases.democracy,
    "trust": cases.trust,
    "growth": cases.growth,
    "feedback": cases.feedback,
    "observed": cases.observed,
}
LONG = {
    "satisfaction": "总体满意度以及与期望相比的满意程度（累积型）",
    "cognitive_trust": "Trust in the competence, integrity and reliability of the company",
    "sat_1": "Overall, I am very satisfied with this company and everything it did for me",
    "sat_2": "公司的表现达到了我的期望，而且我愿意再次选择它的服务",
    "visual": "视觉能力",
    "x1": "图形推理测验的得分，数值越大越好",
    "y1": "新闻自由（1960 年，专家评分）",
}


def drawn(result: Any, what: str, labels: Mapping[str, str], **options: Any) -> Layout:
    with style.drawing():
        shown = content(result, result.parameters, labels, Options(what=what, **options))
        return layout(shown.graph)


@pytest.mark.parametrize("what", ["structural", "all"])
@pytest.mark.parametrize("model", MODELS)
def test_no_overlap(model: str, what: str) -> None:
    assert cases.overlaps(drawn(MODELS[model](), what, {})) == []


@pytest.mark.parametrize("what", ["structural", "all"])
@pytest.mark.parametrize("model", ["holzinger", "democracy", "trust"])
def test_no_overlap_with_chinese_and_long_labels(model: str, what: str) -> None:
    labels = {**names(cases.sample(), "zh", wording=model != "trust"), **LONG}
    made = drawn(MODELS[model](), what, labels, stars=True, decimals=3)
    assert cases.overlaps(made) == []


def test_no_overlap_with_twelve_indicators_in_a_fan() -> None:
    assert cases.overlaps(drawn(cases.trust(higher_order=False), "all", {})) == []


@pytest.mark.parametrize("label", [Size(20, 9), Size(45, 9), Size()])
def test_no_overlap_in_a_bifactor_model(label: Size) -> None:
    made = layout(cases.bifactor(label))
    assert cases.overlaps(made) == []
    assert made.place("g").x > made.place("x0").x > made.place("a").x


@pytest.mark.parametrize("block", range(8))
def test_no_overlap_in_random_models(block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        assert cases.overlaps(layout(cases.random_graph(seed))) == [], f"seed {seed}"


@pytest.mark.parametrize("model", MODELS)
def test_all_lies_on_the_sheet(model: str) -> None:
    made = drawn(MODELS[model](), "all", {})
    for place in made.places:
        assert place.width / 2 <= place.x <= made.width - place.width / 2
        assert place.height / 2 <= place.y <= made.height - place.height / 2
    for route in made.routes:
        assert (route.points >= 0).all()
        assert (route.points <= [made.width, made.height]).all()


@pytest.mark.parametrize("model", MODELS)
def test_lines_begin_and_end_on_the_boundaries_of_their_shapes(model: str) -> None:
    made = drawn(MODELS[model](), "all", {})
    with_text = {r.link.source for r in made.routes if r.link.kind == "residual"}
    for route in made.routes:
        if route.link.kind == "residual" or {route.link.source, route.link.target} <= with_text:
            continue
        assert on_boundary(route.points[0], made.place(route.link.source))
        assert on_boundary(route.points[-1], made.place(route.link.target))


def on_boundary(point: np.ndarray, place: Place) -> bool:
    dx, dy = abs(point[0] - place.x) / (place.width / 2), abs(point[1] - place.y) / (place.height / 2)
    radius = math.hypot(dx, dy) if place.shape == "ellipse" else max(dx, dy)
    return abs(radius - 1) < 1e-3


def test_causes_stand_left_of_effects() -> None:
    made = drawn(cases.trust(), "structural", {})
    x = {place.id: place.x for place in made.places}
    assert x["cognitive_trust"] == x["affective_trust"] == x["structural_trust"]
    assert x["structural_trust"] < x["satisfaction"] < x["loyalty"] < x["repurchase_intention"]


def test_covariances_are_curved_and_single_paths_may_be_straight() -> None:
    made = drawn(cases.holzinger(), "structural", {})
    assert [route.link.kind for route in made.routes] == ["covariance"] * 3
    for route in made.routes:
        straight = np.hypot(*(route.points[-1] - route.points[0]))
        assert np.hypot(*np.diff(route.points, axis=0).T).sum() > 1.01 * straight


def test_the_same_graph_always_gives_the_same_drawing() -> None:
    first, second = layout(cases.random_graph(3)), layout(cases.random_graph(3))
    assert first.places == second.places
    assert all(np.array_equal(a.points, b.points) for a, b in zip(first.routes, second.routes, strict=True))


def test_an_empty_graph_is_an_empty_sheet() -> None:
    assert layout(Graph((), ())).places == ()


def test_problems_are_seen() -> None:
    a = Place("a", "ellipse", 50, 50, 40, 20)
    b = Place("b", "rectangle", 60, 50, 40, 20)
    c = Place("c", "rectangle", 200, 50, 20, 20)
    line = Route(Link("a", "d", "path", Size(20, 9)), np.array([[50.0, 50.0], [300.0, 50.0]]), (200.0, 50.0))
    other = Route(Link("a", "e", "path", Size(20, 9)), np.array([[50.0, 0.0], [300.0, 0.0]]), (205.0, 50.0))
    made = Layout((a, b, c), (line, other), 400, 100)
    assert len(cases.overlaps(made)) >= 4
    found = " ".join(problems(made))
    for words in ("a on b", "label a d on c", "label a d on label a e", "a to d through c"):
        assert words in found


def test_a_path_goes_round_a_wall_of_shapes() -> None:
    names_ = ["cause", "m1", "m2", "m3", "effect"]
    boxes = tuple(Box(name, "rectangle", Size(80, 60)) for name in names_)
    links = [Link("cause", m, "path") for m in names_[1:4]] + [Link(m, "effect", "path") for m in names_[1:4]]
    made = layout(Graph(boxes, (*links, Link("cause", "effect", "path"))))
    assert cases.overlaps(made) == []
