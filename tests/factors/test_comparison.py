"""Comparison data: populations with given answers and correlations, and the number that they lead to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

import trustmeasure as tm
from tests.factors.number_data import items_of
from tests.factors.test_parallel import three_factors
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors.comparison import _distances, _loadings, _margins, population_of

SMALL = {"draws": 60, "population": 3000, "max_factors": 5}


def test_the_number_of_factors_is_found() -> None:
    found = [tm.comparison_data(three_factors(s, share=0.4), **SMALL, seed=s).n_factors for s in range(6)]
    assert sorted(found)[:5] == [3] * 5


def test_one_factor_is_found() -> None:
    rng = np.random.default_rng(2)
    latent = 0.7 * rng.normal(size=(400, 1)) + np.sqrt(0.51) * rng.normal(size=(400, 8))
    answers = pd.DataFrame(np.digitize(latent, [0.5, 1.5]))
    assert tm.comparison_data(answers, **SMALL, seed=1).n_factors == 1


@pytest.mark.parametrize("ranked", [False, True])
def test_a_population_has_the_answers_and_the_correlations(ranked: bool) -> None:
    rng, items = np.random.default_rng(1), items_of("ordinal")
    corr = items.corr("spearman" if ranked else "pearson").to_numpy()
    margins = _margins(items.to_numpy(dtype=float), 20_000, rng)
    people, error = population_of(corr, margins, 3, rng, ranked=ranked)
    assert np.array_equal(np.sort(people, axis=0), margins)
    own = pd.DataFrame(people).corr("spearman" if ranked else "pearson").to_numpy()
    row, col = np.tril_indices(12, -1)
    assert error == pytest.approx(np.sqrt(np.square(own - corr)[row, col].mean()))
    assert error < 0.03
    worse = population_of(corr, margins, 1, np.random.default_rng(1), ranked=ranked)[1]
    assert worse > 2 * error


def test_answers_are_those_that_were_given() -> None:
    values = items_of("gaps").to_numpy(dtype=float)
    drawn = _margins(values, 5000, np.random.default_rng(3))
    for given, found in zip(values.T, drawn.T, strict=True):
        there = given[~np.isnan(given)]
        shares = [np.mean(found == k) - np.mean(there == k) for k in range(1, 6)]
        assert np.abs(shares).max() < 0.03


def test_loadings_reproduce_a_factor_model() -> None:
    loadings = np.zeros((8, 2))
    loadings[:4, 0], loadings[4:, 1] = [0.8, 0.7, 0.6, 0.5], [0.9, 0.6, 0.7, 0.5]
    corr = loadings @ loadings.T
    np.fill_diagonal(corr, 1.0)
    found = _loadings(corr, 2)
    np.testing.assert_allclose(found @ found.T, loadings @ loadings.T, atol=0.01)


def test_distances_are_those_of_eigenvalues() -> None:
    people = np.random.default_rng(1).normal(size=(500, 4))
    found = _distances(people, np.ones(4), 3, 100, np.random.default_rng(9))
    drawn = people[np.random.default_rng(9).integers(500, size=(3, 100))]
    roots = [np.linalg.eigvalsh(np.corrcoef(sample.T)) for sample in drawn]
    np.testing.assert_allclose(found, [np.sqrt(np.mean((r - 1) ** 2)) for r in roots], rtol=1e-10)


def test_the_steps_end_where_one_more_does_not_help() -> None:
    found = tm.comparison_data(three_factors(0), **SMALL, seed=0)
    p = found.steps["p_value"]
    assert np.isnan(p.iloc[0])
    assert (p.iloc[1 : found.n_factors] < 0.3).all()
    assert p.iloc[-1] >= 0.3
    assert len(p) == found.n_factors + 1
    again = tm.comparison_data(three_factors(0), **SMALL, seed=0)
    pd.testing.assert_frame_equal(found.steps, again.steps)
    assert mannwhitneyu([1.0, 2.0], [3.0, 4.0], alternative="less").pvalue < 0.3


def test_it_stands_in_the_table_on_request() -> None:
    found = tm.number_of_factors(items_of("ordinal"), draws=50, comparison=True, seed=1)
    row = found.table[found.table["method"] == "comparison data"].iloc[0]
    assert row["n_factors"] == found.comparison.n_factors
    without = tm.number_of_factors(items_of("ordinal").corr(), n_obs=300, draws=50, comparison=True, seed=1)
    row = without.table[without.table["method"] == "comparison data"].iloc[0]
    assert np.isnan(row["n_factors"])
    assert "answers" in row["note"]


def test_arguments_are_checked() -> None:
    with pytest.raises(ArgumentError, match="correlation='pearson'"):
        tm.comparison_data(items_of("ordinal"), correlation="polychoric")
    with pytest.raises(ArgumentError, match="needs the answers"):
        tm.comparison_data(items_of("ordinal").corr())
    with pytest.raises(ArgumentError, match="population"):
        tm.comparison_data(items_of("ordinal"), population=10)
    with pytest.raises(DataError, match="at least 3 items"):
        tm.comparison_data(items_of("ordinal").iloc[:, :2])
