"""Least-squares discrepancies against finite differences, and weight matrices against their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sem.data import HS_MODEL, PD_MODEL, democracy, holzinger
from tests.sem.test_derivatives import CASES, central
from trustmeasure.moments import from_frame
from trustmeasure.moments.fourth import given_moments, inverse_of_free, moment_covariance
from trustmeasure.sem import fit_sem, parse_model
from trustmeasure.sem.discrepancy import LeastSquares
from trustmeasure.sem.discrepancy.weights import Diagonal, Full, Normal, Weight, moment_vector
from trustmeasure.sem.matrices import build
from trustmeasure.sem.starting import starting_values

ROW = np.zeros(1, dtype=np.intp)
WEIGHTS = ("normal", "ones", "variances", "full")


def problem(case: str, kind: str) -> tuple[LeastSquares, np.ndarray]:
    text, data, options = CASES[case]
    table = parse_model(text, **options)
    moments = from_frame(data(), table.observed)
    ram = build(table, moments.cov, moments.mean)
    theta = starting_values(table, [ram], [moments])
    theta = theta + 0.05 * np.random.default_rng(0).normal(size=theta.size)
    rows = data()[list(table.observed)].dropna().to_numpy(dtype=float)
    gamma = moment_covariance(rows, means=table.meanstructure)
    weight: dict[str, Weight] = {
        "normal": Normal(np.asarray(np.linalg.inv(moments.cov))),
        "ones": Diagonal(np.ones(len(gamma))),
        "variances": Diagonal(1.0 / np.diag(gamma)),
        "full": Full(np.linalg.pinv(gamma)),
    }
    return LeastSquares.of(ram, moments.cov, moments.mean, weight[kind]), theta


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("case", CASES)
def test_gradient(case: str, kind: str) -> None:
    part, theta = problem(case, kind)
    exact = part.point(theta[None], ROW).gradient[0]
    numeric = central(lambda t: part.value(t[None], ROW)[0], theta)
    scale = np.abs(numeric).max()
    assert exact / scale == pytest.approx(numeric / scale, abs=1e-6)


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("case", CASES)
def test_hessian(case: str, kind: str) -> None:
    part, theta = problem(case, kind)
    exact = part.hessian(theta[None], ROW)[0]
    numeric = central(lambda t: part.point(t[None], ROW).gradient[0], theta)
    scale = np.abs(numeric).max()
    assert exact / scale == pytest.approx(numeric / scale, abs=1e-6)


def test_a_batch_is_its_members_one_by_one() -> None:
    part, theta = problem("means", "variances")
    many = np.stack([theta, theta + 0.01])
    rows = np.zeros(2, dtype=np.intp)
    whole = part.point(many, rows)
    for i, own in enumerate(many):
        single = part.point(own[None], ROW)
        assert whole.value[i] == pytest.approx(single.value[0], rel=1e-12)
        np.testing.assert_allclose(whole.gradient[i], single.gradient[0], rtol=1e-12)
        np.testing.assert_allclose(whole.curvature[i], single.curvature[0], rtol=1e-12)


def normal_gamma(cov: np.ndarray) -> np.ndarray:
    """Return the covariances `s_ik s_jl + s_il s_jk` of the products of normal variables."""
    row, col = np.tril_indices(len(cov))
    straight = cov[np.ix_(row, row)] * cov[np.ix_(col, col)]
    return np.asarray(straight + cov[np.ix_(row, col)] * cov[np.ix_(col, row)])


def test_normal_weight_is_the_inverse_of_the_normal_covariances_of_moments() -> None:
    cov = np.array([[2.0, 0.6, 0.3], [0.6, 1.5, 0.4], [0.3, 0.4, 1.0]])
    gamma = np.zeros((9, 9))
    gamma[:6, :6] = normal_gamma(cov)
    gamma[6:, 6:] = cov
    weight = Normal(np.asarray(np.linalg.inv(cov))).times(np.eye(9))
    np.testing.assert_allclose(weight, np.linalg.inv(gamma), atol=1e-12)


def test_gamma_of_normal_rows_is_the_normal_one() -> None:
    cov = np.array([[2.0, 0.6], [0.6, 1.5]])
    rows = np.random.default_rng(3).multivariate_normal([1.0, -1.0], cov, 400_000)
    gamma = moment_covariance(rows, means=True)
    np.testing.assert_allclose(gamma[:3, :3], normal_gamma(cov), rtol=0.03)
    np.testing.assert_allclose(gamma[3:, 3:], cov, rtol=0.02)
    np.testing.assert_allclose(gamma[:3, 3:], 0.0, atol=0.05)


def test_what_is_given_does_not_vary() -> None:
    rows = holzinger()[["ageyr", "x1", "x2"]].to_numpy(dtype=float)
    gamma = moment_covariance(rows, [0], means=True)
    given = given_moments(3, [0], means=True)
    assert given.tolist() == [0, 6]
    assert not gamma[given].any()
    inverse = inverse_of_free(gamma, given)
    assert inverse is not None
    free = np.setdiff1d(np.arange(9), given)
    np.testing.assert_allclose(inverse[np.ix_(free, free)] @ gamma[np.ix_(free, free)], np.eye(7), atol=1e-6)


def test_moment_vector_and_weight_have_one_order() -> None:
    cov = np.array([[1.0, 2.0], [2.0, 5.0]])
    assert moment_vector(cov, np.array([7.0, 8.0])).tolist() == [1.0, 2.0, 5.0, 7.0, 8.0]


@pytest.mark.filterwarnings("ignore:Plain standard errors")
@pytest.mark.parametrize("estimator", ["GLS", "ULS", "WLS", "DWLS"])
def test_a_true_model_is_found_exactly(estimator: str) -> None:
    implied = fit_sem(HS_MODEL, holzinger()).implied.cov
    if estimator in {"GLS", "ULS"}:
        fit = fit_sem(HS_MODEL, sample_cov=implied * 301 / 300, n_obs=301, estimator=estimator)
        again = fit_sem(HS_MODEL, sample_cov=implied * 301 / 300, n_obs=301, likelihood="wishart")
        assert fit.discrepancy == pytest.approx(0.0, abs=1e-14)
        np.testing.assert_allclose(fit.theta, again.theta, rtol=1e-7)
        return
    rng = np.random.default_rng(5)
    rows = rng.multivariate_normal(np.zeros(9), implied, 1000)
    # Rows moved to have the moments exactly.
    own = np.linalg.cholesky(np.cov(rows.T))
    moved = (rows - rows.mean(axis=0)) @ np.linalg.inv(own).T @ np.linalg.cholesky(implied.to_numpy()).T
    fit = fit_sem(HS_MODEL, {c: moved[:, i] for i, c in enumerate(implied.columns)}, estimator=estimator)
    assert fit.discrepancy == pytest.approx(0.0, abs=1e-12)


def test_democracy_has_too_few_rows_for_wls() -> None:
    from trustmeasure.errors import DataError

    with pytest.raises(DataError, match="60 rows do not determine"):
        fit_sem(PD_MODEL, democracy().iloc[:60], estimator="WLS")
