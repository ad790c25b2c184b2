"""Formulas against direct computation."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from trustmeasure.reliability_analysis.formulas import (
    alpha_if_dropped,
    alpha_of_covariance,
    average_correlation,
    correlation_of,
    feldt_interval,
    item_rest_correlation,
    item_total_correlation,
    omega_gradient,
    omega_of_parameters,
)

RNG = np.random.default_rng(5)
DATA = RNG.normal(size=(40, 1)) + RNG.normal(size=(40, 5)) * [1, 2, 0.5, 1, 3]
COV = np.cov(DATA, rowvar=False)


def test_alpha_of_parallel_items_is_spearman_brown():
    r, k = 0.4, 6
    cov = 9.0 * (np.full((k, k), r) + (1 - r) * np.eye(k))
    assert alpha_of_covariance(cov) == pytest.approx(k * r / (1 + (k - 1) * r), rel=1e-14)


def test_alpha_is_the_share_of_the_sum_score():
    k = DATA.shape[1]
    direct = k / (k - 1) * (1 - DATA.var(axis=0, ddof=1).sum() / DATA.sum(axis=1).var(ddof=1))
    assert alpha_of_covariance(COV) == pytest.approx(direct, rel=1e-12)


def test_alpha_if_dropped_forms_each_matrix_anew():
    for i, value in enumerate(alpha_if_dropped(COV)):
        rest = np.delete(np.delete(COV, i, 0), i, 1)
        assert value == pytest.approx(alpha_of_covariance(rest), rel=1e-12)


def test_alpha_if_dropped_of_two_items_does_not_exist():
    assert np.isnan(alpha_if_dropped(COV[:2, :2])).all()


def test_item_correlations_of_scores():
    z = (DATA - DATA.mean(axis=0)) / DATA.std(axis=0, ddof=1)
    corr = correlation_of(COV)
    for i in range(DATA.shape[1]):
        rest = np.delete(DATA, i, axis=1).sum(axis=1)
        assert item_rest_correlation(COV)[i] == pytest.approx(np.corrcoef(DATA[:, i], rest)[0, 1], rel=1e-12)
        with_all = np.corrcoef(z[:, i], z.sum(axis=1))[0, 1]
        assert item_total_correlation(corr)[i] == pytest.approx(with_all, rel=1e-12)


def test_average_correlation():
    corr = np.corrcoef(DATA, rowvar=False)
    direct = corr[np.triu_indices(5, 1)].mean()
    assert average_correlation(corr) == pytest.approx(direct, rel=1e-12)


def test_rest_without_variance_gives_nan():
    cov = np.array([[1.0, 0.3, -0.3], [0.3, 1.0, -1.0], [-0.3, -1.0, 1.0]])
    assert np.isnan(item_rest_correlation(cov)[0])
    assert np.isnan(alpha_if_dropped(cov)[0])
    assert np.isfinite(item_rest_correlation(cov)[1:]).all()


def test_feldt_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(11)
    k, n, r, runs = 5, 30, 0.35, 4000
    population = k * r / (1 + (k - 1) * r)
    trait, noise = rng.normal(size=(runs, n, 1)), rng.normal(size=(runs, n, k))
    data = np.sqrt(r) * trait + np.sqrt(1 - r) * noise
    inside = 0
    for people in data:
        lower, upper = feldt_interval(alpha_of_covariance(np.cov(people, rowvar=False)), n, k, 0.9)
        inside += lower < population < upper
    assert inside / runs == pytest.approx(0.9, abs=3 * np.sqrt(0.09 / runs))


@settings(deadline=None)
@given(st.floats(-5, 0.999), st.integers(2, 500), st.integers(2, 40), st.floats(0.5, 0.99))
def test_feldt_interval_is_ordered_and_below_one(alpha, n_obs, n_items, ci):
    lower, upper = feldt_interval(alpha, n_obs, n_items, ci)
    wider = feldt_interval(alpha, n_obs, n_items, (1 + ci) / 2)
    assert lower < upper < 1
    assert wider[0] < lower
    assert upper < wider[1]


def test_perfect_alpha_has_no_width():
    assert feldt_interval(1.0, 20, 3, 0.95) == (1.0, 1.0)


def test_omega_of_equal_loadings_is_alpha():
    loadings, residuals = np.full(4, 0.8), np.array([0.3, 0.5, 0.2, 0.9])
    cov = np.outer(loadings, loadings) + np.diag(residuals)
    assert omega_of_parameters(loadings, residuals) == pytest.approx(alpha_of_covariance(cov), rel=1e-14)


def test_omega_of_unequal_loadings_is_above_alpha():
    loadings, residuals = np.array([0.9, 0.3, 0.6, 0.8]), np.array([0.3, 0.5, 0.2, 0.9])
    cov = np.outer(loadings, loadings) + np.diag(residuals)
    assert omega_of_parameters(loadings, residuals) > alpha_of_covariance(cov) + 0.01


def test_omega_gradient_against_finite_differences():
    at = np.array([0.9, 0.3, 0.6, 0.8, 0.3, 0.5, 0.2, 0.9])
    step = 1e-6

    def omega(x):
        return omega_of_parameters(x[:4], x[4:])

    numeric = [(omega(at + step * e) - omega(at - step * e)) / (2 * step) for e in np.eye(8)]
    np.testing.assert_allclose(omega_gradient(at[:4], at[4:]), numeric, rtol=1e-8)
