"""Limited-memory BFGS for a batch of problems that share the inverse Hessian they start from.

Liu & Nocedal (1989, Mathematical Programming 45(1-3), 503-528).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Memory:
    """Past steps, the changes of the gradient along them, and the inverse Hessian that all started from.

    Attributes
    ----------
    inverse : array, shape (q, q)
        Inverse Hessian.
    steps, changes : tuples of arrays of shape (b, q)
        The latest `MOST` steps.
    curvatures : tuple of arrays of shape (b,)
        One over the product of step and change; 0 where that is not positive.
    """

    inverse: Array
    steps: tuple[Array, ...]
    changes: tuple[Array, ...]
    curvatures: tuple[Array, ...]

    MOST = 6

    @classmethod
    def empty(cls, inverse: Array) -> Memory:
        """Begin with an inverse Hessian of shape (q, q)."""
        return cls(inverse, (), (), ())

    def times(self, gradient: Array) -> Array:
        """Return the inverse Hessian times gradients of shape (b, q), by the two-loop recursion."""
        left, kept = gradient.copy(), []
        past = list(zip(self.steps, self.changes, self.curvatures, strict=True))
        for step, change, curvature in reversed(past):
            share = curvature * np.einsum("bq,bq->b", step, left)
            left -= share[:, None] * change
            kept.append(share)
        found = left @ self.inverse
        for (step, change, curvature), share in zip(past, reversed(kept), strict=True):
            back = curvature * np.einsum("bq,bq->b", change, found)
            found += (share - back)[:, None] * step
        return np.asarray(found)

    def extended(self, step: Array, change: Array) -> Memory:
        """Remember a step and the change of the gradient; without positive curvature it has no say."""
        product = np.einsum("bq,bq->b", step, change)
        curvature = np.where(product > 0, 1.0 / np.where(product > 0, product, 1.0), 0.0)
        past = slice(-(self.MOST - 1), None)
        return Memory(
            self.inverse,
            (*self.steps[past], step),
            (*self.changes[past], change),
            (*self.curvatures[past], curvature),
        )

    def some(self, rows: Index) -> Memory:
        """Keep some members of the batch."""
        return Memory(
            self.inverse,
            tuple(x[rows] for x in self.steps),
            tuple(x[rows] for x in self.changes),
            tuple(x[rows] for x in self.curvatures),
        )
