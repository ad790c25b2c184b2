"""Statistics of drawn samples equal those of the same rows, one sample at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from tests.moments.ordinal_data import answers
from trustmeasure.moments.answers import Answers, answers_of
from trustmeasure.moments.ordinal import moments_of_answers, ordinal_moments
from trustmeasure.moments.ordinal_draws import draw_moments

Array = npt.NDArray[np.float64]
NAMES = list("abcd")


def values_of(kind: str) -> Array:
    values = answers(120, 4, [-0.8, 0.0, 0.9], seed=11)
    values[:, 1] = values[:, 1] > 2.0
    values[:, 2] = np.minimum(values[:, 2], 3.0)
    if kind == "gaps":
        values[np.random.default_rng(3).random(values.shape) < 0.1] = np.nan
    if kind == "continuous":
        values[:, 3] += np.random.default_rng(4).normal(size=120)
    return values


def given(kind: str) -> tuple[Answers, list[str], str]:
    ordered = NAMES[:3] if kind == "continuous" else NAMES
    missing = "pairwise" if kind == "gaps" else "listwise"
    return answers_of(values_of(kind), NAMES, ordered, missing=missing), ordered, missing


def counts(n: int, samples: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(5).multinomial(n, np.full(n, 1.0 / n), size=samples)


@pytest.mark.parametrize("kind", ["complete", "gaps", "continuous"])
def test_draws_equal_repeated_rows(kind: str) -> None:
    rows, ordered, missing = given(kind)
    times = counts(120, 5)
    start = moments_of_answers(rows, "none").statistics
    found = draw_moments(rows, times, start)
    assert found.usable.all()
    assert found.variances is not None
    for i, line in enumerate(times):
        alone = ordinal_moments(np.repeat(values_of(kind), line, axis=0), NAMES, ordered, missing=missing)
        np.testing.assert_allclose(found.statistics[i], alone.statistics, atol=1e-7)
        np.testing.assert_allclose(found.variances[i], alone.variances, rtol=1e-5)
    assert draw_moments(rows, times, gamma="none").variances is None


@pytest.mark.parametrize("kind", ["complete", "continuous"])
def test_a_sample_without_a_category_has_no_statistics(kind: str) -> None:
    rows, _, _ = given(kind)
    times = np.ones((2, 120))
    times[1, values_of(kind)[:, 0] == 4.0] = 0.0
    found = draw_moments(rows, times)
    assert found.usable.tolist() == [True, False]
    assert np.isnan(found.statistics[1]).all()


def test_samples_in_which_covariates_say_all_have_no_statistics() -> None:
    values = np.column_stack([answers(60, 2, [0.0], seed=2), np.random.default_rng(1).normal(size=60)])
    rows = answers_of(values, ["a", "b", "x"], ["a", "b"], ["x"])
    low = (values[:, 0] == 1.0) == (values[:, 2] < 0.0)
    found = draw_moments(rows, np.array([np.ones(60), low.astype(float)]))
    assert found.usable.tolist() == [True, False]
