"""Extraction against factanal and psych (tests/reference/factors/extraction.R), and its derivatives."""

import numpy as np
import pytest

from tests.factors.reference_values import array, cases, same_loadings
from trustmeasure.errors import ArgumentError, ConvergenceError, DataError
from trustmeasure.factors import extraction
from trustmeasure.factors.extraction import extract, most_factors

CASES = cases("extraction")
PROPER = [name for name, case in CASES.items() if case["pa"]]


def corr_of(case):
    return array(case["corr"])


def found(name, method, **options):
    return extract(corr_of(CASES[name]), CASES[name]["m"], method, **options)


@pytest.mark.parametrize("name", CASES)
def test_maximum_likelihood(name):
    # factanal's optimiser stops about 1e-7 short of the minimum.
    own, theirs = found(name, "ml"), CASES[name]["ml"]
    np.testing.assert_allclose(own.uniquenesses, theirs["uniquenesses"], rtol=0, atol=2e-6)
    same_loadings(own.loadings, theirs["loadings"], atol=2e-6)
    assert own.objective == pytest.approx(theirs["objective"], rel=1e-10)
    assert own.objective <= theirs["objective"] + 1e-13


@pytest.mark.parametrize("name", PROPER)
def test_minimum_residuals_is_where_principal_axes_stand_still(name):
    same_loadings(found(name, "minres").loadings, CASES[name]["pa"]["loadings"], atol=1e-8)


@pytest.mark.parametrize("name", PROPER)
def test_minimum_residuals_as_psych_stops_by_itself(name):
    same_loadings(found(name, "minres").loadings, CASES[name]["minres"]["loadings"], atol=2e-3)


@pytest.mark.parametrize("name", PROPER)
def test_principal_axes(name):
    same_loadings(found(name, "pa").loadings, CASES[name]["pa"]["loadings"], atol=1e-7)
    early = found(name, "pa", tolerance=1e-3, max_iter=50)
    same_loadings(early.loadings, CASES[name]["pa_steps"]["loadings"], atol=1e-10)


def test_a_heywood_case_is_stated():
    own, theirs = found("heywood", "ml"), array(CASES["heywood"]["ml"]["uniquenesses"])
    np.testing.assert_array_equal(own.heywood, theirs < 0.005 + 1e-9)
    assert own.heywood.sum() == 2
    assert not found("harman", "ml").heywood.any()


def test_principal_axes_may_explain_more_than_everything():
    corr = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.5], [0.9, 0.5, 1.0]])
    assert extract(corr, 1, "pa").heywood.tolist() == [True, False, False]
    held = extract(corr, 1, "minres")
    assert held.heywood.tolist() == [True, False, False]
    assert held.uniquenesses[0] == extraction.LEAST


@pytest.mark.parametrize("function", [extraction._least_squares, extraction._likelihood])
def test_derivatives(function):
    corr, rng = corr_of(CASES["drawn"]), np.random.default_rng(1)
    x = rng.uniform(0.3, 0.6, len(corr))
    x = np.log(x) if function is extraction._likelihood else x
    steps = 1e-5 * np.eye(len(x))
    at = function(corr, 3, x)
    ends = [(function(corr, 3, x + h), function(corr, 3, x - h)) for h in steps]
    slopes = [(up.value - down.value) / 2e-5 for up, down in ends]
    curvatures = [(up.gradient - down.gradient) / 2e-5 for up, down in ends]
    np.testing.assert_allclose(at.gradient, slopes, atol=1e-8)
    np.testing.assert_allclose(at.hessian, curvatures, atol=1e-7)


@pytest.mark.parametrize("method", extraction.METHODS)
def test_a_population_is_recovered(method):
    rng = np.random.default_rng(3)
    loadings = rng.uniform(0.3, 0.6, (10, 3)) * rng.choice([-1, 1], (10, 3))
    corr = loadings @ loadings.T
    np.fill_diagonal(corr, 1.0)
    own = extract(corr, 3, method)
    np.testing.assert_allclose(own.loadings @ own.loadings.T, loadings @ loadings.T, atol=1e-6)
    np.testing.assert_allclose(own.communalities + own.uniquenesses, 1.0, atol=1e-6)


def test_order_of_items_does_not_matter():
    corr, order = corr_of(CASES["drawn"]), np.random.default_rng(2).permutation(18)
    one, other = extract(corr, 3, "ml"), extract(corr[np.ix_(order, order)], 3, "ml")
    np.testing.assert_allclose(one.loadings[order], other.loadings, atol=1e-8)


def test_a_singular_matrix_has_minimum_residuals_but_no_likelihood():
    corr = corr_of(CASES["one"])
    twin = np.block([[corr, corr[:, :1]], [corr[:1], np.ones((1, 1))]])
    with pytest.raises(DataError, match="not positive definite"):
        extract(twin, 1, "ml")
    assert np.isfinite(extract(twin, 1, "minres").loadings).all()


def test_more_factors_than_can_be_found():
    with pytest.raises(ArgumentError, match="at most 3 can be found"):
        extract(np.eye(6), 4)
    assert [most_factors(p) for p in (1, 2, 3, 4, 5, 6, 7, 8)] == [0, 0, 1, 1, 2, 3, 3, 4]


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="Did you mean 'minres'"):
        extract(np.eye(4), 1, "minre")
    with pytest.raises(ArgumentError, match="n_factors=0"):
        extract(np.eye(4), 0)
    with pytest.raises(DataError, match="gaps"):
        extract(np.full((4, 4), np.nan), 1)


def test_a_search_that_does_not_end_gives_what_it_reached():
    with pytest.raises(ConvergenceError, match="did not converge in 3 steps") as caught:
        found("harman", "pa", max_iter=3)
    assert caught.value.partial.loadings.shape == (24, 4)
