r"""How thresholds and polychoric correlations vary, from tables alone.

Without covariates every row of one cell says the same, so the asymptotic variance of a correlation is a sum
over the cells of its table: of the squares of what one more row in the cell would change the correlation by,
directly and through the thresholds of both variables (Olsson 1979, Psychometrika 44(4), 443-460; the same
sandwich as in `trustmeasure.moments.sandwich`, of which these are diagonal elements).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.bivariate_normal import FAR
from trustmeasure.moments.margins import Margins, Rows, category_counts, threshold_places
from trustmeasure.moments.polychoric import LEAST, cells, threshold_slopes
from trustmeasure.moments.tables import pair_tables

Array = npt.NDArray[np.float64]


def table_variances(margins: Margins, rows: Rows, rho: Array) -> Array:
    """Return the asymptotic variances of thresholds and correlations in the order of the layout, shape (m,).

    Parameters
    ----------
    margins : Margins
        Ordinal variables, without covariates.
    rows : Rows
        The answers.
    rho : array, shape (P,)
        Correlations of all pairs.
    """
    first, second = margins.layout.pairs
    counts = category_counts(rows.codes, rows.weights)
    tables = pair_tables(rows.codes, rows.weights, missing=True)[first, second]
    squares, square_counts = None, None
    if rows.weights is not None:
        squares = pair_tables(rows.codes, rows.weights**2, missing=True)[first, second]
        square_counts = category_counts(rows.codes, rows.weights**2)
    ends = margins.thresholds
    own = threshold_variances(counts, ends, square_counts)[threshold_places(margins.layout)]
    pairs = polychoric_variances(
        tables, (counts[first], counts[second]), (ends[first], ends[second]), rho, squares
    )
    return np.concatenate([own, pairs])


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


def threshold_variances(counts: Array, thresholds: Array, squares: Array | None = None) -> Array:
    """Return the asymptotic variances of thresholds, shape (..., c - 1).

    `squares` are sums of squared weights, shape (..., c), where the rows have weights.
    """
    changes = threshold_influence(counts, thresholds)
    return np.asarray(np.einsum("...a,...at->...t", counts if squares is None else squares, changes**2))


def polychoric_variances(
    tables: Array,
    margins: tuple[Array, Array],
    thresholds: tuple[Array, Array],
    rho: Array,
    squares: Array | None = None,
) -> Array:
    """Return the asymptotic variances of polychoric correlations.

    Parameters
    ----------
    tables : array, shape (q, c + 1, c + 1)
        Counts of pairs; the last row and column count the rows in which the one or other answer is missing.
    margins : pair of arrays, shape (q, c)
        All answers to the variable in the rows and to that in the columns.
    thresholds : pair of arrays, shape (q, c - 1)
        Their thresholds.
    rho : array, shape (q,)
        Correlations.
    squares : array, shape (q, c + 1, c + 1), or None
        Sums of squared weights, where the rows have weights.

    Returns
    -------
    array, shape (q,)
        Variances of the correlations themselves (not times the size of the sample).
    """
    row, col = thresholds
    found = cells(row, col, rho)
    p = np.maximum(found.p, LEAST)
    scores = found.d / p
    share = tables[:, :-1, :-1] * scores
    own = np.einsum("qab,qab->q", share, scores)
    share /= p
    by_row = -np.einsum("qtb,qtb->qt", np.diff(share, axis=1), threshold_slopes(row, col, rho))
    turned = np.diff(share, axis=2).transpose(0, 2, 1)
    by_col = -np.einsum("qtb,qtb->qt", turned, threshold_slopes(col, row, rho))
    changes = np.pad(scores, ((0, 0), (0, 1), (0, 1)))
    through_row = np.einsum("qat,qt->qa", threshold_influence(margins[0], row), by_row)
    through_col = np.einsum("qat,qt->qa", threshold_influence(margins[1], col), by_col)
    changes[:, :-1] -= through_row[:, :, None]
    changes[:, :, :-1] -= through_col[:, None, :]
    weight = tables if squares is None else squares
    return np.asarray(np.einsum("qab,qab->q", weight, changes**2) / own**2)
