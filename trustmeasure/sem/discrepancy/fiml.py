r"""Full-information maximum likelihood for incomplete rows (Arbuckle 1996; Enders & Bandalos 2001).

Rows are grouped by pattern of answered variables; pattern k has `n_k` rows with moments (xbar_k, S_k):

    F = sum_k n_k/N [log|Sigma_k| + tr(C_k Sigma_k^-1)] - constant,
    C_k = S_k + (xbar_k - mu_k)(xbar_k - mu_k)'

The constant makes F zero at the saturated moments, so that the chi-square is N F. With `V_k` the inverse of
the block of pattern k, zero elsewhere, the gradient needs only the sums of `V_k C_k V_k - V_k` and
`V_k (xbar_k - mu_k)` over patterns. The optimiser's curvature is that of complete rows with the weight
`sum_k n_k/N V_k`, which is close to the information of incomplete rows and costs one matrix; exact second
derivatives are there where it is not close enough, and for standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.moments.missing import Likelihood, likelihood, logl_of
from trustmeasure.moments.patterns import Patterns
from trustmeasure.sem.discrepancy.base import Point
from trustmeasure.sem.discrepancy.fiml_hessian import fiml_hessian
from trustmeasure.sem.discrepancy.ml import curvature, gradient
from trustmeasure.sem.matrices import Implied, Ram, implied
from trustmeasure.threads import one_thread

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


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
        return cls(ram, patterns, 2.0 * (logl_of(patterns, 0.0) - logl) / float(patterns.n.sum()))

    @one_thread
    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,); infinite where they do not exist."""
        return np.array([self._value(self._at(implied(self.ram, t[None]))) for t in theta])

    @one_thread
    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        points = [self._point(implied(self.ram, t[None])) for t in theta]
        return Point(*(np.stack(parts) for parts in zip(*points, strict=True)))

    @one_thread
    def slope(self, theta: Array, rows: Index) -> tuple[Array, Array]:
        """Return discrepancies and first derivatives; infinite and NaN where they do not exist."""
        found = [self._slope(implied(self.ram, t[None])) for t in theta]
        return np.array([value for value, _ in found]), np.stack([slope for _, slope in found])

    @one_thread
    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, q, q)."""
        return np.stack([fiml_hessian(self.ram, implied(self.ram, t[None]), self.patterns) for t in theta])

    def _at(self, now: Implied) -> Likelihood | None:
        assert now.mu is not None  # noqa: S101  # FIML models always have means
        return likelihood(self.patterns, now.mu[0], now.sigma[0])

    def _value(self, found: Likelihood | None) -> float:
        if found is None or not np.isfinite(found.deviance):
            return float("inf")
        return found.deviance / float(self.patterns.n.sum()) - self.constant

    def _slope(self, now: Implied) -> tuple[float, Array]:
        found = self._at(now)
        if found is None:
            return float("inf"), np.full(self.ram.q, np.nan)
        share = 1.0 / float(self.patterns.n.sum())
        r = share * (found.squares - found.precision)
        return self._value(found), gradient(self.ram, now, r[None], share * found.pull[None])[0]

    def _point(self, now: Implied) -> tuple[float, Array, Array]:
        found = self._at(now)
        if found is None:
            nothing = np.full(self.ram.q, np.nan)
            return float("inf"), nothing, np.full((self.ram.q, self.ram.q), np.nan)
        share = 1.0 / float(self.patterns.n.sum())
        r = share * (found.squares - found.precision)
        slope = gradient(self.ram, now, r[None], share * found.pull[None])[0]
        return self._value(found), slope, curvature(self.ram, now, share * found.precision[None])[0]
