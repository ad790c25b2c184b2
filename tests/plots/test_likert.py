"""Likert figures: bars, percentages, counts, scales, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.plots import cases
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.plots import likert
from trustmeasure.plots.distributions import palette

ITEMS = pd.DataFrame({"a": [1, 1, 2, 3, 5], "b": [5, 5, 4, 4, np.nan], "c": [3, 3, 3, 3, 3]})


def bars(figure: Figure) -> list[tuple[float, float, float]]:
    """Return (row, left end, right end) of all parts of bars."""
    found = [p for p in figure.axes[0].patches if p.get_label() == "_share"]
    parts = [(p.get_y() + p.get_height() / 2, p.get_x(), p.get_x() + p.get_width()) for p in found]
    return [(round(-y), round(a, 9), round(b, 9)) for y, a, b in parts if isinstance(found[0], Rectangle)]


def words(figure: Figure) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts]


def legend(figure: Figure) -> list[str]:
    return [t.get_text() for t in figure.axes[0].get_legend().get_texts()]


def names(figure: Figure) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == "_item"]


def test_bars_are_centred_on_the_middle_answer() -> None:
    found = bars(likert(ITEMS))
    assert [b for b in found if b[0] == 0] == [(0, -70, -30), (0, -30, -10), (0, -10, 10), (0, 10, 30)]
    assert [b for b in found if b[0] == 1] == [(1, 0, 50), (1, 50, 100)]
    assert [b for b in found if b[0] == 2] == [(2, -50, 50)]


def test_an_even_number_of_answers_is_centred_between_the_middle_ones() -> None:
    found = bars(likert(pd.DataFrame({"a": [1, 2, 3, 4]})))
    assert found == [(0, -50, -25), (0, -25, 0), (0, 0, 25), (0, 25, 50)]


@pytest.mark.parametrize("count", range(2, 12))
def test_two_to_eleven_answers(count: int) -> None:
    figure = likert(pd.DataFrame({"a": range(1, count + 1)}))
    found = bars(figure)
    assert len(found) == count
    assert found[-1][2] - found[0][1] == pytest.approx(100)
    assert found[-1][2] == pytest.approx(50)
    assert sorted(legend(figure), key=int) == [str(i) for i in range(1, count + 1)]


@pytest.mark.parametrize("count", range(2, 12))
def test_colours_differ_and_mirror_each_other_in_lightness(count: int) -> None:
    colors = palette(count)
    assert len(set(colors)) == count
    light = [float(np.dot([0.299, 0.587, 0.114], to_rgb(c))) for c in colors]
    half = count // 2
    assert light[:half] == sorted(light[:half])
    assert light[-half:] == sorted(light[-half:], reverse=True)


def test_percentages_counts_and_missing() -> None:
    found = words(likert(ITEMS))
    assert "40" in found
    assert "50" in found
    assert "20.0%" in found
    assert found.count("0.0%") == 2
    assert found.count("5") == 2
    assert found.count("4") == 1
    assert "missing" in found
    assert "missing" not in words(likert(ITEMS, counts=False))


def test_percentages_lie_in_their_bars() -> None:
    rng = np.random.default_rng(1)
    figure = likert(pd.DataFrame(rng.integers(1, 12, (60, 4))), figsize=(6, 3))
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    axes = figure.axes[0]
    shares = [p.get_window_extent(renderer) for p in axes.patches if p.get_label() == "_share"]
    percents = [t for t in axes.texts if t.get_label() == "_percent"]
    assert 10 < len(percents) < len(shares)
    for text in percents:
        box = text.get_window_extent(renderer)
        assert any(s.x0 <= box.x0 and box.x1 <= s.x1 and s.y0 <= box.y0 and box.y1 <= s.y1 for s in shares)


def test_an_item_without_answers_says_so() -> None:
    items = ITEMS.assign(d=np.nan)
    found = words(likert(items))
    assert "no answers" in found
    assert "100.0%" in found
    assert "无回答" in words(likert(items, language="zh"))


def test_items_in_the_order_of_their_means() -> None:
    assert names(likert(ITEMS, order="mean")) == ["b", "c", "a"]
    assert names(likert(ITEMS.assign(d=np.nan), order="mean"))[-1] == "d"


def test_responses_bring_wording_scale_and_language() -> None:
    figure = likert(cases.sample(), construct="reliability", language="zh")
    assert legend(figure)[0] == "非常不同意"
    assert legend(figure)[-1] == "非常同意"
    assert len(names(figure)) == 4
    assert "该公司" in names(figure)[0]
    assert [("反向" in name) for name in names(figure)] == [False, False, False, True]


def test_responses_count_what_the_data_count() -> None:
    data = cases.sample().items("satisfaction")
    found = words(likert(cases.sample(), construct="satisfaction"))
    for column in data:
        assert f"{data[column].notna().sum():,}" in found
        assert f"{100 * data[column].isna().mean():.1f}%" in found


def test_several_constructs_and_a_higher_order_one() -> None:
    assert len(names(likert(cases.sample(), construct=["competence", "satisfaction"]))) == 8
    assert len(names(likert(cases.sample(), construct="cognitive_trust"))) == 12


def test_items_of_two_scales_do_not_share_a_figure() -> None:
    with pytest.raises(ArgumentError, match=r"2 response scales \(agreement-7, likelihood-11\)"):
        likert(cases.sample(), construct=["satisfaction", "recommendation_likelihood"])


def test_scale_of_an_instrument_turns_its_missing_codes_into_missing() -> None:
    scale = cases.sample().scale_of("sat_1")
    figure = likert(pd.DataFrame({"sat_1": [1, 7, 97, 99]}), scale=scale)
    assert "50.0%" in words(figure)
    assert legend(figure)[0] == "Strongly disagree"


def test_scale_as_mapping_codes_or_range() -> None:
    items = pd.DataFrame({"a": [0, 1]})
    assert legend(likert(items, scale={0: "no", 1: {"en": "yes", "zh": "是"}}, language="zh")) == ["no", "是"]
    assert legend(likert(items, scale=range(3))) == ["0", "1", "2"]


def test_legend_reads_across() -> None:
    figure = likert(cases.sample(), construct="satisfaction")
    drawn = figure.axes[0].get_legend()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    boxes = [(t.get_window_extent(renderer), t.get_text()) for t in drawn.get_texts()]
    across = [text for _, text in sorted(boxes, key=lambda b: (-round(b[0].y0), b[0].x0))]
    scale = cases.sample().scale_of("sat_1")
    assert across == [point.label["en"] for point in scale.points]


def test_other_frames() -> None:
    assert bars(likert(pl.DataFrame({"a": [1, 2, 3]}))) == bars(likert(pd.DataFrame({"a": [1, 2, 3]})))
    assert names(likert(np.array([[1, 2], [2, 1]]))) == ["x1", "x2"]


def test_labels_are_wrapped() -> None:
    figure = likert(ITEMS, labels={"a": "A very long wording that does not fit into one line of a figure"})
    assert "\n" in names(figure)[0]


def test_all_answers_the_same() -> None:
    assert bars(likert(pd.DataFrame({"a": [4, 4]}))) == [(0, -100, 0)]


def test_own_axes_are_used() -> None:
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.add_subplot()
    assert likert(ITEMS, ax=axes, title="Items") is figure
    assert axes.get_title(loc="left") == "Items"
    assert figure.get_suptitle() == ""


@pytest.mark.parametrize(
    ("items", "match"),
    [
        (pd.DataFrame({"a": [1.5, 2]}), "whole numbers"),
        (pd.DataFrame({"a": ["x", "y"]}), "not a number"),
        (pd.DataFrame({"a": [1, 99]}), "codes from 1 to 99"),
        (pd.DataFrame({"a": [np.nan]}), "no answer at all"),
        (pd.DataFrame(), "nothing to draw"),
    ],
)
def test_wrong_items_are_refused(items: pd.DataFrame, match: str) -> None:
    with pytest.raises(DataError, match=match):
        likert(items)


def test_a_code_outside_of_the_scale_is_named() -> None:
    with pytest.raises(DataError, match=r"Column 'b' holds 8 in row 2"):
        likert(pd.DataFrame({"a": [1, 2], "b": [1, 8]}), scale=range(1, 6))


@pytest.mark.parametrize(
    "wrong",
    [
        {"scale": [1]},
        {"scale": range(12)},
        {"scale": {"a": "b", "c": "d"}},
        {"order": "size"},
        {"language": "fr"},
        {"construct": "satisfaction"},
    ],
)
def test_wrong_arguments_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError):
        likert(ITEMS, **wrong)
