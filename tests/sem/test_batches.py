"""The optimiser works on many samples at once, each independent of the others."""

from __future__ import annotations

import numpy as np

from tests.sem.data import HS_MODEL, holzinger
from trustmeasure.moments import from_frame
from trustmeasure.sem import parse_model
from trustmeasure.sem.discrepancy import MaximumLikelihood
from trustmeasure.sem.matrices import build
from trustmeasure.sem.optimize import minimise
from trustmeasure.sem.starting import starting_values


def resampled(n: int) -> tuple[MaximumLikelihood, np.ndarray]:
    data, rng = holzinger(), np.random.default_rng(3)
    table = parse_model(HS_MODEL)
    samples = [from_frame(data.iloc[rng.integers(0, len(data), len(data))], table.observed) for _ in range(n)]
    ram = build(table, samples[0].cov, None)
    start = starting_values(table, [ram], samples[:1])
    return MaximumLikelihood.of(ram, np.stack([s.cov for s in samples]), None), np.tile(start, (n, 1))


def test_a_batch_equals_its_members_one_by_one() -> None:
    together, start = resampled(6)
    batch = minimise(together, start)
    assert batch.converged.all()
    for i in range(6):
        alone = minimise(MaximumLikelihood.of(together.ram, together.cov[i : i + 1], None), start[i : i + 1])
        np.testing.assert_allclose(batch.theta[i], alone.theta[0], rtol=1e-7, atol=1e-9)


def test_a_member_with_an_impossible_start_does_not_stop_the_others() -> None:
    together, start = resampled(3)
    start[1] = np.nan
    found = minimise(together, start)
    assert found.converged.tolist() == [True, False, True]


def test_a_budget_that_is_too_small_is_reported() -> None:
    together, start = resampled(2)
    assert not minimise(together, start, max_iterations=2).converged.any()
