"""How thresholds, means, slopes, variances and correlations vary together from sample to sample.

Muthen (1984, Psychometrika 49(1), 115-132): the scores of the margins and those of the correlations, given
the margins, are estimating equations whose matrix of derivatives is block triangular, so that the asymptotic
covariance matrix of all statistics is a sandwich. The derivatives are estimated by sums of products of
scores: of each margin with itself, of each correlation with itself and with its two margins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Margins, Rows
from trustmeasure.moments.pair_kinds import PolychoricTables
from trustmeasure.moments.pairs import PairKind

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

CELLS = 2**22
"""Numbers of scores held at a time."""
VAGUE = 1e-12
"""Less information than this on a correlation is none: its variance is the inverse of this."""


@dataclass(frozen=True, slots=True)
class Sandwich:
    """Sums over rows behind the asymptotic covariance matrix of Q statistics of margins and P correlations.

    Attributes
    ----------
    meat : array, shape (Q + P, Q + P)
        Products of scores.
    margins : array, shape (Q, Q)
        Products of the scores of each variable with themselves; zero between variables.
    cross : array, shape (P, Q)
        Products of the scores of each correlation with those of the margins in its likelihood.
    own : array, shape (P,)
        Squares of the scores of each correlation.
    """

    meat: Array
    margins: Array
    cross: Array
    own: Array

    def covariance(self) -> Array:
        """Return the asymptotic covariance matrix of the statistics, correlations not yet covariances."""
        size, scale = len(self.margins), 1.0 / np.maximum(self.own, VAGUE)[:, None]
        vague = size + np.flatnonzero(self.own < VAGUE)
        inverse = np.linalg.inv(self.margins)
        through = self.cross @ inverse
        corner, edge = self.meat[:size, :size], self.meat[size:, :size]
        # What is left of the products of the correlations' scores and those of the margins.
        rest = edge - through @ corner
        taken = through @ edge.T
        found = np.empty_like(self.meat)
        found[:size, :size] = inverse @ corner @ inverse.T
        found[size:, :size] = (rest @ inverse.T) * scale
        found[:size, size:] = found[size:, :size].T
        found[size:, size:] = (self.meat[size:, size:] - taken - rest @ through.T) * scale * scale.T
        found[vague], found[:, vague] = 0.0, 0.0
        found[vague, vague] = 1.0 / VAGUE
        return np.asarray(0.5 * (found + found.T))


def sandwich(margins: Margins, rows: Rows, kinds: list[PairKind], rho: Array) -> Sandwich:
    """Return the sums over rows."""
    layout = margins.layout
    size, pairs = layout.variances.stop, rho.size
    meat, own = np.zeros((layout.size, layout.size)), np.zeros(pairs)
    inner, cross = np.zeros((size, size)), np.zeros((pairs, size))
    step = max(CELLS // layout.size, 256)
    for start in range(0, len(rows), step):
        part = rows.part(slice(start, start + step))
        scores = np.empty((len(part), layout.size))
        scores[:, :size] = margins.scores(part)
        for kind in kinds:
            found = kind.scores(margins, part, rho[kind.at])
            scores[:, size + kind.at] = found.scores
            # Tables are those of all rows, whichever part is looked at.
            if start == 0 or not isinstance(kind, PolychoricTables):
                cross[kind.at] += found.cross
        weighted = scores if part.weights is None else scores * part.weights[:, None]
        meat += weighted.T @ weighted
        inner += scores[:, :size].T @ weighted[:, :size]
        own += np.einsum("np,np->p", scores[:, size:], weighted[:, size:])
    return Sandwich(meat, np.where(same_variable(layout), inner, 0.0), cross, own)


def same_variable(layout: Layout) -> npt.NDArray[np.bool_]:
    """Return which two statistics of the margins belong to one variable, shape (Q, Q)."""
    slopes = np.tile(np.arange(layout.p), len(layout.covariates))
    variable = np.concatenate([layout.level_variable, slopes, layout.continuous])
    return np.asarray(variable[:, None] == variable)


@dataclass(frozen=True, slots=True)
class Rescaling:
    """What makes covariances of correlations, for pairs in which a continuous variable takes part.

    Attributes
    ----------
    pair : array of int, shape (q,)
        Where these correlations stand among the statistics.
    factor : array, shape (q,)
        Product of the standard deviations, 1 for an ordinal variable.
    variance : array of int, shape (2, q)
        Where the variances of both variables stand; 0 for an ordinal one.
    by_variance : array, shape (2, q)
        Derivatives of the covariance with respect to these; 0 for an ordinal variable.
    """

    pair: Index
    factor: Array
    variance: Index
    by_variance: Array

    @classmethod
    def of(cls, layout: Layout, statistics: Array) -> Rescaling:
        """Take statistics (m,) with correlations of all pairs."""
        sides = np.array(layout.pairs)
        mixed = np.flatnonzero(~layout.ordinal[sides].all(axis=0))
        sides = sides[:, mixed]
        sd, place = np.ones(layout.p), np.zeros(layout.p, dtype=np.intp)
        sd[layout.continuous] = np.sqrt(statistics[layout.variances])
        place[layout.continuous] = np.arange(layout.variances.start, layout.variances.stop)
        pair = layout.correlations.start + mixed
        factor = sd[sides].prod(axis=0)
        by_variance = np.where(layout.ordinal[sides], 0.0, statistics[pair] * factor / (2.0 * sd[sides] ** 2))
        return cls(pair, factor, place[sides], by_variance)

    def statistics(self, given: Array) -> Array:
        """Return statistics (m,) with covariances."""
        found = given.copy()
        found[self.pair] *= self.factor
        return found

    def covariance(self, given: Array) -> Array:
        """Return the asymptotic covariance matrix (m, m) of the statistics with covariances."""
        if not self.pair.size:
            return given
        return self._lines(self._lines(given).T)

    def _lines(self, given: Array) -> Array:
        found = given.copy()
        found[self.pair] *= self.factor[:, None]
        for place, slope in zip(self.variance, self.by_variance, strict=True):
            found[self.pair] += slope[:, None] * given[place]
        return found
