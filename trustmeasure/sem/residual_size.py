r"""Summaries of residuals with standard errors: RMR, SRMR and CRMR, biased and unbiased.

With e the t residuals and Xi their asymptotic covariances (Maydeu-Olivares 2017, Psychometrika 82(3),
533-558; Maydeu-Olivares, Shi & Rosseel 2018, Structural Equation Modeling 25(3), 389-402):

    size     = sqrt(e'e / t),                   exact fit: z = (size - E) / se,
    E        = sqrt(tr Xi / t) (1 - tr Xi^2 / (4 (tr Xi)^2)),   se = sqrt(tr Xi^2 / (2 t tr Xi))
    unbiased = sqrt(max(e'e - tr Xi, 0) / t) / k,   k = 1 - (tr Xi^2 + 2 e'Xi e) / (4 (e'e)^2)
    its se   = sqrt((tr Xi^2 + 2 e'Xi e) / (2 t e'e)) / |k|
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from trustmeasure.sem.chisq import normal_quantile

Array = npt.NDArray[np.float64]

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class ResidualSize:
    """How large residuals are as a whole.

    Attributes
    ----------
    size, se : float
        Root mean square residual of the sample, and its standard error when the model is true.
    exact_z, exact_p : float
        Test of exact fit, one-sided.
    unbiased, unbiased_se : float
        Estimate of the population's root mean square residual, and its standard error.
    ci_lower, ci_upper : float
        Its limits.
    close_z, close_p : float
        Test of close fit, one-sided.
    """

    size: float
    se: float
    exact_z: float
    exact_p: float
    unbiased: float
    unbiased_se: float
    ci_lower: float
    ci_upper: float
    close_z: float
    close_p: float


def residual_size(e: Array, xi: Array, count: int, *, ci: float, close: float) -> ResidualSize:
    """Return the size of residuals.

    Parameters
    ----------
    e : array, shape (s,)
        Residuals.
    xi : array, shape (s, s)
        Their covariances.
    count : int
        Number t that the squares are divided by.
    ci : float
        Confidence level of the limits.
    close : float
        Size that still counts as close fit.
    """
    square, trace, spread = float(e @ e), float(np.trace(xi)), float(np.sum(xi * xi))
    size = np.sqrt(square / count)
    if trace <= 0 or square <= 0:
        return ResidualSize(size, *[NAN] * 9)
    expected = np.sqrt(trace / count) * (1.0 - spread / (4.0 * trace**2))
    se = np.sqrt(spread / (2.0 * count * trace))
    moved = spread + 2.0 * float(e @ xi @ e)
    k = 1.0 - moved / (4.0 * square**2)
    unbiased = np.sqrt(max(square - trace, 0.0) / count) / k
    unbiased_se = np.sqrt(moved / (2.0 * count * square)) / abs(k)
    margin = normal_quantile(0.5 + ci / 2) * unbiased_se
    exact_z, close_z = (size - expected) / se, (unbiased - close) / unbiased_se
    values = (size, se, exact_z, ndtr(-exact_z), unbiased, unbiased_se)
    limits = (unbiased - margin, unbiased + margin, close_z, ndtr(-close_z))
    return ResidualSize(*(float(v) for v in (*values, *limits)))
