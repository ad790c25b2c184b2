"""KMO, Bartlett, MAP, eigenvalue rules and parallel analysis against psych, nFactors and lavaan."""

from __future__ import annotations

import numpy as np
import pytest

import trustmeasure as tm
from tests.factors.number_data import CASES, items_of, stored
from trustmeasure.factors.communality import one_factor_loadings, reduced
from trustmeasure.factors.kaiser import above_one, acceleration_factor, kaiser_references, optimal_coordinates

EXACT = {"rtol": 1e-9, "atol": 1e-12}


@pytest.mark.parametrize("case", CASES)
def test_kmo_and_sphericity_are_those_of_psych(case: str) -> None:
    expected, items = stored("adequacy")[case], items_of(case)
    found = tm.kmo(items)
    assert found.overall == pytest.approx(expected["overall"], rel=1e-10)
    assert dict(zip(found.items["item"], found.items["kmo"], strict=True)) == pytest.approx(expected["items"])
    test = tm.bartlett_sphericity(items)
    for name in ("chisq", "df", "p_value", "determinant"):
        assert getattr(test, name) == pytest.approx(expected[name], rel=1e-9, abs=0.0), name
    assert test.n_obs == expected["n_obs"]


@pytest.mark.parametrize("case", CASES)
def test_map_is_that_of_the_formulas_and_of_psych(case: str) -> None:
    expected, found = stored("eigenvalues")[case], tm.map_test(items_of(case))
    np.testing.assert_allclose(found.averages["squared"], expected["squared"], **EXACT)
    np.testing.assert_allclose(found.averages["fourth"], expected["fourth"], **EXACT)
    own = found.averages["squared"].to_numpy()[1 : 1 + len(expected["map_psych"])]
    np.testing.assert_allclose(own, expected["map_psych"], **EXACT)
    assert found.n_factors == int(np.argmin(expected["squared"]))


@pytest.mark.parametrize("case", CASES)
def test_rules_on_eigenvalues(case: str) -> None:
    expected, found = stored("eigenvalues")[case], tm.empirical_kaiser(items_of(case))
    np.testing.assert_allclose(found.eigenvalues, expected["eigenvalues"], **EXACT)
    np.testing.assert_allclose(
        kaiser_references(found.eigenvalues, expected["n_obs"]), expected["references"], **EXACT
    )
    assert above_one(found.eigenvalues) == expected["kaiser"]
    assert acceleration_factor(found.eigenvalues) == expected["acceleration"]
    assert optimal_coordinates(found.eigenvalues) == expected["optimal"]


@pytest.mark.parametrize("case", CASES)
def test_eigenvalues_of_the_items_are_those_of_psych(case: str) -> None:
    expected = stored("parallel")[case]
    found = tm.parallel_analysis(items_of(case), draws=20, seed=1)
    np.testing.assert_allclose(found.eigenvalues["components"], expected["components"], **EXACT)
    np.testing.assert_allclose(found.eigenvalues["factors"], expected["smc"], rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_one_factor_communalities_are_those_of_psych(case: str) -> None:
    """psych stops its optimiser at about six digits of the uniquenesses."""
    expected = stored("parallel")[case]["minres"]
    found = tm.parallel_analysis(items_of(case), draws=20, seed=1, communalities="minres")
    np.testing.assert_allclose(found.eigenvalues["factors"], expected, atol=2e-5)


def test_one_factor_communalities_are_a_minimum() -> None:
    corr = items_of("ordinal").corr().to_numpy()
    loadings = one_factor_loadings(corr[None])[0]
    left = corr - np.outer(loadings, loadings)
    np.fill_diagonal(left, 0.0)
    assert np.abs(left @ loadings).max() < 1e-8
    assert np.allclose(np.diag(reduced(corr[None], "minres")[0]), loadings**2)


@pytest.mark.parametrize(("case", "data"), [("polychoric", "ordinal"), ("polychoric_binary", "binary")])
def test_polychoric_eigenvalues_are_those_of_lavaan(case: str, data: str) -> None:
    found = tm.parallel_analysis(items_of(data), correlation="polychoric", draws=20, seed=1)
    np.testing.assert_allclose(
        found.eigenvalues["components"], stored("parallel")[case]["components"], atol=1e-5
    )


@pytest.mark.parametrize("case", ["random_60_5", "random_300_12"])
@pytest.mark.parametrize("model", ["components", "factors"])
def test_random_eigenvalues_have_the_distribution_of_r(case: str, model: str) -> None:
    expected = stored("parallel")[case]
    n, p, draws = expected["n"], expected["p"], 2000
    found = tm.parallel_analysis(np.eye(p), n_obs=n, draws=draws, seed=3).random[model]
    sd = np.array(expected[model]["sd"])
    error = sd * np.sqrt(1 / draws + 1 / expected["draws"])
    assert (np.abs(found.mean(0) - expected[model]["mean"]) < 4 * error).all()
    assert (np.abs(np.quantile(found, 0.95, axis=0) - expected[model]["quantile"]) < 9 * error).all()
    assert np.allclose(found.std(0), sd, rtol=0.12)


def test_random_components_are_those_of_nfactors() -> None:
    expected = stored("parallel")["random_300_12"]
    found = tm.parallel_analysis(np.eye(12), n_obs=300, draws=2000, seed=4)
    error = np.array(expected["components"]["sd"]) * np.sqrt(2 / 2000)
    assert (np.abs(found.threshold("components", "mean") - expected["nfactors"]["mean"]) < 4 * error).all()
    assert (np.abs(found.threshold("components") - expected["nfactors"]["quantile"]) < 9 * error).all()
