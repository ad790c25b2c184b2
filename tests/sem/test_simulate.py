"""Simulated data have the population's moments, skew and kurtosis, and come again with the same seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import cauchy, expon, gamma, kurtosis, lognorm, norm, skew, uniform

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import fit_sem, parse_model, simulate
from trustmeasure.sem.copula import coefficients, normal_correlations
from trustmeasure.sem.nonnormal import fleishman
from trustmeasure.sem.population import populations

TEXT = """
f =~ 0.8*a + 0.7*b + 0.9*c
g =~ 1*d + start(0.5)*e + 1.2*h
g ~ 0.4*f + 0.3*x
a ~~ 0.36*a
x ~~ 2*x
d ~ 3*1
"""
N = 200_000


def population_cov() -> pd.DataFrame:
    (population,) = populations(TEXT, [""])
    return pd.DataFrame(population.cov, index=population.names, columns=population.names)


def test_population_moments_follow_from_the_numbers_in_the_text() -> None:
    cov = population_cov()
    assert cov.loc["a", "a"] == pytest.approx(0.64 + 0.36)
    assert cov.loc["a", "b"] == pytest.approx(0.56)
    assert cov.loc["x", "d"] == pytest.approx(0.3 * 2)
    var_g = 0.16 + 0.09 * 2 + 1
    assert cov.loc["d", "e"] == pytest.approx(0.5 * var_g)
    assert cov.loc["e", "e"] == pytest.approx(0.25 * var_g + 1)


def test_values_go_before_the_text() -> None:
    (population,) = populations(TEXT, [""], {"g =~ e": 2.0, "f=~a": 1.0})
    cov = pd.DataFrame(population.cov, index=population.names, columns=population.names)
    assert cov.loc["d", "e"] / cov.loc["d", "h"] == pytest.approx(2.0 / 1.2)
    assert cov.loc["a", "b"] == pytest.approx(0.7)
    with pytest.raises(ArgumentError, match="no 'g=~q'"):
        simulate(TEXT, 10, seed=1, values={"g=~q": 1.0})


def test_a_start_also_counts_for_the_loading_that_sets_the_scale() -> None:
    (population,) = populations("f =~ start(0.8)*a + start(0.5)*b + c", [""])
    assert population.cov[0, 1] == pytest.approx(0.4)


def test_a_shared_label_shares_its_value() -> None:
    (population,) = populations("f =~ a + k*b + k*c", [""], {"k": 0.5})
    assert population.cov[0, 1] == pytest.approx(0.5)
    assert population.cov[1, 2] == pytest.approx(0.25)


@pytest.mark.parametrize("distribution", ["normal", "vale_maurelli"])
def test_moments_over_many_rows(distribution: str) -> None:
    shape = {} if distribution == "normal" else {"skew": 1.0, "kurtosis": 2.0}
    data = simulate(TEXT, N, seed=4, distribution=distribution, **shape)
    wanted = population_cov()
    found = data.cov().loc[wanted.index, wanted.index]
    sd = np.sqrt(np.diag(wanted))
    assert (np.abs(found - wanted) / np.outer(sd, sd)).to_numpy().max() < 0.025
    assert data["d"].mean() == pytest.approx(3.0, abs=0.02)
    assert data["a"].mean() == pytest.approx(0.0, abs=0.02)


def test_skew_and_kurtosis_are_hit() -> None:
    data = simulate(
        TEXT,
        N,
        seed=8,
        distribution="vale_maurelli",
        skew={"a": 1.5, "b": -1.0},
        kurtosis={"a": 4.0, "b": 2.0, "c": -0.5},
    )
    found = {name: (skew(data[name]), kurtosis(data[name])) for name in "abcd"}
    for name, wanted in {"a": (1.5, 4.0), "b": (-1.0, 2.0), "c": (0.0, -0.5), "d": (0.0, 0.0)}.items():
        assert found[name][0] == pytest.approx(wanted[0], abs=0.05)
        assert found[name][1] == pytest.approx(wanted[1], abs=0.35)


def test_fleishman_coefficients_of_the_published_table() -> None:
    # Fleishman (1978), table 1: skew 1.75, kurtosis 3.75.
    np.testing.assert_allclose(fleishman(1.75, 3.75), [0.9296605, 0.3994967, -0.0364670], atol=2e-6)
    np.testing.assert_allclose(fleishman(0.0, 0.0), [1.0, 0.0, 0.0], atol=1e-12)


@pytest.mark.parametrize(
    ("skewed", "peaked", "said"), [(2.0, 1.0, "no distribution"), (2.0, 3.0, "at least")]
)
def test_impossible_shapes_are_refused(skewed: float, peaked: float, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        simulate(TEXT, 10, seed=1, distribution="vale_maurelli", skew=skewed, kurtosis=peaked)


def test_a_correlation_that_the_shapes_do_not_allow_is_refused() -> None:
    text = "a ~~ 1*a + 0.98*b\nb ~~ 1*b"
    with pytest.raises(ArgumentError, match="cannot correlate"):
        simulate(
            text,
            10,
            seed=1,
            distribution="vale_maurelli",
            skew={"a": 2.0, "b": -2.0},
            kurtosis={"a": 6, "b": 6},
        )


def test_the_same_seed_gives_the_same_data() -> None:
    first, again, other = (simulate(TEXT, 50, seed=s, missing=0.1) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_cuts_give_codes_with_the_shares_of_the_normal_curve() -> None:
    data = simulate(TEXT, N, seed=3, cuts={"d": [-1.0, 0.5]})
    shares = data["d"].value_counts(normalize=True)
    assert sorted(shares.index) == [1.0, 2.0, 3.0]
    assert shares[1.0] == pytest.approx(norm.cdf(-1.0), abs=0.005)
    assert shares[3.0] == pytest.approx(1 - norm.cdf(0.5), abs=0.005)
    with pytest.raises(ArgumentError, match="must rise"):
        simulate(TEXT, 10, seed=3, cuts=[1.0, 0.0])


def test_missing_shares() -> None:
    data = simulate(TEXT, 50_000, seed=3, missing={"a": 0.2, "x": 0.05})
    share = data.isna().mean()
    assert share["a"] == pytest.approx(0.2, abs=0.01)
    assert share["x"] == pytest.approx(0.05, abs=0.01)
    assert share["b"] == 0
    with pytest.raises(ArgumentError, match="Did you mean"):
        simulate("f =~ trust1 + trust2 + trust3", 10, seed=1, missing={"trust_1": 0.2})


def test_a_copula_has_the_distributions_and_the_models_correlations() -> None:
    shapes = {"a": expon(), "b": lognorm(0.7), "x": uniform(3, 9), "d": gamma(2)}
    data = simulate(TEXT, N, seed=4, distribution="copula", marginals=shapes)
    wanted = population_cov()
    found = data.cov().loc[wanted.index, wanted.index]
    sd = np.sqrt(np.diag(wanted))
    assert (np.abs(found - wanted) / np.outer(sd, sd)).to_numpy().max() < 0.025
    assert data["d"].mean() == pytest.approx(3.0, abs=0.02)
    for name, shape in shapes.items():
        unit = (data[name] - (3.0 if name == "d" else 0.0)) / np.sqrt(wanted.loc[name, name])
        for share in (0.05, 0.5, 0.95):
            exact = (shape.ppf(share) - shape.mean()) / shape.std()
            assert unit.quantile(share) == pytest.approx(exact, abs=0.02)
    assert kurtosis(data["c"]) == pytest.approx(0.0, abs=0.05)


def test_normal_correlations_behind_lognormal_variables_are_known() -> None:
    # corr(exp(s Z1), exp(t Z2)) = (exp(s t r) - 1) / sqrt((exp(s^2) - 1) (exp(t^2) - 1))
    s, t, r = 0.7, 0.4, -0.6
    corr = (np.exp(s * t * r) - 1) / np.sqrt((np.exp(s * s) - 1) * (np.exp(t * t) - 1))
    series = np.stack([coefficients(lognorm(s)), coefficients(lognorm(t))])
    found = normal_correlations(np.array([[1.0, corr], [corr, 1.0]]), series, ["a", "b"])
    assert found[0, 1] == pytest.approx(r, abs=1e-9)
    # Uniform variables: corr = 6 / pi asin(r / 2).
    series = np.stack([coefficients(uniform())] * 2)
    corr = 6 / np.pi * np.arcsin(0.5 / 2)
    found = normal_correlations(np.array([[1.0, corr], [corr, 1.0]]), series, ["a", "b"])
    assert found[0, 1] == pytest.approx(0.5, abs=1e-5)


def test_copulas_that_cannot_be_are_refused() -> None:
    text = "a ~~ 1*a + 0.9*b\nb ~~ 1*b"
    opposite = {"a": expon(), "b": expon(scale=2)}
    with pytest.raises(ArgumentError, match=r"cannot correlate -0\.900: their distributions allow -0\.6"):
        simulate(text.replace("0.9", "-0.9"), 10, seed=1, distribution="copula", marginals=opposite)
    with pytest.raises(ArgumentError, match="go together"):
        simulate(text, 10, seed=1, distribution="copula")
    with pytest.raises(ArgumentError, match="marginals: 'k' is not observed"):
        simulate(text, 10, seed=1, distribution="copula", marginals={"k": expon()})
    with pytest.raises(ArgumentError, match="no variance"):
        simulate(text, 10, seed=1, distribution="copula", marginals={"a": cauchy()})


def test_values_missing_at_random_follow_their_odds() -> None:
    data = simulate(TEXT, N, seed=3, missing={"a": 0.2, "b": 0.1}, missing_by={"a": "x"}, missing_slope=1.5)
    assert data["a"].isna().mean() == pytest.approx(0.2, abs=0.005)
    unit = (data["x"] - data["x"].mean()) / data["x"].std()
    odds = [
        np.log(lost / (1 - lost))
        for at in (-1.0, 0.0, 1.0)
        if (lost := data["a"].isna()[(unit - at).abs() < 0.05].mean())
    ]
    np.testing.assert_allclose(np.diff(odds), 1.5, atol=0.15)
    apart = data.groupby(data["b"].isna())["x"].mean()
    assert abs(apart[True] - apart[False]) < 0.05
    with pytest.raises(ArgumentError, match="has missing values itself"):
        simulate(TEXT, 10, seed=1, missing=0.1, missing_by="x")
    with pytest.raises(ArgumentError, match="goes with missing"):
        simulate(TEXT, 10, seed=1, missing_by="x")
    with pytest.raises(ArgumentError, match="missing_by: 'xx' is not observed"):
        simulate(TEXT, 10, seed=1, missing={"a": 0.1}, missing_by="xx")


def test_groups_have_their_own_populations() -> None:
    text = "f =~ 1*a + c(0.5, 1.5)*b + c\na ~ c(0, 2)*1"
    data = simulate(text, {"men": 40_000, "women": 60_000}, seed=5, group="sex")
    assert data.groupby("sex").size().to_dict() == {"men": 40_000, "women": 60_000}
    means = data.groupby("sex")["a"].mean()
    assert means["women"] - means["men"] == pytest.approx(2.0, abs=0.05)
    covs = {label: part[["a", "b"]].cov().loc["a", "b"] for label, part in data.groupby("sex")}
    assert covs == pytest.approx({"men": 0.5, "women": 1.5}, abs=0.05)


def test_a_fitted_model_is_a_population() -> None:
    fit = fit_sem(PD_MODEL, democracy())
    (population,) = populations(fit, [""])
    np.testing.assert_allclose(population.cov, fit.implied.cov.to_numpy(), rtol=1e-10)
    np.testing.assert_allclose(population.mean, democracy()[list(population.names)].mean(), rtol=1e-10)
    again = fit_sem(PD_MODEL, simulate(fit, 100_000, seed=2))
    gap = np.abs(again.theta - fit.theta) / again.parameters.loc[again.parameters.se > 0, "se"].max()
    assert gap.max() < 5


def test_a_fit_in_groups_is_a_population_in_groups() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), group="school")
    data = simulate(fit, 500, seed=2, group="school")
    assert set(data["school"]) == set(fit.group_labels)
    for population, part in zip(populations(fit, fit.group_labels), fit.groups, strict=True):
        np.testing.assert_allclose(population.cov, part.implied.cov.to_numpy(), rtol=1e-10)
        np.testing.assert_allclose(population.mean, part.implied.mean.to_numpy(), rtol=1e-10)


def test_exogenous_observed_variables_keep_the_samples_moments() -> None:
    data = democracy()
    fit = fit_sem("y1 ~ x1 + x2", data)
    (population,) = populations(fit, [""])
    np.testing.assert_allclose(population.cov, fit.implied.cov.to_numpy(), rtol=1e-10)


def test_impossible_populations_are_refused() -> None:
    with pytest.raises(ArgumentError, match="not positive definite"):
        simulate("a ~~ 1*a + 1.5*b\nb ~~ 1*b", 10, seed=1)
    with pytest.raises(ArgumentError, match="no positive variance of a"):
        simulate("a ~~ -1*a + 0*b\nb ~~ 1*b", 10, seed=1)
    with pytest.raises(ArgumentError, match="whole number"):
        simulate(TEXT, 0, seed=1)
    with pytest.raises(ArgumentError, match="2 groups"):
        simulate(parse_model(HS_MODEL, n_groups=2), [10, 10, 10], seed=1)
