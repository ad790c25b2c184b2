r"""How well a bivariate normal distribution fits two-way tables of ordinal answers.

With :math:`n` rows, shares :math:`p` of the cells and probabilities :math:`\pi` of the fitted distribution,

.. math:: G^2 = 2 n \sum p \log(p / \pi), \quad X^2 = n \sum (p - \pi)^2 / \pi,

with :math:`ab - a - b` degrees of freedom for a and b categories. Thresholds and correlation are estimated in
two steps, which is not efficient, so neither is exactly a chi-square even in large samples. The statistic of
Maydeu-Olivares and Joe (2005, Journal of the American Statistical Association 100(471), 1009-1020) is:

.. math:: M_n = n (p - \pi)' (D^{-1} - D^{-1} \Delta (\Delta' D^{-1} \Delta)^{-1} \Delta' D^{-1}) (p - \pi)

where :math:`D` holds the probabilities and :math:`\Delta` their derivatives with respect to thresholds and
correlation; Maydeu-Olivares, Garcia-Forero, Gallardo-Pujol & Renom (2009, Methodology 5(4), 131-136) use it
for this test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy
from scipy.stats import chi2

from trustmeasure.moments.polychoric import cells, threshold_slopes

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

LEAST = 1e-300
"""Probabilities below this are taken to be this, so that nothing is divided by zero."""


@dataclass(frozen=True, slots=True)
class TableFit:
    """Fit of m tables.

    Attributes
    ----------
    n_obs : array, shape (m,)
        Rows that answer both.
    df : array of int, shape (m,)
        Degrees of freedom.
    g2, x2, mn : arrays, shape (m,)
        The three statistics; NaN without degrees of freedom.
    n_cells, n_empty, n_small : arrays of int, shape (m,)
        Cells, those without a row, and those with an expected count below 5.
    least_expected : array, shape (m,)
        Least expected count.
    """

    n_obs: Array
    df: Index
    g2: Array
    x2: Array
    mn: Array
    n_cells: Index
    n_empty: Index
    n_small: Index
    least_expected: Array

    def p_value(self, statistic: Array) -> Array:
        """Return the probability of a chi-square above each statistic."""
        return np.asarray(np.where(self.df > 0, chi2.sf(statistic, np.maximum(self.df, 1)), np.nan))

    @property
    def rmsea(self) -> Array:
        """Root mean square error of approximation: misfit for each degree of freedom, whatever n (of G2)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.sqrt(np.maximum(self.g2 - self.df, 0.0) / (self.n_obs * self.df)))


def fit_of_tables(tables: Array, row: Array, col: Array, rho: Array, sizes: tuple[Index, Index]) -> TableFit:
    """Return how well tables fit.

    Parameters
    ----------
    tables : array, shape (m, a, b)
        Counts, empty where a variable has fewer categories.
    row, col : arrays, shapes (m, a - 1) and (m, b - 1)
        Thresholds, infinite from the last one on for fewer categories.
    rho : array, shape (m,)
        Correlations.
    sizes : tuple of arrays of int of shape (m,)
        Categories of the variables in the rows and in the columns.
    """
    n = tables.sum(axis=(1, 2))
    there = _real_cells(tables.shape, sizes)
    found = cells(row, col, rho)
    expected = np.where(there, np.maximum(found.p, LEAST), 1.0)
    share = np.where(there, tables / n[:, None, None], 0.0)
    df = sizes[0] * sizes[1] - sizes[0] - sizes[1]
    gap = np.where(there, share - expected, 0.0)
    slopes = _slopes(row, col, rho, found.d)
    g2 = 2.0 * n * (xlogy(share, share) - xlogy(share, expected)).sum(axis=(1, 2))
    x2 = n * (gap**2 / expected).sum(axis=(1, 2))
    count = expected * n[:, None, None]
    return TableFit(
        n_obs=n,
        df=df,
        g2=_where(df, g2),
        x2=_where(df, x2),
        mn=_where(df, x2 - n * _taken_up(gap, expected, slopes)),
        n_cells=sizes[0] * sizes[1],
        n_empty=(there & (tables == 0)).sum(axis=(1, 2)),
        n_small=(there & (count < 5)).sum(axis=(1, 2)),
        least_expected=np.where(there, count, np.inf).min(axis=(1, 2)),
    )


def _where(df: Index, statistic: Array) -> Array:
    return np.asarray(np.where(df > 0, np.maximum(statistic, 0.0), np.nan))


def _real_cells(shape: tuple[int, ...], sizes: tuple[Index, Index]) -> npt.NDArray[np.bool_]:
    in_row = np.arange(shape[1]) < sizes[0][:, None]
    in_col = np.arange(shape[2]) < sizes[1][:, None]
    return np.asarray(in_row[:, :, None] & in_col[:, None, :])


def _slopes(row: Array, col: Array, rho: Array, by_rho: Array) -> Array:
    """Return the derivatives of the cells, shape (m, a, b, a - 1 + b - 1 + 1)."""
    m, a, b = by_rho.shape
    found = np.zeros((m, a, b, a + b - 1))
    lower = threshold_slopes(row, col, rho)
    for t in range(a - 1):
        found[:, t, :, t], found[:, t + 1, :, t] = lower[:, t], -lower[:, t]
    lower = threshold_slopes(col, row, rho)
    for t in range(b - 1):
        found[:, :, t, a - 1 + t], found[:, :, t + 1, a - 1 + t] = lower[:, t], -lower[:, t]
    found[..., -1] = by_rho
    return found


def _taken_up(gap: Array, expected: Array, slopes: Array) -> Array:
    """Return the part of the misfit that efficient estimates of the parameters would take up, shape (m,)."""
    weighted = slopes / expected[..., None]
    information = np.einsum("mabk,mabl->mkl", weighted, slopes)
    score = np.einsum("mab,mabk->mk", gap, weighted)
    # A threshold that is not there moves no cell; its parameter stands alone.
    own = np.einsum("mkk->mk", information)
    k = np.arange(own.shape[1])
    scale = np.sqrt(np.where(own > 0, own, 1.0))
    unit = information / (scale[:, :, None] * scale[:, None, :])
    unit[:, k, k] = 1.0
    # At a correlation of almost 1 several thresholds move the same cells.
    solved = (np.linalg.pinv(unit, rcond=1e-12, hermitian=True) @ (score / scale)[..., None])[..., 0]
    return np.asarray(np.einsum("mk,mk->m", score / scale, solved))
