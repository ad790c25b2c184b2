"""Minimising a discrepancy under constraints: linear equalities are eliminated, the rest is left to `sqp`.

With `theta = K alpha + c` the discrepancy of alpha has the gradient `K'g` and the second derivatives `K'HK`,
so that `optimize.minimise` works as it does without constraints, batches included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.constraints import Affine, Limits
from trustmeasure.sem.descent import Look
from trustmeasure.sem.discrepancy.base import Discrepancy, Point
from trustmeasure.sem.optimize import TOLERANCE, Minimum, minimise
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.sqp import minimise_one

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Reduced:
    """A discrepancy as a function of what linear equalities leave of its parameters.

    Attributes
    ----------
    inner : Discrepancy
        A function of parameters of shape (b, q).
    affine : Affine
        How they follow from those of shape (b, k).
    """

    inner: Discrepancy
    affine: Affine

    def value(self, theta: Array, rows: Index) -> Array:
        """Return the discrepancies, shape (b,)."""
        return self.inner.value(self.affine.whole(theta), rows)

    def point(self, theta: Array, rows: Index) -> Point:
        """Return discrepancies with derivatives."""
        point, basis = self.inner.point(self.affine.whole(theta), rows), self.affine.basis
        return Point(point.value, point.gradient @ basis, basis.T @ point.curvature @ basis)

    def hessian(self, theta: Array, rows: Index) -> Array:
        """Return exact second derivatives, shape (b, k, k)."""
        basis = self.affine.basis
        return np.asarray(basis.T @ self.inner.hessian(self.affine.whole(theta), rows) @ basis)


def minimise_within(
    table: ParameterTable,
    discrepancy: Discrepancy,
    start: Array,
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = 1000,
    first: Look | None = None,
) -> Minimum:
    """Minimise a discrepancy under the constraints of a model, for every member of a batch.

    Parameters
    ----------
    table : ParameterTable
        The model with its constraints.
    discrepancy : Discrepancy
        A function of all its free parameters.
    start : array, shape (b, q)
        Starting values; they need not satisfy the constraints.
    tolerance : float
        Bound on the Newton decrement.
    max_iterations : int
        Most steps, accepted or refused.
    first : Look, optional
        The start, when it was looked at before; for a model without constraints.

    Returns
    -------
    Minimum
        As from `minimise`. Its gradient is that of the discrepancy by all parameters, which constraints that
        hold the estimates back keep away from zero.
    """
    limits = Limits.of(table)
    if not limits:
        return minimise(discrepancy, start, tolerance=tolerance, max_iterations=max_iterations, first=first)
    affine = limits.affine()
    reduced = Reduced(discrepancy, affine)
    inside = affine.reduced(start)
    if limits.only_linear:
        found = minimise(reduced, inside, tolerance=tolerance, max_iterations=max_iterations)
    else:
        ones = [
            minimise_one(reduced, limits, affine, alpha, row, tolerance=tolerance, most=max_iterations)
            for row, alpha in enumerate(inside)
        ]
        found = Minimum(*(np.stack([getattr(one, name) for one in ones]) for name in FIELDS))
    theta = affine.whole(found.theta)
    return replace(found, theta=theta, gradient=_gradients(discrepancy, theta, found))


FIELDS = ("theta", "value", "gradient", "decrement", "converged", "iterations")


def _gradients(discrepancy: Discrepancy, theta: Array, found: Minimum) -> Array:
    """Return the gradients by all parameters, NaN where the discrepancy does not exist."""
    gradient = np.full(theta.shape, np.nan)
    rows = np.flatnonzero(np.isfinite(found.value))
    if rows.size:
        gradient[rows] = discrepancy.point(theta[rows], rows).gradient
    return gradient
