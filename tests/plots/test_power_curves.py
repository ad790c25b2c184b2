"""Power curves: points, names, the line to compare with, and what cannot be drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from trustmeasure.errors import ArgumentError
from trustmeasure.plots import power
from trustmeasure.sem import power_rmsea, power_satorra_saris


def curves(figure: Figure) -> dict[str, np.ndarray]:
    lines = [line for line in figure.axes[0].lines if str(line.get_label()).startswith("_power:")]
    return {str(x.get_label()).removeprefix("_power:"): np.asarray(x.get_xydata()) for x in lines}


def test_one_curve_for_each_test() -> None:
    frame = power_rmsea(df=[24] * 3 + [100] * 3, n=[400, 100, 200] * 2)
    found = curves(power(frame))
    assert list(found) == ["df = 24", "df = 100"]
    wanted = frame[frame["df"] == 24].sort_values("n")
    np.testing.assert_allclose(found["df = 24"], wanted[["n", "power"]])


def test_parameters_are_named_and_values_that_go_with_them_are_not() -> None:
    text = "y ~ start(0.3)*x + start(0.2)*z\nx ~~ start(0.1)*z"
    frame = pd.concat([power_satorra_saris(text, [50, 100], name) for name in ("y ~ x", "y ~ z")])
    figure = power(frame, title="Power", language="zh")
    assert list(curves(figure)) == ["y ~ x", "y ~ z"]
    assert figure.axes[0].get_xlabel() == "样本量"
    names = {t.get_text(): t.get_position()[1] for t in figure.axes[0].texts if t.get_label() == "_name"}
    assert set(names) == {"y ~ x", "y ~ z"}


def test_names_of_curves_that_end_together_are_moved_apart() -> None:
    frame = pd.concat([power_rmsea(df=d, n=[900, 1000]).assign(df=d) for d in (100, 110, 120)])
    figure = power(frame)
    heights = sorted(t.xy[1] for t in figure.axes[0].texts if t.get_label() == "_name")
    assert np.diff(heights).min() > 0.04
    assert max(heights) <= 1.04


def test_the_line_to_compare_with() -> None:
    frame = power_rmsea(df=24, n=[100, 200])
    with_line, without = (power(frame, target=t) for t in (0.9, None))
    marks = [line.get_ydata()[0] for line in with_line.axes[0].lines if line.get_label() == "_target"]
    assert marks == [0.9]
    assert not [line for line in without.axes[0].lines if line.get_label() == "_target"]


def test_refused() -> None:
    with pytest.raises(ArgumentError, match="no column power"):
        power(pd.DataFrame({"n": [1]}))
    with pytest.raises(ArgumentError, match="no power to draw"):
        power(pd.DataFrame({"n": [1], "power": [np.nan]}))
    with pytest.raises(ArgumentError, match="target"):
        power(power_rmsea(df=24, n=100), target=1.2)
