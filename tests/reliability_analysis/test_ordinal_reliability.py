"""Reliability of ordinal scales from our own fits, against semTools and psych, and against drawn answers."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import trustmeasure as tm
from tests.reliability_analysis.ordinal_data import CASES, WITH_OMEGA, fit_of, fitted, survey
from trustmeasure.errors import ArgumentError
from trustmeasure.reliability_analysis.composites import ALL, composites_of

EACH = list(product(WITH_OMEGA, ("delta", "theta")))
TWO = "fa =~ a1 + a2 + a3 + a4\nfb =~ b1 + b2 + b3 + b4"
MEANS = "groups-equal"  # semTools leaves out latent means, see test_ordinal_formulas.py


@pytest.mark.parametrize(("name", "parameterization"), EACH)
def test_coefficients(name: str, parameterization: str) -> None:
    ours = tm.ordinal_reliability(fitted(name, parameterization)).frame.set_index(["group", "factor"])
    sample = tm.ordinal_reliability(fitted(name, parameterization), variance="sample").frame
    sample = sample.set_index(["group", "factor"])
    stored = CASES[name][parameterization]
    for label, group in zip(stored["labels"], stored["groups"], strict=True):
        for factor, omega in group["omega"].items():
            row = ours.loc[(label, factor)]
            assert row["alpha_ordinal"] == pytest.approx(group["alpha"][factor], rel=1e-8)
            if name == MEANS and label == "2":
                continue
            assert row["omega"] == pytest.approx(omega, rel=1e-7)
            assert row["omega_latent"] == pytest.approx(group["omega_latent"][factor], rel=1e-7)
            theirs = group["omega_sample"][factor]
            assert sample.loc[(label, factor), "omega"] == pytest.approx(theirs, rel=1e-7)


@pytest.mark.parametrize(
    "name", ["three-factors", "correlated-errors", "cross-loading", "second-order", "groups"]
)
def test_the_sum_of_all_items(name: str) -> None:
    frames = [
        tm.ordinal_reliability(fitted(name, "delta"), total=True, variance=v).frame
        for v in ("model", "sample")
    ]
    ours, sample = (frame[frame["factor"] == ALL] for frame in frames)
    stored = [group["total"] for group in CASES[name]["delta"]["groups"]]
    np.testing.assert_allclose(ours["omega"], [x["omega"] for x in stored], rtol=1e-7)
    np.testing.assert_allclose(sample["omega"], [x["omega_sample"] for x in stored], rtol=1e-7)
    np.testing.assert_allclose(ours["alpha_ordinal"], [x["alpha"] for x in stored], rtol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_omega_does_not_depend_on_the_parameterisation(name: str) -> None:
    delta, theta = (tm.ordinal_reliability(fitted(name, p)).frame for p in ("delta", "theta"))
    numbers = list(delta.columns[3:])
    np.testing.assert_allclose(delta[numbers].astype(float), theta[numbers].astype(float), rtol=2e-6)


def test_a_second_order_factor_is_judged_by_all_items_below_it() -> None:
    """Omega is the correlation of two sums that share the second-order factor and nothing else."""
    fit = fitted("second-order", "delta")
    found = tm.ordinal_reliability(fit, ["h"])
    assert found.frame["n_items"].iloc[0] == 12
    (composite,) = composites_of(fit.groups[0], ["h"], total=False)
    loadings, now = composite.loadings(fit.theta), composite.pieces(fit.theta[None])
    rng, n = np.random.default_rng(2), 1_000_000
    left = np.linalg.cholesky(now.corr[0] - np.outer(loadings, loadings))
    factor = rng.standard_normal((n, 1))
    assert composite.cuts is not None
    sums = []
    for _ in range(2):
        y = factor * loadings + rng.standard_normal((n, 12)) @ left.T
        cuts = (now.tau[0][composite.cuts.item == j] for j in range(12))
        sums.append(sum(np.searchsorted(tau, y[:, j]) for j, tau in enumerate(cuts)))
    assert found.frame["omega"].iloc[0] == pytest.approx(np.corrcoef(*sums)[0, 1], abs=0.003)


@pytest.mark.parametrize("name", ["three-factors", "bifactor", "second-order", MEANS])
def test_derivatives_by_the_parameters(name: str) -> None:
    fit, step = fitted(name, "theta"), 1e-5
    steps = step * np.eye(fit.theta.size)
    for group in fit.groups:
        for composite in composites_of(group, list(fit.model.latent), total=True):
            numeric = (composite.omega(fit.theta + steps) - composite.omega(fit.theta - steps)) / (2 * step)
            np.testing.assert_allclose(composite.slopes(fit.theta), numeric, atol=1e-8)


def test_standard_errors_are_those_of_repeated_samples() -> None:
    """Over samples from one population the mean standard error is the standard deviation of the estimates."""
    rng, found = np.random.default_rng(8), []
    for _ in range(60):
        factor = rng.standard_normal((300, 1))
        y = factor * [0.8, 0.7, 0.6, 0.75] + rng.standard_normal((300, 4)) * np.sqrt(
            1 - np.array([0.8, 0.7, 0.6, 0.75]) ** 2
        )
        frame = survey().iloc[:300, 1:5].copy()
        frame[:] = np.digitize(y, [-1.0, 0.0, 0.8])
        fit = tm.fit_sem("f =~ a1 + a2 + a3 + a4", frame, ordered=True)
        found.append(tm.ordinal_reliability(fit).frame[["omega", "se", "alpha_ordinal", "alpha_se"]].iloc[0])
    values = np.array(found, dtype=float)
    # The standard deviation of 60 draws has a standard error of 9 %.
    assert values[:, 1].mean() == pytest.approx(values[:, 0].std(ddof=1), rel=0.25)
    assert values[:, 3].mean() == pytest.approx(values[:, 2].std(ddof=1), rel=0.25)


def test_limits_from_draws() -> None:
    """They agree with the delta method but for their shape and what 200 draws leave open."""
    fit = fit_of("fa =~ a1 + a2 + a3 + a4")
    draws = tm.bootstrap(fit, survey(), n=200, seed=1, progress=False)
    delta, drawn = (tm.ordinal_reliability(fit, **x).frame.iloc[0] for x in ({}, {"bootstrap": draws}))
    assert drawn["omega"] == delta["omega"]
    assert drawn["se"] == pytest.approx(delta["se"], rel=0.2)
    assert drawn["ci_lower"] == pytest.approx(delta["ci_lower"], abs=0.01)
    assert drawn["ci_upper"] == pytest.approx(delta["ci_upper"], abs=0.01)
    assert drawn["ci_upper"] - drawn["omega"] < drawn["omega"] - drawn["ci_lower"]
    assert "bootstrap (percentile)" in str(tm.ordinal_reliability(fit, bootstrap=draws))


def test_codes_that_rise_unevenly_weigh_what_they_are() -> None:
    """A sum of codes 1, 2, 5 is another sum than that of 1, 2, 3."""
    rows = survey()[["b1", "b2", "b3", "b4"]]
    fits = [tm.fit_sem("f =~ b1 + b2 + b3 + b4", frame, ordered=True) for frame in (rows, rows.replace(3, 5))]
    even, uneven = (tm.ordinal_reliability(fit).frame.iloc[0] for fit in fits)
    assert even["omega_latent"] == pytest.approx(uneven["omega_latent"], rel=1e-9)
    assert abs(even["omega"] - uneven["omega"]) > 0.005


def test_what_is_shown() -> None:
    found = tm.ordinal_reliability(fit_of(TWO + "\nfv =~ v1 + v2 + v3"))
    text = str(found)
    assert "categorical omega (Green & Yang 2009)" in text
    assert "hypothetical continuous answers" in text
    assert "group" not in text.splitlines()[4]
    assert "<table" in found._repr_html_()
    plain = found.frame.set_index("factor").loc["fv"]
    assert plain[["omega_latent", "alpha_ordinal"]].isna().all()
    assert 0 < plain["ci_lower"] < plain["omega"] < plain["ci_upper"] < 1
    assert found.items["n_categories"].tolist() == [5] * 4 + [3] * 4 + [0] * 3
    assert list(found.to_frame()) == list(found.frame)


def test_a_factor_that_cannot_be_judged_is_left_out_and_named() -> None:
    found = tm.ordinal_reliability(fit_of(TWO + "\nfc =~ c1\nfc ~~ 1*fc"))
    assert found.frame["factor"].tolist() == ["fa", "fb"]
    assert "Left out is fc: it has fewer than two items." in found.notes


def test_an_item_that_goes_against_the_rest_is_named() -> None:
    rows = survey()[["a1", "a2", "a3", "a4"]].assign(a4=lambda x: 6 - x["a4"])
    found = tm.ordinal_reliability(tm.fit_sem("f =~ a1 + a2 + a3 + a4", rows, ordered=True))
    assert any("Loading against the rest: a4." in note for note in found.notes)


MIXED = "f =~ a1 + a2 + a3 + v1"


@pytest.mark.parametrize(
    ("model", "options", "said"),
    [
        (TWO, {"factors": ["fc"]}, "'fc' is not a factor of the model. Allowed: fa, fb"),
        (TWO, {"variance": "smaple"}, "variance='smaple' is not known. Did you mean 'sample'"),
        (TWO, {"ci": 1.5}, "ci=1.5"),
        (TWO, {"interval": "percentile"}, "needs draws"),
        (MIXED, {}, r"No reliability of f: it has ordinal and continuous items \(v1\)"),
        (
            TWO + "\nfc =~ c1\nfc ~~ 1*fc",
            {"factors": "fc"},
            "No reliability of fc: it has fewer than two items",
        ),
        (
            TWO + "\nfv =~ v1 + v2 + v3",
            {"total": True},
            "total=True adds all items up, but there are ordinal",
        ),
        (TWO + "\nfa + fb ~ v1", {}, "given the covariates v1"),
    ],
)
def test_what_is_refused(model: str, options: dict[str, object], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        tm.ordinal_reliability(fit_of(model), **options)


def test_a_fit_without_ordinal_variables_is_refused() -> None:
    fit = tm.fit_sem(TWO, survey())
    with pytest.raises(ArgumentError, match="no ordinal variables"):
        tm.ordinal_reliability(fit)
