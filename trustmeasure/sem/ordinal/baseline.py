r"""The independence model of ordinal data: all correlations zero, everything else the sample's.

With the statistics parted into free ones and correlations r, least squares leave
``F = r' (W_rr - W_rf W_ff^-1 W_fr) r``, and ``U`` is that matrix (Browne 1984, British Journal of
Mathematical and Statistical Psychology 37(1), 62-83).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.ordinal import OrdinalMoments
from trustmeasure.sem.discrepancy.weights import Diagonal, Weight

Array = npt.NDArray[np.float64]


def independence_weight(found: OrdinalMoments, weight: Weight) -> Array:
    """Return the weight of the correlations once all else is estimated, shape (c, c) or its diagonal (c,)."""
    at = found.layout.correlations
    if isinstance(weight, Diagonal):
        return weight.values[at]
    whole = weight.times(np.eye(found.layout.size))
    free = np.delete(np.arange(found.layout.size), np.arange(at.start, at.stop))
    mixed = whole[np.ix_(free, np.arange(at.start, at.stop))]
    return np.asarray(whole[at, at] - mixed.T @ np.linalg.solve(whole[np.ix_(free, free)], mixed))


def independence_discrepancy(found: OrdinalMoments, weight: Weight) -> float:
    """Return the least-squares discrepancy of the independence model in one group."""
    r = found.statistics[found.layout.correlations]
    w = independence_weight(found, weight)
    return float(r @ (w * r if w.ndim == 1 else w @ r))


def independence_traces(found: OrdinalMoments, weight: Weight) -> tuple[float, float]:
    """Return `tr(U Gamma)` and `tr((U Gamma)^2)` of one group."""
    if found.gamma is None:
        raise ValueError("Scaled tests need the covariance matrix of the statistics.")
    at = found.layout.correlations
    w = independence_weight(found, weight)
    product = w[:, None] * found.gamma[at, at] if w.ndim == 1 else w @ found.gamma[at, at]
    return float(np.trace(product)), float(np.einsum("ij,ji->", product, product))
