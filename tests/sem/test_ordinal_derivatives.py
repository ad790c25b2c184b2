"""What a model implies for ordinal data, differentiated: against complex steps and against differences."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from trustmeasure.sem import SemResult, fit_sem
from trustmeasure.sem.discrepancy import OrdinalLeastSquares
from trustmeasure.sem.ordinal.gradient import weighted_slopes
from trustmeasure.sem.ordinal.statistics import slopes_at, state_at, statistics

ONE = np.zeros(1, dtype=np.intp)
ORDERED = ["x1", "x2", "x3", "x4", "y1", "y2"]
MODELS = {
    "factors": "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ f",
    "covariates": "f =~ x1 + x2 + x3 + x4\ng =~ y1 + y2 + y3\ng ~ f + z\nf ~ z + z2\nx1 ~ z2",
    "observed mediators": "x3 ~ x2 + z\nx4 ~ x3 + x2\ny3 ~ x4 + x3",
    "mediating and measured": "f =~ x1 + x2 + x3\nx4 ~ f + z\ny1 ~ x4 + f\ny3 ~ y1 + z2",
}


@cache
def answers() -> pd.DataFrame:
    """Return drawn answers in four categories, with a continuous variable, two covariates and groups."""
    rng = np.random.default_rng(11)
    n = 400
    z, z2, f = rng.normal(size=(3, n))
    g = 0.5 * f + 0.3 * z + 0.8 * rng.normal(size=n)
    causes = {"x1": f, "x2": f, "x3": f, "x4": f, "y1": g, "y2": g}
    noise = {name: rng.normal(size=n) for name in causes}
    cuts = {
        name: np.digitize(0.8 * cause + 0.7 * noise[name], [-0.9, 0.1, 1.0]) for name, cause in causes.items()
    }
    frame = pd.DataFrame(cuts, dtype=float)
    return frame.assign(y3=1.0 + 1.2 * g + rng.normal(size=n), z=z, z2=z2, half=np.tile(["a", "b"], n // 2))


@cache
def fitted(name: str, parameterization: str, grouped: bool) -> SemResult:
    options = {"group": "half", "group_equal": ["loadings", "thresholds"]} if grouped else {}
    exogenous = {"x2"} if name == "observed mediators" else set()
    names = [v for v in ORDERED if v in MODELS[name] and v not in exogenous]
    return fit_sem(MODELS[name], answers(), ordered=names, parameterization=parameterization, **options)


CASES = [
    pytest.param(name, parameterization, grouped, id=f"{name}-{parameterization}-{'groups' * grouped}")
    for name in MODELS
    for parameterization in ("delta", "theta")
    for grouped in (False, True)
]


def near(result: SemResult) -> np.ndarray:
    """Return parameters near the solution, where nothing is special."""
    return result.theta + 0.05 * np.random.default_rng(3).normal(size=result.theta.size)


@pytest.mark.parametrize(("name", "parameterization", "grouped"), CASES)
def test_the_derivatives_of_all_statistics_are_those_of_complex_steps(name, parameterization, grouped):
    result = fitted(name, parameterization, grouped)
    theta = near(result)
    for group in result.groups:
        moved = np.repeat(theta[None].astype(complex), theta.size, axis=0) + 1e-20j * np.eye(theta.size)
        expected = np.imag(statistics(group.ram, moved)).T / 1e-20
        value, slopes = slopes_at(group.ram, theta[None])
        np.testing.assert_allclose(slopes[0], expected, atol=1e-13)
        np.testing.assert_allclose(value, statistics(group.ram, theta[None]), atol=1e-15)


@pytest.mark.parametrize(("name", "parameterization", "grouped"), CASES)
def test_a_weighted_sum_has_the_weighted_derivatives(name, parameterization, grouped):
    result = fitted(name, parameterization, grouped)
    theta = near(result)
    for group in result.groups:
        slopes = slopes_at(group.ram, theta[None])[1][0]
        weights = np.random.default_rng(4).normal(size=(1, len(slopes)))
        found = weighted_slopes(group.ram, state_at(group.ram, theta[None]), weights)
        np.testing.assert_allclose(found, weights @ slopes, atol=1e-12)


@pytest.mark.parametrize(("name", "parameterization", "grouped"), CASES)
def test_the_discrepancy_has_its_derivatives(name, parameterization, grouped):
    result = fitted(name, parameterization, grouped)
    theta, step = near(result), 1e-5
    for group in result.groups:
        part = OrdinalLeastSquares(group.ram, group.moments.ordinal.statistics, group.weight)
        value, slope = part.slope(theta[None], ONE)
        ends = [part.slope(theta[None] + sign * step * np.eye(theta.size), ONE) for sign in (1, -1)]
        np.testing.assert_allclose(slope[0], (ends[0][0] - ends[1][0]) / (2 * step), atol=1e-7)
        hessian = part.hessian(theta[None], ONE)[0]
        np.testing.assert_allclose(hessian, (ends[0][1] - ends[1][1]) / (2 * step), atol=1e-5)
        point = part.point(theta[None], ONE)
        np.testing.assert_allclose(point.value, value)
        np.testing.assert_allclose(point.gradient[0], slope[0], atol=1e-14)
        slopes = slopes_at(group.ram, theta[None])[1][0]
        expected = 2.0 * slopes.T @ group.weight.times(slopes)
        np.testing.assert_allclose(point.curvature[0], expected, atol=1e-10)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("grouped", [False, True])
def test_both_parameterizations_are_one_model(name, grouped):
    delta, theta = (fitted(name, kind, grouped) for kind in ("delta", "theta"))
    assert delta.df == theta.df
    assert delta.chisq == pytest.approx(theta.chisq, rel=1e-9)
    assert delta.fit_measures.chisq_scaled == pytest.approx(theta.fit_measures.chisq_scaled, rel=1e-7)
    regressions = delta.parameters.op.isin(["=~", "~"])
    np.testing.assert_allclose(
        delta.parameters.std_all[regressions], theta.parameters.std_all[regressions], atol=1e-6
    )


@pytest.mark.parametrize("name", MODELS)
def test_responses_have_the_variance_that_their_scales_say(name):
    result = fitted(name, "delta", False)
    now = state_at(result.groups[0].ram, result.theta[None])
    layout = result.model.layout
    np.testing.assert_allclose(np.diag(now.sigma[0])[layout.ordinal], 1.0, atol=1e-12)
