"""Loadings as dots with intervals."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.plots import cases
from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import loadings


def marks(figure: Figure, kind: str) -> dict[str, list[float]]:
    """Return the x values of dots or intervals by indicator."""
    start = f"_{kind}:"
    found = [line for line in figure.axes[0].lines if str(line.get_label()).startswith(start)]
    return {str(line.get_label()).removeprefix(start): [float(x) for x in line.get_xdata()] for line in found}


def words(figure: Figure, mark: str) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == f"_{mark}"]


def test_dots_and_intervals_are_the_estimates() -> None:
    result = cases.holzinger()
    figure = loadings(result, estimates="estimate")
    rows = result.parameters.query("op == '=~'").set_index("rhs")
    assert marks(figure, "loading") == {name: [row["estimate"]] for name, row in rows.iterrows()}
    free = rows[rows["se"] > 0]
    expected = {name: [row["ci_lower"], row["ci_upper"]] for name, row in free.iterrows()}
    assert marks(figure, "interval") == expected
    first = free.iloc[0]
    interval = f"[{number(first['ci_lower'], 2)}, {number(first['ci_upper'], 2)}]"
    assert f"{number(first['estimate'], 2)}  {interval}" in words(figure, "value")


def test_fixed_loadings_are_hollow() -> None:
    figure = loadings(cases.holzinger(), estimates="estimate")
    hollow = {
        line.get_label()
        for line in figure.axes[0].lines
        if str(line.get_label()).startswith("_loading:") and line.get_markerfacecolor() == "white"
    }
    assert hollow == {"_loading:x1", "_loading:x4", "_loading:x7"}


def test_standardised_loadings_have_intervals_only_when_the_result_has_them() -> None:
    result = cases.holzinger()
    bare: Any = SimpleNamespace(
        parameters=result.parameters, std=result.parameters[["lhs", "op", "rhs", "std_all"]], ci=0.9
    )
    figure = loadings(bare)
    assert marks(figure, "interval") == {}
    assert figure.axes[0].get_xlabel() == "Standardised loading"
    std = result.parameters.assign(
        ci_lower=result.parameters["std_all"] - 0.1, ci_upper=result.parameters["std_all"] + 0.1
    )
    full: Any = SimpleNamespace(parameters=result.parameters, std=std, ci=0.9)
    figure = loadings(full)
    value = result.parameters["std_all"].iloc[0]
    np.testing.assert_allclose(marks(figure, "interval")["x1"], [value - 0.1, value + 0.1])
    assert figure.axes[0].get_xlabel() == "Standardised loading with 90% confidence interval"


def test_constructs_are_chosen_and_ordered() -> None:
    figure = loadings(cases.holzinger(), constructs=["speed", "visual"])
    assert words(figure, "name") == ["speed", "x7", "x8", "x9", "visual", "x1", "x2", "x3"]


def test_dimensions_are_indicators_of_their_construct() -> None:
    figure = loadings(cases.trust(), constructs=["cognitive_trust"], labels=cases.sample(), language="zh")
    assert words(figure, "name") == ["认知信任", "能力", "诚信", "可靠性"]
    assert figure.axes[0].get_xlabel().startswith("标准化因子载荷")


def test_names_stand_at_their_dots_without_overlap() -> None:
    figure = loadings(cases.trust(), labels=cases.sample())
    texts = [t for t in figure.axes[0].texts if t.get_label() == "_name"]
    figure.draw_without_rendering()
    boxes = sorted((t.get_window_extent() for t in texts), key=lambda box: -box.y1)
    assert len(texts) == 45 + 10 + 16
    for upper, lower in pairwise(boxes):
        assert upper.y0 >= lower.y1 - 0.5
    assert all(box.x0 >= 0 for box in boxes)


def test_reference_line() -> None:
    figure = loadings(cases.holzinger(), reference=0.7)
    line = next(x for x in figure.axes[0].lines if x.get_label() == "_reference")
    assert list(line.get_xdata()) == [0.7, 0.7]


def test_own_axes_and_title() -> None:
    figure = Figure(figsize=(8, 5))
    axes = figure.add_subplot()
    assert loadings(cases.holzinger(), ax=axes, title="Loadings") is figure
    assert axes.get_title(loc="left") == "Loadings"
    assert loadings(cases.holzinger(), title="Loadings").get_suptitle() == "Loadings"


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"estimates": "std"}, "Did you mean 'std_lv'|Allowed"),
        ({"constructs": ["visal"]}, "Did you mean 'visual'"),
        ({"language": "xx"}, "language"),
        ({"group": 4}, "group=4"),
        ({"labels": 3}, "gives no names"),
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any], match: str) -> None:
    with pytest.raises(ArgumentError, match=match):
        loadings(cases.holzinger(), **wrong)


def test_a_model_without_loadings_is_refused() -> None:
    with pytest.raises(ArgumentError, match="no loadings"):
        loadings(cases.observed())
