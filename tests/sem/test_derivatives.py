"""Gradients and curvature of the ML discrepancy against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger, linear
from trustmeasure.moments import from_frame
from trustmeasure.sem import parse_model
from trustmeasure.sem.discrepancy import MaximumLikelihood
from trustmeasure.sem.matrices import Ram, build, implied, jacobian
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.starting import starting_values

CASES = {
    "factors": (HS_MODEL, holzinger, {}),
    "structure": (PD_MODEL, democracy, {}),
    "means": (PD_MODEL, democracy, {"meanstructure": True}),
    "latent means": ("f =~ x1 + x2 + x3\nx1 ~ 0*1\nf ~ 1\nx2 ~ m*1\nx3 ~ m*1", holzinger, {}),
    "equal labels": ("f =~ NA*x1 + l*x2 + l*x3 + l*x4\nf ~~ 1*f\nx1 ~~ v*x1\nx2 ~~ v*x2", holzinger, {}),
    "covariates": ("m ~ a*x + z\ny ~ b*m + x", lambda: linear(1), {"meanstructure": True}),
    "growth": (
        "i =~ 1*x1 + 1*x2 + 1*x3\ns =~ 0*x1 + x2 + 2*x3\nx1 + x2 + x3 ~ 0*1\ni + s ~ 1\ni ~ x4",
        holzinger,
        {},
    ),
    "second order": (
        HS_MODEL + "\ng =~ visual + textual + speed\ng ~ ageyr",
        holzinger,
        {"meanstructure": True},
    ),
    "circle": ("m ~ y + x\ny ~ m + z\nm ~~ 0*y", lambda: linear(2), {}),
}


def problem(case: str) -> tuple[ParameterTable, Ram, MaximumLikelihood, np.ndarray]:
    text, data, options = CASES[case]
    table = parse_model(text, **options)
    moments = from_frame(data(), table.observed)
    ram = build(table, moments.cov, moments.mean)
    assert moments.mean is not None
    theta = starting_values(table, [ram], [moments])
    theta = theta + 0.05 * np.random.default_rng(0).normal(size=theta.size)
    return table, ram, MaximumLikelihood.of(ram, moments.cov[None], moments.mean[None]), theta


def central(function, theta: np.ndarray, h: float = 1e-5) -> np.ndarray:  # type: ignore[no-untyped-def]
    steps = h * np.eye(theta.size)
    return np.array([(function(theta + s) - function(theta - s)) / (2 * h) for s in steps])


@pytest.mark.parametrize("case", CASES)
def test_gradient(case: str) -> None:
    _, _, ml, theta = problem(case)
    row = np.zeros(1, dtype=np.intp)
    exact = ml.point(theta[None], row).gradient[0]
    numeric = central(lambda t: ml.value(t[None], row)[0], theta)
    assert exact == pytest.approx(numeric, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("case", CASES)
def test_curvature_is_the_hessian_where_the_model_is_true(case: str) -> None:
    _, ram, _, theta = problem(case)
    now = implied(ram, theta[None])
    ml = MaximumLikelihood.of(ram, now.sigma, now.mu)
    row = np.zeros(1, dtype=np.intp)
    exact = ml.point(theta[None], row).curvature[0]
    numeric = central(lambda t: ml.point(t[None], row).gradient[0], theta)
    assert exact == pytest.approx(numeric, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_hessian(case: str) -> None:
    _, _, ml, theta = problem(case)
    row = np.zeros(1, dtype=np.intp)
    exact = ml.hessian(theta[None], row)[0]
    numeric = central(lambda t: ml.point(t[None], row).gradient[0], theta)
    assert exact == pytest.approx(numeric, rel=1e-6, abs=1e-6)
    assert exact == pytest.approx(exact.T, rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_jacobian_of_the_implied_moments(case: str) -> None:
    _, ram, _, theta = problem(case)
    lower = np.tril_indices(ram.p)

    def moments(t: np.ndarray) -> np.ndarray:
        now = implied(ram, t[None])
        sigma = now.sigma[0][lower]
        return sigma if now.mu is None else np.concatenate([sigma, now.mu[0]])

    assert jacobian(ram, theta) == pytest.approx(central(moments, theta).T, rel=1e-6, abs=1e-7)
