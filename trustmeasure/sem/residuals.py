"""Differences between what was observed and what the model implies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Residuals:
    """Observed minus implied moments; of ordinal data, statistics given the covariates.

    Attributes
    ----------
    raw : DataFrame, shape (p, p)
        Covariances.
    correlation : DataFrame, shape (p, p)
        Correlations: each matrix standardised by its own standard deviations.
    standardized_by_sample : DataFrame, shape (p, p)
        Covariances divided by the sample's standard deviations (the residuals behind SRMR).
    mean : Series, shape (p,), or None
        Means; of ordinal data those of the continuous variables.
    threshold : Series, or None
        Thresholds of ordinal variables, named like "x1|t1".
    slope : DataFrame, shape (p, k), or None
        Slopes on the covariates of ordinal data.
    """

    raw: pd.DataFrame
    correlation: pd.DataFrame
    standardized_by_sample: pd.DataFrame
    mean: pd.Series | None
    threshold: pd.Series | None = None
    slope: pd.DataFrame | None = None

    def _repr_html_(self) -> str:
        return f"<p>Residual correlations</p>{self.correlation.round(3).to_html()}"


def correlations(cov: Array) -> Array:
    """Return the correlation matrix of a covariance matrix of shape (p, p)."""
    sd = np.sqrt(cov.diagonal())
    return np.asarray(cov / (sd[:, None] * sd))


def residual_arrays(s: Array, sigma: Array) -> tuple[Array, Array, Array]:
    """Return raw, correlation and sample-standardised residuals, each of shape (p, p)."""
    sd = np.sqrt(s.diagonal())
    products = sd[:, None] * sd
    raw = s - sigma
    return raw, s / products - correlations(sigma), raw / products
