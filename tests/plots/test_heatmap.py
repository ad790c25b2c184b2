"""Correlation heat maps."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tests.plots import cases
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.plots import correlation_heatmap

DATA = pd.DataFrame(
    np.random.default_rng(4).normal(size=(50, 4)) @ np.triu(np.ones((4, 4))), columns=list("abcd")
)


def values(figure: Figure) -> dict[tuple[int, int], str]:
    """Return (row, column) -> printed value."""
    found = [t for t in figure.axes[0].texts if t.get_label() == "_value"]
    return {(int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in found}


def words(figure: Figure, mark: str) -> list[str]:
    return [t.get_text() for t in figure.axes[0].texts if t.get_label() == f"_{mark}"]


def cells(figure: Figure) -> np.ma.MaskedArray[Any, Any]:
    return figure.axes[0].collections[0].get_array().reshape(len(words(figure, "name")), -1)


def test_lower_triangle_of_the_correlations() -> None:
    found = values(correlation_heatmap(DATA))
    corr = DATA.corr().to_numpy()
    assert set(found) == {(i, j) for i in range(4) for j in range(i)}
    for (i, j), text in found.items():
        assert float(text.replace("−", "-")) == pytest.approx(corr[i, j], abs=0.0051)
        assert not text.lstrip("−").startswith("0")


def test_colours_are_centred_at_zero_and_span_all_correlations() -> None:
    mesh = correlation_heatmap(DATA).axes[0].collections[0]
    assert (mesh.norm.vmin, mesh.norm.vmax) == (-1, 1)
    red, green, blue, _ = mpl.colormaps[mesh.cmap.name](0.5)
    assert min(red, green, blue) > 0.95


def test_a_matrix_is_drawn_as_it_is() -> None:
    corr = DATA.corr()
    for matrix in (corr, corr.to_numpy()):
        figure = correlation_heatmap(matrix)
        assert values(figure) == values(correlation_heatmap(DATA))
        assert figure.axes[0].get_xlabel() == ""


def test_a_square_data_frame_is_not_taken_for_a_matrix() -> None:
    square = DATA.iloc[:4].reset_index(drop=True)
    figure = correlation_heatmap(square)
    assert figure.axes[0].get_xlabel() == "Pairwise n = 4"
    np.testing.assert_allclose(cells(figure)[1, 0], np.corrcoef(square["a"], square["b"])[0, 1])


def test_pairwise_numbers_of_rows_are_shown() -> None:
    data = DATA.copy()
    data.loc[:9, "a"] = np.nan
    assert correlation_heatmap(data).axes[0].get_xlabel() == "Pairwise n = 40 – 50"
    assert correlation_heatmap(data, language="zh").axes[0].get_xlabel().endswith("n = 40 – 50")


def test_a_constant_column_has_no_correlations() -> None:
    found = values(correlation_heatmap(DATA.assign(e=1.0)))
    assert {found[4, j] for j in range(4)} == {"–"}


def test_groups_stand_together_and_are_named() -> None:
    figure = correlation_heatmap(DATA, groups={"a": "one", "c": "one", "b": "two"})
    assert words(figure, "name") == ["a", "c", "b", "d"]
    assert words(figure, "group") == ["one", "two"]
    outlines = [line for line in figure.axes[0].lines if line.get_label() == "_outline"]
    assert len(outlines) == 1
    np.testing.assert_allclose(outlines[0].get_xydata()[[0, -1]], [[0, 1], [0, 1]])


def test_responses_bring_constructs_and_wording() -> None:
    figure = correlation_heatmap(cases.sample(), construct="cognitive_trust", language="zh")
    assert words(figure, "group") == ["能力", "诚信", "可靠性"]
    assert all("该公司" in name for name in words(figure, "name"))
    expected = cases.sample().items("cognitive_trust").corr().to_numpy()
    np.testing.assert_allclose(cells(figure)[11, 0], expected[11, 0])


def test_spearman() -> None:
    data = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 4, 9, 100]})
    assert values(correlation_heatmap(data, method="spearman")) == {(1, 0): "1.00"}
    assert values(correlation_heatmap(data)) != {(1, 0): "1.00"}


def test_values_can_be_left_out_and_labels_given() -> None:
    figure = correlation_heatmap(
        DATA, values=False, labels={"a": {"zh": "信任", "en": "trust"}}, language="zh"
    )
    assert values(figure) == {}
    assert words(figure, "name")[0] == "信任"


def test_names_do_not_reach_into_the_cells_or_off_the_sheet() -> None:
    for figsize in (None, (6, 5)):
        figure = correlation_heatmap(cases.sample(), construct="structural_trust", figsize=figsize)
        with mpl.rc_context({"text.hinting": "no_hinting"}):
            figure.draw_without_rendering()
            names = [t for t in figure.axes[0].texts if t.get_label() == "_name"]
            for text in names:
                box = text.get_window_extent()
                assert box.x0 >= 0
                assert box.x1 <= figure.axes[0].get_window_extent().x0 + 1


def test_own_axes() -> None:
    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.add_subplot()
    assert correlation_heatmap(DATA, ax=axes, title="Correlations") is figure
    assert axes.get_title(loc="left") == "Correlations"
    assert len(figure.axes) == 2


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (DATA[["a"]], "1 columns"),
        (DATA.iloc[:1], "1 rows"),
        (DATA.assign(a="x"), "not a number"),
    ],
)
def test_wrong_data_are_refused(data: pd.DataFrame, match: str) -> None:
    with pytest.raises(DataError, match=match):
        correlation_heatmap(data)


@pytest.mark.parametrize("wrong", [{"method": "kendal"}, {"language": "xx"}, {"construct": "a"}])
def test_wrong_arguments_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError):
        correlation_heatmap(DATA, **wrong)
