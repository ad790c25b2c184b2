r"""First derivatives of a weighted sum of implied statistics, without the derivatives of each.

With weights h of the statistics, ``sum h dsigma = tr(H dSigma) + k'dmu + ...``, where H gathers what goes by
covariances, variances and the scales that follow from them. A cell of the matrices moves Sigma by
``l r' + r l'`` (see `matrices`), so its part is a look-up in the Gram matrix ``U'H U``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.ordinal.part import OrdinalPart
from trustmeasure.sem.ordinal.statistics import State, part_of, state_at, statistics_of
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]


def discrepancies(ram: Ram, theta: Array, sample: Array, weight: Array) -> Array:
    """Return the least-squares discrepancies of many samples, shape (b,).

    Parameters
    ----------
    ram : Ram
        The model.
    theta : array, shape (b, q)
        Parameters.
    sample : array, shape (b, m)
        Statistics of the samples.
    weight : array, shape (b, m) or (b, m, m)
        Their weights.

    Returns
    -------
    array, shape (b,)
        Infinite where the model has no responses y*.
    """
    gap = sample - statistics_of(part_of(ram), state_at(ram, theta))
    found = np.einsum("bm,bm->b", _pulled(weight, gap), gap)
    return np.asarray(np.where(np.isfinite(found), found, np.inf))


def discrepancy_slopes(ram: Ram, theta: Array, sample: Array, weight: Array) -> Array:
    """Return the first derivatives of `discrepancies`, shape (b, q)."""
    now = state_at(ram, theta)
    gap = sample - statistics_of(part_of(ram), now)
    return weighted_slopes(ram, now, -2.0 * _pulled(weight, gap))


def _pulled(weight: Array, gap: Array) -> Array:
    if weight.ndim == 2:
        return np.asarray(weight * gap)
    return np.asarray((weight @ gap[..., None])[..., 0])


def weighted_slopes(ram: Ram, now: State, weights: Array) -> Array:
    """Return the derivatives of ``weights' statistics``, shape (b, q).

    Parameters
    ----------
    ram : Ram
        The model.
    now : State
        What parameters imply, for a batch of size b.
    weights : array, shape (b, m)
        Weights of the statistics, which are taken as constant.
    """
    part = part_of(ram)
    by_scale = _by_scale(part, now, weights)
    found = np.zeros((len(weights), ram.q), dtype=weights.dtype)
    for free, cells in (
        *_matrix_cells(ram, now, weights, by_scale),
        (part.tau.free, _by_threshold(part, now, weights)),
    ):
        np.add.at(found.T, free, cells.T)
    return found


def _by_threshold(part: OrdinalPart, now: State, weights: Array) -> Array:
    return weights[:, part.tau.at] * now.scale[:, part.layout.level_variable[part.tau.at]]


def _by_scale(part: OrdinalPart, now: State, weights: Array) -> Array:
    """Return the derivatives by the logarithm of each scale, shape (b, p)."""
    layout = part.layout
    row, col = layout.pairs
    moved = weights * statistics_of(part, now)
    shared = np.zeros(now.sigma.shape, dtype=weights.dtype)
    shared[:, row, col] = shared[:, col, row] = moved[:, layout.correlations]
    levels = _by_variable(part, np.where(layout.level_is_mean, 0.0, moved[:, layout.levels]))
    slopes = moved[:, layout.slopes].reshape(len(weights), -1, layout.p).sum(axis=1)
    return np.where(layout.ordinal, shared.sum(axis=2) + levels + slopes, 0.0)


def _by_variable(part: OrdinalPart, levels: Array) -> Array:
    """Return sums over the thresholds of each variable, shape (b, p)."""
    starts = np.searchsorted(part.layout.level_variable, np.arange(part.layout.p))
    return np.asarray(np.add.reduceat(levels, starts, axis=1))


def _matrix_cells(
    ram: Ram, now: State, weights: Array, by_scale: Array
) -> list[tuple[npt.NDArray[np.intp], Array]]:
    """Return the derivatives by the cells of A and S, by those of m, and by free scales."""
    part = part_of(ram)
    h, v = _by_covariance(part, now, weights, by_scale), ram.v
    scales = by_scale[:, part.scale.at] / now.scale[:, part.scale.at]
    gram = np.swapaxes(now.u, 1, 2) @ h @ now.u
    cells = 2.0 * ram.weight * gram[:, ram.left, ram.right]
    if part.delta and part.causing.size:
        residual = _by_residual(part, now, gram)
        own = now.u[:, part.causing]
        cells -= (
            2.0 * ram.weight * np.einsum("bj,bjk->bk", residual, own[:, :, ram.left] * own[:, :, ram.right])
        )
        every = np.zeros_like(now.scale)
        every[:, part.causing] = residual
        scales -= 2.0 * every[:, part.scale.at] * now.scale[:, part.scale.at] ** -3
    means = (_by_mean(part, now, weights)[:, None] @ now.u[:, :, :v])[:, 0]
    cells[:, : ram.a.free.size] += means[:, ram.a.row] * now.eta[:, ram.a.col]
    if part.x.size:
        cells[:, : ram.a.free.size] += _by_slopes(ram, now, weights)
    return [(ram.moving, cells), (ram.m.free, means[:, ram.m.row]), (part.scale.free, scales)]


def _by_covariance(part: OrdinalPart, now: State, weights: Array, by_scale: Array) -> Array:
    """Return H, shape (b, p, p)."""
    layout = part.layout
    row, col = layout.pairs
    h = np.zeros(now.sigma.shape, dtype=weights.dtype)
    shared = 0.5 * weights[:, layout.correlations] * now.scale[:, row] * now.scale[:, col]
    h[:, row, col] = h[:, col, row] = shared
    h[:, layout.continuous, layout.continuous] = weights[:, layout.variances]
    if not part.delta:
        j = part.ordinal_y
        h[:, j, j] = -0.5 * by_scale[:, j] / now.sigma[:, j, j]
    return h


def _by_residual(part: OrdinalPart, now: State, gram: Array) -> Array:
    """Return the derivatives by the variances of ordinal responses that cause others, shape (b, causes).

    Their residual variances follow from these.
    """
    at = part.y[part.causing]
    among = now.u[:, part.causing][:, :, at] ** 2
    return np.asarray(np.linalg.solve(np.swapaxes(among, 1, 2), gram[:, at, at][..., None])[..., 0])


def _by_mean(part: OrdinalPart, now: State, weights: Array) -> Array:
    """Return the derivatives by intercepts, shape (b, p)."""
    layout = part.layout
    factor = np.where(layout.level_is_mean, 1.0, -now.scale[:, layout.level_variable])
    return _by_variable(part, weights[:, layout.levels] * factor)


def _by_slopes(ram: Ram, now: State, weights: Array) -> Array:
    """Return the derivatives by the cells of A of the slopes on covariates, shape (b, cells of A)."""
    part = part_of(ram)
    layout = part.layout
    pulled = weights[:, layout.slopes].reshape(len(weights), -1, layout.p) * now.scale[:, None]
    through = pulled @ now.u[:, :, : ram.v]
    found = np.einsum("bkc,bck->bc", through[:, :, ram.a.row], now.total[:, ram.a.col][:, :, part.x])
    return np.asarray(found)
