"""Sums of the items of a factor, and what a fitted model with ordinal variables says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.frames import Array
from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.reliability_analysis.formulas import alpha_of_covariance
from trustmeasure.reliability_analysis.ordinal_formulas import (
    Cuts,
    omega_gradient_of_answers,
    omega_of_answers,
    omega_of_latent,
)
from trustmeasure.sem.expressions import gradient
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import fill, total_effects
from trustmeasure.sem.ordinal.statistics import part_of, state_at
from trustmeasure.sem.ram import Ram

Index = npt.NDArray[np.intp]
Numbers = npt.NDArray[Any]
"""Real, or complex where a derivative is taken."""
ALL = "(all items)"
"""Stands where the name of a factor does when the sum is that of all items."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What omega is made of, for a batch of size b.

    Attributes
    ----------
    tau : array, shape (b, m)
        Standardised thresholds of the items.
    true : array, shape (b, k, k)
        What the factor contributes to their correlations (to their covariances, when they are continuous).
    corr : array, shape (b, k, k)
        Their correlations or covariances.
    """

    tau: Numbers
    true: Numbers
    corr: Numbers

    def flat(self) -> Numbers:
        """Return all of them in one row, shape (b, m + 2 k^2)."""
        b = len(self.tau)
        return np.concatenate([self.tau, self.true.reshape(b, -1), self.corr.reshape(b, -1)], axis=1)


@dataclass(frozen=True)
class Composite:
    """The sum of the items of one factor in one group.

    Attributes
    ----------
    factor : str
        Name of the factor; `ALL` for all items and all factors together.
    ram : Ram
        The group's model.
    loads : array of bool, shape (v, v)
        Which cells of A are loadings.
    causes : array
        Positions of the factors among all variables.
    items : array, shape (k,)
        Positions of the items among the explained variables.
    names : tuple of str, length k
        Their names.
    cuts : Cuts or None
        Where they are cut, at no matter which thresholds; None when they are continuous.
    levels : array, shape (m,)
        Positions of their thresholds among the model's.
    """

    factor: str
    ram: Ram
    loads: npt.NDArray[np.bool_]
    causes: Index
    items: Index
    names: tuple[str, ...]
    cuts: Cuts | None
    levels: Index

    def pieces(self, theta: Numbers) -> Pieces:
        """Return what omega is made of, for parameters of shape (b, q), real or complex."""
        part, now = part_of(self.ram), state_at(self.ram, theta)
        of = part.layout.level_variable
        tau = now.scale[:, of] * (now.tau - now.mu[:, of])
        scale = now.scale[:, self.items]
        size = scale[:, :, None] * scale[:, None, :]
        corr = now.sigma[:, self.items[:, None], self.items]
        return Pieces(tau[:, self.levels], size * self._true(theta, now.total), size * corr)

    def _true(self, theta: Numbers, total: Numbers) -> Numbers:
        """Return the covariances of the items that the factors alone account for, shape (b, k, k)."""
        a, s, _ = fill(self.ram, theta)
        phi = total[:, self.causes] @ s @ np.swapaxes(total[:, self.causes], 1, 2)
        direct = np.where(self.loads, a, 0.0)
        reach = total_effects(direct) if self.causes.size == 1 else direct
        lam = reach[:, part_of(self.ram).y[self.items]][:, :, self.causes]
        return np.asarray(lam @ phi @ np.swapaxes(lam, 1, 2))

    def omega(self, theta: Array, corr: Array | None = None) -> Array:
        """Return omega for parameters of shape (b, q), shape (b,).

        `corr` (k, k) takes the place of the correlations that the model implies.
        """
        now = self.pieces(theta)
        totals = now.corr if corr is None else np.broadcast_to(corr, now.corr.shape)
        return np.array([self._omega(*x) for x in zip(now.tau, now.true, totals, strict=True)])

    def _omega(self, tau: Array, true: Array, corr: Array) -> float:
        if self.cuts is None:
            return float(true.sum() / corr.sum())
        return omega_of_answers(self.cuts.at(tau), true, corr)

    def omega_latent(self, theta: Array) -> float:
        """Return omega of the sum of the standardised latent responses."""
        now = self.pieces(theta[None])
        return float("nan") if self.cuts is None else omega_of_latent(now.true[0], now.corr[0])

    def slopes(self, theta: Array) -> Array:
        """Return the derivatives of omega by the parameters, shape (q,)."""
        now = self.pieces(theta[None])
        moved = gradient(lambda x: self.pieces(x).flat(), theta)
        return np.asarray(self._by_pieces(now.tau[0], now.true[0], now.corr[0]) @ moved)

    def _by_pieces(self, tau: Array, true: Array, corr: Array) -> Array:
        if self.cuts is not None:
            parts = omega_gradient_of_answers(self.cuts.at(tau), true, corr)
        else:
            whole = corr.sum()
            parts = tau, np.full_like(true, 1.0 / whole), np.full_like(corr, -true.sum() / whole**2)
        return np.concatenate([part.ravel() for part in parts])

    def loadings(self, theta: Array) -> Array:
        """Return the standardised loadings of the items on the factor, shape (k,)."""
        now, part = state_at(self.ram, theta[None]), part_of(self.ram)
        a, s, _ = fill(self.ram, theta[None])
        reach = total_effects(np.where(self.loads, a, 0.0))[0]
        variance = (now.total[0] @ s[0] @ now.total[0].T)[self.causes[0], self.causes[0]]
        sd = np.sqrt(now.sigma[0, self.items, self.items])
        return np.asarray(reach[part.y[self.items], self.causes[0]] * np.sqrt(variance) / sd)


def composites_of(group: GroupResult, factors: Sequence[str], *, total: bool) -> list[Composite]:
    """Return the sums of the items of some factors, and of all items when `total`."""
    loads = _loadings(group)
    at = {name: i for i, name in enumerate(group.ram.variables)}
    found = [_composite(group, loads, name, [at[name]]) for name in factors]
    if total:
        found.append(_composite(group, loads, ALL, [at[name] for name in group.model.latent]))
    return found


def _loadings(group: GroupResult) -> npt.NDArray[np.bool_]:
    at = {name: i for i, name in enumerate(group.ram.variables)}
    found = np.zeros((group.ram.v,) * 2, dtype=bool)
    for row in group.model.parameters:
        if row.op == "=~":
            found[at[row.rhs], at[row.lhs]] = True
    return found


def _composite(
    group: GroupResult, loads: npt.NDArray[np.bool_], factor: str, causes: Sequence[int]
) -> Composite:
    part = part_of(group.ram)
    reached = total_effects(loads.astype(float)[None])[0][:, causes] != 0
    items = np.flatnonzero(reached.any(axis=1)[part.y])
    names = tuple(part.layout.names[i] for i in items)
    levels = np.flatnonzero(np.isin(part.layout.level_variable, items) & ~part.layout.level_is_mean)
    cuts = _cuts(group, items, levels) if part.layout.ordinal[items].all() and items.size else None
    return Composite(factor, group.ram, loads, np.array(causes, dtype=np.intp), items, names, cuts, levels)


def _cuts(group: GroupResult, items: Index, levels: Index) -> Cuts:
    """Return where items are cut, with the steps of their codes."""
    layout = part_of(group.ram).layout
    item = np.searchsorted(items, layout.level_variable[levels])
    categories = _ordinal(group).categories
    step = np.concatenate([np.diff(categories[i]) for i in items])
    return Cuts(np.zeros(levels.size), item, step)


def _ordinal(group: GroupResult) -> OrdinalMoments:
    if group.moments.ordinal is None:
        raise TypeError("The group has no ordinal variables.")
    return group.moments.ordinal


def sample_correlations(composite: Composite, group: GroupResult) -> Array:
    """Return the correlations of the responses of a composite's items in the sample (polychoric ones)."""
    return np.asarray(group.moments.cov[np.ix_(composite.items, composite.items)])


def sample_alpha(composite: Composite, group: GroupResult) -> tuple[float, float]:
    """Return ordinal alpha of a composite's items and its standard error (delta method).

    Alpha of correlations whose sum, the diagonal included, is S is ``k / (k - 1) (1 - k / S)``. The error is
    NaN where the full asymptotic covariance matrix of the correlations was not computed.
    """
    corr, found, k = sample_correlations(composite, group), _ordinal(group), len(composite.items)
    alpha = alpha_of_covariance(corr)
    if found.gamma is None:
        return alpha, float("nan")
    row, col = found.layout.pairs
    used = np.arange(found.layout.size)[found.layout.correlations]
    used = used[np.isin(row, composite.items) & np.isin(col, composite.items)]
    slope = 2.0 * k**2 / ((k - 1) * corr.sum() ** 2)
    return alpha, float(slope * np.sqrt(found.gamma[np.ix_(used, used)].sum() / found.weight))
