"""Equality of alphas: worked examples of the literature, level, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.hostile import likert
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.reliability_analysis import compare_alphas, cronbach_alpha
from trustmeasure.reliability_analysis.alpha_comparison import (
    feldt_independent,
    many_independent,
    many_paired,
)

ONE, TWO = likert(seed=1), likert(seed=2)


def test_worked_examples_of_feldt_woodruff_and_salih():
    k = np.full(3, 5.0)
    statistic, _, df, _, _ = many_independent(np.array([0.784, 0.875, 0.936]), np.array([51.0, 101, 151]), k)
    assert (round(statistic, 3), df) == (22.926, 2)
    r = np.array([[1, 0.8, 0.6, 0.75], [0.8, 1, 0.65, 0.7], [0.6, 0.65, 1, 0.55], [0.75, 0.7, 0.55, 1]])
    alphas, lengths = np.array([0.857, 0.875, 0.8, 0.833]), np.array([50.0, 40, 35, 25])
    statistic, _, df, _, p = many_paired(alphas, 100.0, lengths, r)
    assert (round(statistic, 2), df, round(p, 3)) == (10.66, 3, 0.014)


def test_ratio_of_two_alphas():
    # Charter and Feldt (1996): ratio 1.318 for .78 (n = 41) and .71 (n = 151), p = .242 from F(40, 150)
    alphas, n = np.array([0.78, 0.71]), np.array([41.0, 151.0])
    ratio, _, df1, df2, p = feldt_independent(alphas, n, np.array([1e5, 1e5]))
    assert (round(ratio, 3), df1, df2) == (1.318, 40, 150)
    assert p == pytest.approx(2 * stats.f.sf(ratio, 40, 150), abs=1e-4)
    assert p == pytest.approx(0.242, abs=1e-3)
    few = feldt_independent(alphas, n, np.array([4.0, 4.0]))[4]
    rng = np.random.default_rng(1)
    drawn = rng.f(40, 120, 400_000) / rng.f(150, 450, 400_000)
    assert few == pytest.approx(2 * min((drawn > ratio).mean(), (drawn < ratio).mean()), abs=4e-3)


def test_order_does_not_matter():
    first = compare_alphas({"a": ONE, "b": TWO.iloc[:80, :4]}).tests.set_index("test")["p_value"]
    second = compare_alphas({"b": TWO.iloc[:80, :4], "a": ONE}).tests.set_index("test")["p_value"]
    pd.testing.assert_series_equal(first, second, rtol=1e-9)


@pytest.mark.parametrize("paired", [False, True])
def test_tests_keep_their_level(paired):
    rng = np.random.default_rng(3)
    rejected = []
    for _ in range(120):
        trait = rng.standard_normal((200, 1))
        other = trait if paired else rng.standard_normal((200, 1))
        sets = {name: t + rng.standard_normal((200, 4)) for name, t in (("a", trait), ("b", other))}
        rejected.append(compare_alphas(sets, paired=paired).tests["p_value"].to_numpy() < 0.05)
    share = np.mean(rejected, axis=0)
    assert (share < 0.125).all(), share


def test_same_people_and_same_items_differ_by_nothing():
    found = compare_alphas({"a": ONE, "b": ONE + 1}, paired=True)
    assert found.differences.loc[0, ["difference", "se"]].tolist() == pytest.approx([0, 0], abs=1e-12)
    assert found.frame["alpha"].tolist() == pytest.approx([cronbach_alpha(ONE).alpha] * 2)


def test_three_sets_and_summary():
    found = compare_alphas({"a": ONE, "b": TWO, "c": likert(seed=3)})
    assert found.tests["test"].tolist() == ["feldt_woodruff_salih", "adf"]
    assert len(found.differences) == 3
    assert "Different people answered each set." in str(found)


def test_refused():
    with pytest.raises(ArgumentError, match="at least two names"):
        compare_alphas({"a": ONE})
    with pytest.raises(ArgumentError, match="the sets have 120, 50 rows"):
        compare_alphas({"a": ONE, "b": TWO.head(50)}, paired=True)
    with pytest.raises(DataError, match="Only 3 rows are complete"):
        compare_alphas({"a": pd.concat([ONE.head(3), ONE.iloc[3:] * np.nan]), "b": TWO}, paired=True)
