"""Log determinants of covariance matrices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dgetrf

Array = npt.NDArray[np.float64]


def log_determinant(cov: Array) -> float:
    """Return the logarithm of the absolute determinant of a matrix of shape (p, p), -inf where it is zero.

    What `np.linalg.slogdet` does, without its preparations for batches and kinds of numbers.
    """
    factor, _, singular = dgetrf(cov)
    return float(np.log(np.abs(factor.diagonal())).sum()) if not singular else -np.inf
