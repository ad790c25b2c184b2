"""What a model needs to know of ordinal and continuous variables together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.layout import Layout

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OrdinalMoments:
    """Thresholds, slopes, variances and correlations of one sample (Muthen 1984).

    Attributes
    ----------
    layout : Layout
        Which statistics there are, of p variables and k covariates.
    categories : tuple of tuple of float, length p
        The codes of each ordinal variable in their order; empty for a continuous one.
    statistics : array, shape (m,)
        The statistics in the order of the layout.
    gamma : array, shape (m, m), or None
        Asymptotic covariance matrix of the statistics times the size of the sample; None where only its
        diagonal was asked for, or nothing.
    variances : array, shape (m,), or None
        The diagonal of `gamma`.
    n_obs : int
        Rows used.
    n_dropped : int
        Rows left out because a value was missing.
    weight : float
        What the sample counts for: rows, or the sum of the weights.
    covariate_cov, covariate_mean : arrays, shapes (k, k) and (k,), or None
        Moments of the covariates, divisor n.
    notes : tuple of str
        What a reader should know of the data.
    """

    layout: Layout
    categories: tuple[tuple[float, ...], ...]
    statistics: Array
    gamma: Array | None
    variances: Array | None
    n_obs: int
    n_dropped: int = 0
    weight: float = float("nan")
    covariate_cov: Array | None = None
    covariate_mean: Array | None = None
    notes: tuple[str, ...] = ()
