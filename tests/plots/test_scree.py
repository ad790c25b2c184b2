"""The scree plot: points, lines of random data, names, and what cannot be drawn."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

import trustmeasure as tm
from tests.factors.number_data import items_of
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import scree

FOUND = tm.parallel_analysis(items_of("ordinal"), draws=40, seed=1)


def lines(figure: Figure) -> dict[str, np.ndarray]:
    return {str(x.get_label()): np.asarray(x.get_xydata()) for x in figure.axes[0].lines}


@pytest.mark.parametrize("model", ["components", "factors"])
def test_points_and_lines_are_those_of_the_analysis(model: str) -> None:
    drawn = lines(scree(FOUND, model=model))
    np.testing.assert_allclose(drawn["_eigenvalues"][:, 1], FOUND.eigenvalues[model])
    np.testing.assert_allclose(drawn["_random:random data, 95 %"][:, 1], FOUND.threshold(model))
    np.testing.assert_allclose(drawn["_random:random data, mean"][:, 1], FOUND.threshold(model, "mean"))
    assert len(drawn["_above"]) == FOUND.suggested(model)
    assert len(drawn["_above"]) + len(drawn["_below"]) == 12


def test_only_the_first_eigenvalues_on_request() -> None:
    drawn = lines(scree(FOUND, most=2))
    assert len(drawn["_eigenvalues"]) == 2
    assert len(drawn["_above"]) == 2


def test_words_and_names_in_chinese() -> None:
    figure = scree(FOUND, model="factors", language="zh", title="碎石图")
    assert figure.axes[0].get_xlabel() == "因子"
    assert {t.get_text() for t in figure.axes[0].texts} == {"随机数据均值", "随机数据第 95 百分位数"}
    heights = sorted(t.xy[1] for t in figure.axes[0].texts)
    assert np.diff(heights)[0] > 0.02 * np.ptp(figure.axes[0].get_ylim())


def test_what_holds_an_analysis_is_drawn_too() -> None:
    assert lines(scree(SimpleNamespace(parallel=FOUND)))["_eigenvalues"].shape == (12, 2)


def test_refused() -> None:
    with pytest.raises(ArgumentError, match="parallel_analysis"):
        scree(items_of("ordinal"))
    with pytest.raises(ArgumentError, match="Did you mean 'factors'"):
        scree(FOUND, model="factor")
    with pytest.raises(ArgumentError, match="at least 2"):
        scree(FOUND, most=1)
