"""Full information from incomplete rows: what must hold besides lavaan's numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ArgumentError, DataError, ListwiseWarning
from trustmeasure.moments import from_incomplete
from trustmeasure.moments.missing import saturated
from trustmeasure.moments.patterns import patterns_of
from trustmeasure.sem import fit_sem, parse_model
from trustmeasure.sem.discrepancy import FullInformation
from trustmeasure.sem.matrices import build
from trustmeasure.sem.starting import starting_values

ITEMS = [f"x{i}" for i in range(1, 10)]


def gaps(share: float = 0.1, seed: int = 0) -> pd.DataFrame:
    data = holzinger()[ITEMS].astype(float)
    return data.mask(np.random.default_rng(seed).uniform(size=data.shape) < share)


def test_complete_rows_give_the_estimates_of_ml() -> None:
    full = fit_sem(HS_MODEL, holzinger(), missing="fiml")
    plain = fit_sem(HS_MODEL, holzinger(), meanstructure=True)
    np.testing.assert_allclose(full.parameters.estimate, plain.parameters.estimate, rtol=1e-6, atol=1e-9)
    assert full.fit_measures["chisq"] == pytest.approx(plain.fit_measures["chisq"], rel=1e-9)
    assert full.fit_measures["logl"] == pytest.approx(plain.fit_measures["logl"], rel=1e-12)


def test_every_row_with_an_answer_is_used() -> None:
    data = gaps()
    data.iloc[0] = np.nan
    with pytest.warns(ListwiseWarning, match="1 rows were left out: they have no answer"):
        fit = fit_sem(HS_MODEL, data, missing="fiml")
    assert (fit.n_obs, fit.n_dropped, fit.missing) == (300, 1, "fiml")
    assert "full information" in str(fit.summary())


def test_gradient_and_hessian_against_finite_differences() -> None:
    table = parse_model(HS_MODEL + "\nvisual ~ textual", meanstructure=True)
    moments = from_incomplete(gaps(0.2), table.observed)
    assert moments.incomplete is not None
    ram = build(table, moments.cov, moments.mean)
    f = FullInformation.of(ram, moments.incomplete.patterns, moments.incomplete.logl)
    theta, row = starting_values(table, [ram], [moments]), np.zeros(1, dtype=np.intp)
    steps = 1e-5 * np.eye(theta.size)
    value = [(f.value(theta[None] + s, row)[0] - f.value(theta[None] - s, row)[0]) / 2e-5 for s in steps]
    np.testing.assert_allclose(f.point(theta[None], row).gradient[0], value, rtol=1e-6, atol=1e-8)
    slope = [
        (f.point(theta[None] + s, row).gradient[0] - f.point(theta[None] - s, row).gradient[0]) / 2e-5
        for s in steps
    ]
    np.testing.assert_allclose(f.hessian(theta[None], row)[0], slope, rtol=1e-5, atol=1e-7)


def test_the_discrepancy_is_zero_at_the_saturated_moments() -> None:
    table = parse_model("x1 ~~ x2 + x3\nx2 ~~ x3", meanstructure=True)
    fit = fit_sem(table, gaps(0.3).dropna(how="all", subset=["x1", "x2", "x3"]), missing="fiml")
    assert fit.fit_measures["chisq"] == pytest.approx(0, abs=1e-8)
    np.testing.assert_allclose(fit.implied.cov, fit.groups[0].moments.cov, rtol=1e-5, atol=1e-7)


def test_values_missing_at_random_do_not_bias() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=20_000)
    y = 0.5 * x + rng.normal(size=20_000)
    data = pd.DataFrame({"x": x, "y": np.where(x > 0.5, np.nan, y)})
    mean = fit_sem("y ~ 1\nx ~~ y", data, missing="fiml").parameters.query("op == '~1' and lhs == 'y'")
    assert mean.estimate.item() == pytest.approx(0, abs=0.04)
    assert np.nanmean(data["y"]) < -0.2


def test_order_of_rows_and_columns_does_not_matter() -> None:
    data = gaps()
    a = fit_sem(HS_MODEL, data, missing="fiml")
    b = fit_sem(HS_MODEL, data[ITEMS[::-1]].sample(frac=1, random_state=2), missing="fiml")
    np.testing.assert_allclose(a.parameters.estimate, b.parameters.estimate, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(a.parameters.se, b.parameters.se, rtol=1e-6, atol=1e-9)


def test_groups() -> None:
    data = gaps().assign(school=holzinger()["school"])
    fit = fit_sem(HS_MODEL, data, missing="fiml", group="school", group_equal=["loadings"])
    alone = [
        fit_sem(HS_MODEL, data[data.school == s], missing="fiml").fit_measures["chisq"]
        for s in fit.group_labels
    ]
    assert fit.fit_measures["chisq"] > sum(alone)
    free = fit_sem(HS_MODEL, data, missing="fiml", group="school")
    assert free.fit_measures["chisq"] == pytest.approx(sum(alone), rel=1e-8)


def test_em_raises_the_likelihood_to_its_maximum() -> None:
    from trustmeasure.moments.missing import log_likelihood

    patterns = patterns_of(gaps(0.3).to_numpy())
    found = saturated(patterns)
    assert found.converged
    rng = np.random.default_rng(1)
    for _ in range(5):
        noise = 1e-3 * rng.normal(size=found.cov.shape)
        assert log_likelihood(patterns, found.mean, found.cov + noise + noise.T) < found.logl
        assert log_likelihood(patterns, found.mean + 1e-2 * rng.normal(size=9), found.cov) < found.logl


REFUSED = {
    "robust": ({"estimator": "MLM"}, ArgumentError, "no estimator='MLM' with .* for missing='fiml'"),
    "other likelihood": ({"likelihood": "wishart"}, ArgumentError, "likelihood='wishart' for missing"),
    "least squares": ({"estimator": "ULS"}, ArgumentError, "no estimator='ULS'"),
    "sandwich of expected information": (
        {"estimator": "MLR", "information": "expected"},
        ArgumentError,
        "information='expected'",
    ),
    "semopy": ({"engine": "semopy"}, ArgumentError, "engine='semopy' has no"),
    "random x by another name": ({"missing": "fiml.x"}, ArgumentError, "fixed_x=False"),
    "two stages": ({"missing": "two.stage"}, ArgumentError, "missing='fiml'"),
    "misspelt": ({"missing": "fimll"}, ArgumentError, "fiml"),
    "no means": ({"meanstructure": False}, ArgumentError, "models the means"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_unsupported_combinations(case: str) -> None:
    options, error, message = REFUSED[case]
    with pytest.raises(error, match=message):
        fit_sem(HS_MODEL, gaps(), **{"missing": "fiml", **options})


@pytest.mark.parametrize("name", ["ml", "direct"])
def test_lavaans_other_names_of_full_information(name: str) -> None:
    fit = fit_sem(HS_MODEL, gaps(), missing=name)
    assert fit.missing == "fiml"
    assert fit.fit_measures["chisq"] == fit_sem(HS_MODEL, gaps(), missing="fiml").fit_measures["chisq"]


def test_covariances_have_nothing_missing() -> None:
    with pytest.raises(ArgumentError, match="needs the rows"):
        fit_sem(
            "f =~ a + b + c",
            sample_cov=pd.DataFrame(np.eye(3) + 0.5, columns=list("abc")),
            n_obs=99,
            missing="fiml",
        )


def test_variables_never_answered_together_are_named() -> None:
    data = gaps(0.0)
    data.loc[data.index[:150], "x1"] = np.nan
    data.loc[data.index[150:], "x2"] = np.nan
    with pytest.raises(DataError, match="answered both x1 and x2"):
        fit_sem(HS_MODEL, data, missing="fiml")


def test_a_constant_item_is_named() -> None:
    data = gaps()
    data["x3"] = data["x3"].where(data["x3"].isna(), 4.0)
    with pytest.raises(DataError, match="all answers to x3"):
        fit_sem(HS_MODEL, data, missing="fiml")


def test_what_needs_complete_rows_refuses() -> None:
    from trustmeasure.sem import modification_indices

    fit = fit_sem(HS_MODEL, gaps(), missing="fiml")
    with pytest.raises(ArgumentError, match="complete rows"):
        modification_indices(fit)


def test_corrected_indices_do_not_depend_on_the_information_of_standard_errors() -> None:
    fits = [
        fit_sem(HS_MODEL, gaps(), missing="fiml", information=name)
        for name in ("observed", "expected", "first-order")
    ]
    values = [fit.fit_measures["cfi_robust"] for fit in fits]
    np.testing.assert_allclose(values, values[0], rtol=1e-12)
    errors = [fit.parameters.se.to_numpy() for fit in fits]
    assert all(not np.allclose(errors[0], other, rtol=1e-3) for other in errors[1:])
