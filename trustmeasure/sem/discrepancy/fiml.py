r"""Full-information maximum likelihood for incomplete rows (Arbuckle 1996; Enders & Bandalos 2001).

Rows are grouped by pattern of answered variables; pattern k has `n_k` rows with moments (xbar_k, S_k):

    F = sum_k n_k/N [log|Sigma_k| + tr(C_k Sigma_k^-1)] - constant,
    C_k = S_k + (xbar_k - mu_k)(xbar_k - mu_k)'

The constant makes F zero at the saturated moments, so that the chi-square is N F. With `V_k` the inverse of
the block of pattern k, zero elsewhere, the gradient needs only the sums of `R_k` and `V_k (xbar_k - mu_k)`
over patterns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.missing import Patterns, inverses
from trustmeasure.sem.discrepancy.base import Point
from trustmeasure.sem.discrepancy.hessian import hessian
from trustmeasure.sem.discrepancy.ml import curvature, gradient
from trustmeasure.sem.matrices import Implied, Ram, implied

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

CHUNK = 64
"""Patterns whose second derivatives are worked out at a time; bounds the memory."""


@dataclass(frozen=True, slots=True)
class FullInformation:
    """FIML discrepancy of one sample of incomplete rows.

    Attributes
    ----------
    ram : Ram
        The model, with a mean structure.
    patterns : Patterns
        The rows, pattern by pattern.
    constant : float
        Value of the sum at the saturated moments.
    """

    ram: Ram
    patterns: Patterns
    constant: float

    @classmethod
    def of(cls, ram: Ram, patterns: Patterns, logl: float) -> FullInformation:
        """Prepare the discrepancy; `logl` is the saturated log-likelihood."""
        answers = float(patterns.n @ patterns.seen.sum(axis=1))
        return cls(ram, patterns, -(2.0 * logl + answers * np.log(2 * np.pi)) / patterns.n_obs)

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,)."""
        return np.array([self._value(implied(self.ram, t[None])) for t in theta])

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        points = [self._point(implied(self.ram, t[None])) for t in theta]
        return Point(*(np.stack(parts) for parts in zip(*points, strict=True)))

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q)."""
        return np.stack([self._hessian(implied(self.ram, t[None])) for t in theta])

    @property
    def _shares(self) -> Array:
        return self.patterns.n / self.patterns.n_obs

    def _parts(self, now: Implied) -> tuple[Array, Array, Array, Array]:
        """Return V_k, log|Sigma_k|, C_k and the gaps of the means."""
        assert now.mu is not None  # noqa: S101  # FIML models always have means
        seen = self.patterns.seen
        v, logdet = inverses(seen, now.sigma[0])
        gap = np.where(seen, self.patterns.mean - now.mu[0], 0.0)
        return v, logdet, self.patterns.cov + gap[:, :, None] * gap[:, None, :], gap

    def _value(self, now: Implied) -> float:
        if not np.isfinite(now.sigma).all():
            return float("inf")
        v, logdet, target, _ = self._parts(now)
        with np.errstate(invalid="ignore"):
            each = logdet + np.einsum("kij,kij->k", v, target)
        return float(self._shares @ each - self.constant) if np.isfinite(each).all() else float("inf")

    def _point(self, now: Implied) -> tuple[float, Array, Array]:
        v, logdet, target, gap = self._parts(now)
        shares = self._shares
        value = float(shares @ (logdet + np.einsum("kij,kij->k", v, target)) - self.constant)
        r = np.einsum("k,kij->ij", shares, v @ target @ v - v)
        pull = np.einsum("k,kij,kj->i", shares, v, gap)
        slope = gradient(self.ram, now, r[None], pull[None])[0]
        bend = sum(
            np.einsum("k,kab->ab", shares[part], curvature(self.ram, _spread(now, len(v[part])), v[part]))
            for part in self._chunks()
        )
        return value, slope, np.asarray(bend)

    def _hessian(self, now: Implied) -> Array:
        v, _, target, gap = self._parts(now)
        shares = self._shares
        found = sum(
            np.einsum(
                "k,kab->ab",
                shares[part],
                hessian(self.ram, _spread(now, len(v[part])), target[part], gap[part], v[part]),
            )
            for part in self._chunks()
        )
        return np.asarray(found)

    def _chunks(self) -> Iterator[slice]:
        return (slice(i, i + CHUNK) for i in range(0, len(self.patterns.n), CHUNK))


def _spread(now: Implied, size: int) -> Implied:
    """Return the same implied moments for each of `size` patterns."""

    def wide(x: Array) -> Array:
        return np.broadcast_to(x, (size, *x.shape[1:]))

    return Implied(
        sigma=wide(now.sigma),
        mu=None if now.mu is None else wide(now.mu),
        u=wide(now.u),
        eta=None if now.eta is None else wide(now.eta),
        total=wide(now.total),
        s=wide(now.s),
    )
