"""Path diagrams as figures: texts in their shapes, values, notes, options, errors."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, PathPatch, Rectangle
from matplotlib.text import Text

from tests.plots import cases
from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import path_diagram
from trustmeasure.plots.groups import rows_of_group


def texts(figure: Figure, mark: str) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == f"_{mark}"]


def lines(figure: Figure, kind: str) -> list[str]:
    found = [p.get_label() for p in figure.axes[0].patches if isinstance(p, PathPatch)]
    return [label.split(":", 1)[1] for label in found if label.startswith(f"_{kind}:")]


def shapes(figure: Figure) -> list[Any]:
    known = ("_latent:", "_observed:")
    return [p for p in figure.axes[0].patches if str(p.get_label()).startswith(known)]


def outside(figure: Figure, slack: float) -> list[str]:
    """Return the names of which a corner lies outside of every shape, as the renderer draws them."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    axes = figure.axes[0]
    names = [t for t in axes.texts if t.get_label() == "_name"]
    return [t.get_text() for t in names if not any(fits(t, s, axes, renderer, slack) for s in shapes(figure))]


def fits(text: Text, shape: Any, axes: Any, renderer: Any, slack: float) -> bool:
    box = axes.transData.inverted().transform_bbox(text.get_window_extent(renderer))
    corners = np.array([(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
    if isinstance(shape, Ellipse):
        unit = (corners - shape.center) / [shape.width / 2 + slack, shape.height / 2 + slack]
        return bool((np.hypot(*unit.T) <= 1).all())
    x, y = shape.get_xy()
    low, high = np.array([x, y]) - slack, np.array([x + shape.get_width(), y + shape.get_height()]) + slack
    return bool((corners >= low).all() and (corners <= high).all())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("what", ["structural", "all"])
def test_names_lie_in_their_shapes(what: Any, language: Any) -> None:
    figure = path_diagram(cases.trust(), what=what, labels=cases.sample(), language=language)
    assert outside(figure, slack=0.5) == []


@pytest.mark.parametrize("figsize", [(4, 3), (7, 9), (20, 12)])
def test_names_lie_in_their_shapes_at_any_size(figsize: tuple[float, float]) -> None:
    with mpl.rc_context({"text.hinting": "no_hinting"}):
        figure = path_diagram(cases.democracy(), what="all", figsize=figsize)
        assert tuple(figure.get_size_inches()) == figsize
        assert outside(figure, slack=0.5) == []


def test_texts_follow_axes_that_change_their_size() -> None:
    figure = Figure(figsize=(10, 6))
    axes = figure.add_subplot()
    with mpl.rc_context({"text.hinting": "no_hinting"}):
        assert path_diagram(cases.holzinger(), what="all", ax=axes) is figure
        axes.set_position((0.3, 0.3, 0.3, 0.3))
        assert outside(figure, slack=0.5) == []


def test_latent_variables_are_ellipses_and_observed_ones_rectangles() -> None:
    found = shapes(path_diagram(cases.democracy(), what="all"))
    assert {s.get_label() for s in found if isinstance(s, Ellipse)} == {
        f"_latent:{v}" for v in ("ind60", "dem60", "dem65")
    }
    assert sum(isinstance(s, Rectangle) for s in found) == 11


@pytest.mark.parametrize("estimates", ["std_all", "std_lv", "estimate"])
def test_every_line_carries_its_estimate(estimates: Any) -> None:
    result = cases.democracy()
    figure = path_diagram(result, what="all", estimates=estimates, residuals=False, decimals=3)
    rows = result.parameters
    rows = rows[rows["op"].isin(["=~", "~", "~~"]) & (rows["lhs"] != rows["rhs"])]
    assert sorted(texts(figure, "value")) == sorted(number(v, 3) for v in rows[estimates])


def test_paths_run_from_cause_to_effect() -> None:
    figure = path_diagram(cases.democracy())
    assert set(lines(figure, "path")) == {"ind60:dem60", "ind60:dem65", "dem60:dem65"}
    ellipses = {s.get_label().split(":")[1]: s for s in shapes(figure)}
    path = next(p for p in figure.axes[0].patches if p.get_label() == "_path:ind60:dem60")
    first = path.get_path().vertices[0]
    unit = (first - ellipses["ind60"].center) / [ellipses["ind60"].width / 2, ellipses["ind60"].height / 2]
    assert np.hypot(*unit) == pytest.approx(1, abs=1e-3)


def test_structural_part_leaves_out_measurement() -> None:
    assert lines(path_diagram(cases.trust()), "loading") == []
    found = {s.get_label() for s in shapes(path_diagram(cases.trust()))}
    assert found == {
        f"_latent:{v}"
        for v in (
            "cognitive_trust",
            "affective_trust",
            "structural_trust",
            "satisfaction",
            "loyalty",
            "repurchase_intention",
        )
    }


def test_all_parts_hold_dimensions_and_items() -> None:
    figure = path_diagram(cases.trust(), what="all")
    loadings = lines(figure, "loading")
    assert len(loadings) == 45 + 10
    assert "cognitive_trust:competence" in loadings
    assert "competence:cog_com_1" in loadings
    assert len(lines(figure, "residual")) == 45


def test_r_squared_and_residuals_can_be_left_out() -> None:
    result = cases.democracy()
    below = [t for t in texts(path_diagram(result), "name") if t.startswith("R²")]
    assert sorted(below) == sorted(f"R² = {number(result.r_squared[v], 2)}" for v in ("dem60", "dem65"))
    bare = path_diagram(result, what="all", r_squared=False, residuals=False)
    assert not [t for t in texts(bare, "name") if t.startswith("R²")]
    assert lines(bare, "residual") == []


def test_residuals_show_the_residual_variance() -> None:
    result = cases.holzinger()
    figure = path_diagram(result, what="all", estimates="estimate")
    rows = result.parameters.query("op == '~~' and lhs == rhs").set_index("lhs")["estimate"]
    wanted = [number(rows[f"x{k}"], 2) for k in range(1, 10)]
    assert set(wanted) <= set(texts(figure, "value"))


def test_stars_and_their_note() -> None:
    figure = path_diagram(cases.democracy(), stars=True)
    assert "0.45***" in texts(figure, "value")
    assert "0.18**" in texts(figure, "value")
    assert "***" in texts(figure, "frame")[0]
    assert "***" not in texts(path_diagram(cases.democracy()), "frame")[0]


def test_fixed_loadings_have_no_stars() -> None:
    figure = path_diagram(cases.holzinger(), what="all", estimates="estimate", stars=True)
    assert texts(figure, "value").count("1.00") == 3


def test_no_estimates_no_figures() -> None:
    figure = path_diagram(cases.democracy(), what="all", estimates=None, r_squared=False, note=False)
    assert texts(figure, "value") == []
    assert texts(figure, "frame") == []


def test_min_abs_leaves_out_weak_lines_and_says_so() -> None:
    result = cases.democracy()
    figure = path_diagram(result, min_abs=0.2)
    assert set(lines(figure, "path")) == {"ind60:dem60", "dem60:dem65"}
    assert "0.2" in texts(figure, "frame")[0].split(";")[-1]
    assert len(shapes(figure)) == 3
    assert "Not drawn" not in texts(path_diagram(result, min_abs=0.01), "frame")[0]


def test_language_of_note_and_names() -> None:
    figure = path_diagram(cases.trust(), labels=cases.sample(), language="zh", title="信任")
    assert "认知信任" in texts(figure, "name")
    note, title = texts(figure, "frame")
    assert note.startswith("标准化估计值")
    assert title == "信任"


def test_names_without_labels_are_readable() -> None:
    names = texts(path_diagram(cases.trust()), "name")
    assert "cognitive\ntrust" in names


@pytest.mark.parametrize(
    "labels",
    [
        {"satisfaction": "Contentment"},
        {"satisfaction": {"en": "Contentment", "zh": "满意"}},
        {"satisfaction": {"zh": "Contentment"}},
    ],
)
def test_names_from_a_mapping(labels: Any) -> None:
    assert "Contentment" in texts(path_diagram(cases.trust(), labels=labels), "name")


def test_names_from_instruments() -> None:
    instruments = cases.sample().instruments
    assert "Satisfaction" in texts(path_diagram(cases.trust(), labels=instruments), "name")
    one = next(i for i in instruments if i.id == "satisfaction")
    assert "Satisfaction" in texts(path_diagram(cases.trust(), labels=one), "name")


@pytest.mark.parametrize("labels", ["satisfaction", 5, [1, 2], []])
def test_labels_that_give_no_names_are_refused(labels: Any) -> None:
    with pytest.raises(ArgumentError, match="gives no names"):
        path_diagram(cases.trust(), labels=labels)


def table(rows: list[tuple[str, str, str, float]], groups: tuple[int, ...] = (1,)) -> SimpleNamespace:
    """A result with the parts that a diagram needs."""
    frame = pd.DataFrame(
        [
            {
                "lhs": a,
                "op": op,
                "rhs": b,
                "group": g,
                "estimate": v,
                "se": 0.1 if v else 0.0,
                "p_value": 0.001,
            }
            for g in groups
            for a, op, b, v in rows
        ]
    )
    frame["std_all"] = frame["std_lv"] = frame["estimate"]
    latent = tuple(dict.fromkeys(frame.loc[frame["op"] == "=~", "lhs"]))
    names = dict.fromkeys([*frame["lhs"], *frame["rhs"]])
    model = SimpleNamespace(latent=latent, observed=tuple(n for n in names if n and n not in latent))
    return SimpleNamespace(parameters=frame, r_squared=pd.Series({"y": 0.5}), model=model)


def test_tiny_and_huge_values_fit() -> None:
    rows = [
        ("y", "~", "x", 1e-9),
        ("y", "~", "z", -123456789.5),
        ("y", "~", "w", 3.0),
        ("x", "~~", "z", 1e12),
    ]
    result = table([*rows, ("y", "~1", "", 1.0), ("total", ":=", "a+b", 2.0)])
    figure = path_diagram(result, estimates="estimate")  # type: ignore[arg-type]
    assert sorted(texts(figure, "value")) == sorted(
        ["0.00", "−123,456,789.50", "3.00", "1,000,000,000,000.00"]
    )
    assert outside(figure, slack=0.5) == []


def test_parameters_fixed_at_zero_are_not_drawn() -> None:
    result = table(
        [("f", "=~", "a", 1.0), ("f", "=~", "b", 0.0), ("g", "=~", "b", 1.0), ("f", "~~", "g", 0.0)]
    )
    figure = path_diagram(result, what="all")  # type: ignore[arg-type]
    assert lines(figure, "loading") == ["f:a", "g:b"]
    assert lines(figure, "covariance") == []


def test_names_in_chinese_with_spaces_and_dollars() -> None:
    figure = path_diagram(table([("y", "~", "信任 1", 0.4), ("y", "~", "$cost$", 0.2)]))  # type: ignore[arg-type]
    assert {"信任 1", "$cost$"} <= set(texts(figure, "name"))
    assert outside(figure, slack=0.5) == []


def test_groups_must_be_chosen() -> None:
    result: Any = table([("y", "~", "x", 0.4)], groups=(1, 2))
    with pytest.raises(ArgumentError, match="2 groups"):
        path_diagram(result)
    assert texts(path_diagram(result, group=2), "value") == ["0.40"]
    with pytest.raises(ArgumentError, match="group=3"):
        path_diagram(result, group=3)


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ArgumentError, match="nothing to draw"):
        path_diagram(table([("x", "~~", "x", 1.0)]))  # type: ignore[arg-type]  # what a wrong call says


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "struct"},
        {"estimates": "std"},
        {"language": "de"},
        {"figsize": (0, 3)},
        {"figsize": (3, 3), "ax": Figure().add_subplot()},
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError):
        path_diagram(cases.democracy(), **wrong)


def test_axes_of_no_figure_are_refused() -> None:
    axes = Figure().add_subplot()
    axes.remove()
    with pytest.raises(ArgumentError, match="no figure"):
        path_diagram(cases.democracy(), ax=axes)


def test_title_and_note_break_into_lines_that_fit() -> None:
    figure = path_diagram(cases.holzinger(), title="A long title " * 12, stars=True)
    renderer = FigureCanvasAgg(figure).get_renderer()
    frame = [t for t in figure.axes[0].texts if t.get_label() == "_frame"]
    assert len(frame) == 2
    for text in frame:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.width


def test_groups_are_listed_as_plain_numbers():
    rows = pd.DataFrame({"op": ["=~", "=~"], "group": [1, 2]})
    with pytest.raises(ArgumentError, match=r"2 groups; say which with group=\. Allowed: \[1, 2\]\."):
        rows_of_group(rows, None)
