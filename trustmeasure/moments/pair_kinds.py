"""The kinds of pairs: polychoric from tables or from rows, polyserial, Pearson."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.bivariate_normal import FAR
from trustmeasure.moments.boxes import Bounds, bound_slopes, box_scores
from trustmeasure.moments.margins import Margins, Rows, thresholds_of
from trustmeasure.moments.one_root import most_likely
from trustmeasure.moments.pairs import Pairing, PairKind, PairScores, Side
from trustmeasure.moments.polychoric import (
    LEAST,
    category_means,
    cells,
    informative,
    polychoric_batch,
    threshold_slopes,
)
from trustmeasure.moments.polyserial import SERIAL_EDGE, pearson_scores, pearson_two_step, polyserial_scores
from trustmeasure.moments.tables import filled, pair_tables

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

ROUGH = 1e-2
"""Last step towards a correlation that others start from."""


def sides_of_kind(pairing: Pairing, kind: int) -> tuple[Index, Side, Side]:
    """Return the pairs with so many ordinal variables, and both of their sides."""
    at, first, second = pairing.of_kind(kind)
    layout, place = pairing.layout, pairing.place
    return at, Side(layout, first, place[first]), Side(layout, second, place[second])


@dataclass(frozen=True)
class Polyserial(PairKind):
    """Pairs of an ordinal and a continuous variable."""

    ordinal: Side
    continuous: Side

    def _parts(self, margins: Margins, rows: Rows, at: Index) -> tuple[Array, Array, Array]:
        """Return bounds and standardised values of some of the pairs, each of shape (n, len(at))."""
        lower, upper = margins.bounds(rows)
        place = self.ordinal.place[at]
        return lower[:, place], upper[:, place], margins.residuals(rows)[:, self.continuous.place[at]]

    def correlations(self, margins: Margins, rows: Rows) -> Array:
        """Return the correlations, shape (q,)."""

        def derivatives(at: Index, rho: Array) -> tuple[Array, Array, Array]:
            total = np.zeros((3, at.size))
            for part in rows.blocks(at.size):
                found = polyserial_scores(*self._parts(margins, part, at), rho)
                total += [part.counts @ line for line in (found.rho, found.bend, found.rho**2)]
            return total[0], total[1], total[2]

        return most_likely(derivatives, self._start(margins, rows), SERIAL_EDGE)

    def _start(self, margins: Margins, rows: Rows) -> Array:
        """Return correlations near the solution, from what a normal variable is on average in a category."""
        means = np.pad(category_means(margins.thresholds), ((0, 0), (0, 1)))
        place = np.arange(len(means))
        across, squares = np.zeros((len(means), margins.means.size)), np.zeros_like(margins.means)
        for part in rows.blocks(len(means) + margins.means.size):
            z = margins.residuals(part)
            own = means[place, part.codes.values] * part.counts[:, None]
            across += own.T @ np.nan_to_num(z)
            squares = squares + (own * means[place, part.codes.values]).T @ np.isfinite(z)
        found = across / np.maximum(squares, LEAST)
        return np.asarray(found[self.ordinal.place, self.continuous.place])

    def scores(self, margins: Margins, rows: Rows, rho: Array) -> PairScores:
        """Return what rows say of the correlations."""
        lower, upper, z = self._parts(margins, rows, np.arange(self.at.size))
        found = polyserial_scores(lower, upper, z, rho)
        s = found.rho if rows.weights is None else found.rho * rows.weights[:, None]
        cross = self.ordinal.ordinal_cross(rows, s * found.lower, s * found.upper)
        cross += self.continuous.continuous_cross(margins, rows, np.nan_to_num(z), s * found.z, s.sum(axis=0))
        return PairScores(found.rho, cross)


@dataclass(frozen=True)
class Pearson(PairKind):
    """Pairs of continuous variables."""

    first: Side
    second: Side

    def _parts(self, margins: Margins, rows: Rows) -> tuple[Array, Array]:
        z = margins.residuals(rows)
        a, b = z[:, self.first.place], z[:, self.second.place]
        seen = np.isfinite(a) & np.isfinite(b)
        return np.where(seen, a, np.nan), np.where(seen, b, np.nan)

    def correlations(self, margins: Margins, rows: Rows) -> Array:
        """Return the correlations, shape (q,)."""
        total = np.zeros((3, self.at.size))
        for part in rows.blocks(self.at.size):
            a, b = self._parts(margins, part)
            lines = (np.nan_to_num(a * b), np.nan_to_num(a**2 + b**2), np.isfinite(a))
            total += [part.counts @ line for line in lines]
        return pearson_two_step(*total)

    def scores(self, margins: Margins, rows: Rows, rho: Array) -> PairScores:
        """Return what rows say of the correlations."""
        a, b = self._parts(margins, rows)
        found = pearson_scores(a, b, rho)
        s = found.rho if rows.weights is None else found.rho * rows.weights[:, None]
        a, b, own = np.nan_to_num(a), np.nan_to_num(b), s.sum(axis=0)
        cross = self.first.continuous_cross(margins, rows, a, s * found.first, own)
        cross += self.second.continuous_cross(margins, rows, b, s * found.second, own)
        return PairScores(found.rho, cross)


@dataclass(frozen=True)
class PolychoricTables(PairKind):
    """Pairs of ordinal variables without covariates: tables say all of them.

    Attributes
    ----------
    tables : array, shape (q, c, c)
        Counts, or sums of weights.
    """

    first: Side
    second: Side
    tables: Array

    def correlations(self, margins: Margins, rows: Rows) -> Array:
        """Return the correlations, shape (q,)."""
        sizes = rows.codes.sizes
        binary = (sizes[self.first.place] == 2) & (sizes[self.second.place] == 2)
        return polychoric_batch(filled(self.tables, binary), *self._thresholds(margins))

    def _thresholds(self, margins: Margins) -> tuple[Array, Array]:
        return margins.thresholds[self.first.place], margins.thresholds[self.second.place]

    def scores(self, margins: Margins, rows: Rows, rho: Array) -> PairScores:
        """Return what rows say of the correlations."""
        row, col = self._thresholds(margins)
        rho = informative(self.tables, row, col, rho)
        found = cells(row, col, rho)
        p = np.maximum(found.p, LEAST)
        slope = found.d / p
        share = self.tables * slope / p
        cross = np.zeros((self.at.size, self.first.layout.variances.stop))
        up = -np.diff(share, axis=1) * threshold_slopes(row, col, rho)
        down = -np.diff(share, axis=2).transpose(0, 2, 1) * threshold_slopes(col, row, rho)
        self.first.place_thresholds(cross, up.sum(axis=2))
        self.second.place_thresholds(cross, down.sum(axis=2))
        return PairScores(self._by_row(slope, rows), cross)

    def _by_row(self, slope: Array, rows: Rows) -> Array:
        width = rows.codes.width + 1
        padded = np.pad(slope, ((0, 0), (0, 1), (0, 1)))
        line = np.arange(self.at.size) * width**2
        values = rows.codes.values
        at = values[:, self.first.place] * width
        at += values[:, self.second.place]
        at += line
        return np.take(padded, at)


@dataclass(frozen=True)
class PolychoricRows(PairKind):
    """Pairs of ordinal variables given covariates."""

    first: Side
    second: Side

    def _parts(self, margins: Margins, rows: Rows, at: Index) -> tuple[Bounds, Bounds]:
        """Return bounds of both variables of some of the pairs, each of shape (len(at), n)."""
        lower, upper = (ends.T for ends in margins.bounds(rows))
        missing = (rows.codes.values == rows.codes.width).T
        places = self.first.place[at], self.second.place[at]
        gone = missing[places[0]] | missing[places[1]]
        a, b = ((np.where(gone, -FAR, lower[k]), np.where(gone, FAR, upper[k])) for k in places)
        return a, b

    def correlations(self, margins: Margins, rows: Rows) -> Array:
        """Return the correlations, shape (q,)."""

        def derivatives(at: Index, rho: Array) -> tuple[Array, Array, Array]:
            total = np.zeros((3, at.size))
            for part in rows.blocks(at.size):
                found = box_scores(*self._parts(margins, part, at), rho)
                total += [line @ part.counts for line in (found.rho, found.bend, found.rho**2)]
            return total[0], total[1], total[2]

        return most_likely(derivatives, self._start(margins, rows))

    def _start(self, margins: Margins, rows: Rows) -> Array:
        """Return about what is left of the correlations without covariates when these are given."""
        a, b = self.first.place, self.second.place
        ends = thresholds_of(rows.codes, rows.weights)
        whole = polychoric_batch(pair_tables(rows.codes, rows.weights)[a, b], ends[a], ends[b], small=ROUGH)
        slopes = margins.slopes[:, margins.layout.ordinal]
        explained = slopes.T @ np.atleast_2d(np.cov(rows.x.T)) @ slopes
        size = np.sqrt(1.0 + np.diag(explained))
        return np.asarray(whole * size[a] * size[b] - explained[a, b])

    def scores(self, margins: Margins, rows: Rows, rho: Array) -> PairScores:
        """Return what rows say of the correlations."""
        first, second = self._parts(margins, rows, np.arange(self.at.size))
        found = box_scores(first, second, rho)
        s = (found.rho if rows.weights is None else found.rho * rows.weights).T
        lower, upper = bound_slopes(first, second, rho, found.share)
        cross = self.first.ordinal_cross(rows, s * lower.T, s * upper.T)
        lower, upper = bound_slopes(second, first, rho, found.share)
        cross += self.second.ordinal_cross(rows, s * lower.T, s * upper.T)
        return PairScores(found.rho.T, cross)


def pair_kinds(margins: Margins, rows: Rows) -> list[PairKind]:
    """Return the pairs of each kind that there is."""
    pairing = Pairing(margins.layout)
    found: list[PairKind] = []
    if (pairing.kinds == 2).any():
        at, first, second = sides_of_kind(pairing, 2)
        if margins.layout.covariates:
            found.append(PolychoricRows(at, first, second))
        else:
            tables = pair_tables(rows.codes, rows.weights)[first.place, second.place]
            found.append(PolychoricTables(at, first, second, tables))
    if (pairing.kinds == 1).any():
        found.append(Polyserial(*sides_of_kind(pairing, 1)))
    if (pairing.kinds == 0).any():
        found.append(Pearson(*sides_of_kind(pairing, 0)))
    return found
