"""Responses y* of a sample."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.ordinal import OrdinalMoments

Array = npt.NDArray[np.float64]


def within(found: OrdinalMoments) -> Array:
    """Return correlations and covariances of responses given the covariates, shape (p, p)."""
    layout = found.layout
    cov = np.eye(layout.p)
    row, col = layout.pairs
    cov[row, col] = cov[col, row] = found.statistics[layout.correlations]
    cov[layout.continuous, layout.continuous] = found.statistics[layout.variances]
    return cov
