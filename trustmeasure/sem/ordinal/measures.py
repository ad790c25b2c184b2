"""Residual and absolute fit measures of ordinal data, as lavaan defines them.

Residuals are those of correlations (of covariances, where a variable is continuous) given the covariates; the
versions with means count the residuals of thresholds. Variances, those of continuous variables too, count as
elements without a residual, and each covariate counts as one more such element. GFI is that of least squares
over all statistics (Tanaka & Huba 1985, British Journal of Mathematical and Statistical Psychology 38(2),
197-201), WRMR the root of chi-square over their number (Yu 2002). Checked against: lavaan 0.6-14,
`tests/reference/sem_ordinal` and `ordinal_invariance`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.sem.discrepancy.weights import Weight

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OrdinalNumbers:
    """What one group of ordinal data brings to the fit measures.

    Attributes
    ----------
    layout : Layout
        The statistics.
    sample, implied : arrays, shape (m,)
        Their values.
    """

    layout: Layout
    sample: Array
    implied: Array


def covariances(layout: Layout, statistics: Array) -> Array:
    """Return correlations and covariances given the covariates, shape (p, p)."""
    found = np.eye(layout.p)
    row, col = layout.pairs
    found[row, col] = found[col, row] = statistics[layout.correlations]
    found[layout.continuous, layout.continuous] = statistics[layout.variances]
    return found


def residual_measures(n: OrdinalNumbers) -> dict[str, float]:
    """Return RMR, SRMR and CRMR of one group."""
    s, sigma = covariances(n.layout, n.sample), covariances(n.layout, n.implied)
    sd, sd_implied = np.sqrt(np.diag(s)), np.sqrt(np.diag(sigma))
    low = np.tril_indices(n.layout.p)
    below = np.tril_indices(n.layout.p, -1)
    gap = s - sigma
    np.fill_diagonal(gap, 0.0)
    raw, by_sample = gap[low], (gap / np.outer(sd, sd))[low]
    correlation = (s / np.outer(sd, sd) - sigma / np.outer(sd_implied, sd_implied))[below]
    away = (n.sample - n.implied)[n.layout.levels][~n.layout.level_is_mean]
    more = len(n.layout.covariates)
    srmr = _root(by_sample, more)
    bentler = _root(np.append(by_sample, away), more)
    return {
        "rmr": _root(np.append(raw, away), more),
        "rmr_nomean": _root(raw, more),
        "srmr": srmr,
        "srmr_bentler": bentler,
        "srmr_bentler_nomean": srmr,
        "crmr": _root(np.append(correlation, away)),
        "crmr_nomean": _root(correlation),
        "srmr_mplus": float("nan"),
        "srmr_mplus_nomean": float("nan"),
    }


def _root(residuals: Array, more: int = 0) -> float:
    """Return the root mean square, with `more` elements that are zero."""
    return float(np.sqrt(residuals @ residuals / (residuals.size + more))) if residuals.size else float("nan")


def gfi_parts(n: OrdinalNumbers, weight: Weight) -> tuple[float, float]:
    """Return numerator and denominator of `1 - GFI`."""
    both = np.stack([n.sample - n.implied, n.sample], axis=1)
    sizes = np.einsum("mk,mk->k", both, weight.times(both))
    return float(sizes[0]), float(sizes[1])
