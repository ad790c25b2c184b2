r"""The independence model of ordinal data: zero correlations, but among covariates.

Everything else is the sample's.

With the statistics parted into free ones and correlations r, least squares leave
``F = r' (W_rr - W_rf W_ff^-1 W_fr) r``, and ``U`` is that matrix (Browne 1984, British Journal of
Mathematical and Statistical Psychology 37(1), 62-83).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout
from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.sem.discrepancy.weights import Diagonal, Weight

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


def zero_pairs(layout: Layout, covariates: Collection[str] = ()) -> Index:
    """Return which statistics the independence model makes zero: correlations, but among covariates."""
    given = np.array([name in covariates for name in layout.names], dtype=np.bool_)
    row, col = layout.pairs
    return np.asarray(layout.correlations.start + np.flatnonzero(~(given[row] & given[col])))


def independence_weight(found: OrdinalMoments, weight: Weight, at: Index) -> Array:
    """Return the weight of the statistics `at` once all else is estimated, (c, c) or its diagonal."""
    if isinstance(weight, Diagonal):
        return weight.values[at]
    whole = weight.times(np.eye(found.layout.size))
    free = np.delete(np.arange(found.layout.size), at)
    mixed = whole[np.ix_(free, at)]
    inner = np.linalg.solve(whole[np.ix_(free, free)], mixed)
    return np.asarray(whole[np.ix_(at, at)] - mixed.T @ inner)


def independence_discrepancy(
    found: OrdinalMoments, weight: Weight, covariates: Collection[str] = ()
) -> float:
    """Return the least-squares discrepancy of the independence model in one group."""
    at = zero_pairs(found.layout, covariates)
    r = found.statistics[at]
    w = independence_weight(found, weight, at)
    return float(r @ (w * r if w.ndim == 1 else w @ r))


def independence_traces(
    found: OrdinalMoments, weight: Weight, covariates: Collection[str] = ()
) -> tuple[float, float]:
    """Return `tr(U Gamma)` and `tr((U Gamma)^2)` of one group."""
    if found.gamma is None:
        raise ValueError("Scaled tests need the covariance matrix of the statistics.")
    at = zero_pairs(found.layout, covariates)
    w = independence_weight(found, weight, at)
    gamma = found.gamma[np.ix_(at, at)]
    product = w[:, None] * gamma if w.ndim == 1 else w @ gamma
    return float(np.trace(product)), float(np.einsum("ij,ji->", product, product))
