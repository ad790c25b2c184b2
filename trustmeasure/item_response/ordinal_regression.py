"""Proportional-odds regression of an ordered answer, by Newton steps on its concave log-likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit, logit

from trustmeasure.frames import Array

MOST_STEPS = 100
DONE = 1e-14
FAR = 30.0
"""Linear predictors apart by more than this mean that a covariate parts the answers."""


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalRegression:
    """A fitted model logit P(y >= x) = X beta + d_x.

    Attributes
    ----------
    beta, intercepts : array (c,), array (m,)
        Coefficients of the c covariates, and the m falling intercepts.
    vcov : array (c + m, c + m)
        Covariance matrix of both; NaN when it does not exist.
    loglik : float
        Log-likelihood.
    separated : bool
        Whether a covariate (nearly) parts the answers, so that its coefficient has no finite estimate.
    """

    beta: Array
    intercepts: Array
    vcov: Array
    loglik: float
    separated: bool


@dataclass(frozen=True, slots=True)
class _Point:
    parameters: Array
    loglik: float
    gradient: Array
    information: Array


def ordinal_regression(X: Array, counts: Array) -> OrdinalRegression:
    """Fit a proportional-odds model.

    Parameters
    ----------
    X : array (r, c)
        Covariates of r kinds of people; c may be 0.
    counts : array (r, m + 1)
        How many people of each kind gave each answer; every answer was given by somebody.

    Returns
    -------
    OrdinalRegression
        The maximum of the likelihood.
    """
    c, m = X.shape[1], counts.shape[1] - 1
    above = np.cumsum(counts.sum(axis=0)[::-1])[::-1][1:] / counts.sum()
    centre, spread = _standard(X)
    Z: Array = (X - centre) / spread
    point = _point(np.concatenate([np.zeros(c), logit(above)]), Z, counts)
    for _ in range(MOST_STEPS if c else 0):
        step = np.asarray(np.linalg.lstsq(point.information, point.gradient, rcond=None)[0], dtype=np.float64)
        if step @ point.gradient < DONE:
            break
        after = _ascent(point, step, Z, counts)
        if after is None:
            break
        point = after
        if np.ptp(Z @ point.parameters[:c]) > FAR:
            break
    separated = bool(c and np.ptp(Z @ point.parameters[:c]) > FAR)
    return _in_units(point, c, m, centre, spread, separated)


def _standard(X: Array) -> tuple[Array, Array]:
    """Return means and deviations of the columns; 1 for a constant one."""
    spread = X.std(axis=0)
    return np.asarray(X.mean(axis=0)), np.where(spread > 0.0, spread, 1.0)


def _in_units(
    point: _Point, c: int, m: int, centre: Array, spread: Array, separated: bool
) -> OrdinalRegression:
    """Return the solution for covariates as they came."""
    back = np.eye(c + m)
    back[:c, :c] = np.diag(1.0 / spread)
    back[c:, :c] = -centre / spread
    found = back @ point.parameters
    try:
        vcov = back @ np.linalg.inv(point.information) @ back.T
    except np.linalg.LinAlgError:
        vcov = np.full((c + m, c + m), np.nan)
    return OrdinalRegression(found[:c], found[c:], vcov, point.loglik, separated)


def _ascent(point: _Point, step: Array, Z: Array, counts: Array) -> _Point | None:
    c, share = Z.shape[1], 1.0
    for _ in range(30):
        tried = point.parameters + share * step
        if (np.diff(tried[c:]) < 0.0).all():
            after = _point(tried, Z, counts)
            if after.loglik >= point.loglik:
                return after
        share *= 0.5
    return None


def _point(parameters: Array, Z: Array, counts: Array) -> _Point:
    """Return value and derivatives; see `cumulative` for the formulas."""
    c = Z.shape[1]
    d = parameters[c:]
    z = (Z @ parameters[:c])[:, None] + d
    gap = np.exp(np.diff(d))
    passed, ones = expit(z), np.ones((len(Z), 1))
    star = np.hstack([ones, passed, 0.0 * ones])
    log_p = np.zeros(counts.shape)
    log_p[:, 1:] += log_expit(z)
    log_p[:, :-1] += log_expit(-z)
    log_p[:, 1:-1] += np.log1p(-gap)
    push = gap / (1.0 - gap)
    along = counts * (1.0 - star[:, :-1] - star[:, 1:])
    f = star * (1.0 - star)
    bend = (counts * (f[:, :-1] + f[:, 1:])).sum(axis=1)
    inner = counts[:, 1:-1].sum(axis=0)
    gradient_d = (counts[:, 1:] * (1.0 - passed) - counts[:, :-1] * passed).sum(axis=0)
    gradient_d[:-1] += inner * push
    gradient_d[1:] -= inner * push
    g = f[:, 1:-1] * (counts[:, 1:] + counts[:, :-1])
    information = np.empty((parameters.size, parameters.size))
    information[:c, :c] = Z.T @ (Z * bend[:, None])
    information[:c, c:] = Z.T @ g
    information[c:, :c] = information[:c, c:].T
    information[c:, c:] = _tridiagonal(g.sum(axis=0), inner * push * (1.0 + push))
    gradient = np.concatenate([Z.T @ along.sum(axis=1), gradient_d])
    return _Point(parameters, float((counts * log_p).sum()), gradient, information)


def _tridiagonal(diagonal: Array, apart: Array) -> Array:
    block = np.diag(diagonal)
    at = np.arange(apart.size)
    block[at, at] += apart
    block[at + 1, at + 1] += apart
    block[at, at + 1] -= apart
    block[at + 1, at] -= apart
    return block
