"""Weights of the statistics of ordinal data: what has none is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from trustmeasure.errors import DataError
from trustmeasure.moments.ordinal import OrdinalMoments, ordinal_moments
from trustmeasure.sem.ordinal.weights import ordinal_weight


@pytest.fixture
def found() -> OrdinalMoments:
    """Return moments of two ordinal variables and a continuous one, given a covariate."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=(300, 1))
    y = 0.5 * x + rng.normal(size=(300, 3))
    answers = np.column_stack([np.digitize(y[:, :2], [-0.6, 0.7]), y[:, 2], x])
    return ordinal_moments(answers, ["a", "b", "c", "x"], ["a", "b"], ["x"])


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (1, "Threshold t2 of a"),
        (4, "The mean of c"),
        (6, "The slope of b on x"),
        (8, "The variance of c"),
        (9, "The correlation of a and b"),
        (11, "The correlation of b and c"),
    ],
)
def test_a_statistic_that_does_not_vary_is_named(found: OrdinalMoments, at: int, name: str) -> None:
    assert found.variances is not None
    variances = found.variances.copy()
    variances[at] = 1e-28
    with pytest.raises(DataError, match=f"{name} does not vary"):
        ordinal_weight("DWLS", replace(found, variances=variances))


def test_weights_are_inverse_variances(found: OrdinalMoments) -> None:
    assert found.variances is not None
    assert found.gamma is not None
    columns = np.eye(found.layout.size)
    np.testing.assert_allclose(ordinal_weight("DWLS", found).times(columns), np.diag(1 / found.variances))
    np.testing.assert_allclose(ordinal_weight("ULS", found).times(columns), columns)
    np.testing.assert_allclose(ordinal_weight("WLS", found).times(found.gamma), columns, atol=1e-8)


def test_wls_needs_more_rows_than_statistics(found: OrdinalMoments) -> None:
    with pytest.raises(DataError, match="WLS needs the inverse"):
        ordinal_weight("WLS", replace(found, n_obs=10))
