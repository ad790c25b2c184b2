"""Ordinal populations: answers from thresholds, both parameterisations, recovery, and Monte Carlo power."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

import trustmeasure as tm
from trustmeasure.errors import ArgumentError, ModelSyntaxError
from trustmeasure.sem.draw_causes import EMPTY
from trustmeasure.sem.monte_carlo_fits import FittedRows, Shape
from trustmeasure.sem.ordinal.monte_carlo import Drawn, ordinal_study

DELTA = """
f =~ 0.8*a + 0.7*b + 0.6*c
a | -1*t1 + 0*t2 + 1*t3
b | 0.4*t1
c | -0.5*t1 + 0.5*t2
"""
THETA = DELTA.replace("0.8*a", "1.2*a")
FREE = """
f =~ start(0.8)*a + start(0.7)*b + start(0.6)*c + start(0.75)*d
a | start(-1)*t1 + start(0)*t2 + start(1)*t3
b | start(0.4)*t1
c | start(-0.5)*t1 + start(0.5)*t2
d | start(-0.8)*t1 + start(0.2)*t2
"""


def shares(column: pd.Series) -> np.ndarray:
    """Return the share of each code, in order."""
    return column.value_counts(normalize=True).sort_index().to_numpy()


def test_answers_come_as_often_as_thresholds_say() -> None:
    data = tm.simulate(DELTA, 60_000, seed=1)
    np.testing.assert_allclose(shares(data["a"]), np.diff(ndtr([-9, -1, 0, 1, 9])), atol=0.01)
    np.testing.assert_allclose(shares(data["b"]), [ndtr(0.4), ndtr(-0.4)], atol=0.01)
    found = tm.ordinal_diagnosis(data).correlations
    assert found.loc["a", "b"] == pytest.approx(0.56, abs=0.015)


def test_with_theta_residuals_have_variance_one() -> None:
    data = tm.simulate(THETA, 60_000, seed=1, parameterization="theta")
    sd = np.sqrt(1 + 1.2**2)
    np.testing.assert_allclose(shares(data["a"]), np.diff(ndtr(np.array([-9, -1, 0, 1, 9]) / sd)), atol=0.01)
    found = tm.ordinal_diagnosis(data).correlations
    assert found.loc["a", "b"] == pytest.approx(1.2 * 0.7 / (sd * np.sqrt(1.49)), abs=0.015)


def test_means_and_scales_move_what_is_cut() -> None:
    data = tm.simulate(
        "a ~~ 0*b\na | -1*t1 + 1*t2\nb | 0*t1\na ~ 0.5*1\na ~*~ 0.5*a\nb ~*~ 1*b", 60_000, seed=1
    )
    # The response has the mean 0.5 and the standard deviation 2.
    expected = np.diff(ndtr((np.array([-50, -1, 1, 50]) - 0.5) / 2))
    np.testing.assert_allclose(shares(data["a"]), expected, atol=0.01)


def test_covariates_stand_outside_the_variance_of_one() -> None:
    text = "y | -0.3*t1 + 0.6*t2\ny ~ 0.8*x\nx ~~ 4*x"
    with_x = "y | -0.3*t1 + 0.6*t2\ny ~ 0.8*x"
    data = tm.simulate(with_x, 4000, seed=2, values={"x ~~ x": 4.0})
    assert data["x"].std() == pytest.approx(2.0, abs=0.1)
    fit = tm.fit_sem("y ~ x", data, ordered=["y"])
    row = fit.parameters.set_index(["lhs", "op", "rhs"])
    assert row.loc[("y", "~", "x"), "estimate"] == pytest.approx(0.8, abs=0.06)
    assert row.loc[("y", "|", "t2"), "estimate"] == pytest.approx(0.6, abs=0.06)
    # A variance written into the text makes x part of the model: the whole variance of y* is 1 then.
    with pytest.raises(ArgumentError, match="no residual variance"):
        tm.simulate(text, 10, seed=1)


def test_groups_have_their_own_thresholds() -> None:
    text = "f =~ 0.8*a + 0.7*b\na | c(-1, 0)*t1\nb | 0*t1"
    data = tm.simulate(text, [20_000, 20_000], seed=1)
    means = data.groupby("group")["a"].mean()
    np.testing.assert_allclose(means.to_numpy(), [1 + ndtr(1), 1.5], atol=0.015)


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_a_fit_gives_answers_like_those_it_rests_on(parameterization: str) -> None:
    data = tm.simulate(DELTA, 3000, seed=3)
    data["b"] = data["b"] - 1  # codes 0 and 1
    model = "f =~ a + b + c"
    fit = tm.fit_sem(model, data, ordered=True, parameterization=parameterization)
    again = tm.simulate(fit, 40_000, seed=4)
    for name in "abc":
        assert sorted(again[name].unique()) == sorted(data[name].unique())
        np.testing.assert_allclose(shares(again[name]), shares(data[name]), atol=0.012)
    refit = tm.fit_sem(model, again, ordered=True, parameterization=parameterization)
    loadings = fit.parameters["op"] == "=~"
    np.testing.assert_allclose(
        refit.parameters.loc[loadings, "std_all"], fit.parameters.loc[loadings, "std_all"], atol=0.03
    )


def test_gaps_and_shapes_go_along() -> None:
    data = tm.simulate(DELTA, 4000, seed=1, missing={"a": 0.2}, missing_by="c")
    assert data["a"].isna().mean() == pytest.approx(0.2, abs=0.03)
    mixed = tm.simulate("f =~ 0.8*a + 0.7*b\na | 0*t1\nb ~~ 0.51*b", 50, seed=1, cuts={"b": [-0.2, 0.9]})
    assert sorted(mixed["b"].unique()) == [1.0, 2.0, 3.0]
    skewed = tm.simulate(DELTA, 20_000, seed=1, distribution="vale_maurelli", skew=1.0, kurtosis=1.5)
    assert shares(skewed["a"])[0] < ndtr(-1.0) - 0.01


@pytest.mark.parametrize(
    ("text", "options", "error", "said"),
    [
        ("f =~ 0.8*a + 0.7*b\na | 0*t1 + t2\nb | 0*t1", {}, ArgumentError, "Threshold t2 of a has no value"),
        ("f =~ 0.8*a + 0.7*b\na | 0*t1", {"values": {"a | t1": 0.2}, "cuts": {"a": [0]}}, ArgumentError,
         "'a' has thresholds in the model already"),
        ("f =~ 0.8*a + 0.7*b\na | -1*t1 + 0*t2", {"values": {"a|t1": 0.5}}, ArgumentError,
         "thresholds of a must rise"),
        ("f =~ 1.2*a + 0.3*b\na | 0*t1\nb | 0*t1", {}, ArgumentError, "behind a no residual variance"),
        ("f =~ 0.8*a + 0.7*b\na | 1*t1 + 0*t2", {}, ModelSyntaxError, "t2"),
        (DELTA, {"parameterization": "gamma"}, ArgumentError, "parameterization='gamma' is not known"),
    ],
)  # fmt: skip
def test_populations_that_cannot_be(
    text: str, options: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        tm.simulate(text, 10, seed=1, **options)


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_the_truth_of_a_study_is_the_population(parameterization: str) -> None:
    drawn = Drawn(FREE, None, 1, None, parameterization)
    true, _ = drawn.truth(None, None)
    values = dict(zip(true.model.free_names, true.theta, strict=True))
    assert true.discrepancy < 1e-12
    # The marker's loading is 1, so that the others are told in its unit.
    assert values["f=~b"] == pytest.approx(0.7 / 0.8, abs=1e-7)
    assert values["f~~f"] == pytest.approx(0.64, abs=1e-7)
    assert values["a|t1"] == pytest.approx(-1.0, abs=1e-8)
    assert values["d|t2"] == pytest.approx(0.2, abs=1e-8)


def test_the_weights_of_a_population_are_those_of_a_large_sample() -> None:
    drawn = Drawn(FREE, None, 1, None, "delta")
    true, _ = drawn.truth(None, None)
    data = tm.simulate(FREE, 200_000, seed=5)
    fit = tm.fit_sem("f =~ a + b + c + d", data, ordered=True)
    ours, theirs = (r.groups[0].moments.ordinal for r in (true, fit))
    assert ours is not None and theirs is not None  # noqa: PT018 - narrowing
    np.testing.assert_allclose(ours.statistics, theirs.statistics, atol=0.012)
    assert ours.variances is not None and theirs.variances is not None  # noqa: PT018 - narrowing
    np.testing.assert_allclose(ours.variances, theirs.variances, rtol=0.03)


def test_power_by_thresholds_and_by_cuts_is_the_same() -> None:
    text = "f =~ start(0.8)*a + start(0.7)*b + start(0.6)*c + start(0.75)*d"
    rest = "\n".join(
        f"{n} ~~ start({1 - x**2})*{n}" for n, x in zip("abcd", (0.8, 0.7, 0.6, 0.75), strict=True)
    )
    cuts = {"a": [-1, 0, 1], "b": [0.4], "c": [-0.5, 0.5], "d": [-0.8, 0.2]}
    options: dict[str, Any] = {"seed": 1, "replications": 40, "progress": False}
    first = tm.power_monte_carlo(FREE, 300, **options).set_index("parameter")
    second = tm.power_monte_carlo(
        f"{text}\n{rest}", 300, cuts=cuts, ordered=True, analysis="f =~ a + b + c + d", **options
    ).set_index("parameter")
    pd.testing.assert_frame_equal(first.loc[second.index], second, check_exact=False, rtol=1e-6, atol=1e-7)


def test_recovery_and_coverage() -> None:
    frame = tm.power_monte_carlo(FREE, 500, seed=2, replications=150, progress=False)
    assert frame["failed"].max() == 0
    found = frame.set_index("parameter")
    assert (found["bias"].abs() < 4 * found["sd"] / np.sqrt(150) + 0.02).all()
    assert found["coverage"].between(0.86, 1.0).all()
    ratio = found["se_mean"] / found["sd"]
    assert ratio.between(0.8, 1.25).all()
    assert (found.loc[["f=~b", "f=~c"], "power"] > 0.95).all()


def test_one_seed_gives_the_same_study_whoever_makes_it() -> None:
    options: dict[str, Any] = {"seed": 3, "replications": 104, "progress": False}
    text = "y | start(0.3)*t1\ny ~ start(0.5)*x"
    alone = tm.power_monte_carlo(text, 60, workers=1, **options)
    shared = tm.power_monte_carlo(text, 60, workers=2, **options)
    pd.testing.assert_frame_equal(alone, shared)


def test_estimators_gaps_and_groups() -> None:
    options: dict[str, Any] = {"seed": 4, "replications": 8, "progress": False}
    plain = tm.power_monte_carlo(FREE, 300, estimator="ULSMV", **options)
    assert plain["failed"].max() == 0
    gaps = tm.power_monte_carlo(FREE, 300, missing=0.1, **options)
    assert gaps["se_mean"].mean() > plain["se_mean"].mean() * 0.9
    assert gaps["failed"].max() == 0
    groups = tm.power_monte_carlo(FREE, 300, groups=2, **options)
    assert len(groups) == 2 * len(plain)


def test_covariates_in_a_study() -> None:
    text = f"{FREE}\nf ~ start(0.3)*x"
    frame = tm.power_monte_carlo(text, 300, seed=5, replications=30, progress=False).set_index("parameter")
    # In the unit of the marker, whose loading is 0.8 in the text.
    assert frame.loc["f~x", "population"] == pytest.approx(0.24, abs=1e-6)
    assert abs(frame.loc["f~x", "bias"]) < 0.05
    assert frame.loc["f~x", "power"] > 0.9


def test_a_fitted_model_as_population() -> None:
    data = tm.simulate(FREE, 800, seed=6)
    fit = tm.fit_sem("f =~ a + b + c + d\nratio := 1", data, ordered=True)
    true, _ = Drawn(fit, None, 1, None, "delta").truth(None, None)
    np.testing.assert_allclose(true.theta, fit.theta, atol=1e-5)
    frame = tm.power_monte_carlo(fit, 200, seed=1, replications=6, progress=False)
    assert frame["population"].iloc[0] == pytest.approx(fit.theta[0], abs=1e-5)


def test_samples_without_a_category_count_as_failed() -> None:
    rare = FREE.replace("start(-1)*t1", f"start({float(ndtri(0.01))})*t1")
    frame = tm.power_monte_carlo(rare, 100, seed=1, replications=60, progress=False)
    # 0.99 to the power of 100 is 0.37.
    assert 10 < frame["failed"].iloc[0] < 35
    study, _ = ordinal_study(
        Drawn(rare, None, 1, None, "delta"), 20, 1, None, Shape("normal", None, None, None), None, None
    )
    assert isinstance(study, FittedRows)
    assert EMPTY in study.chunk(0, 5)[0].cause


def test_required_n() -> None:
    text = "y | start(0.3)*t1\ny ~ start(0.5)*x"
    found = tm.required_n(
        text, "y~x", method="monte_carlo", seed=1, replications=30, progress=False, power=0.8
    )
    n = int(found["n"].iloc[0])
    assert 30 < n < 100
    with pytest.raises(ArgumentError, match="ordinal variables, whose test is not n times a discrepancy"):
        tm.required_n(text, "y~x")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cuts": [0.0]}, "say ordered=True"),
        ({"ordered": True}, "no variable is ordinal"),
        ({"cuts": [0.0], "ordered": True, "estimator": "MLR"}, "takes variables as continuous"),
        ({"cuts": [0.0], "ordered": True, "analysis": "f =~ a + b + q"}, "no variable q"),
        ({"cuts": [0.0], "ordered": True, "analysis": tm.parse_model("f =~ a + b + c")}, "is parsed already"),
    ],
)
def test_studies_that_cannot_be(options: dict[str, Any], said: str) -> None:
    text = "f =~ start(0.8)*a + start(0.7)*b + start(0.6)*c"
    with pytest.raises(ArgumentError, match=said):
        tm.power_monte_carlo(text, 200, seed=1, replications=2, progress=False, **options)


def test_limits_of_an_indirect_effect() -> None:
    text = """
    f =~ 0.8*a + 0.7*b + 0.75*c
    a | -1*t1 + 0*t2
    b | -0.5*t1 + 0.5*t2
    c | 0*t1 + 1*t2
    y | 0*t1
    f ~ 0.5*x
    y ~ 0.4*f + 0.1*x
    """
    data = tm.simulate(text, 600, seed=1)
    fit = tm.fit_sem("f =~ a + b + c\nf ~ p*x\ny ~ q*f + x\nindirect := p*q", data, ordered=True)
    limits = tm.monte_carlo_intervals(fit, seed=1)
    row = fit.parameters.set_index("lhs").loc["indirect"]
    assert limits["estimate"].iloc[0] == pytest.approx(row["estimate"])
    assert limits["se"].iloc[0] == pytest.approx(row["se"], rel=0.05)
    assert limits["ci_lower"].iloc[0] < row["estimate"] < limits["ci_upper"].iloc[0]
    assert limits["std_all"].iloc[0] == pytest.approx(row["std_all"], rel=1e-6)
    assert limits["ci_lower"].iloc[0] > 0
