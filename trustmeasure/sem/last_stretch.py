"""The last stretch of one minimisation: steps by an information matrix that is not computed again.

Near a minimum the information changes little, so that one factor of it serves all further steps, corrected by
what the gradients tell (limited-memory BFGS, Liu & Nocedal 1989, Mathematical Programming 45(1-3), 503-528).
A step costs one gradient, and convergence is faster than linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dpotrf, dtrtri

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
    """Inverse of a Hessian: a root of a first guess (`root.T @ root`), and corrections.

    Attributes
    ----------
    root : array, shape (q, q)
        Inverse of the Cholesky factor of the first guess.
    trace : float
        Trace of the inverse when the guess has unit diagonal; one over it bounds the eigenvalues from below.
    """

    def __init__(self, root: Array, trace: float) -> None:
        self.root, self.trace = root, trace
        self.past: list[tuple[Array, Array, float]] = []

    @classmethod
    def of(cls, curvature: Array) -> InverseHessian | None:
        """Factor a first guess of shape (q, q); None when it is not positive definite."""
        scale = np.sqrt(np.maximum(curvature.diagonal(), 1e-300))
        factor, failed = dpotrf(curvature / (scale[:, None] * scale), lower=1)
        if failed:
            return None
        root = dtrtri(factor, lower=1)[0]
        return cls(root / scale, float(np.vdot(root, root)))

    def times(self, gradient: Array) -> Array:
        """Return the inverse Hessian times a gradient of shape (q,), by the two-loop recursion."""
        left, shares = gradient.copy(), []
        for step, change, curvature in reversed(self.past):
            shares.append(curvature * float(step @ left))
            left -= shares[-1] * change
        found = self.root.T @ (self.root @ left)
        for (step, change, curvature), share in zip(self.past, reversed(shares), strict=True):
            found += (share - curvature * float(change @ found)) * step
        return np.asarray(found)

    def learn(self, step: Array, change: Array) -> None:
        """Remember a step and the change of the gradient; without positive curvature it has no say."""
        product = float(step @ change)
        if product > 0:
            self.past.append((step, change, 1.0 / product))


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
    while inverse is not None and at.steps < MOST_STEPS:
        move = -inverse.times(at.gradient)
        decrement = -float(move @ at.gradient)
        rises = rises + 1 if decrement > at.decrement and at.steps else 0
        if abs(decrement) < tolerance:
            return Reached(at.theta + move, at.value, at.gradient, decrement, at.steps, True)
        slow = decrement > max(near, 0.1 * at.decrement)
        if rises > MOST_RISES or slow or not decrement > 0:
            break
        value, gradient = discrepancy.slope((at.theta + move)[None], rows)
        if not value[0] <= at.value + slack * (1.0 + abs(at.value)):
            break
        inverse.learn(move, gradient[0] - at.gradient)
        at = Reached(at.theta + move, float(value[0]), gradient[0], decrement, at.steps + 1, False)
    return at
