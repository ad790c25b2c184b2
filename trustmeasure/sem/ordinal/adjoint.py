r"""First derivatives of a sum of statistics, for many samples, without the matrix of all derivatives.

For weights h of the statistics, ``h' dsigma`` is gathered backwards: from the statistics to thresholds,
scales, intercepts and covariances of responses y* (formulas in `statistics`), and from these to the cells of
A, S and m. With ``dSigma = l r' + r l'`` for a cell (see `matrices`), ``tr(G dSigma)`` is ``2 l' G r``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.ordinal.part import OrdinalPart
from trustmeasure.sem.ordinal.statistics import State, part_of, state_at, statistics_of
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Adjoint:
    """Weighted least squares of one group's statistics, for batches that have weights of their own.

    Attributes
    ----------
    ram : Ram
        A model without covariates; with "delta", no arrow leaves an ordinal variable.
    """

    ram: Ram

    @staticmethod
    def suits(ram: Ram) -> bool:
        """Return whether a model is of this kind."""
        part = part_of(ram)
        causes = np.isin(part.ordinal, ram.causes).any()
        return not (part.x.size or (part.delta and causes))

    def value(self, theta: Array, sample: Array, weight: Array) -> Array:
        """Return the discrepancies, shape (b,); infinite where the model has no responses y*.

        Parameters
        ----------
        theta : array, shape (b, q)
            Parameters.
        sample : array, shape (b, m)
            Statistics of the samples.
        weight : array, shape (b, m) or (b, m, m)
            Their weights, or weight matrices.
        """
        gap = sample - statistics_of(part_of(self.ram), state_at(self.ram, theta))
        found = np.einsum("bm,bm->b", _times(weight, gap), gap)
        return np.asarray(np.where(np.isfinite(found), found, np.inf))

    def gradient(self, theta: Array, sample: Array, weight: Array) -> Array:
        """Return the first derivatives of the discrepancies, shape (b, q); see `value`."""
        now = state_at(self.ram, theta)
        h = _times(weight, sample - statistics_of(part_of(self.ram), now))
        return -2.0 * self.gathered(now, h)

    def gathered(self, now: State, h: Array) -> Array:
        """Return the derivatives of ``h' sigma`` by all parameters, shape (b, q), for h of shape (b, m)."""
        ram, part = self.ram, part_of(self.ram)
        found = np.zeros((len(h), ram.q), dtype=h.dtype)
        levels = h[:, part.layout.levels]
        scaled = now.scale[:, part.layout.level_variable] * levels
        np.add.at(found.T, part.tau.free, scaled[:, part.tau.at].T)
        on_mean = _on_means(part, levels, scaled)
        spread, on_scale = _on_covariances(part, now, h)
        on_scale += _on_scales(part, now, levels)
        if part.delta:
            np.add.at(found.T, part.scale.free, on_scale[:, part.scale.at].T)
        else:
            j = part.ordinal_y
            spread[:, j, j] -= 0.5 * now.scale[:, j] ** 3 * on_scale[:, j]
        self._cells(found, now, spread, on_mean)
        return found

    def _cells(self, found: Array, now: State, spread: Array, on_mean: Array) -> None:
        """Add what comes from the cells of A, S and m, given derivatives by Sigma and mu."""
        ram = self.ram
        pulled = spread @ now.u
        cells = 2.0 * ram.weight * np.einsum("bpk,bpk->bk", now.u[:, :, ram.left], pulled[:, :, ram.right])
        pull = np.einsum("bp,bpv->bv", on_mean, now.u[:, :, : ram.v])
        cells[:, : ram.a.free.size] += pull[:, ram.a.row] * now.eta[:, ram.a.col]
        np.add.at(found.T, ram.a.free, cells[:, : ram.a.free.size].T)
        np.add.at(found.T, ram.s.free, cells[:, ram.a.free.size :].T)
        np.add.at(found.T, ram.m.free, pull[:, ram.m.row].T)


def _times(weight: Array, gap: Array) -> Array:
    return weight * gap if weight.ndim == 2 else np.asarray((weight @ gap[..., None])[..., 0])


def _on_means(part: OrdinalPart, levels: Array, scaled: Array) -> Array:
    """Return the derivatives by the intercepts of responses, shape (b, p)."""
    own = np.where(part.layout.level_is_mean, levels, -scaled)
    return _by_variable(part, own)


def _on_scales(part: OrdinalPart, now: State, levels: Array) -> Array:
    """Return the derivatives by the scales that come from thresholds, shape (b, p)."""
    gap = now.tau - now.mu[:, part.layout.level_variable]
    return _by_variable(part, np.where(part.layout.level_is_mean, 0.0, levels * gap))


def _by_variable(part: OrdinalPart, levels: Array) -> Array:
    starts = np.searchsorted(part.layout.level_variable, np.arange(part.layout.p))
    return np.asarray(np.add.reduceat(levels, starts, axis=1))


def _on_covariances(part: OrdinalPart, now: State, h: Array) -> tuple[Array, Array]:
    """Return the derivatives by Sigma, (b, p, p), and by scales that come from correlations, (b, p)."""
    layout = part.layout
    row, col = layout.pairs
    among = np.zeros((len(h), layout.p, layout.p), dtype=h.dtype)
    among[:, row, col] = among[:, col, row] = h[:, layout.correlations]
    scales = now.scale[:, :, None] * now.scale[:, None, :]
    on_scale = np.einsum("bij,bij,bj->bi", among, now.sigma, now.scale)
    spread = 0.5 * among * scales
    own = layout.continuous
    spread[:, own, own] = h[:, layout.variances]
    on_scale[:, own] = 0.0
    return spread, on_scale
