"""Test statistics of a model against the saturated one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtri as _ndtri

from trustmeasure.sem.determinants import log_determinant

Array = npt.NDArray[np.float64]


def p_value(chisq: float, df: float) -> float:
    """Return the upper tail probability of a chi-square; NaN without degrees of freedom."""
    return float(chdtrc(df, max(chisq, 0.0))) if df > 0 else float("nan")


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile."""
    return float(_ndtri(probability))


def baseline_discrepancy(cov: Array, exogenous: list[int]) -> float:
    """Return the ML discrepancy of the independence model.

    Variances are free and all covariances zero, except those among the exogenous observed variables;
    means are free. It has the closed form
    `sum log s_ii + log|S_xx| - log|S|`.

    Parameters
    ----------
    cov : array, shape (p, p)
        Sample covariances.
    exogenous : list of int
        Positions of the exogenous observed variables.
    """
    others = [i for i in range(cov.shape[0]) if i not in exogenous]
    block = log_determinant(cov[np.ix_(exogenous, exogenous)]) if exogenous else 0.0
    return float(np.log(cov.diagonal()[others]).sum()) + block - log_determinant(cov)
