"""What single incomplete rows say: scores, likelihoods, information of the saturated model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.errors import ListwiseWarning
from trustmeasure.moments.incomplete import from_incomplete_rows
from trustmeasure.moments.missing import log_likelihood
from trustmeasure.moments.patterns import patterns_of, single_rows
from trustmeasure.sem import fit_sem
from trustmeasure.sem.casewise import scores
from trustmeasure.sem.casewise_fiml import incomplete_likelihoods, incomplete_scores
from trustmeasure.sem.fiml_saturated import (
    complete_information,
    first_order_information,
    saturated_information,
)

Array = np.ndarray
ITEMS = [f"x{i}" for i in range(1, 10)]


def rows(share: float = 0.2, n: int = 301, p: int = 9) -> Array:
    values = holzinger()[ITEMS[:p]].to_numpy(dtype=float)[:n]
    values[np.random.default_rng(3).uniform(size=values.shape) < share] = np.nan
    return values[np.isfinite(values).any(axis=1)]


def moments(x: Array, p: int) -> tuple[Array, Array]:
    cov = np.zeros((p, p))
    cov[np.tril_indices(p)] = x[:-p]
    return x[-p:], cov + np.tril(cov, -1).T


def packed(mean: Array, cov: Array) -> Array:
    return np.concatenate([cov[np.tril_indices(len(cov))], mean])


def slopes(function: Callable[[Array], Any], x: Array) -> Array:
    step = 1e-5 * np.eye(x.size)
    return np.array([(function(x + s) - function(x - s)) / 2e-5 for s in step])


def near(values: Array) -> Array:
    """Moments near, but not at, the saturated ones."""
    p = values.shape[1]
    found = from_incomplete_rows(values, 0, [str(i) for i in range(p)])
    assert found.mean is not None
    return packed(found.mean + 0.1, found.cov + 0.1 * np.eye(p))


def test_scores_add_up_to_nothing_at_the_solution() -> None:
    with pytest.warns(ListwiseWarning, match="1 rows"):
        fit = fit_sem(HS_MODEL, holzinger()[ITEMS].mask(np.isnan(rows_of_all())), missing="fiml")
    found = incomplete_scores(fit.groups[0].ram, fit.theta, rows_of_all())
    size = np.abs(found).sum(axis=0)
    np.testing.assert_allclose(found.sum(axis=0) / size, 0, atol=1e-8)


def rows_of_all() -> Array:
    values = holzinger()[ITEMS].to_numpy(dtype=float)
    values[np.random.default_rng(5).uniform(size=values.shape) < 0.2] = np.nan
    values[7] = np.nan
    return values


def test_scores_stand_in_the_order_of_the_rows() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), missing="fiml")
    ram, values = fit.groups[0].ram, rows_of_all()
    found = incomplete_scores(ram, fit.theta, values)
    assert (found[7] == 0).all()
    order = np.random.default_rng(1).permutation(len(values))
    np.testing.assert_allclose(incomplete_scores(ram, fit.theta, values[order]), found[order], rtol=1e-9)


def test_scores_of_complete_rows_are_those_of_complete_rows() -> None:
    fit = fit_sem(HS_MODEL, holzinger(), missing="fiml")
    group, values = fit.groups[0], holzinger()[ITEMS].to_numpy(dtype=float)
    plain = scores(group.ram, fit.theta, values - fit.implied.mean.to_numpy())
    np.testing.assert_allclose(incomplete_scores(group.ram, fit.theta, values), plain, rtol=1e-8, atol=1e-9)


def test_likelihoods_add_up() -> None:
    values = rows()
    mean, cov = moments(near(values), 9)
    each = incomplete_likelihoods(values, mean, cov)
    assert each.sum() == pytest.approx(log_likelihood(patterns_of(values), mean, cov))
    np.testing.assert_allclose(incomplete_likelihoods(values[::-1], mean, cov), each[::-1])


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6])
def test_saturated_information_is_the_curvature_of_the_likelihood(share: float) -> None:
    values = rows(share, p=5)
    patterns, (single, _) = patterns_of(values), single_rows(values)
    x = near(values)

    def slope(at: Array) -> Array:
        return slopes(lambda y: log_likelihood(patterns, *moments(y, 5)) / len(values), at)

    curvature = slopes(slope, x)
    found = saturated_information(patterns, *moments(x, 5))
    np.testing.assert_allclose(found, -curvature, rtol=2e-3, atol=2e-4)
    np.testing.assert_allclose(saturated_information(single, *moments(x, 5)), found, rtol=1e-9, atol=1e-12)


def test_expected_information_of_complete_rows() -> None:
    values = rows(0.0, p=5)
    mean, cov = moments(near(values), 5)
    found = saturated_information(patterns_of(values), mean, cov, observed=False)
    np.testing.assert_allclose(found, complete_information(cov), rtol=1e-10, atol=1e-12)


def test_first_order_information_estimates_the_others() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(size=(40_000, 3)) @ np.array([[1.0, 0.5, 0.2], [0, 1, 0.3], [0, 0, 1]])
    values[rng.uniform(size=values.shape) < 0.3] = np.nan
    found = from_incomplete_rows(values[np.isfinite(values).any(axis=1)], 0, list("abc"))
    assert found.mean is not None
    assert found.incomplete is not None
    first = first_order_information(single_rows(found.incomplete.rows)[0], found.mean, found.cov)
    observed = saturated_information(found.incomplete.patterns, found.mean, found.cov)
    np.testing.assert_allclose(first, observed, atol=0.03)
