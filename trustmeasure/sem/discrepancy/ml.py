r"""Normal-theory maximum likelihood (Joereskog 1967, Psychometrika 32(4), 443-482; with means: Bollen 1989,
Structural Equations with Latent Variables, eq. 4.67 and its extension).

    F = log|Sigma| + tr(C Sigma^-1) - log|S| - p,   C = S + (xbar - mu)(xbar - mu)'

With ``V = Sigma^-1``, ``R = V (C - Sigma) V`` and each derivative of Sigma written as `w (l r' + r l')`:

    dF/dtheta = -2 w l'R r - 2 (xbar - mu)' V dmu
    E[d2F]    =  2 w_a w_b [(l_a'V r_b)(r_a'V l_b) + (l_a'V l_b)(r_a'V r_b)] + 2 dmu_a' V dmu_b
"""  # noqa: D205 - the sources make the first sentence long

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dtrtri

from trustmeasure.sem.determinants import log_determinant
from trustmeasure.sem.discrepancy.base import Point
from trustmeasure.sem.discrepancy.hessian import hessian
from trustmeasure.sem.discrepancy.single import Single
from trustmeasure.sem.matrices import Implied, Ram, add_up, implied, mean_cells, mean_slopes

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


MOST_INFLATION = 1e6
"""Sum of the diagonal of the inverse of the implied correlations from which Sigma is ill-conditioned."""
FEW = 4
"""Batches up to this size are inverted and solved one by one, without the overhead of batches."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Moments at parameters, with the inverses of those that are positive definite."""

    theta: Array
    now: Implied
    good: Flags
    v: Array
    logdet: Array


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
    _last: list[_Place] = field(default_factory=list, repr=False, compare=False)
    _single: list[Single] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, ram: Ram, cov: Array, mean: Array | None) -> MaximumLikelihood:
        """Prepare the discrepancy for covariances of shape (B, p, p) and means of shape (B, p)."""
        return cls(ram, cov, mean if ram.m0 is not None else None, _log_determinants(cov))

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,); infinite where Sigma is not positive definite."""
        at = self._at(theta)
        found = np.full(theta.shape[0], np.inf)
        found[at.good] = self._value(at, rows)
        return found

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives; Sigma must be positive definite."""
        at = self._at(theta)
        return Point(self._value(at, rows), self._gradient(at, rows), curvature(self.ram, at.now, at.v))

    def slope(self, theta: Array, rows: Index) -> tuple[Array, Array]:
        """Return discrepancies, infinite where Sigma is not positive definite, and first derivatives."""
        if len(theta) == 1:
            return self._slope_of_one(theta[0], int(rows[0]))
        at = self._at(theta)
        if at.good.all():
            return self._value(at, rows), self._gradient(at, rows)
        return self.value(theta, rows), np.full(theta.shape, np.nan)

    def _slope_of_one(self, theta: Array, row: int) -> tuple[Array, Array]:
        if not self._single:
            self._single.append(Single.of(self.ram))
        found = self._single[0].slope(theta, self.cov[row], None if self.mean is None else self.mean[row])
        if found is None:
            return np.array([np.inf]), np.full((1, theta.size), np.nan)
        return np.array([found[0] - self.logdet[row] - self.ram.p]), found[1][None]

    def expected(self, theta: Array) -> Array:
        """Return the expected second derivatives alone, shape (b, q, q); see `point`."""
        at = self._at(theta)
        return curvature(self.ram, at.now, at.v)

    def well_conditioned(self, theta: Array) -> bool:
        """Return whether Sigma at parameters (q,), as correlations, is positive definite by far."""
        at = self._at(theta[None])
        if not at.good.all():
            return False
        return float(at.v[0].diagonal() @ at.now.sigma[0].diagonal()) < MOST_INFLATION

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q); Sigma must be positive definite."""
        at = self._at(theta)
        gap = None if self.mean is None or at.now.mu is None else self.mean[rows] - at.now.mu
        return hessian(self.ram, at.now, self._target(at.now, rows), gap, at.v)

    def _at(self, theta: Array) -> _Place:
        """Return the moments at theta; those of a small batch are kept, as they are often asked for twice."""
        for last in self._last:
            if last.theta.shape == theta.shape and (last.theta == theta).all():
                return last
        now = implied(self.ram, theta)
        at = _Place(theta.copy(), now, *invert(now.sigma))
        if theta.shape[0] <= FEW:
            self._last[:] = [at]
        return at

    def _gradient(self, at: _Place, rows: Index) -> Array:
        r = at.v @ (self._target(at.now, rows) - at.now.sigma) @ at.v
        pull = None
        if self.mean is not None and at.now.mu is not None:
            pull = np.einsum("bij,bj->bi", at.v, self.mean[rows] - at.now.mu)
        return gradient(self.ram, at.now, r, pull)

    def _target(self, now: Implied, rows: Index) -> Array:
        if self.mean is None or now.mu is None:
            return self.cov[rows]
        gap = self.mean[rows] - now.mu
        return np.asarray(self.cov[rows] + gap[:, :, None] * gap[:, None, :])

    def _value(self, at: _Place, rows: Index) -> Array:
        """Return the discrepancies of the members whose Sigma is positive definite."""
        target = self._target(at.now, rows)[at.good]
        trace = np.einsum("bij,bij->b", target, at.v) if len(target) != 1 else np.vdot(target, at.v)
        return np.asarray(at.logdet + trace - self.logdet[rows][at.good] - self.ram.p)


def _log_determinants(cov: Array) -> Array:
    """Return the log determinants of covariances of shape (B, p, p)."""
    if len(cov) <= FEW:
        return np.array([log_determinant(one) for one in cov])
    return np.asarray(np.linalg.slogdet(cov)[1])


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
    gram = now.u.swapaxes(1, 2) @ r @ now.u
    found = add_up(ram, -2.0 * ram.weight * gram[:, ram.left, ram.right], ram.moving, apart=ram.apart)
    if pull is not None and now.eta is not None:
        slope = -2.0 * np.einsum("bi,bik->bk", pull, now.u[:, :, : ram.v])
        cells = np.concatenate([slope[:, ram.a.row] * now.eta[:, ram.a.col], slope[:, ram.m.row]], axis=1)
        found = found + add_up(ram, cells, ram.mean_free, apart=ram.means_apart)
    return found


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
    if sigma.shape[0] <= FEW:
        return _invert_few(sigma)
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


def _invert_few(sigma: Array) -> tuple[Flags, Array, Array]:
    found = [_invert_one(matrix) for matrix in sigma]
    good: Flags = np.array([one is not None for one in found], dtype=bool)
    kept = [one for one in found if one is not None]
    inverse = np.array([one[0] for one in kept]).reshape(-1, *sigma.shape[1:])
    return good, inverse, np.array([one[1] for one in kept])


def _invert_one(sigma: Array) -> tuple[Array, float] | None:
    """Return inverse and log determinant; None when `sigma` (p, p) is not positive definite."""
    variance = sigma.diagonal()
    if not (np.isfinite(sigma).all() and (variance > 0).all()):
        return None
    sd = np.sqrt(variance)
    root, failed = dpotrf(sigma / (sd[:, None] * sd), lower=1)
    if failed:
        return None
    half = dtrtri(root, lower=1)[0] / sd
    return half.T @ half, 2.0 * float(np.log(root.diagonal() * sd).sum())


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
    if len(v) == 1 and ram.apart:
        total = _information_of_one(ram, now.u[0], v[0])[None]
        if now.eta is not None:
            _add_means(ram, now, now.eta, v, total)
        return total
    b, k, pairs = v.shape[0], ram.left.size, ram.pairs
    gram = (now.u.swapaxes(1, 2) @ v @ now.u).reshape(b, 4 * ram.v * ram.v)
    across = gram.take(pairs.across, axis=1).reshape(b, k, k)
    cells = across * np.swapaxes(across, 1, 2)
    cells += (gram.take(pairs.left, axis=1) * gram.take(pairs.right, axis=1)).reshape(b, k, k)
    cells *= pairs.weight
    if pairs.put is None:
        spread = ram.spread(ram.moving)
        total = spread.T @ cells @ spread
    else:
        total = np.zeros((b, ram.q, ram.q))
        total.reshape(b, ram.q * ram.q)[:, pairs.put] = cells.reshape(b, k * k)
    if now.eta is not None:
        _add_means(ram, now, now.eta, v, total)
    return total


def _information_of_one(ram: Ram, u: Array, v: Array) -> Array:
    """Return what A and S bring to the expected second derivatives, shape (q, q), where cells stand apart."""
    order = ram.moving.argsort()
    left, right, weight = ram.left[order], ram.right[order], ram.weight[order]
    gram = u.T @ (v @ u)
    from_left = gram.take(left, axis=0)
    across = from_left.take(right, axis=1)
    cells = across * across.T
    cells += from_left.take(left, axis=1) * gram.take(right, axis=0).take(right, axis=1)
    cells *= 2.0 * weight[:, None] * weight
    if order.size == ram.q:
        return np.asarray(cells)
    total = np.zeros((ram.q, ram.q))
    free = ram.moving[order]
    total[free[:, None], free] = cells
    return total


def _add_means(ram: Ram, now: Implied, eta: Array, v: Array, total: Array) -> None:
    """Add what the means bring to the expected second derivatives `total`, shape (b, q, q)."""
    slope = mean_cells(ram, now, eta) if ram.means_apart else mean_slopes(ram, now)
    brought = 2.0 * np.swapaxes(slope, 1, 2) @ v @ slope
    if ram.means_apart:
        total.reshape(len(total), -1)[:, ram.mean_put] += brought.reshape(len(total), -1)
    else:
        total += brought
