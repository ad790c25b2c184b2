"""Incomplete rows: missing-data patterns, and saturated moments by the EM algorithm.

Under a normal model and values missing at random, the EM algorithm (Dempster, Laird & Rubin 1977, Journal of
the Royal Statistical Society B 39(1), 1-38) gives the maximum-likelihood means and covariances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

EM_TOLERANCE = 1e-11
EM_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class Patterns:
    """Sufficient statistics of incomplete rows, pattern by pattern.

    Attributes
    ----------
    seen : array of bool, shape (k, p)
        Which variables are answered in each pattern.
    n : array, shape (k,)
        Rows of each pattern.
    mean : array, shape (k, p)
        Means of the answered variables; 0 elsewhere.
    cov : array, shape (k, p, p)
        Covariances (divisor n) of the answered variables; 0 elsewhere.
    """

    seen: Flags
    n: Array
    mean: Array
    cov: Array

    @property
    def n_obs(self) -> int:
        """Rows in all patterns."""
        return int(self.n.sum())


def patterns_of(values: Array) -> Patterns:
    """Return the patterns of rows (n, p) with NaN where no answer was given; empty rows are not counted."""
    seen = np.isfinite(values)
    kept = seen.any(axis=1)
    values, seen = values[kept], seen[kept]
    kinds, which = np.unique(seen, axis=0, return_inverse=True)
    which = which.ravel()
    k, p = kinds.shape
    n = np.bincount(which, minlength=k).astype(float)
    filled = np.where(seen, values, 0.0)
    mean = np.zeros((k, p))
    np.add.at(mean, which, filled)
    mean /= n[:, None]
    centred = np.where(seen, filled - mean[which], 0.0)
    cov = np.zeros((k, p, p))
    for i in range(k):
        rows = centred[which == i]
        cov[i] = rows.T @ rows / n[i]
    return Patterns(kinds, n, mean, cov)


def inverses(seen: Flags, sigma: Array) -> tuple[Array, Array]:
    """Return the inverse of each pattern's block of `sigma`, zero elsewhere, and its log determinant.

    Parameters
    ----------
    seen : array of bool, shape (k, p)
        The patterns.
    sigma : array, shape (p, p)
        Covariances.

    Returns
    -------
    inverse : array, shape (k, p, p)
    logdet : array, shape (k,)
        Infinite where the block is not positive definite.
    """
    both = seen[:, :, None] & seen[:, None, :]
    sd = np.sqrt(np.maximum(np.diag(sigma), 1e-300))
    unit = np.where(both, sigma / np.outer(sd, sd), 0.0)
    at = np.arange(sigma.shape[0])
    # A variable that was not answered becomes independent with variance 1, which changes no determinant.
    unit[:, at, at] = np.where(seen, unit[:, at, at], 1.0)
    try:
        root = np.linalg.cholesky(unit)
    except np.linalg.LinAlgError:
        return np.full_like(unit, np.nan), np.full(len(seen), np.inf)
    half = np.linalg.inv(root) / sd
    inverse = np.where(both, np.swapaxes(half, 1, 2) @ half, 0.0)
    logdet = 2.0 * np.log(np.einsum("kii->ki", root)).sum(axis=1) + 2.0 * (seen * np.log(sd)).sum(axis=1)
    return inverse, logdet


def log_likelihood(patterns: Patterns, mean: Array, cov: Array) -> float:
    """Return the normal log-likelihood of incomplete rows at the given moments."""
    inverse, logdet = inverses(patterns.seen, cov)
    gap = np.where(patterns.seen, patterns.mean - mean, 0.0)
    target = patterns.cov + gap[:, :, None] * gap[:, None, :]
    trace = np.einsum("kij,kij->k", inverse, target)
    size = patterns.seen.sum(axis=1)
    return float(-0.5 * np.sum(patterns.n * (size * np.log(2 * np.pi) + logdet + trace)))


@dataclass(frozen=True, slots=True)
class Saturated:
    """Maximum-likelihood moments of incomplete rows.

    Attributes
    ----------
    mean : array, shape (p,)
    cov : array, shape (p, p)
    logl : float
        Log-likelihood there.
    steps : int
        Steps of the EM algorithm.
    converged : bool
        Whether the last step moved the moments by less than `EM_TOLERANCE` of a standard deviation.
    """

    mean: Array
    cov: Array
    logl: float
    steps: int
    converged: bool


def saturated(patterns: Patterns) -> Saturated:
    """Return saturated moments of incomplete rows by the EM algorithm."""
    mean, cov = _start(patterns)
    steps, moved = 0, np.inf
    while moved > EM_TOLERANCE and steps < EM_STEPS:
        new_mean, new_cov = _em_step(patterns, mean, cov)
        sd = np.sqrt(np.diag(new_cov))
        shifts = (new_mean - mean) / sd, (new_cov - cov) / np.outer(sd, sd)
        moved = max(float(np.abs(shift).max()) for shift in shifts)
        mean, cov, steps = new_mean, new_cov, steps + 1
    return Saturated(mean, cov, log_likelihood(patterns, mean, cov), steps, moved <= EM_TOLERANCE)


def _start(patterns: Patterns) -> tuple[Array, Array]:
    """Return means and variances of the answers given, with covariances 0."""
    weight = patterns.seen * patterns.n[:, None]
    total = weight.sum(axis=0)
    mean = (weight * patterns.mean).sum(axis=0) / total
    second = np.einsum("kii->ki", patterns.cov) + (patterns.mean - mean) ** 2
    return mean, np.diag((weight * second).sum(axis=0) / total)


def _em_step(patterns: Patterns, mean: Array, cov: Array) -> tuple[Array, Array]:
    """Fill each pattern by regression on what was answered, and return the moments of the filled rows."""
    inverse, _ = inverses(patterns.seen, cov)
    gap = np.where(patterns.seen, patterns.mean - mean, 0.0)
    # Regression of all variables on the answered ones: the identity for those.
    slope = cov @ inverse
    filled = mean + np.einsum("kij,kj->ki", slope, gap)
    rest = cov - slope @ cov
    inner = slope @ patterns.cov @ np.swapaxes(slope, 1, 2) + rest
    share = patterns.n / patterns.n.sum()
    new_mean = share @ filled
    away = filled - new_mean
    new_cov = np.einsum("k,kij->ij", share, inner) + (share[:, None] * away).T @ away
    return new_mean, 0.5 * (new_cov + new_cov.T)


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Incomplete rows as full-information maximum likelihood sees them.

    Attributes
    ----------
    patterns : Patterns
        The rows, pattern by pattern.
    logl : float
        Log-likelihood of the saturated model.
    """

    patterns: Patterns
    logl: float

    def independent(self, x: Sequence[int]) -> float:
        """Return the log-likelihood of the independence model, in which only the variables `x` covary."""
        others = [i for i in range(self.patterns.seen.shape[1]) if i not in x]
        alone = _only(self.patterns, others)
        logl = log_likelihood(alone, *_start(alone)) if others else 0.0
        return logl + (saturated(_only(self.patterns, x)).logl if len(x) else 0.0)


def _only(patterns: Patterns, variables: Sequence[int]) -> Patterns:
    """Return the patterns of some variables, without the rows that answer none of them."""
    seen = patterns.seen[:, variables]
    rows = seen.any(axis=1)
    cov = patterns.cov[:, variables][:, :, variables]
    return Patterns(seen[rows], patterns.n[rows], patterns.mean[:, variables][rows], cov[rows])


def pattern_table(patterns: Patterns, names: Sequence[str]) -> list[dict[str, object]]:
    """Return one record a pattern, most frequent first: a flag for each variable, and the rows."""
    order = np.argsort(-patterns.n, kind="stable")
    return [
        {**dict(zip(names, patterns.seen[i].tolist(), strict=True)), "n": int(patterns.n[i])} for i in order
    ]
