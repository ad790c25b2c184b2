r"""Normal-theory maximum likelihood (Joereskog 1967, Psychometrika 32(4), 443-482; with means: Bollen 1989,
Structural Equations with Latent Variables, eq. 4.67 and its extension).

    F = log|Sigma| + tr(C Sigma^-1) - log|S| - p,   C = S + (xbar - mu)(xbar - mu)'

With ``V = Sigma^-1``, ``R = V (C - Sigma) V`` and each derivative of Sigma written as `w (l r' + r l')`:

    dF/dtheta = -2 w l'R r - 2 (xbar - mu)' V dmu
    E[d2F]    =  2 w_a w_b [(l_a'V r_b)(r_a'V l_b) + (l_a'V l_b)(r_a'V r_b)] + 2 dmu_a' V dmu_b
"""  # noqa: D205

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.base import Point
from trustmeasure.sem.discrepancy.hessian import hessian
from trustmeasure.sem.matrices import Implied, Ram, implied

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class MaximumLikelihood:
    """ML discrepancy of a model for a batch of B samples.

    Attributes
    ----------
    ram : Ram
        The model with p observed variables.
    cov : array, shape (B, p, p)
        Sample covariances with divisor n.
    mean : array, shape (B, p), or None
        Sample means; None when means are not modelled.
    logdet : array, shape (B,)
        log |S|.
    """

    ram: Ram
    cov: Array
    mean: Array | None
    logdet: Array

    @classmethod
    def of(cls, ram: Ram, cov: Array, mean: Array | None) -> MaximumLikelihood:
        """Prepare the discrepancy for covariances of shape (B, p, p) and means of shape (B, p)."""
        return cls(ram, cov, mean if ram.m0 is not None else None, np.linalg.slogdet(cov)[1])

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,); infinite where Sigma is not positive definite."""
        now = implied(self.ram, theta)
        good, inverse, logdet = invert(now.sigma)
        found = np.full(theta.shape[0], np.inf)
        found[good] = self._value(now, inverse, logdet, rows, good)
        return found

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives; Sigma must be positive definite."""
        now = implied(self.ram, theta)
        good, v, logdet = invert(now.sigma)
        value = self._value(now, v, logdet, rows, good)
        target = self._target(now, rows)
        r = v @ (target - now.sigma) @ v
        pull = None
        if self.mean is not None and now.mu is not None:
            pull = np.einsum("bij,bj->bi", v, self.mean[rows] - now.mu)
        return Point(value, gradient(self.ram, now, r, pull), curvature(self.ram, now, v))

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q); Sigma must be positive definite."""
        now = implied(self.ram, theta)
        gap = None if self.mean is None or now.mu is None else self.mean[rows] - now.mu
        return hessian(self.ram, now, self._target(now, rows), gap, invert(now.sigma)[1])

    def _target(self, now: Implied, rows: Index) -> Array:
        if self.mean is None or now.mu is None:
            return self.cov[rows]
        gap = self.mean[rows] - now.mu
        return np.asarray(self.cov[rows] + gap[:, :, None] * gap[:, None, :])

    def _value(self, now: Implied, v: Array, logdet: Array, rows: Index, good: Flags) -> Array:
        target = self._target(now, rows)[good]
        trace = np.einsum("bij,bij->b", target, v)
        return np.asarray(logdet + trace - self.logdet[rows][good] - self.ram.p)


def gradient(ram: Ram, now: Implied, r: Array, pull: Array | None) -> Array:
    """Return first derivatives of F, shape (b, q).

    Parameters
    ----------
    ram : Ram
        The model.
    now : Implied
        Its moments for a batch of size b.
    r : array, shape (b, p, p)
        `V (C - Sigma) V`.
    pull : array, shape (b, p), or None
        `V (xbar - mu)`, when means are modelled.
    """
    gram = np.swapaxes(now.u, 1, 2) @ r @ now.u
    found = np.zeros((r.shape[0], ram.q))
    _add(found, ram.moving, -2.0 * ram.weight * gram[:, ram.left, ram.right])
    if pull is not None and now.eta is not None:
        slope = -2.0 * np.einsum("bi,bik->bk", pull, now.u[:, :, : ram.v])
        _add(found, ram.a.free, slope[:, ram.a.row] * now.eta[:, ram.a.col])
        _add(found, ram.m.free, slope[:, ram.m.row])
    return found


def _add(total: Array, columns: Index, values: Array) -> None:
    """Add `values` (b, k) into the given columns of `total` (b, q), repeated columns included."""
    np.add.at(total.T, columns, values.T)


def invert(sigma: Array) -> tuple[Flags, Array, Array]:
    """Return which matrices are positive definite, and the inverses and log determinants of those.

    Parameters
    ----------
    sigma : array, shape (b, p, p)
        Symmetric matrices.

    Returns
    -------
    good : array of bool, shape (b,)
    inverse : array, shape (g, p, p)
    logdet : array, shape (g,)
    """
    variance = np.einsum("bii->bi", sigma)
    good: Flags = np.asarray(np.isfinite(sigma).all(axis=(1, 2)) & (variance > 0).all(axis=1))
    # Work on correlations: units that differ by powers of ten would cost digits.
    sd = np.sqrt(np.where(good[:, None], variance, 1.0))
    unit = sigma / (sd[:, :, None] * sd[:, None, :])
    try:
        root = np.linalg.cholesky(unit[good])
    except np.linalg.LinAlgError:
        good[good] = np.linalg.eigvalsh(unit[good])[:, 0] > 0
        root, good = _roots_one_by_one(unit, good)
    logdet = 2.0 * np.log(np.einsum("bii->bi", root) * sd[good]).sum(axis=1)
    half = np.linalg.inv(root) / sd[good][:, None, :]
    return good, np.swapaxes(half, 1, 2) @ half, logdet


def _roots_one_by_one(sigma: Array, good: Flags) -> tuple[Array, Flags]:
    roots = []
    good = good.copy()
    for i in np.flatnonzero(good):
        try:
            roots.append(np.linalg.cholesky(sigma[i]))
        except np.linalg.LinAlgError:
            good[i] = False
    p = sigma.shape[1]
    return np.array(roots).reshape(-1, p, p), good


def curvature(ram: Ram, now: Implied, v: Array) -> Array:
    """Return the expected second derivatives of F, shape (b, q, q), for weights `v` (b, p, p)."""
    gram = np.swapaxes(now.u, 1, 2) @ v @ now.u
    left, right = ram.left, ram.right
    ll, rr = gram[:, left[:, None], left], gram[:, right[:, None], right]
    lr = gram[:, left[:, None], right]
    pairs = 2.0 * np.outer(ram.weight, ram.weight) * (lr * np.swapaxes(lr, 1, 2) + ll * rr)
    free = ram.moving
    total = np.zeros((v.shape[0], ram.q, ram.q))
    if np.unique(free).size == free.size:
        total[:, free[:, None], free] = pairs
    else:
        spread = np.zeros((free.size, ram.q))
        spread[np.arange(free.size), free] = 1.0
        total = spread.T @ pairs @ spread
    if now.eta is not None:
        slope = mean_slopes(ram, now)
        total = total + 2.0 * np.swapaxes(slope, 1, 2) @ v @ slope
    return total


def mean_slopes(ram: Ram, now: Implied) -> Array:
    """Return the derivatives of the implied means, shape (b, p, q)."""
    slope = np.zeros((now.u.shape[0], ram.p, ram.q))
    if now.eta is None:
        return slope
    turned = np.moveaxis(slope, 2, 0)
    path = now.u[:, :, ram.a.row] * now.eta[:, None, ram.a.col]
    np.add.at(turned, ram.a.free, np.moveaxis(path, 2, 0))
    np.add.at(turned, ram.m.free, np.moveaxis(now.u[:, :, ram.m.row], 2, 0))
    return slope
