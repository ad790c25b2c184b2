"""The bivariate normal distribution against closed forms, an independent integral and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from trustmeasure.moments.bivariate_normal import bivariate_cdf, bivariate_density


def conditional_integral(h: float, k: float, rho: float) -> float:
    """Integrate the density of the first variable times the conditional distribution of the second."""
    root = np.sqrt(1.0 - rho**2)
    turn = np.clip(k / rho + root / abs(rho) * np.linspace(-10, 10, 200), -12.0, h)
    edges = np.unique(np.concatenate([np.linspace(-12.0, h, 400), turn]))
    nodes, weights = np.polynomial.legendre.leggauss(40)
    half = 0.5 * np.diff(edges)[:, None]
    x = edges[:-1, None] + half * (1.0 + nodes)
    values = np.exp(-0.5 * x**2) / np.sqrt(2.0 * np.pi) * ndtr((k - rho * x) / root)
    return float((half * values * weights).sum())


@pytest.mark.parametrize("rho", [-0.99999, -0.99, -0.93, -0.92, -0.5, -0.01, 0.29, 0.31, 0.74, 0.76])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_equals_an_integral_over_the_conditional_distribution(rho: float, sign: float) -> None:
    rng = np.random.default_rng(7)
    h, k = rng.normal(0.0, 2.0, (2, 20))
    k[:5] = np.sign(rho * sign) * h[:5] + 0.01 * rng.normal(size=5)
    expected = [conditional_integral(a, b, rho * sign) for a, b in zip(h, k, strict=True)]
    np.testing.assert_allclose(bivariate_cdf(h, k, rho * sign), expected, rtol=0.0, atol=2e-15)


def test_a_quarter_and_the_arcsine_at_the_origin() -> None:
    rho = np.linspace(-1.0, 1.0, 401)
    expected = 0.25 + np.arcsin(rho) / (2.0 * np.pi)
    np.testing.assert_allclose(bivariate_cdf(0.0, 0.0, rho), expected, rtol=0.0, atol=1e-15)


def test_agrees_with_scipy() -> None:
    ours = bivariate_cdf([0.3, -1.2], [0.7, 0.1], 0.6)
    theirs = multivariate_normal([0.0, 0.0], [[1.0, 0.6], [0.6, 1.0]]).cdf([[0.3, 0.7], [-1.2, 0.1]])
    np.testing.assert_allclose(ours, theirs, rtol=0.0, atol=1e-6)


@pytest.mark.parametrize("rho", [-1.0, -0.95, -0.4, 0.0, 0.4, 0.95, 1.0])
def test_infinite_points_are_those_of_one_variable(rho: float) -> None:
    assert float(bivariate_cdf(np.inf, 0.7, rho)) == pytest.approx(float(ndtr(0.7)), abs=1e-15)
    assert float(bivariate_cdf(-0.3, np.inf, rho)) == pytest.approx(float(ndtr(-0.3)), abs=1e-15)
    assert float(bivariate_cdf(-np.inf, 0.7, rho)) == 0.0
    assert float(bivariate_cdf(np.inf, np.inf, rho)) == 1.0


def test_a_correlation_of_one_takes_the_nearer_bound() -> None:
    h, k = np.array([1.0, -0.5, 0.3]), np.array([0.2, 0.9, -2.0])
    np.testing.assert_allclose(bivariate_cdf(h, k, 1.0), ndtr(np.minimum(h, k)), atol=1e-16)
    expected = np.maximum(ndtr(h) + ndtr(k) - 1.0, 0.0)
    np.testing.assert_allclose(bivariate_cdf(h, k, -1.0), expected, atol=2e-16)


@pytest.mark.parametrize("rho", [-0.97, -0.5, 0.2, 0.8, 0.93])
def test_the_density_is_the_derivative_by_the_correlation(rho: float) -> None:
    h, k = np.random.default_rng(3).normal(size=(2, 50))
    step = 1e-5
    slope = (bivariate_cdf(h, k, rho + step) - bivariate_cdf(h, k, rho - step)) / (2.0 * step)
    np.testing.assert_allclose(bivariate_density(h, k, np.array(rho)), slope, rtol=0.0, atol=2e-7)
