"""The greatest lower bound to reliability: a semidefinite programme, solved for many matrices at once.

With C the covariance matrix of the items, the largest sum of error variances d that leaves a covariance
matrix of true scores is ``max sum d`` under ``C - diag(d)`` positive semidefinite and ``d >= 0``. It is
solved here in the metric of correlations, ``d_j = c_jj u_j``, by a primal-dual interior point method that
keeps both sides feasible, so that the gap between them bounds the error of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import INDEFINITE, Coefficient, correlations, total_of

GAP = 1e-11
"""Duality gap, as a share of the sum of the variances, at which the search ends."""
NULL = 1e-9
"""Eigenvalues of a correlation matrix below this belong to items that depend on each other."""
LEAST = 1e-18
"""Eigenvalues below this are rounding."""
STEPS = 60


@dataclass(frozen=True, slots=True)
class Bound:
    """Error variances behind the greatest lower bound, for a stack of b matrices.

    Attributes
    ----------
    errors : array, shape (b, k)
        Error variances as shares of the items' variances; NaN where there is no answer.
    dual : array, shape (b, k, k)
        Slope of the sum of the error variances by the correlations; NaN where it does not exist.
    gap : array, shape (b,)
        How far the sum of the error variances may be from its maximum, as a share of the sum of variances.
    """

    errors: Array
    dual: Array
    gap: Array


def largest_errors(corrs: Array, weight: Array) -> Bound:
    """Return the error variances u that maximise ``weight @ u`` while ``R - diag(u)`` stays semidefinite.

    Parameters
    ----------
    corrs : array, shape (b, k, k)
        Correlation matrices.
    weight : array, shape (b, k)
        Variances of the items, in any unit.
    """
    b, k = weight.shape
    share = weight / weight.sum(axis=1, keepdims=True)
    found = Bound(np.full((b, k), np.nan), np.full((b, k, k), np.nan), np.full(b, np.nan))
    finite = np.asarray(np.isfinite(corrs).all(axis=(1, 2)))
    least = np.linalg.eigvalsh(np.where(finite[:, None, None], corrs, np.eye(k)))[:, 0]
    regular = np.flatnonzero(finite & (least > NULL))
    if regular.size:
        solved = _interior(corrs[regular], share[regular], least[regular])
        found.errors[regular], found.dual[regular], found.gap[regular] = solved
    for i in np.flatnonzero(finite & (least <= NULL) & (least > -INDEFINITE)):
        found.errors[i], found.gap[i] = _dependent(corrs[i], share[i])
    return found


def _dependent(corr: Array, share: Array) -> tuple[Array, float]:
    """Return error variances where items depend on each other: those items have none.

    What is left of the other items when these are partialled out is a smaller problem of the same kind.
    """
    values, vectors = np.linalg.eigh(corr)
    inside = (np.abs(vectors[:, values <= NULL]) > 1e-6).any(axis=1)
    errors, rest = np.zeros(len(corr)), np.flatnonzero(~inside)
    if not rest.size:
        return errors, 0.0
    bound = np.flatnonzero(inside)
    between = corr[np.ix_(rest, bound)]
    left = corr[np.ix_(rest, rest)] - between @ np.linalg.pinv(corr[np.ix_(bound, bound)]) @ between.T
    own = np.diag(left)
    smaller = largest_errors(correlations(left[None]), (share[rest] * own)[None])
    errors[rest] = smaller.errors[0] * own
    return errors, float(smaller.gap[0] * (share[rest] * own).sum())


def _interior(corr: Array, share: Array, least: Array) -> tuple[Array, Array, Array]:
    """Return errors, dual matrices and gaps of regular matrices."""
    k = share.shape[1]
    u = np.repeat(0.5 * least[:, None], k, axis=1)
    z = 1.5 * share.max(axis=1)[:, None, None] * np.eye(k)
    spare = np.diagonal(z, axis1=1, axis2=2) - share
    gap, open_ = _gap(corr, u, z, spare), np.arange(len(u))
    for _ in range(STEPS):
        moved = _step(corr[open_], share[open_], u[open_], z[open_], spare[open_])
        now = _gap(corr[open_], *moved)
        better = np.isfinite(now) & (now < 0.9 * gap[open_]) & (now > 0.0)
        open_ = open_[better]  # the others are as good as rounding lets them be
        u[open_], z[open_], spare[open_] = (x[better] for x in moved)
        gap[open_] = now[better]
        open_ = open_[gap[open_] > GAP]
        if not open_.size:
            break
    return u, z, gap


def _slack(corr: Array, u: Array) -> Array:
    return np.asarray(corr - u[:, :, None] * np.eye(u.shape[1]))


def _gap(corr: Array, u: Array, z: Array, spare: Array) -> Array:
    return np.asarray((_slack(corr, u) * z).sum(axis=(1, 2)) + (spare * u).sum(axis=1))


def _step(corr: Array, share: Array, u: Array, z: Array, spare: Array) -> tuple[Array, Array, Array]:
    """Take one step towards the central path at a tenth of the present gap."""
    k = u.shape[1]
    slack = _slack(corr, u)
    inverse = np.linalg.inv(slack)
    mu = 0.1 * _gap(corr, u, z, spare)[:, None] / (2 * k)
    diagonal = np.diagonal(inverse, axis1=1, axis2=2)
    normal = z * inverse + (spare / u)[:, :, None] * np.eye(k)
    du = np.linalg.solve(normal, (share + mu / u - mu * diagonal)[:, :, None])[:, :, 0]
    across = (z * du[:, None, :]) @ inverse
    dz = mu[:, :, None] * inverse - z + 0.5 * (across + np.swapaxes(across, 1, 2))
    dspare = mu / u - spare - spare / u * du
    primal = np.minimum(_reach(slack, -du[:, :, None] * np.eye(k)), _reach_plain(u, du))
    dual = np.minimum(_reach(z, dz), _reach_plain(spare, dspare))
    return u + primal[:, None] * du, z + dual[:, None, None] * dz, spare + dual[:, None] * dspare


def _reach(matrix: Array, move: Array) -> Array:
    """Return how far a move may be followed, at most 1, so that the matrix stays positive definite."""
    values, vectors = np.linalg.eigh(matrix)
    root = vectors / np.sqrt(np.maximum(values, LEAST))[:, None, :]
    lowest = np.linalg.eigvalsh(np.swapaxes(root, 1, 2) @ move @ root)[:, 0]
    return np.minimum(1.0, 0.95 / np.maximum(-lowest, 1e-300))


def _reach_plain(value: Array, move: Array) -> Array:
    lowest = (move / value).min(axis=1)
    return np.asarray(np.minimum(1.0, 0.95 / np.maximum(-lowest, 1e-300)))


def _bound_of(covs: Array) -> Bound:
    return largest_errors(correlations(covs), np.diagonal(covs, axis1=1, axis2=2))


def _glb(covs: Array) -> Array:
    errors = _bound_of(covs).errors * np.diagonal(covs, axis1=1, axis2=2)
    return np.asarray(1.0 - errors.sum(axis=1) / total_of(covs))


def _glb_slope(cov: Array) -> Array:
    found, own = _bound_of(cov[None]), np.diag(cov)
    total = total_of(cov[None])[0]
    value = 1.0 - (found.errors[0] * own).sum() / total
    by_cov = found.dual[0] * own.sum() / np.sqrt(np.outer(own, own))
    return np.asarray((1.0 - by_cov - value) / total)


GLB = Coefficient("glb", _glb, _glb_slope)
"""The greatest lower bound to reliability."""
