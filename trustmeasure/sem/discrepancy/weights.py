r"""Weight matrices of least squares, known by what they do to columns of moments.

Moments stand in one order everywhere: the lower triangle of the covariances by rows, then the means. A
weight W has ``F = (s - sigma)' W (s - sigma)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Weight(Protocol):
    """A symmetric positive semi-definite matrix of shape (m, m)."""

    def times(self, columns: Array) -> Array:
        """Return W times columns of shape (m, k)."""
        ...


@dataclass(frozen=True, slots=True)
class Diagonal:
    """A weight for each moment on its own: all 1 for ULS, inverse variances for DWLS.

    Attributes
    ----------
    values : array, shape (m,)
        The diagonal.
    """

    values: Array

    def times(self, columns: Array) -> Array:
        """Return W times columns of shape (m, k)."""
        return np.asarray(self.values[:, None] * columns)


@dataclass(frozen=True, slots=True)
class Full:
    """Any weight matrix, such as the inverse of the moments' covariance matrix for WLS.

    Attributes
    ----------
    values : array, shape (m, m)
        The matrix.
    """

    values: Array

    def times(self, columns: Array) -> Array:
        """Return W times columns of shape (m, k)."""
        return np.asarray(self.values @ columns)


@dataclass(frozen=True, slots=True)
class Normal:
    r"""The normal-theory weight ``D'(V (x) V) D / 2`` for covariances and V for means, never formed.

    Attributes
    ----------
    v : array, shape (p, p)
        Inverse of a covariance matrix.
    """

    v: Array

    def times(self, columns: Array) -> Array:
        """Return W times columns of shape (m, k); with p more rows than covariances these are means."""
        p = self.v.shape[0]
        row, col = np.tril_indices(p)
        square = np.zeros((columns.shape[1], p, p))
        square[:, row, col] = square[:, col, row] = columns[: row.size].T
        turned = self.v @ square @ self.v
        covariances = turned[:, row, col].T * np.where(row == col, 0.5, 1.0)[:, None]
        if columns.shape[0] == row.size:
            return np.asarray(covariances)
        return np.vstack([covariances, self.v @ columns[row.size :]])


def moment_vector(cov: Array, mean: Array | None) -> Array:
    """Return the lower triangle of a covariance matrix by rows, then the means, shape (m,)."""
    low = cov[np.tril_indices(cov.shape[0])]
    return np.asarray(low if mean is None else np.concatenate([low, mean]))
