r"""What one more row changes thresholds and polychoric correlations by, from tables alone.

Without covariates every row of one cell says the same, so that its influence on a correlation, directly and
through the thresholds of both variables, is looked up in a table like the counts. The asymptotic covariance
matrix is the sum of products of influences over the rows, and its diagonal a sum over cells (Olsson 1979,
Psychometrika 44(4), 443-460; Muthen 1984, Psychometrika 49(1), 115-132: the same sandwich as in
`trustmeasure.moments.sandwich`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.bivariate_normal import FAR
from trustmeasure.moments.layout import Layout
from trustmeasure.moments.margins import Margins, Rows, category_counts, threshold_places
from trustmeasure.moments.one_root import EDGE
from trustmeasure.moments.polychoric import LEAST, cells, informative, threshold_slopes
from trustmeasure.moments.tables import pair_tables

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

CELLS = 2**22
"""Influences held at a time."""
LEAST_OWN = 1e-200


@dataclass(frozen=True, slots=True)
class TableInfluence:
    """Influences of rows on the thresholds of p variables and the correlations of P pairs.

    Attributes
    ----------
    layout : Layout
        Ordinal variables, no covariates.
    thresholds : array, shape (p, c, c - 1)
        By variable and category.
    correlations : array, shape (P, c + 1, c + 1)
        By pair and the categories of both variables, the last of which is a missing answer.
    """

    layout: Layout
    thresholds: Array
    correlations: Array

    @classmethod
    def of(cls, margins: Margins, rows: Rows, rho: Array) -> TableInfluence:
        """Take rows and the correlations of all pairs, shape (P,)."""
        first, second = margins.layout.pairs
        ends = margins.thresholds
        own = threshold_influence(category_counts(rows.codes, rows.weights), ends)
        tables = pair_tables(rows.codes, rows.weights)[first, second]
        return cls(
            margins.layout,
            own,
            polychoric_influence(tables, (own[first], own[second]), (ends[first], ends[second]), rho),
        )

    def variances(self, rows: Rows) -> Array:
        """Return the asymptotic variances of all statistics, shape (m,)."""
        squared = None if rows.weights is None else rows.weights**2
        first, second = self.layout.pairs
        tables = pair_tables(rows.codes, squared, missing=True)[first, second]
        own = threshold_variances(category_counts(rows.codes, squared), self.thresholds)
        pairs = np.einsum("qab,qab->q", tables, self.correlations**2)
        return np.concatenate([own[threshold_places(self.layout)], pairs])

    def covariance(self, rows: Rows) -> Array:
        """Return the asymptotic covariance matrix of all statistics, shape (m, m)."""
        found = np.zeros((self.layout.size, self.layout.size))
        step = max(CELLS // self.layout.size, 256)
        for start in range(0, len(rows), step):
            part = rows.part(slice(start, start + step))
            influence = self.of_rows(part.codes.values)
            if part.weights is not None:
                influence *= part.weights
            found += influence @ influence.T
        return found

    def of_rows(self, codes: Index) -> Array:
        """Return the influences of rows whose categories are `codes` (n, p), shape (m, n)."""
        levels, answers = self.layout.levels.stop, np.ascontiguousarray(codes.T)
        found = np.empty((self.layout.size, len(codes)))
        variable, threshold = threshold_places(self.layout)
        own = np.pad(self.thresholds, ((0, 0), (0, 1), (0, 0)))[variable, :, threshold]
        _look_up(own, answers[variable], found[:levels])
        first, second = self.layout.pairs
        width = self.correlations.shape[1]
        at = (answers * width)[first]
        at += answers[second]
        _look_up(self.correlations.reshape(len(first), width**2), at, found[levels:])
        return found


def _look_up(lines: Array, at: Index, out: Array) -> None:
    """Write what stands at `at` (q, n) in each of q lines."""
    at += lines.shape[1] * np.arange(len(lines))[:, None]
    # All places exist; to say so saves the check of each.
    np.take(lines.reshape(-1), at, out=out, mode="clip")


def threshold_influence(counts: Array, thresholds: Array) -> Array:
    """Return what one more answer in a category changes each threshold by.

    Parameters
    ----------
    counts : array, shape (..., c)
        Answers in each category.
    thresholds : array, shape (..., c - 1)
        Thresholds; infinite from the last one on for a variable with fewer categories.

    Returns
    -------
    array, shape (..., c, c - 1)
        The derivatives; zero for infinite thresholds.
    """
    n = counts.sum(axis=-1)[..., None]
    below = np.cumsum(counts, axis=-1)[..., :-1] / n
    size = counts.shape[-1]
    at_most = (np.arange(size)[:, None] <= np.arange(size - 1)).astype(float)
    finite = np.abs(thresholds) < FAR
    ends = np.where(finite, thresholds, 0.0)
    density = np.where(finite, np.exp(-0.5 * ends**2) / np.sqrt(2.0 * np.pi), np.inf)
    return np.asarray((at_most - below[..., None, :]) / (n * density)[..., None, :])


def threshold_variances(counts: Array, influence: Array) -> Array:
    """Return the asymptotic variances of thresholds, shape (..., c - 1).

    `counts` of shape (..., c) are answers, or sums of squared weights.
    """
    return np.asarray(np.einsum("...a,...at->...t", counts, influence**2))


def polychoric_influence(
    tables: Array,
    margins: tuple[Array, Array],
    thresholds: tuple[Array, Array],
    rho: Array,
    found: tuple[Array, Array] | None = None,
) -> Array:
    """Return what one more row in a cell changes polychoric correlations by.

    Parameters
    ----------
    tables : array, shape (q, c, c)
        Counts of pairs.
    margins : pair of arrays, shape (q, c, c - 1)
        What one more answer changes the thresholds by: those of the variable in the rows, and in the columns.
    thresholds : pair of arrays, shape (q, c - 1)
        Their thresholds.
    rho : array, shape (q,)
        Correlations.
    found : pair of arrays, shape (q, c, c), or None
        Probabilities of the cells and their derivatives by the correlation, where they are known.

    Returns
    -------
    array, shape (q, c + 1, c + 1)
        Influences; in the last row and column those of a row in which the one or other answer is missing.
    """
    row, col = thresholds
    if found is None or (np.abs(rho) >= EDGE).any():
        rho = informative(tables, row, col, rho)
        there = cells(row, col, rho)
        found = (there.p, there.d)
    p = np.maximum(found[0], LEAST)
    scores = found[1] / p
    share = tables * scores
    own = np.einsum("qab,qab->q", share, scores)
    share /= p
    by_row = -np.einsum("qtb,qtb->qt", np.diff(share, axis=1), threshold_slopes(row, col, rho))
    turned = np.diff(share, axis=2).transpose(0, 2, 1)
    by_col = -np.einsum("qtb,qtb->qt", turned, threshold_slopes(col, row, rho))
    changes = np.pad(scores, ((0, 0), (0, 1), (0, 1)))
    changes[:, :-1] -= np.einsum("qat,qt->qa", margins[0], by_row)[:, :, None]
    changes[:, :, :-1] -= np.einsum("qat,qt->qa", margins[1], by_col)[:, None, :]
    return np.asarray(changes / np.maximum(own, LEAST_OWN)[:, None, None])
