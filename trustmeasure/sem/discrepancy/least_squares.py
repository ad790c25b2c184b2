r"""Least squares of moments (Browne 1974, South African Statistical Journal 8, 1-24; 1984, British Journal of
Mathematical and Statistical Psychology 37(1), 62-83, eq. 1.5).

    F = d' W d,   d = s - sigma(theta)

with s and sigma the sample's and the model's covariances (each once) and means, and W the weight: the normal
theory one at the sample's covariances (GLS), the identity (ULS), the inverse of the covariance matrix of s
without assuming a distribution (WLS), or of its diagonal (DWLS). With ``D = dsigma / dtheta``:

    dF = -2 D' W d,   d2F = 2 D' W D - 2 sum_k (W d)_k d2sigma_k
"""  # noqa: D205 - the sources make the first sentence long

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.base import Point
from trustmeasure.sem.discrepancy.hessian import from_curved_moments
from trustmeasure.sem.discrepancy.weights import Weight, moment_vector
from trustmeasure.sem.matrices import Ram, implied, jacobian

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """Least-squares discrepancy of one sample.

    Attributes
    ----------
    ram : Ram
        The model.
    moments : array, shape (m,)
        Sample moments: lower triangle of the covariances by rows, then the means when they are modelled.
    weight : Weight
        Their weight matrix.
    """

    ram: Ram
    moments: Array
    weight: Weight

    @classmethod
    def of(cls, ram: Ram, cov: Array, mean: Array | None, weight: Weight) -> LeastSquares:
        """Prepare the discrepancy for covariances of shape (p, p) and means of shape (p,)."""
        return cls(ram, moment_vector(cov, mean if ram.m0 is not None else None), weight)

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,)."""
        gaps = self._gaps(theta)
        good = np.isfinite(gaps).all(axis=0)
        found = np.full(theta.shape[0], np.inf)
        found[good] = np.einsum("mb,mb->b", gaps[:, good], self.weight.times(gaps[:, good]))
        return found

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        gaps = self._gaps(theta)
        pulled = self.weight.times(gaps)
        value = np.einsum("mb,mb->b", gaps, pulled)
        slopes = [jacobian(self.ram, t) for t in theta]
        gradient = np.stack([-2.0 * d.T @ pulled[:, b] for b, d in enumerate(slopes)])
        return Point(value, gradient, np.stack([2.0 * d.T @ self.weight.times(d) for d in slopes]))

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q)."""
        now = implied(self.ram, theta)
        pulled = self.weight.times(self._gaps(theta)).T
        p = self.ram.p
        row, col = np.tril_indices(p)
        r = np.zeros((theta.shape[0], p, p))
        r[:, row, col] = r[:, col, row] = pulled[:, : row.size] * np.where(row == col, 2.0, 1.0)
        h = None if now.mu is None else pulled[:, row.size :]
        return self.point(theta, rows).curvature - from_curved_moments(self.ram, now, r, h)

    def _gaps(self, theta: Array) -> Array:
        """Return sample minus implied moments, shape (m, b)."""
        now = implied(self.ram, theta)
        row, col = np.tril_indices(self.ram.p)
        moments = now.sigma[:, row, col]
        if now.mu is not None:
            moments = np.concatenate([moments, now.mu], axis=1)
        return np.asarray((self.moments - moments).T)
