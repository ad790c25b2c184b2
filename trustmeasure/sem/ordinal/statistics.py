r"""What a model of responses y* implies for the statistics of ordinal data, with derivatives, in batches.

With ``E = (I-A)^-1`` for the explained variables, their covariances given the covariates
``Sigma = E S E'``, intercepts ``mu = E m`` and scales ``Delta = 1 / sd(y*)`` (1 for continuous variables):

    thresholds ``Delta_j (tau_jc - mu_j)``, means ``mu_j``, slopes ``Delta_j E_jx``,
    variances ``Sigma_jj`` and correlations ``Delta_i Delta_j Sigma_ij``

(Muthen 1984, Psychometrika 49(1), 115-132; Muthen & Asparouhov 2002, Mplus Web Notes 4, for the two
parameterisations). With "delta" the scales are parameters, and the residual variances of ordinal variables
follow from ``Sigma_jj = 1 / Delta_j^2``; with "theta" residual variances are parameters and scales follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.matrices import add_up, fill, total_effects_of
from trustmeasure.sem.ordinal.part import OrdinalPart
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class State:
    """What parameters imply for responses y*, for a batch of size b.

    Attributes
    ----------
    u : array, shape (b, p, 2 v)
        The columns [E, W] that span the derivatives of Sigma, with ``W = E S (I-A)^-T``.
    sigma : array, shape (b, p, p)
        Covariances given the covariates.
    mu : array, shape (b, p)
        Intercepts.
    eta : array, shape (b, v)
        Intercepts of all variables.
    total : array, shape (b, v, v)
        (I-A)^-1.
    scale : array, shape (b, p)
        Delta.
    tau : array, shape (b, n_levels)
        Thresholds.
    """

    u: Array
    sigma: Array
    mu: Array
    eta: Array
    total: Array
    scale: Array
    tau: Array


def part_of(ram: Ram) -> OrdinalPart:
    """Return the ordinal part of a model that has one."""
    if ram.ordinal is None:
        raise TypeError("The model has no ordinal variables.")
    return ram.ordinal


def state_at(ram: Ram, theta: Array) -> State:
    """Return what parameters of shape (b, q), real or complex, imply for responses y*."""
    part = part_of(ram)
    a, s, m = fill(ram, theta)
    total = total_effects_of(ram, a)
    if part.x.size:
        s[:, part.x] = 0.0
        s[:, :, part.x] = 0.0
    e = total[:, part.y]
    w = e @ s @ np.swapaxes(total, 1, 2)
    sigma = w[:, :, part.y]
    mean = np.zeros((*theta.shape[:1], ram.v), dtype=theta.dtype) if m is None else m
    if part.x.size:
        mean[:, part.x] = 0.0
    eta = (total @ mean[..., None])[..., 0]
    return State(
        u=np.concatenate([e, w], axis=2),
        sigma=sigma,
        mu=eta[:, part.y],
        eta=eta,
        total=total,
        scale=_scales(part, theta, sigma),
        tau=part.thresholds(theta),
    )


def _scales(part: OrdinalPart, theta: Array, sigma: Array) -> Array:
    """Return the scales: parameters, or with "theta" one over the standard deviations of responses."""
    found = part.scales(theta)
    if not part.delta:
        j = part.ordinal_y
        variance = sigma[:, j, j]
        with np.errstate(invalid="ignore", divide="ignore"):
            found[:, j] = 1.0 / np.sqrt(np.where(np.real(variance) > 0, variance, np.nan))
    return found


def statistics(ram: Ram, theta: Array) -> Array:
    """Return the implied statistics for parameters of shape (b, q), shape (b, m), in the layout's order."""
    return statistics_of(part_of(ram), state_at(ram, theta))


def statistics_of(part: OrdinalPart, now: State) -> Array:
    """Return the statistics, shape (b, m)."""
    layout = part.layout
    row, col = layout.pairs
    slopes = now.scale[:, None] * np.swapaxes(now.total[:, part.y][:, :, part.x], 1, 2)
    variances = now.sigma[:, layout.continuous, layout.continuous]
    correlations = now.scale[:, row] * now.scale[:, col] * now.sigma[:, row, col]
    parts = [_levels(part, now), slopes.reshape(len(slopes), -1), variances, correlations]
    return np.concatenate(parts, axis=1)


def _levels(part: OrdinalPart, now: State) -> Array:
    """Return thresholds and means, shape (b, n_levels)."""
    of, mean = part.layout.level_variable, part.layout.level_is_mean
    mu = now.mu[:, of]
    return np.asarray(np.where(mean, mu, now.scale[:, of] * (now.tau - mu)))


def slopes_at(ram: Ram, theta: Array) -> tuple[Array, Array]:
    """Return the statistics (b, m) and their derivatives by all parameters, shape (b, m, q)."""
    part, now = part_of(ram), state_at(ram, theta)
    return statistics_of(part, now), slopes_of(ram, now)


def slopes_of(ram: Ram, now: State) -> Array:
    """Return the derivatives of the statistics, shape (b, m, q)."""
    part = part_of(ram)
    found = add_up(ram, structural_slopes(ram, now), structural_free(ram), apart=structural_apart(ram))
    values = now.scale[:, part.layout.level_variable[part.tau.at]]
    for at, free, value in zip(part.tau.at, part.tau.free, values.T, strict=True):
        found[:, at, free] += value
    return found


