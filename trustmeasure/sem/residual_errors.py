r"""How far residuals vary from sample to sample: their asymptotic covariances.

With s the sample moments (covariances, and means when they are modelled), Gamma their asymptotic covariances,
Delta the derivatives of the implied moments and W the weights by which the estimator looks at residuals,

    ACOV(s - sigma) = (I - P) Gamma (I - P)' / n,   P = Delta (Delta' W Delta)^-1 Delta' W

(Browne 1984, British Journal of Mathematical and Statistical Psychology 37(1), 62-83; Maydeu-Olivares 2017,
Psychometrika 82(3), 533-558). With W and Gamma both from normal
theory this is `Gamma - Delta (Delta' W Delta)^-1 Delta'`; W is taken at the implied, Gamma at the sample
moments. Robust estimators take Gamma from the rows; FIML takes both from the observed information of the
incomplete rows.

Moments are ordered as in `matrices.jacobian`: lower triangle by rows, then means. The statistics of ordinal
data, whose W and Gamma are those of the fit, are ordered as in `moments.layout`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.moments import SampleMoments
from trustmeasure.moments.blocks import RowBlocks
from trustmeasure.moments.patterns import Patterns, single_rows
from trustmeasure.sem.casewise import summed
from trustmeasure.sem.fiml_robust import free_moments, rows_of
from trustmeasure.sem.fiml_saturated import (
    complete_information,
    first_order_information,
    saturated_information,
)
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import implied, jacobian
from trustmeasure.sem.moment_slopes import moment_slopes
from trustmeasure.sem.options import HUBER_WHITE, ROBUST_SEM
from trustmeasure.sem.ordinal.statistics import statistics
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.saturated import explained, mean_of

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MomentErrors:
    """Moments of one group, what the model implies for them, and how they vary.

    Attributes
    ----------
    observed, fitted : arrays, shape (s,)
        Sample and implied moments.
    sample : array, shape (s, s)
        Covariances of the sample moments.
    own : array, shape (s, s)
        Covariances of the residuals that come from the group's own moments.
    residual : array, shape (s, s)
        Covariances of the residuals.
    """

    observed: Array
    fitted: Array
    sample: Array
    own: Array
    residual: Array


def moment_errors(result: SemResult) -> tuple[MomentErrors, ...]:
    """Return the moments of each group with the covariances of their residuals.

    Raises
    ------
    ArgumentError
        For an estimator without them, or a fit without standard errors.
    """
    _refuse(result)
    total = sum(g.moments.size for g in result.groups)
    parts = [_Part.of(result, i, total) for i in range(len(result.groups))]
    inverse = inverse_information(np.asarray(sum(p.slope.T @ p.pull for p in parts)), result.restrictions)
    if inverse is None:
        raise ArgumentError("Residuals have no standard errors: the information matrix is singular.")
    brought = [part.pull.T @ part.sample @ part.pull for part in parts]
    found = []
    for i, (group, part) in enumerate(zip(result.groups, parts, strict=True)):
        kept = np.eye(len(part.slope)) - part.slope @ inverse @ part.pull.T
        own = kept @ part.sample @ kept.T
        others = sum((b for k, b in enumerate(brought) if k != i), np.zeros_like(inverse))
        moved = part.slope @ inverse
        found.append(MomentErrors(*_moments(group), part.sample, own, own + moved @ others @ moved.T))
    return tuple(found)


def _refuse(result: SemResult) -> None:
    options = result.options
    if result.model.ordered:
        _refuse_ordinal(result)
        return
    if options.discrepancy not in {"ML", "GLS"} or options.information == "first-order":
        raise ArgumentError(
            f"Standard errors of residuals are not available for estimator='{options.estimator}' with "
            f"information='{options.information}'. Fit with estimator='ML', or look at result.residuals."
        )
    rows_needed = options.se in {ROBUST_SEM, HUBER_WHITE} and result.missing != "fiml"
    if rows_needed and (result.sample is None or not result.sample.blocks):
        raise ArgumentError("The fit does not hold the rows that robust standard errors need. Fit again.")


def _refuse_ordinal(result: SemResult) -> None:
    if any(g.moments.ordinal is None or g.moments.ordinal.gamma is None for g in result.groups):
        raise ArgumentError(
            f"estimator='{result.estimator}' does not compute how thresholds and correlations vary together, "
            "which standard errors of residuals need. Fit with estimator='WLSMV', 'ULSMV' or 'WLS'."
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """One group: derivatives of its moments, what they pull with, and how its sample moments vary."""

    slope: Array
    pull: Array
    sample: Array

    @classmethod
    def of(cls, result: SemResult, number: int, total: float) -> _Part:
        group = result.groups[number]
        share, own = group.moments.size / total, group.moments.ordinal
        if own is not None and own.gamma is not None and group.weight is not None:
            slope = moment_slopes(group.ram, result.theta)
            return cls(slope, share * group.weight.times(slope), own.gamma / group.moments.size)
        slope = jacobian(group.ram, result.theta)
        return cls(slope, share * _weights(result, group) @ slope, _sample_errors(result, number))


def _moments(group: GroupResult) -> tuple[Array, Array]:
    if group.moments.ordinal is not None:
        return group.moments.ordinal.statistics, statistics(group.ram, group.theta[None])[0]
    now, low = implied(group.ram, group.theta[None]), np.tril_indices(group.ram.p)
    observed, fitted = group.moments.cov[low], now.sigma[0][low]
    if now.mu is None or group.moments.mean is None:
        return observed, fitted
    return np.concatenate([observed, group.moments.mean]), np.concatenate([fitted, now.mu[0]])


def _weights(result: SemResult, group: GroupResult) -> Array:
    """Return the weights of residuals, shape (s, s): at the implied moments, for GLS at the sample's."""
    now = implied(group.ram, group.theta[None])
    mean, cov = None if now.mu is None else now.mu[0], now.sigma[0]
    rows = group.moments.incomplete
    if rows is not None:
        return _observed(rows.patterns, mean, cov)
    if result.options.information == "observed":
        return _observed(_one_pattern(group.moments, means=mean is not None), mean, cov)
    information = complete_information(group.moments.cov if result.options.discrepancy == "GLS" else cov)
    return information if mean is not None else _only_covariances(information, len(cov))


