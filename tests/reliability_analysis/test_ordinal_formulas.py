"""Categorical omega and ordinal alpha as formulas, against semTools and psych on lavaan's own estimates."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.reliability_analysis.ordinal_data import CASES, WITH_OMEGA, matrix
from trustmeasure.reliability_analysis.formulas import alpha_of_covariance
from trustmeasure.reliability_analysis.ordinal_formulas import (
    Cuts,
    answer_covariance,
    omega_gradient_of_answers,
    omega_of_answers,
    omega_of_latent,
    sum_variance,
)

EACH = list(product(CASES, ("delta", "theta")))


def standardised(group: dict[str, Any], *, means: bool = True) -> tuple[Cuts, pd.DataFrame, pd.DataFrame]:
    """Return thresholds, standardised loadings and implied correlations of what lavaan estimated."""
    lam, phi = matrix(group["lambda"]), matrix(group["cov_lv"])
    sigma = lam.to_numpy() @ phi.to_numpy() @ lam.to_numpy().T + matrix(group["theta"]).to_numpy()
    sd, names = np.sqrt(np.diag(sigma)), list(lam.index)
    item = np.array([names.index(n.split("|")[0]) for n in group["tau"]["names"]])
    mu = np.array(group["nu"]["values"], dtype=float) + lam.to_numpy() @ np.array(group["alpha_lv"]["values"])
    tau = (np.array(group["tau"]["values"]) - means * mu[item]) / sd[item]
    unit = lam.mul(np.sqrt(np.diag(phi)), axis=1).div(sd, axis=0)
    corr = pd.DataFrame(sigma / np.outer(sd, sd), index=names, columns=names)
    return Cuts(tau, item, np.ones(tau.size)), unit, corr


def of_factor(
    group: dict[str, Any], factor: str, *, means: bool = True
) -> tuple[Cuts, np.ndarray, np.ndarray, np.ndarray]:
    """Return thresholds, true part, implied and sample correlations of the items of a factor."""
    cuts, unit, corr = standardised(group, means=means)
    items = np.flatnonzero(unit[factor])
    loadings = unit[factor].to_numpy()[items]
    at = np.ix_(items, items)
    sample = matrix(group["polychoric"]).to_numpy()
    return cuts.of(items), np.outer(loadings, loadings), corr.to_numpy()[at], sample[at]


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
@pytest.mark.parametrize("name", WITH_OMEGA)
def test_omega(name: str, parameterization: str) -> None:
    """SemTools leaves out latent means, which are zero but in the last case (see the next test).

    There it also adds up latent responses of other variances than 1; ours are standardised in each group.
    """
    for group in CASES[name][parameterization]["groups"]:
        for factor, wanted in group["omega"].items():
            cuts, true, corr, sample = of_factor(group, factor, means=name != "groups-equal")
            assert omega_of_answers(cuts, true, corr) == pytest.approx(wanted, rel=1e-9), factor
            of_sample = omega_of_answers(cuts, true, sample)
            assert of_sample == pytest.approx(group["omega_sample"][factor], rel=1e-9), factor
            if name != "groups-equal":
                assert omega_of_latent(true, corr) == pytest.approx(group["omega_latent"][factor], rel=1e-9)


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_latent_means_move_the_thresholds_that_groups_share(parameterization: str) -> None:
    """Omega is the correlation of two parallel sums, drawn here from what lavaan estimated in group 2."""
    group = CASES["groups-equal"][parameterization]["groups"][1]
    cuts, true, corr, _ = of_factor(group, "fa")
    omega, without_means = (
        omega_of_answers(of_factor(group, "fa", means=m)[0], true, corr) for m in (True, False)
    )
    rng, n, loadings = np.random.default_rng(1), 2_000_000, np.sqrt(np.diag(true))
    factor = rng.standard_normal((n, 1))
    sums = []
    for _ in range(2):
        y = factor * loadings + rng.standard_normal((n, 4)) * np.sqrt(1 - loadings**2)
        sums.append(sum(np.searchsorted(cuts.tau[cuts.item == j], y[:, j]) for j in range(4)))
    drawn = np.corrcoef(*sums)[0, 1]
    assert abs(drawn - omega) < 0.0006 < abs(drawn - without_means)


@pytest.mark.parametrize(("name", "parameterization"), EACH)
def test_ordinal_alpha(name: str, parameterization: str) -> None:
    for group in CASES[name][parameterization]["groups"]:
        for factor, wanted in group["alpha"].items():
            sample = of_factor(group, factor)[3]
            assert alpha_of_covariance(sample) == pytest.approx(wanted, rel=1e-9)
            assert alpha_of_covariance(sample) == pytest.approx(group["alpha_psych"][factor], rel=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_both_parameterisations_give_the_same(name: str) -> None:
    both = (CASES[name][p]["groups"] for p in ("delta", "theta"))
    for delta, theta in zip(*both, strict=True):
        for factor in delta["alpha"]:
            one, other = (omega_of_answers(*of_factor(g, factor)[:3]) for g in (delta, theta))
            assert one == pytest.approx(other, rel=1e-6)
            assert 0 < one < 1


CUTS = Cuts(
    np.array([-1.0, 0.2, 1.1, -0.3, 0.5, 0.1]), np.array([0, 0, 0, 1, 1, 2]), np.array([1, 1, 2, 1, 1, 1.0])
)
LOADINGS = np.array([0.7, 0.8, 0.6])
TRUE = np.outer(LOADINGS, LOADINGS)
CORR = TRUE + np.array([[0, 0.09, 0], [0.09, 0, 0], [0, 0, 0]])


def test_covariances_of_answers_are_those_of_the_cut_responses() -> None:
    """Codes need not rise by one: the last step of the first item is two."""
    rng, n = np.random.default_rng(5), 1_000_000
    full = CORR - np.diag(np.diag(CORR)) + np.eye(3)
    y = rng.standard_normal((n, 3)) @ np.linalg.cholesky(full).T
    answers = [(y[:, [j]] > CUTS.tau[CUTS.item == j]) @ CUTS.step[CUTS.item == j] for j in range(3)]
    np.testing.assert_allclose(answer_covariance(CUTS, full), np.cov(answers), atol=0.005)


def test_the_variance_of_an_answer_needs_no_correlation() -> None:
    """With a correlation of 1 the variance of a binary answer is p (1 - p)."""
    one = Cuts(np.array([0.3]), np.array([0]), np.ones(1))
    share = 1 - 0.6179114221889526
    assert answer_covariance(one, np.ones((1, 1)))[0, 0] == pytest.approx(share * (1 - share), rel=1e-12)


def test_derivatives_of_omega() -> None:
    by_tau, by_true, by_corr = omega_gradient_of_answers(CUTS, TRUE, CORR)
    step = 1e-6

    def slope(tau: np.ndarray, true: np.ndarray, corr: np.ndarray) -> float:
        up = omega_of_answers(CUTS.at(CUTS.tau + tau), TRUE + true, CORR + corr)
        down = omega_of_answers(CUTS.at(CUTS.tau - tau), TRUE - true, CORR - corr)
        return (up - down) / (2 * step)

    none, zero = np.zeros(6), np.zeros((3, 3))
    for i in range(6):
        assert slope(step * np.eye(6)[i], zero, zero) == pytest.approx(by_tau[i], abs=1e-8)
    for i, j in product(range(3), range(3)):
        cell = zero.copy()
        cell[i, j] = cell[j, i] = step
        both = 1.0 if i == j else 2.0
        assert slope(none, cell, zero) == pytest.approx(both * by_true[i, j], abs=1e-8)
        assert i == j or slope(none, zero, cell) == pytest.approx(2 * by_corr[i, j], abs=1e-8)


def test_derivatives_where_an_answer_meets_itself() -> None:
    """The variance of one item moves with its thresholds only."""
    cuts, one = CUTS.of(np.array([0])), np.ones((1, 1))
    found, step = sum_variance(cuts, one), 1e-6
    for i in range(3):
        up, down = (sum_variance(cuts.at(cuts.tau + s * np.eye(3)[i]), one).value for s in (step, -step))
        assert found.by_tau[i] == pytest.approx((up - down) / (2 * step), abs=1e-8)
    np.testing.assert_array_equal(found.by_corr, 0.0)


def test_a_communality_above_one_has_no_omega() -> None:
    loadings = np.array([1.1, 0.8, 0.6])
    assert np.isnan(omega_of_answers(CUTS, np.outer(loadings, loadings), CORR))
