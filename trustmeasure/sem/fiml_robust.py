"""Robust standard errors and tests from incomplete rows (Yuan & Bentler 2000, Sociological Methodology 30).

The sandwich and the scaling factor are those of MLR for complete rows (see `robust`), with the observed
information of incomplete rows and the scores of their likelihood. The saturated model's information and its
scores are taken at the moments of the EM algorithm. Exogenous variables that the model takes as given are
answered in all rows; their moments are no parameters of the saturated model.

Checked against: lavaan 0.6-14, `tests/reference/sem_missing`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trustmeasure.moments import SampleMoments
from trustmeasure.moments.missing import Incomplete
from trustmeasure.moments.patterns import single_rows
from trustmeasure.sem.casewise_fiml import incomplete_scores
from trustmeasure.sem.discrepancy import FullInformation, Groups
from trustmeasure.sem.fiml_saturated import first_order_information, saturated_information
from trustmeasure.sem.matrices import Ram, implied, jacobian

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
ONE: Index = np.zeros(1, dtype=np.intp)


def incomplete_information(rams: Sequence[Ram], samples: Sequence[SampleMoments], theta: Array) -> Array:
    """Return the observed information of one row, shape (q, q)."""
    parts = [
        FullInformation.of(ram, rows.patterns, rows.logl)
        for ram, rows in zip(rams, map(rows_of, samples), strict=True)
    ]
    second = Groups.of(parts, [s.n_obs for s in samples]).hessian(theta[None], ONE)
    return np.asarray(0.5 * second[0])


def expected_information(rams: Sequence[Ram], samples: Sequence[SampleMoments], theta: Array) -> Array:
    """Return the expected information of one row given the patterns of answers, shape (q, q)."""
    found = np.zeros((theta.size, theta.size))
    for ram, sample in zip(rams, samples, strict=True):
        now, slope = implied(ram, theta[None]), jacobian(ram, theta)
        assert now.mu is not None  # noqa: S101  # FIML models always have means
        own = saturated_information(rows_of(sample).patterns, now.mu[0], now.sigma[0], observed=False)
        found += sample.n_obs * (slope.T @ own @ slope)
    return found / sum(s.n_obs for s in samples)


def incomplete_meat(rams: Sequence[Ram], samples: Sequence[SampleMoments], theta: Array) -> Array:
    """Return the mean outer product of the rows' scores, shape (q, q)."""
    found = np.zeros((theta.size, theta.size))
    for ram, sample in zip(rams, samples, strict=True):
        own = incomplete_scores(ram, theta, rows_of(sample).rows)
        found += own.T @ own
    return found / sum(s.n_obs for s in samples)


def saturated_trace(sample: SampleMoments, x: Sequence[int]) -> float:
    """Return `tr(B A^-1)` of the saturated model in one group.

    Parameters
    ----------
    sample : SampleMoments
        Of incomplete rows.
    x : sequence of int
        Positions of the exogenous variables that the model takes as given.
    """
    own, mean = rows_of(sample), sample.mean
    assert mean is not None  # noqa: S101  # moments of incomplete rows have means
    free = free_moments(len(sample.cov), x)
    whole = saturated_information(own.patterns, mean, sample.cov)[np.ix_(free, free)]
    first = first_order_information(single_rows(own.rows)[0], mean, sample.cov)[np.ix_(free, free)]
    return float(np.trace(np.linalg.solve(whole, first)))


def free_moments(p: int, x: Sequence[int]) -> Index:
    """Return which saturated moments are parameters: all but those of the exogenous variables `x`."""
    row, col = np.tril_indices(p)
    given = np.isin(np.arange(p), list(x))
    return np.flatnonzero(~np.concatenate([given[row] & given[col], given]))


def rows_of(sample: SampleMoments) -> Incomplete:
    """Return the incomplete rows behind the moments."""
    assert sample.incomplete is not None  # noqa: S101  # the caller has checked it
    return sample.incomplete
