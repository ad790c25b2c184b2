"""Whose fan an indicator stands in, and how a fan is built."""

from __future__ import annotations

import pytest

from tests.plots import cases
from trustmeasure.plots.diagram import fans
from trustmeasure.plots.diagram.families import outer_factors, parents, root
from trustmeasure.plots.diagram.graph import Box, Graph, Kind, Link, Side, Size


def graph(*links: tuple[str, str, Kind]) -> Graph:
    ids = dict.fromkeys(end for link in links for end in link[:2])
    boxes = tuple(Box(i, "ellipse" if i[0] == "f" else "rectangle", Size(60, 20)) for i in ids)
    return Graph(boxes, tuple(Link(a, b, kind) for a, b, kind in links))


def test_a_cross_loading_stays_with_the_first_factor() -> None:
    made = parents(graph(("f1", "x1", "loading"), ("f1", "x2", "loading"), ("f2", "x2", "loading")))
    assert made == {"x1": "f1", "x2": "f1"}


def test_a_general_factor_leaves_the_indicators_to_the_specific_ones() -> None:
    bifactor = cases.bifactor(Size(20, 9))
    made = parents(bifactor)
    assert set(made.values()) == {"a", "b", "c"}
    assert outer_factors(bifactor, made) == ("g",)


def test_a_slope_stands_opposite_to_the_intercept() -> None:
    links = [("fi", f"t{k}", "loading") for k in range(4)] + [("fs", f"t{k}", "loading") for k in range(1, 4)]
    made = parents(graph(*links))
    assert set(made.values()) == {"fi"}
    assert outer_factors(graph(*links), made) == ("fs",)


def test_an_indicator_with_a_regression_stands_by_itself() -> None:
    made = graph(("f1", "x1", "loading"), ("f1", "x2", "loading"), ("z", "x2", "path"))
    assert parents(made) == {"x1": "f1"}
    assert outer_factors(made, parents(made)) == ()


def test_the_root_of_an_indicator_is_the_highest_factor() -> None:
    parent = parents(graph(("f1", "f2", "loading"), ("f2", "x", "loading")))
    assert root("x", parent) == "f1"


def test_factors_that_load_on_each_other_do_not_hang() -> None:
    assert parents(graph(("f1", "f2", "loading"), ("f2", "f1", "loading"))) == {"f2": "f1"}


@pytest.mark.parametrize(
    ("side", "axis", "sign"), [("left", "x", -1), ("right", "x", 1), ("up", "y", 1), ("down", "y", -1)]
)
def test_a_fan_opens_to_its_side_in_reading_order(side: Side, axis: str, sign: int) -> None:
    made = graph(("f1", "x1", "loading"), ("f1", "x2", "loading"), ("f1", "x3", "loading"))
    block = fans.blocks({"f1": side}, [["f1"]], made, parents(made))["f1"]
    items = [p for p in block.places if p.id != "f1"]
    assert all(sign * getattr(p, axis) > 30 for p in items)
    across = [p.x if axis == "y" else -p.y for p in items]
    assert across == sorted(across)
    assert all(p.turned == (side in ("up", "down")) for p in items)


def test_blocks_of_one_layer_have_fans_of_one_depth() -> None:
    links = [("f1", f"x{k}", "loading") for k in range(12)] + [("f2", f"y{k}", "loading") for k in range(3)]
    made = graph(*links)
    blocks = fans.blocks({"f1": "left", "f2": "left"}, [["f1", "f2"]], made, parents(made))
    columns = {p.x for name in ("f1", "f2") for p in blocks[name].places if p.id != name}
    assert len(columns) == 1