def _observed(patterns: Patterns, mean: Array | None, cov: Array) -> Array:
    p = len(cov)
    found = saturated_information(patterns, np.zeros(p) if mean is None else mean, cov)
    return found if mean is not None else _only_covariances(found, p)


def _only_covariances(matrix: Array, p: int) -> Array:
    n = p * (p + 1) // 2
    return matrix[:n, :n]


def _sample_errors(result: SemResult, number: int) -> Array:
    """Return the covariances of the sample moments of a group, exogenous ones given, shape (s, s)."""
    group, robust = result.groups[number], result.options.se in {ROBUST_SEM, HUBER_WHITE}
    x = [group.model.observed.index(n) for n in group.model.exogenous]
    means = group.ram.m0 is not None
    cov, size = group.moments.cov, group.moments.size
    if group.moments.incomplete is not None:
        return _incomplete_errors(group.moments, x, robust=robust) / size
    if robust and result.sample is not None:
        return _from_rows(result.sample.blocks[number], group.moments, x, means=means)
    given = cov[:, x] @ explained(cov, x)
    return _with_means(_pairs(cov) - _pairs(given), cov - given if means else None) / size


def _incomplete_errors(moments: SampleMoments, x: Sequence[int], *, robust: bool) -> Array:
    """Return size times the covariances of the saturated moments of incomplete rows, those of `x` given."""
    own, mean = rows_of(moments), mean_of(moments)
    free = free_moments(len(moments.cov), x)
    both = np.ix_(free, free)
    inverse = np.linalg.inv(saturated_information(own.patterns, mean, moments.cov)[both])
    if robust:
        first = first_order_information(single_rows(own.rows)[0], mean, moments.cov)[both]
        inverse = inverse @ first @ inverse
    p = len(mean)
    found = np.zeros((p * (p + 3) // 2, p * (p + 3) // 2))
    found[both] = inverse
    return found


def _with_means(cov: Array, mean: Array | None) -> Array:
    """Return the block-diagonal matrix of covariances, then means."""
    if mean is None:
        return cov
    s, p = len(cov), len(mean)
    whole = np.zeros((s + p, s + p))
    whole[:s, :s], whole[s:, s:] = cov, mean
    return whole


def _pairs(cov: Array) -> Array:
    """Return `c_ik c_jl + c_il c_jk` for pairs ij and kl of the lower triangle: normal-theory Gamma."""
    i, j = np.tril_indices(len(cov))
    return np.asarray(cov[np.ix_(i, i)] * cov[np.ix_(j, j)] + cov[np.ix_(i, j)] * cov[np.ix_(j, i)])


def _one_pattern(moments: SampleMoments, *, means: bool) -> Patterns:
    """Return complete rows as one pattern: as many points as variables, and one for the means."""
    p, n = len(moments.cov), moments.size
    middle = moments.mean if means and moments.mean is not None else np.zeros(p)
    points = np.sqrt(n) * np.vstack([middle, np.linalg.cholesky(moments.cov).T])
    level = np.concatenate([[np.sqrt(n)], np.zeros(p)])
    at = np.zeros(p + 1, dtype=np.intp)
    return Patterns.of(np.ones((1, p), dtype=bool), np.array([n]), points, level, at)


def _from_rows(rows: RowBlocks, moments: SampleMoments, x: Sequence[int], *, means: bool) -> Array:
    """Return the covariances of the sample moments as the rows (or clusters) show them."""
    cov, mean = moments.cov, mean_of(moments)
    i, j = np.tril_indices(len(cov))
    slope = explained(cov, x)
    rest = (cov - cov[:, list(x)] @ slope)[i, j]

    def deviations(values: Array) -> Array:
        z = values - mean
        given = z[:, list(x)] @ slope
        products = z[:, i] * z[:, j] - given[:, i] * given[:, j] - rest
        return np.hstack([products, z - given]) if means else products

    size = len(i) + (len(mean) if means else 0)
    total = sum((s.T @ s for s in summed(rows, deviations)), np.zeros((size, size)))
    return np.asarray(rows.correction * total / moments.size**2)
