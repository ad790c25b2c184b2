r"""CFI, TLI and RMSEA of complete data, estimated from incomplete rows (Zhang & Savalei 2023).

Under full information maximum likelihood, missing values change what CFI, TLI and RMSEA estimate when the
model does not hold. The corrected indices are those of complete data: the complete-data discrepancy between
the saturated moments (by the EM algorithm) and those that the model implies at the FIML estimates,

    N F_c - k,   k = tr[W_c (I - D (D'W D)^-1 D'W) G (I - D (D'W D)^-1 D'W)'],

where W_c is the expected information of complete rows and W the observed one of the incomplete rows, both at
the saturated moments, D the derivatives of the implied moments, and G the covariance matrix of the saturated
moments: `W^-1` for ML, `W^-1 B W^-1` with B from the scores of rows for MLR. The same holds for the
independence model, whatever information standard errors rest on. As in lavaan, W_c leaves out the moments of
covariates also where these are not fixed.

Source: Zhang & Savalei (2023), Psychological Methods 28(2), 263-283. Checked against: lavaan 0.6-14,
`tests/reference/sem_missing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments import SampleMoments
from trustmeasure.moments.patterns import single_rows
from trustmeasure.sem.baseline import baseline_estimates, baseline_table
from trustmeasure.sem.fiml_robust import free_moments, rows_of
from trustmeasure.sem.fiml_saturated import (
    complete_information,
    first_order_information,
    saturated_information,
)
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import Ram, build, implied, jacobian
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What FIML-corrected indices are made of.

    Attributes
    ----------
    chisq, baseline : float
        N times the complete-data discrepancies of the model and of the independence model.
    bias, baseline_bias : float
        What missing values and estimation add to them on average, k above.
    """

    chisq: float
    baseline: float
    bias: float
    baseline_bias: float


@dataclass(frozen=True, slots=True)
class _Weights:
    """Matrices of one group, times its share of the rows: W, W_c, G, and which moments they are about."""

    own: Array
    complete: Array
    covariance: Array
    free: npt.NDArray[np.intp]


@one_thread
def corrected(
    table: ParameterTable,
    rams: Sequence[Ram],
    samples: Sequence[SampleMoments],
    theta: Array,
    *,
    robust: bool,
    restrictions: Array | None = None,
) -> Corrected | None:
    """Return what the corrected indices of a fitted model are made of.

    Parameters
    ----------
    table : ParameterTable
        The model.
    rams : sequence of Ram, length G
        Its matrices in each group.
    samples : sequence of SampleMoments, length G
        Of incomplete rows.
    theta : array, shape (q,)
        Estimates.
    robust : bool
        Whether rows need not be normal (MLR).
    restrictions : array, shape (r, q), or None
        Jacobian of the active equality constraints.

    Returns
    -------
    Corrected or None
        None when an information matrix is singular.
    """
    total = sum(s.n_obs for s in samples)
    try:
        weights = [_weights(table, s, total, robust=robust) for s in samples]
    except np.linalg.LinAlgError:
        return None
    null = baseline_table(table)
    others = [build(null, s.cov, s.mean, g) for g, s in enumerate(samples, start=1)]
    base = baseline_estimates(null, samples)
    biases = (
        _bias(weights, [jacobian(ram, theta) for ram in rams], restrictions),
        _bias(weights, [jacobian(ram, base) for ram in others], None),
    )
    if biases[0] is None or biases[1] is None:
        return None
    return Corrected(_complete(rams, samples, theta), _complete(others, samples, base), biases[0], biases[1])


def _weights(table: ParameterTable, sample: SampleMoments, total: int, *, robust: bool) -> _Weights:
    rows, mean = rows_of(sample), sample.mean
    assert mean is not None  # noqa: S101  # moments of incomplete rows have means
    given, covariates = (
        [table.observed.index(name) for name in names] for names in (table.exogenous, table.covariates)
    )
    share, free = sample.n_obs / total, free_moments(len(sample.cov), given)
    chosen = np.ix_(free, free)
    complete = np.zeros_like(whole := complete_information(sample.cov))
    outcomes = free_moments(len(sample.cov), covariates)
    complete[np.ix_(outcomes, outcomes)] = whole[np.ix_(outcomes, outcomes)]
    own = share * saturated_information(rows.patterns, mean, sample.cov)[chosen]
    covariance: Array = np.asarray(np.linalg.inv(own))
    if robust:
        first = first_order_information(single_rows(rows.rows)[0], mean, sample.cov)[chosen]
        covariance = np.asarray(covariance @ (share * first) @ covariance)
    return _Weights(own, share * complete[chosen], covariance, free)


def _bias(weights: Sequence[_Weights], slopes: Sequence[Array], restrictions: Array | None) -> float | None:
    """Return k, summed over groups: tr(W_c G) minus what the estimated parameters take away."""
    pairs = [(w, slope[w.free]) for w, slope in zip(weights, slopes, strict=True)]
    q = slopes[0].shape[1]
    inner = sum((d.T @ w.own @ d for w, d in pairs), start=np.zeros((q, q)))
    inverse = inverse_information(inner, restrictions)
    if inverse is None:
        return None
    found, crossed, middle, outer = 0.0, np.zeros((q, q)), np.zeros((q, q)), np.zeros((q, q))
    for w, d in pairs:
        pulled = w.own @ d
        found += float(np.vdot(w.complete, w.covariance))
        crossed += pulled.T @ (w.covariance @ (w.complete @ d))
        middle += pulled.T @ w.covariance @ pulled
        outer += d.T @ w.complete @ d
    less = np.vdot(inverse, crossed.T)
    return float(found - 2.0 * less + np.vdot(inverse @ middle @ inverse, outer))


def _complete(rams: Sequence[Ram], samples: Sequence[SampleMoments], theta: Array) -> float:
    """Return N times the complete-data discrepancy between saturated and implied moments."""
    found = 0.0
    for ram, sample in zip(rams, samples, strict=True):
        now, cov = implied(ram, theta[None]), sample.cov
        sigma, gap = now.sigma[0], np.zeros(len(cov))
        if now.mu is not None and sample.mean is not None:
            gap = sample.mean - now.mu[0]
        trace = np.trace(np.linalg.solve(sigma, cov + np.outer(gap, gap)))
        logdets = np.linalg.slogdet(sigma)[1] - np.linalg.slogdet(cov)[1]
        found += sample.n_obs * float(trace + logdets - len(cov))
    return found
