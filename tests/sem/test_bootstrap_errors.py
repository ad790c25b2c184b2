"""se="bootstrap" and test="bollen-stine" in fit_sem: the draws' own numbers, for every estimator."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, holzinger, linear
from trustmeasure.errors import ArgumentError, TrustMeasureWarning
from trustmeasure.sem import SemResult, bollen_stine, bootstrap, effects, fit_sem, standardized_solution

MEDIATION = "m ~ a*x + z\ny ~ b*m + x\nindirect := a*b"


@cache
def fitted() -> SemResult:
    return fit_sem(MEDIATION, linear(1), se="bootstrap", n_bootstrap=300, seed=11)


def quietly(data: pd.DataFrame, **options: Any) -> SemResult:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit_sem(MEDIATION, data, **options)


def test_errors_and_limits_are_those_of_the_draws() -> None:
    plain = fit_sem(MEDIATION, linear(1))
    draws = bootstrap(plain, linear(1), 300, seed=11)
    wanted, found = draws.parameters(), fitted().parameters
    for column in ("estimate", "se", "ci_lower", "ci_upper"):
        np.testing.assert_allclose(found[column], wanted[column], rtol=1e-12)
    np.testing.assert_allclose(found["z"], (wanted["estimate"] / wanted["se"]).where(wanted["se"] > 0))
    np.testing.assert_allclose(np.sqrt(np.diag(fitted().vcov)), draws.draws.std(axis=0, ddof=1), rtol=1e-12)
    assert found["std_all"].equals(plain.parameters["std_all"])
    assert fitted().draws is not None
    assert fitted().draws.n == 300
    assert "from 300 bootstrap draws (0 failed, 0 inadmissible; seed 11)" in str(fitted().summary())


def test_standardised_values_and_effects_use_the_draws() -> None:
    draws = fitted().draws
    assert draws is not None
    wanted = draws.parameters(ci=0.9)
    found = standardized_solution(fitted(), ci=0.9)
    assert list(found.columns) == list(standardized_solution(fit_sem(MEDIATION, linear(1))).columns)
    np.testing.assert_allclose(found["se"], wanted["std_all_se"])
    np.testing.assert_allclose(found["ci_lower"], wanted["std_all_ci_lower"])
    row = effects(fitted(), source="x", target="y").query("kind == 'specific'").iloc[0]
    line = draws.parameters().query("op == ':='").iloc[0]
    assert row["ci_upper"] == pytest.approx(line["ci_upper"])
    assert row["std_all_se"] == pytest.approx(line["std_all_se"])
    delta = effects(fitted(), interval="delta", source="x", target="y").query("kind == 'specific'").iloc[0]
    assert delta["ci_upper"] != pytest.approx(row["ci_upper"])


def test_the_bollen_stine_test_is_a_fit_measure() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), test="bollen.stine", n_bootstrap=200, seed=2)
    alone = bollen_stine(fit_sem(HS_MODEL, holzinger()), holzinger(), 200, seed=2)
    assert fit.fit_measures["pvalue_bollen_stine"] == alone["pvalue_bollen_stine"]
    assert fit.fit_measures["pvalue"] == pytest.approx(alone["pvalue"])
    assert fit.draws is None
    assert "Bollen-Stine p" in str(fit.summary())
    assert "(200 draws)" in str(fit.summary())


@pytest.mark.parametrize("estimator", ["GLS", "ULS", "WLS", "DWLS"])
def test_weight_matrices_are_made_anew_for_each_draw(estimator: str) -> None:
    fit = quietly(linear(1), estimator=estimator, se="bootstrap", n_bootstrap=10, seed=4)
    (stream,) = np.random.SeedSequence(4, spawn_key=(0,)).spawn(1)
    rows = np.random.default_rng(stream).integers(0, 150, 150)
    again = quietly(linear(1).iloc[rows], estimator=estimator)
    assert fit.draws is not None
    np.testing.assert_allclose(fit.draws.draws[0], again.theta, rtol=1e-6, atol=1e-8)
    assert fit.draws.chisq[0] == pytest.approx(again.chisq, rel=1e-6, abs=1e-8)


def test_wishart_likelihood_and_incomplete_rows() -> None:
    wishart = fit_sem(MEDIATION, linear(1), likelihood="wishart")
    draws = bootstrap(wishart, linear(1), 5, seed=1)
    assert draws.solved.all()
    with pytest.raises(ArgumentError, match="likelihood='wishart'"):
        bootstrap(wishart, linear(1), 5, seed=1, kind="bollen-stine")
    holed = linear(1)
    holed.loc[::9, "y"] = np.nan
    fiml = fit_sem(MEDIATION, holed, missing="fiml")
    draws = bootstrap(fiml, holed, 5, seed=1)
    assert draws.solved.all()
    asked = fit_sem(MEDIATION, holed, missing="fiml", se="bootstrap", n_bootstrap=5, seed=1)
    np.testing.assert_allclose(asked.parameters["se"], draws.parameters()["se"])
    helped = fit_sem("y ~ x + z", holed, missing="fiml", auxiliary="m", se="bootstrap", n_bootstrap=5, seed=1)
    assert (helped.parameters["se"] >= 0).all()
    with pytest.raises(ArgumentError, match="missing='fiml'"):
        fit_sem(MEDIATION, holed, missing="fiml", test="bollen-stine", seed=1)


def test_lost_draws_are_told() -> None:
    data = linear(4, n=7)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", TrustMeasureWarning)
        fit = fit_sem("m ~ x\ny ~ m + x + z", data, se="bootstrap", n_bootstrap=300, seed=1)
    assert any("of 300 nonparametric draws failed" in text for text in fit.warnings)
    assert said


def test_refused() -> None:
    with pytest.raises(ArgumentError, match="say seed="):
        fit_sem(MEDIATION, linear(1), se="bootstrap")
    with pytest.raises(ArgumentError, match="say seed="):
        fit_sem(MEDIATION, linear(1), test="bollen-stine")
    with pytest.raises(ArgumentError, match="n_bootstrap=1: it must be a whole number of at least 2"):
        fit_sem(MEDIATION, linear(1), se="bootstrap", seed=1, n_bootstrap=1)
    with pytest.raises(ArgumentError, match="n=0: at least one draw"):
        bootstrap(fit_sem(MEDIATION, linear(1)), linear(1), 0, seed=1)
    cov = linear(1).cov()
    with pytest.raises(ArgumentError, match="needs the rows"):
        fit_sem(MEDIATION, sample_cov=cov, n_obs=150, se="bootstrap", seed=1)
    with pytest.raises(ArgumentError, match="needs a seed"):
        effects(fit_sem(MEDIATION, linear(1)), interval="monte_carlo")
    with pytest.raises(ArgumentError, match="needs draws"):
        effects(fit_sem(MEDIATION, linear(1)), interval="bca")
    draws = bootstrap(fit_sem(MEDIATION, linear(1)), linear(1), 10, seed=1)
    with pytest.raises(ArgumentError, match="does not use the draws"):
        effects(draws.result, bootstrap=draws, interval="delta")
    with pytest.raises(ArgumentError, match="another fit"):
        effects(fit_sem(MEDIATION, linear(2)), bootstrap=draws)
    with pytest.raises(ArgumentError, match="Did you mean 'percentile'"):
        effects(draws.result, bootstrap=draws, interval="percentil")
