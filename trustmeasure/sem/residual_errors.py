r"""How far residuals vary from sample to sample: their asymptotic covariances.

With s the sample moments (covariances, and means when they are modelled), Gamma their asymptotic covariances,
Delta the derivatives of the implied moments and W the weights by which the estimator looks at residuals,

    ACOV(s - sigma) = (I - P) Gamma (I - P)' / n,   P = Delta (Delta' W Delta)^-1 Delta' W

(Browne 1984, British Journal of Mathematical and Statistical Psychology 37(1), 62-83; Maydeu-Olivares 2017,
Psychometrika 82(3), 533-558). With W and Gamma both from normal
theory this is `Gamma - Delta (Delta' W Delta)^-1 Delta'`; W is taken at the implied, Gamma at the sample
moments. Robust estimators take Gamma from the rows; FIML takes both from the observed information of the
incomplete rows.

Moments are ordered as in `matrices.jacobian`: lower triangle by rows, then means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.moments.missing import Patterns, inverses
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import implied, jacobian
from trustmeasure.sem.result import GroupResult, SemResult

Array = npt.NDArray[np.float64]

ESTIMATORS = ("ML", "MLR", "MLM")
BLOCK = 2048
"""Rows whose products are held at a time."""


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
    if result.estimator not in ESTIMATORS or (result.estimator != "ML" and result.missing == "fiml"):
        raise ArgumentError(
            f"Standard errors of residuals are not available for estimator='{result.estimator}' with "
            f"missing='{result.missing}'. Fit with estimator='ML', or look at result.residuals."
        )
    slopes = [jacobian(g.ram, result.theta) for g in result.groups]
    pulls = [_weights(result, g) @ slope for g, slope in zip(result.groups, slopes, strict=True)]
    gammas = [_gamma(result, i) for i in range(len(result.groups))]
    shares = [g.n_obs / result.n_obs for g in result.groups]
    total = sum(share * slope.T @ pull for share, slope, pull in zip(shares, slopes, pulls, strict=True))
    inverse = inverse_information(np.asarray(total))
    if inverse is None:
        raise ArgumentError("Residuals have no standard errors: the information matrix is singular.")
    brought = [
        share**2 * pull.T @ gamma @ pull / g.n_obs
        for share, pull, gamma, g in zip(shares, pulls, gammas, result.groups, strict=True)
    ]
    found = []
    for i, (group, slope, pull, gamma) in enumerate(zip(result.groups, slopes, pulls, gammas, strict=True)):
        moved = np.eye(len(slope)) - shares[i] * slope @ inverse @ pull.T
        own = moved @ gamma @ moved.T / group.n_obs
        others = sum((brought[k] for k in range(len(brought)) if k != i), np.zeros_like(inverse))
        whole = own + slope @ inverse @ others @ inverse @ slope.T
        found.append(MomentErrors(*_moments(group), gamma / group.n_obs, own, whole))
    return tuple(found)


def _moments(group: GroupResult) -> tuple[Array, Array]:
    now, low = implied(group.ram, group.theta[None]), np.tril_indices(group.ram.p)
    observed, fitted = group.moments.cov[low], now.sigma[0][low]
    if now.mu is None or group.moments.mean is None:
        return observed, fitted
    return np.concatenate([observed, group.moments.mean]), np.concatenate([fitted, now.mu[0]])


def _weights(result: SemResult, group: GroupResult) -> Array:
    """Return the weights of residuals at the implied moments, shape (s, s)."""
    now = implied(group.ram, group.theta[None])
    mean, cov = None if now.mu is None else now.mu[0], now.sigma[0]
    rows = group.moments.incomplete
    if rows is not None:
        return _observed(rows.patterns, mean, cov)
    if result.estimator == "MLR":
        return _observed(_one_pattern(group), mean, cov)
    return _with_means(_pairs_weighted(np.linalg.inv(cov)), None if mean is None else np.linalg.inv(cov))


def _gamma(result: SemResult, number: int) -> Array:
    """Return n times the covariances of the sample moments of a group, exogenous ones given, shape (s, s)."""
    group = result.groups[number]
    x = [group.model.observed.index(n) for n in group.model.exogenous]
    means = group.ram.m0 is not None
    cov, mean = group.moments.cov, group.moments.mean
    if group.moments.incomplete is not None:
        inverse = np.linalg.inv(_observed(group.moments.incomplete.patterns, mean, cov))
        return _given(np.asarray(inverse, dtype=np.float64), x, len(cov))
    if result.estimator != "ML":
        if result.sample is None or not result.sample.rows:
            raise ArgumentError("The fit does not hold the rows that robust standard errors need. Fit again.")
        return _fourth_moments(result.sample.rows[number], x, means=means)
    explained = cov[:, x] @ np.linalg.solve(cov[np.ix_(x, x)], cov[x]) if x else np.zeros_like(cov)
    return _with_means(_pairs(cov) - _pairs(explained), cov - explained if means else None)


def _given(gamma: Array, x: Sequence[int], p: int) -> Array:
    """Return the covariances of moments given those of the variables `x` alone."""
    row, col = np.tril_indices(p)
    fixed = np.concatenate([np.isin(row, x) & np.isin(col, x), np.isin(np.arange(p), x)])
    if not fixed.any():
        return gamma
    slope = np.linalg.solve(gamma[np.ix_(fixed, fixed)], gamma[fixed])
    return np.asarray(gamma - gamma[:, fixed] @ slope)


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


def _halves(p: int) -> Array:
    """Return 1/2 for the variances and 1 for the covariances of a lower triangle."""
    row, col = np.tril_indices(p)
    return np.where(row == col, 0.5, 1.0)


def _pairs_weighted(inverse: Array) -> Array:
    """Return the inverse of `_pairs` of a matrix whose inverse is given."""
    half = _halves(len(inverse))
    return np.asarray(_pairs(inverse) * np.outer(half, half))


def _one_pattern(group: GroupResult) -> Patterns:
    """Return complete rows as a single pattern."""
    cov, mean = group.moments.cov, group.moments.mean
    p = len(cov)
    middle = np.zeros(p) if mean is None else mean
    return Patterns(np.ones((1, p), dtype=bool), np.array([float(group.n_obs)]), middle[None], cov[None])


def _observed(patterns: Patterns, mean: Array | None, cov: Array) -> Array:
    """Return the observed information of a saturated model at given moments, a row, shape (s, s)."""
    p = len(cov)
    half, (i, j) = _halves(p), np.tril_indices(p)
    v, _ = inverses(patterns.seen, cov)
    s = len(i) + (p if mean is not None else 0)
    whole = np.zeros((s, s))
    for k, inverse in enumerate(v):
        gap = np.zeros(p) if mean is None else np.where(patterns.seen[k], patterns.mean[k] - mean, 0.0)
        pulled = inverse @ (patterns.cov[k] + np.outer(gap, gap)) @ inverse
        share = patterns.n[k] / patterns.n_obs
        # d2 of log|Sigma| + tr(T Sigma^-1), halved
        crossed = (
            inverse[np.ix_(i, i)] * pulled[np.ix_(j, j)]
            + inverse[np.ix_(i, j)] * pulled[np.ix_(j, i)]
            + inverse[np.ix_(j, i)] * pulled[np.ix_(i, j)]
            + inverse[np.ix_(j, j)] * pulled[np.ix_(i, i)]
        )
        whole[: len(i), : len(i)] += share * (crossed - _pairs(inverse))
        if mean is not None:
            drawn = inverse @ gap
            cross = inverse[:, i] * drawn[j] + inverse[:, j] * drawn[i]
            whole[len(i) :, len(i) :] += share * inverse
            whole[len(i) :, : len(i)] += share * cross
    whole[: len(i), : len(i)] *= np.outer(half, half)
    whole[len(i) :, : len(i)] *= half
    whole[: len(i), len(i) :] = whole[len(i) :, : len(i)].T
    return whole


def _fourth_moments(rows: Array, x: Sequence[int], *, means: bool) -> Array:
    """Return the covariances of the products (and values) of centred rows, without what `x` explain."""
    z = rows - rows.mean(axis=0)
    given = z[:, x] @ np.linalg.lstsq(z[:, x], z, rcond=None)[0] if len(x) else np.zeros_like(z)
    i, j = np.tril_indices(z.shape[1])
    size = len(i) + (z.shape[1] if means else 0)
    total, first = np.zeros((size, size)), np.zeros(size)
    for at in range(0, len(z), BLOCK):
        part, own = z[at : at + BLOCK], given[at : at + BLOCK]
        terms = part[:, i] * part[:, j] - own[:, i] * own[:, j]
        terms = np.hstack([terms, part - own]) if means else terms
        total += terms.T @ terms
        first += terms.sum(axis=0)
    centre = first / len(z)
    return np.asarray(total / len(z) - np.outer(centre, centre))
