"""Robust standard errors and scaled tests: what must hold besides lavaan's numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.moments import from_frame
from trustmeasure.sem import fit_sem, parse_model
from trustmeasure.sem.casewise import scores
from trustmeasure.sem.discrepancy import MaximumLikelihood
from trustmeasure.sem.matrices import build


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
def test_estimates_are_those_of_ml(estimator: str) -> None:
    plain, robust = fit_sem(PD_MODEL, democracy()), fit_sem(PD_MODEL, democracy(), estimator=estimator)
    np.testing.assert_array_equal(plain.parameters.estimate, robust.parameters.estimate)
    assert not np.allclose(plain.parameters.se, robust.parameters.se, rtol=1e-3)
    assert robust.estimator == estimator
    assert estimator in str(robust.summary())
    assert "Scaled chi-square (df, p)" in str(robust.summary())
    assert "Robust RMSEA" not in str(plain.summary())
    shared = plain.fit_measures.index
    np.testing.assert_allclose(robust.fit_measures[shared], plain.fit_measures, rtol=1e-12)


@pytest.mark.parametrize("means", [True, False])
def test_scores_sum_to_the_gradient(means: bool) -> None:
    table = parse_model(PD_MODEL, meanstructure=means)
    moments = from_frame(democracy(), table.observed)
    ram = build(table, moments.cov, moments.mean)
    fit = fit_sem(PD_MODEL, democracy(), meanstructure=means)
    theta = fit.theta * np.random.default_rng(1).uniform(0.95, 1.05, fit.theta.size)
    rows = democracy()[list(table.observed)].to_numpy()
    assert moments.mean is not None
    centre = fit_centre = moments.mean
    if means:
        from trustmeasure.sem.matrices import implied

        found = implied(ram, theta[None]).mu
        assert found is not None
        centre = found[0]
    own = scores(ram, theta, rows - centre).mean(axis=0)
    ml = MaximumLikelihood.of(ram, moments.cov[None], fit_centre[None])
    gradient = ml.point(theta[None], np.zeros(1, dtype=np.intp)).gradient[0]
    np.testing.assert_allclose(own, -gradient / 2, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
def test_normal_data_need_no_correction(estimator: str) -> None:
    rng = np.random.default_rng(11)
    implied = fit_sem(HS_MODEL, holzinger()).implied.cov
    data = pd.DataFrame(rng.multivariate_normal(np.zeros(9), implied, 20_000), columns=implied.columns)
    plain, robust = fit_sem(HS_MODEL, data), fit_sem(HS_MODEL, data, estimator=estimator)
    assert robust.fit_measures["chisq_scaling_factor"] == pytest.approx(1, abs=0.03)
    free = plain.parameters.se > 0
    ratio = robust.parameters.se[free] / plain.parameters.se[free]
    assert ratio.to_numpy() == pytest.approx(np.ones(free.sum()), abs=0.05)


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
def test_heavy_tails_make_the_factor_larger(estimator: str) -> None:
    rng = np.random.default_rng(12)
    implied = fit_sem(HS_MODEL, holzinger()).implied.cov
    normal = rng.multivariate_normal(np.zeros(9), implied, 5_000)
    heavy = normal / np.sqrt(rng.chisquare(6, size=(5_000, 1)) / 6)
    fit = fit_sem(HS_MODEL, pd.DataFrame(heavy, columns=implied.columns), estimator=estimator)
    assert fit.fit_measures["chisq_scaling_factor"] > 1.3
    assert fit.fit_measures["chisq_scaled"] < fit.fit_measures["chisq"]


@pytest.mark.parametrize("estimator", ["MLR", "MLM"])
def test_order_of_rows_does_not_matter(estimator: str) -> None:
    a = fit_sem(HS_MODEL, holzinger(), estimator=estimator)
    b = fit_sem(HS_MODEL, holzinger().sample(frac=1, random_state=1), estimator=estimator)
    np.testing.assert_allclose(a.parameters.se, b.parameters.se, rtol=1e-7)
    np.testing.assert_allclose(a.fit_measures, b.fit_measures, rtol=1e-6, atol=1e-9)


def test_robust_estimators_need_rows() -> None:
    cov = holzinger()[[f"x{i}" for i in range(1, 10)]].cov()
    with pytest.raises(ArgumentError, match="estimator='MLR' needs the rows"):
        fit_sem(HS_MODEL, sample_cov=cov, n_obs=301, estimator="MLR")
    with pytest.raises(ArgumentError, match="semopy"):
        fit_sem(HS_MODEL, holzinger(), estimator="MLM", engine="semopy")


def test_without_degrees_of_freedom_there_is_nothing_to_scale() -> None:
    f = fit_sem("x7 ~ x1 + x2", holzinger(), estimator="MLR").fit_measures
    assert np.isnan(f["chisq_scaling_factor"])
    assert f["cfi_robust"] == 1.0
    assert f["rmsea_robust"] == 0.0
