"""One fit by gradients alone: their exactness, and what a start and a look at it say."""

from __future__ import annotations

import numpy as np
import pytest

from trustmeasure.moments import SampleMoments
from trustmeasure.sem.descent import descend, first_look
from trustmeasure.sem.discrepancy import Groups, MaximumLikelihood
from trustmeasure.sem.discrepancy.single import Single
from trustmeasure.sem.last_stretch import InverseHessian
from trustmeasure.sem.matrices import build, implied
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.starting import one_factors, starting_values

ONE = np.zeros(1, dtype=np.intp)
MODELS = {
    "latent causes": "f =~ a + b + c\ng =~ d + e + h\ng ~ f",
    "shared loadings": "f =~ a + l*b + l*c\ng =~ d + e + h\nf ~~ g",
    "correlated residuals": "f =~ a + b + c + d\na ~~ b\ne ~ f",
    "observed causes": "b ~ a\nc ~ a + b\nd ~ b + c",
    "loop": "f =~ a + b + c\ng =~ d + e + h\ng ~ f + a\nf ~ 0.2*g",
}


def problem(text: str, *, means: bool) -> tuple[MaximumLikelihood, np.ndarray, SampleMoments]:
    table = parse_model(text, meanstructure=means, fixed_x=False)
    rng = np.random.default_rng(3)
    p = len(table.observed)
    rows = rng.normal(size=(80, p)) + rng.normal(size=(80, 1)) + np.arange(p)
    mean = rows.mean(axis=0)
    moments = SampleMoments(table.observed, np.cov(rows.T, bias=True), mean, 80)
    ram = build(table, moments.cov, moments.mean)
    start = starting_values(table, [ram], [moments])
    discrepancy = MaximumLikelihood.of(ram, moments.cov[None], mean[None])
    return discrepancy, start * rng.uniform(0.9, 1.1, start.size), moments


@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("text", list(MODELS.values()), ids=list(MODELS))
def test_the_slope_of_one_sample_is_that_of_a_batch(text: str, means: bool) -> None:
    discrepancy, theta, moments = problem(text, means=means)
    point = discrepancy.point(theta[None], ONE)
    value, gradient = discrepancy.slope(theta[None], ONE)
    assert value == pytest.approx(point.value, abs=1e-11)
    assert gradient == pytest.approx(point.gradient, abs=1e-11)
    assert Single.of(discrepancy.ram).slope(theta * np.nan, moments.cov, moments.mean) is None


def test_an_inverse_learns_to_take_a_step_back() -> None:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(6, 6))
    hessian = root @ root.T + np.eye(6)
    inverse = InverseHessian.of(hessian * 1.3)
    assert inverse is not None
    before, step = inverse.times(np.ones(6)), rng.normal(size=6)
    change = hessian @ step
    product = inverse.learned(np.ones(6) + change, before, step, change)
    assert product == pytest.approx(inverse.times(np.ones(6) + change), abs=1e-12)
    # The secant equation: what the gradient changed by leads back to the step.
    assert inverse.times(change) == pytest.approx(step, abs=1e-12)


def test_one_factors_are_exact_where_there_is_one_factor() -> None:
    loading = np.array([0.8, -0.6, 0.7, 0.9, 0.5])
    cov = np.outer(loading, loading)
    np.fill_diagonal(cov, 1.0)
    scale = np.array([1.0, 2.0, 0.5, 3.0, 1.0])
    found = one_factors(cov * np.outer(scale, scale), np.array([[1.0, 1.0, 1.0, 1.0, 0.0]]), [0])
    assert found[0] == pytest.approx([0.8, -1.2, 0.35, 2.7, 0.0])


def test_a_good_start_descends_and_a_constrained_one_is_not_looked_at() -> None:
    given, truth, _ = problem(MODELS["latent causes"], means=False)
    table = parse_model(MODELS["latent causes"])
    sigma = implied(given.ram, truth[None]).sigma
    groups = Groups.of([MaximumLikelihood.of(given.ram, sigma, None)], [80])
    look = first_look(table, groups, truth * 1.03)
    assert look is not None
    assert look.regular
    end = descend(groups, look, tolerance=1e-18, slack=1e-11)
    assert end is not None
    assert end.theta == pytest.approx(truth, rel=1e-8)
    constrained = parse_model(MODELS["latent causes"] + "\ng ~~ v*g\nv > 0")
    assert first_look(constrained, groups, truth) is None


def test_what_is_kept_belongs_to_one_model_and_one_vector() -> None:
    discrepancy, theta, _ = problem(MODELS["latent causes"], means=True)
    ram = discrepancy.ram
    first = implied(ram, theta[None])
    assert implied(ram, theta[None].copy()) is first
    assert implied(ram, theta[None] + 1e-9) is not first
    assert implied(ram, theta[None].astype(complex)).sigma.dtype == complex
