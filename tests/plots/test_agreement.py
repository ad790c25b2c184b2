"""The Bland-Altman plot shows points, bias, limits and their intervals."""

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError
from trustmeasure.plots import bland_altman
from trustmeasure.reliability_analysis import bland_altman as analyse

RNG = np.random.default_rng(5)
TRUTH = RNG.normal(5, 1.2, size=90)
RESULT = analyse(
    pd.DataFrame({"wave 1": TRUTH + RNG.normal(0.2, 0.4, 90), "wave 2": TRUTH + RNG.normal(0, 0.4, 90)})
)


def lines(fig):
    return {line.get_label(): line for line in fig.axes[0].get_lines()}


def test_points_and_lines_stand_where_the_numbers_are():
    found = lines(bland_altman(RESULT))
    np.testing.assert_allclose(found["_points"].get_xdata(), RESULT.pairs["mean"])
    np.testing.assert_allclose(found["_points"].get_ydata(), RESULT.pairs["difference"])
    for name, value in RESULT.frame.set_index("measure")["estimate"].items():
        assert found[f"_line:{name}"].get_ydata()[0] == pytest.approx(value)
    assert "_trend" not in found


def test_trend_goes_through_the_middle():
    line = lines(bland_altman(RESULT, trend=True))["_trend"]
    slope = RESULT.trends.set_index("trend").loc["proportional_bias", "slope"]
    x, y = line.get_xdata(), line.get_ydata()
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(slope)


def test_words_in_two_languages():
    fig = bland_altman(RESULT, language="zh", title="重测")
    assert fig.axes[0].get_xlabel() == "两次测量的均值"
    assert bland_altman(RESULT).axes[0].get_ylabel() == "Difference (wave 1 − wave 2)"


def test_all_the_same_is_drawn_too():
    same = analyse(np.ones(5), np.ones(5))
    assert "_trend" not in lines(bland_altman(same, trend=True))


def test_other_results_are_refused():
    with pytest.raises(ArgumentError, match=r"draws what tm\.bland_altman returns"):
        bland_altman(RESULT.frame)
