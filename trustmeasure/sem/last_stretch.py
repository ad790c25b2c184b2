"""The last stretch of one minimisation: steps by an information matrix that is not computed again.

Near a minimum the information changes little, so that one inverse of it serves all further steps, corrected
by what the gradients tell (the update of Broyden, Fletcher, Goldfarb and Shanno). A step costs one gradient,
and convergence is faster than linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg.blas import dsymv, dsyr2
from scipy.linalg.lapack import dpotrf, dpotri

from trustmeasure.sem.discrepancy.base import Sloped

Array = npt.NDArray[np.float64]

MOST_STEPS = 25
MOST_RISES = 2
"""How often in a row the decrement may rise before the stretch is given up."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where the stretch ended.

    Attributes
    ----------
    theta : array, shape (q,)
        Parameters.
    value : float
        Discrepancy, before the last step of a converged stretch, which is too small to change it.
    gradient : array, shape (q,)
        First derivatives there.
    decrement : float
        Newton decrement there.
    steps : int
        Steps taken.
    converged : bool
        Whether the decrement is below tolerance.
    """

    theta: Array
    value: float
    gradient: Array
    decrement: float
    steps: int
    converged: bool


class InverseHessian:
    """Inverse of a Hessian: that of a first guess, improved by each step.

    Attributes
    ----------
    matrix : array, shape (q, q)
        The inverse; its upper triangle counts.
    trace : float
        Trace of the first inverse when the guess has unit diagonal; one over it bounds the eigenvalues of the
        guess from below.
    """

    def __init__(self, matrix: Array, trace: float) -> None:
        self.matrix, self.trace = matrix, trace

    @classmethod
    def of(cls, curvature: Array) -> InverseHessian | None:
        """Invert a first guess of shape (q, q); None when it is not positive definite."""
        if curvature.size == 0:
            return None
        scale = np.sqrt(np.maximum(curvature.diagonal(), 1e-300))
        products = scale[:, None] * scale
        root, failed = dpotrf(curvature / products)
        if failed:
            return None
        inverse = dpotri(root)[0]
        return cls(np.asfortranarray(inverse / products), float(inverse.trace()))

    def times(self, gradient: Array) -> Array:
        """Return the inverse Hessian times a gradient of shape (q,)."""
        return np.asarray(dsymv(1.0, self.matrix, gradient))

    def learned(self, gradient: Array, before: Array, step: Array, change: Array) -> Array:
        """Improve by a step and the change of the gradient along it; return the product with a new gradient.

        The update of Broyden, Fletcher, Goldfarb and Shanno adds ``s w' + w s'`` for the step s. Without
        positive curvature the step has no say.

        Parameters
        ----------
        gradient : array, shape (q,)
            The new gradient.
        before : array, shape (q,)
            Product of the inverse with the gradient before the step.
        step, change : arrays, shape (q,)
            The step, and the change of the gradient.
        """
        product, curvature = self.times(gradient), float(step @ change)
        if not curvature > 0:
            return product
        pulled = product - before
        w = ((0.5 + 0.5 * float(change @ pulled) / curvature) * step - pulled) / curvature
        self.matrix = dsyr2(1.0, step, w, a=self.matrix, overwrite_a=1)
        return np.asarray(product + float(w @ gradient) * step + float(step @ gradient) * w)


def last_stretch(
    discrepancy: Sloped,
    member: int,
    start: Reached,
    inverse: InverseHessian | None,
    *,
    tolerance: float,
    slack: float,
    near: float = np.inf,
) -> Reached:
    """Go on from `start` with steps that need gradients only.

    Parameters
    ----------
    discrepancy : Sloped
        Value and gradient.
    member : int
        Of the data batch.
    start : Reached
        Where to begin; its `decrement` is small.
    inverse : InverseHessian or None
        Inverse of the information there; None when it has none.
    tolerance : float
        Bound on the Newton decrement.
    slack : float
        By how much a value may rise because of rounding.
    near : float
        Decrement above which every step must make it ten times smaller.

    Returns
    -------
    Reached
        The last point whose value did not rise; not converged when steps stop making progress.
    """
    at, rises, rows = start, 0, np.array([member])
    if inverse is None:
        return at
    product = inverse.times(at.gradient)
    while at.steps < MOST_STEPS:
        move = -product
        decrement = float(product @ at.gradient)
        rises = rises + 1 if decrement > at.decrement and at.steps else 0
        if abs(decrement) < tolerance:
            return Reached(at.theta + move, at.value, at.gradient, decrement, at.steps, True)
        slow = decrement > max(near, 0.1 * at.decrement)
        if rises > MOST_RISES or slow or not decrement > 0:
            break
        value, gradient = discrepancy.slope((at.theta + move)[None], rows)
        if not value[0] <= at.value + slack * (1.0 + abs(at.value)):
            break
        product = inverse.learned(gradient[0], product, move, gradient[0] - at.gradient)
        at = Reached(at.theta + move, float(value[0]), gradient[0], decrement, at.steps + 1, False)
    return at
