r"""Least squares of the statistics of ordinal data (Muthen 1984, Psychometrika 49(1), 115-132).

    F = d' W d,   d = s - sigma(theta)

with s the sample's thresholds, slopes and correlations, and W the inverse of their asymptotic covariance
matrix (WLS), of its diagonal (DWLS), or the identity (ULS). A threshold moves one statistic only, so second
derivatives are made of the derivatives by the other parameters and of look-ups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.base import Point
from trustmeasure.sem.discrepancy.weights import Weight
from trustmeasure.sem.ordinal.gradient import weighted_slopes
from trustmeasure.sem.ordinal.statistics import (
    State,
    part_of,
    state_at,
    statistics,
    statistics_of,
    structural_apart,
    structural_free,
    structural_slopes,
)
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

STEP = 1e-20
"""Complex step of second derivatives."""
AT_ONCE = 64
"""Parameters whose complex steps are taken together."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivatives of the statistics, in two kinds.

    Attributes
    ----------
    dense : array, shape (b, m, k)
        By parameters of the matrices and by scales.
    free : array, shape (k,)
        Which parameters these are.
    tau : array, shape (b, t)
        Of the statistic `at` by the threshold `tau_free`.
    at, tau_free : arrays, shape (t,)
        See `tau`.
    """

    dense: Array
    free: Index
    tau: Array
    at: Index
    tau_free: Index


@dataclass(frozen=True, slots=True)
class OrdinalLeastSquares:
    """Least-squares discrepancy of ordinal samples.

    Attributes
    ----------
    ram : Ram
        The model, with its ordinal part.
    sample : array, shape (m,)
        Statistics of the sample, in the order of `moments.layout.Layout`.
    weight : Weight
        Their weight matrix.
    """

    ram: Ram
    sample: Array
    weight: Weight

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,); infinite where the model has no responses y*."""
        gaps = (self.sample - statistics(self.ram, theta)).T
        good = np.isfinite(gaps).all(axis=0)
        found = np.full(theta.shape[0], np.inf)
        found[good] = np.einsum("mb,mb->b", gaps[:, good], self.weight.times(gaps[:, good]))
        return found

    def slope(self, theta: Array, rows: Index) -> tuple[Array, Array]:
        """Return discrepancies, infinite where they do not exist, and first derivatives."""
        now = state_at(self.ram, theta)
        gaps = (self.sample - statistics_of(part_of(self.ram), now)).T
        if not np.isfinite(gaps).all():
            return self.value(theta, rows), np.full(theta.shape, np.nan)
        pulled = self.weight.times(gaps)
        value = np.einsum("mb,mb->b", gaps, pulled)
        return value, weighted_slopes(self.ram, now, -2.0 * pulled.T)

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        now = state_at(self.ram, theta)
        gaps = (self.sample - statistics_of(part_of(self.ram), now)).T
        pulled = self.weight.times(gaps)
        moves = slopes(self.ram, now)
        gradient = weighted_slopes(self.ram, now, -2.0 * pulled.T)
        return Point(np.einsum("mb,mb->b", gaps, pulled), gradient, self._curvature(moves))

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q), by complex steps of the first."""
        q = theta.shape[1]
        found = np.empty((theta.shape[0], q, q))
        for member, own in enumerate(theta):
            for start in range(0, q, AT_ONCE):
                some = np.arange(start, min(start + AT_ONCE, q))
                moved = np.repeat(own[None].astype(complex), some.size, axis=0)
                moved[np.arange(some.size), some] += 1j * STEP
                found[member, some] = np.imag(self.slope_of(moved)) / STEP
        return 0.5 * (found + np.swapaxes(found, 1, 2))

    def slope_of(self, theta: Array) -> Array:
        """Return first derivatives at parameters (b, q), real or complex."""
        now = state_at(self.ram, theta)
        gaps = (self.sample - statistics_of(part_of(self.ram), now)).T
        return weighted_slopes(self.ram, now, -2.0 * self.weight.times(gaps).T)

    def _curvature(self, moves: Slopes) -> Array:
        """Return `2 D'W D`, shape (b, q, q)."""
        found = np.zeros((moves.dense.shape[0], self.ram.q, self.ram.q))
        among = np.zeros((self.sample.size, moves.at.size))
        among[moves.at, np.arange(moves.at.size)] = 1.0
        of_tau = self.weight.times(among)[moves.at]
        for into, dense, tau in zip(found, moves.dense, moves.tau, strict=True):
            pulled = self.weight.times(dense)
            mixed = tau[:, None] * pulled[moves.at]
            add_block(into, moves.free, moves.free, dense.T @ pulled)
            add_block(into, moves.tau_free, moves.free, mixed)
            add_block(into, moves.free, moves.tau_free, mixed.T)
            add_block(into, moves.tau_free, moves.tau_free, tau[:, None] * of_tau * tau)
        return 2.0 * found


def add_block(into: Array, rows: Index, columns: Index, block: Array) -> None:
    """Add a block to some rows and columns of a matrix; those named twice get both."""
    if np.unique(rows).size == rows.size and np.unique(columns).size == columns.size:
        into[rows[:, None], columns] += block
    else:
        np.add.at(into, (rows[:, None], columns), block)


def slopes(ram: Ram, now: State) -> Slopes:
    """Return the derivatives of the statistics."""
    part = part_of(ram)
    dense, free = structural_slopes(ram, now), structural_free(ram)
    if not structural_apart(ram):
        dense, free = dense @ ram.spread(free), np.arange(ram.q)
    values = now.scale[:, part.layout.level_variable[part.tau.at]]
    return Slopes(dense, free, values, part.tau.at, part.tau.free)
