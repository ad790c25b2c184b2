"""Correlations of two variables each, and how their scores go together with those of the variables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Margins, Rows

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Pairing:
    """Which pairs of variables are of which kind.

    Attributes
    ----------
    layout : Layout
        The variables: p of them, P pairs.
    """

    layout: Layout

    @cached_property
    def place(self) -> Index:
        """Number of each variable among the ordinal ones, or among the continuous ones, shape (p,)."""
        ordinal = self.layout.ordinal
        return np.asarray(np.where(ordinal, np.cumsum(ordinal), np.cumsum(~ordinal)) - 1, dtype=np.intp)

    @cached_property
    def kinds(self) -> Index:
        """How many variables of each pair are ordinal: 2 polychoric, 1 polyserial, 0 Pearson; shape (P,)."""
        row, col = self.layout.pairs
        ordinal = self.layout.ordinal.astype(np.intp)
        return np.asarray(ordinal[row] + ordinal[col])

    def of_kind(self, kind: int) -> tuple[Index, Index, Index]:
        """Return the pairs of a kind, and their variables; for polyserial ones the ordinal one first."""
        at = np.flatnonzero(self.kinds == kind)
        row, col = (side[at] for side in self.layout.pairs)
        turned = ~self.layout.ordinal[row] & self.layout.ordinal[col]
        return at, np.where(turned, col, row), np.where(turned, row, col)


@dataclass(frozen=True)
class Side:
    """The variables on one side of q pairs, all ordinal or all continuous.

    Attributes
    ----------
    layout : Layout
        All variables.
    variable : array of int, shape (q,)
        Number of the variable in the layout.
    place : array of int, shape (q,)
        Its number among those of its kind.
    """

    layout: Layout
    variable: Index
    place: Index

    def ordinal_cross(self, rows: Rows, lower: Array, upper: Array) -> Array:
        """Return sums over rows of what belongs to the bounds (n, q), by statistic of the margins, (q, Q)."""
        q, width = self.place.size, rows.codes.width
        line = np.arange(q) * (width + 2)
        at = (rows.codes.values[:, self.place] + line).ravel()
        sums = np.bincount(at + 1, upper.ravel(), q * (width + 2))
        sums += np.bincount(at, lower.ravel(), q * (width + 2))
        found = np.zeros((q, self.layout.variances.stop))
        self.place_thresholds(found, np.asarray(sums, dtype=float).reshape(q, width + 2)[:, 1:-1])
        self._place_slopes(found, -(lower + upper).T @ rows.x)
        return found

    def place_thresholds(self, found: Array, sums: Array) -> None:
        """Add numbers (q, width - 1 or more) to the places of the thresholds in an array (q, Q)."""
        counts = np.array(self.layout.n_thresholds)[self.variable]
        start = np.searchsorted(self.layout.level_variable, self.variable)
        for t in range(int(counts.max(initial=0))):
            has = np.flatnonzero(counts > t)
            found[has, start[has] + t] += sums[has, t]

    def continuous_cross(self, margins: Margins, rows: Rows, z: Array, by_z: Array, own: Array) -> Array:
        """Return sums over rows by statistic of the margins, (q, Q).

        Parameters
        ----------
        margins : Margins
            Means and variances.
        rows : Rows
            n rows.
        z : array, shape (n, q)
            Standardised values, 0 where missing.
        by_z : array, shape (n, q)
            Score of the correlation times the derivative with respect to z.
        own : array, shape (q,)
            Sums of scores of the correlation.
        """
        variance = margins.variances[self.place]
        mean = -by_z / np.sqrt(variance)
        found = np.zeros((self.place.size, self.layout.variances.stop))
        line = np.arange(self.place.size)
        found[line, np.searchsorted(self.layout.level_variable, self.variable)] = mean.sum(axis=0)
        self._place_slopes(found, mean.T @ rows.x)
        spread = -(own + (by_z * z).sum(axis=0)) / (2.0 * variance)
        found[line, self.layout.variances.start + self.place] = spread
        return found

    def _place_slopes(self, found: Array, sums: Array) -> None:
        line = np.arange(self.place.size)
        for k in range(sums.shape[1]):
            found[line, self.layout.slopes.start + k * self.layout.p + self.variable] += sums[:, k]


@dataclass(frozen=True, slots=True)
class PairScores:
    """What some rows say of q correlations.

    Attributes
    ----------
    scores : array, shape (n, q)
        Derivatives of the log-likelihoods, zero where an answer is missing.
    cross : array, shape (q, Q)
        Their weighted products with the derivatives with respect to the statistics of the margins.
    """

    scores: Array
    cross: Array


@dataclass(frozen=True)
class PairKind(ABC):
    """Pairs of one kind.

    Attributes
    ----------
    at : array of int, shape (q,)
        Their numbers among all pairs.
    """

    at: Index

    @abstractmethod
    def correlations(self, margins: Margins, rows: Rows) -> Array:
        """Return the correlations, shape (q,)."""

    @abstractmethod
    def scores(self, margins: Margins, rows: Rows, rho: Array) -> PairScores:
        """Return what rows say of the correlations."""