def structural_free(ram: Ram) -> Index:
    """Return the free parameter of each cell of A, S and m and of each scale."""
    return np.concatenate([ram.a.free, ram.s.free, ram.m.free, part_of(ram).scale.free])


def structural_apart(ram: Ram) -> bool:
    """Return whether no two of them share a parameter."""
    free = structural_free(ram)
    return np.unique(free).size == free.size


def structural_slopes(ram: Ram, now: State) -> Array:
    """Return the derivatives of the statistics by cells of A, S, m and by scales, shape (b, m, k)."""
    part, layout = part_of(ram), part_of(ram).layout
    row, col = layout.pairs
    pairs, own = _covariance_slopes(ram, now)
    mu = _mean_slopes(ram, now)
    log_scale = _log_scale_slopes(ram, now, own)
    size = now.scale[:, row] * now.scale[:, col]
    correlations = size[..., None] * (
        pairs + now.sigma[:, row, col][..., None] * (log_scale[:, row] + log_scale[:, col])
    )
    of = layout.level_variable
    mean = layout.level_is_mean[:, None]
    level = _levels(part, now)[..., None] * log_scale[:, of] - now.scale[:, of][..., None] * mu[:, of]
    levels = np.where(mean, mu[:, of], level)
    variances = own[:, layout.continuous]
    slopes = _regression_slopes(ram, now, log_scale)
    return np.concatenate([levels, slopes, variances, correlations], axis=1)


def _covariance_slopes(ram: Ram, now: State) -> tuple[Array, Array]:
    """Return the derivatives of the covariances of pairs, (b, pairs, k), and of variances, (b, p, k)."""
    row, col = part_of(ram).layout.pairs
    left, right = now.u[:, :, ram.left], now.u[:, :, ram.right]
    pairs = ram.weight * (left[:, row] * right[:, col] + right[:, row] * left[:, col])
    own = 2.0 * ram.weight * left * right
    pairs, own = _widened(ram, pairs), _widened(ram, own)
    return _settled(ram, now, pairs, own)


def _widened(ram: Ram, cells: Array) -> Array:
    """Return derivatives by cells of A and S with zeros for those of m and for scales behind."""
    more = ram.m.free.size + part_of(ram).scale.free.size
    return np.concatenate([cells, np.zeros((*cells.shape[:-1], more), dtype=cells.dtype)], axis=-1)


def _settled(ram: Ram, now: State, pairs: Array, own: Array) -> tuple[Array, Array]:
    """Add what the residual variances that follow from the scales ("delta") do to the covariances.

    They move nothing but their own response where no arrow leaves it.
    """
    part = part_of(ram)
    if not part.delta:
        return pairs, own
    row, col = part.layout.pairs
    target = _target_slopes(ram, now)
    causes = part.causing
    if causes.size:
        e = now.u[:, :, part.y[causes]]
        among = e[:, causes] ** 2
        residual = np.linalg.solve(among, target[:, causes] - own[:, causes])
        pairs = pairs + (e[:, row] * e[:, col]) @ residual
        own = own + e**2 @ residual
    j = part.ordinal_y
    own = own.copy()
    own[:, j] = target[:, j]
    return pairs, own


def _target_slopes(ram: Ram, now: State) -> Array:
    """Return the derivatives of the variances that scales stand for, `1 / Delta^2`, shape (b, p, k)."""
    part = part_of(ram)
    k = ram.left.size + ram.m.free.size + part.scale.free.size
    found = np.zeros((*now.scale.shape, k), dtype=now.scale.dtype)
    at = k - part.scale.free.size + np.arange(part.scale.free.size)
    found[:, part.scale.at, at] = -2.0 * now.scale[:, part.scale.at] ** -3
    return found


def _log_scale_slopes(ram: Ram, now: State, own: Array) -> Array:
    """Return the derivatives of log Delta, shape (b, p, k)."""
    part = part_of(ram)
    found = np.zeros_like(own)
    if part.delta:
        at = own.shape[2] - part.scale.free.size + np.arange(part.scale.free.size)
        found[:, part.scale.at, at] = 1.0 / now.scale[:, part.scale.at]
    else:
        j = part.ordinal_y
        found[:, j] = -0.5 * own[:, j] / now.sigma[:, j, j][..., None]
    return found


def _mean_slopes(ram: Ram, now: State) -> Array:
    """Return the derivatives of the intercepts, shape (b, p, k)."""
    more = np.zeros((*now.mu.shape, ram.s.free.size), dtype=now.mu.dtype)
    scales = np.zeros((*now.mu.shape, part_of(ram).scale.free.size), dtype=now.mu.dtype)
    path = now.u[:, :, ram.a.row] * now.eta[:, None, ram.a.col]
    return np.concatenate([path, more, now.u[:, :, ram.m.row], scales], axis=2)


def _regression_slopes(ram: Ram, now: State, log_scale: Array) -> Array:
    """Return the derivatives of the slopes on covariates, shape (b, k p, cells)."""
    part = part_of(ram)
    found = []
    for x in part.x:
        slope = now.scale * now.u[:, :, x]
        moved = np.zeros_like(log_scale)
        moved[:, :, : ram.a.free.size] = now.u[:, :, ram.a.row] * now.total[:, None, ram.a.col, x]
        found.append(now.scale[..., None] * moved + slope[..., None] * log_scale)
    return np.concatenate(found, axis=1) if found else np.zeros((len(now.mu), 0, log_scale.shape[2]))
