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
from trustmeasure.moments.pairs import PairKind, PolychoricTables

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

CELLS = 2**22
"""Numbers of scores held at a time."""


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
        size = len(self.margins)
        inverse = np.linalg.inv(self.margins)
        bread = np.eye(len(self.meat))
        bread[:size, :size] = inverse
        bread[size:, :size] = -(self.cross @ inverse) / self.own[:, None]
        np.fill_diagonal(bread[size:, size:], 1.0 / self.own)
        found = bread @ self.meat @ bread.T
        return 0.5 * (found + found.T)


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


def to_covariances(layout: Layout, statistics: Array) -> tuple[Array, Array]:
    """Return statistics with covariances for correlations of continuous variables, and the derivatives.

    Parameters
    ----------
    layout : Layout
        The variables.
    statistics : array, shape (m,)
        The statistics, correlations among them.

    Returns
    -------
    statistics : array, shape (m,)
        Covariances where a continuous variable takes part.
    jacobian : array, shape (m, m)
        Their derivatives with respect to what was given.
    """
    row, col = layout.pairs
    sd = np.ones(layout.p)
    sd[layout.continuous] = np.sqrt(statistics[layout.variances])
    rho = statistics[layout.correlations]
    found, jacobian = statistics.copy(), np.eye(statistics.size)
    found[layout.correlations] = rho * sd[row] * sd[col]
    pair = layout.correlations.start + np.arange(rho.size)
    jacobian[pair, pair] = sd[row] * sd[col]
    place = np.full(layout.p, -1)
    place[layout.continuous] = layout.variances.start + np.arange(layout.continuous.size)
    for own, other in ((row, col), (col, row)):
        has = place[own] >= 0
        by_variance = rho * sd[other] / (2.0 * sd[own])
        jacobian[pair[has], place[own[has]]] += by_variance[has]
    return found, jacobian
