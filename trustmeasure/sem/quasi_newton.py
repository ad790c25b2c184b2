"""Limited-memory BFGS for a batch of problems that share the inverse Hessian they start from.

Liu & Nocedal (1989, Mathematical Programming 45(1-3), 503-528).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

MOST_STEPS = 60
FAR = 1e6
"""Newton decrement beyond which a draw leaves the batch unfinished."""


class Batch(Protocol):
    """Samples of a batch."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def some(self: B, rows: Index) -> B:
        """Return some of them."""
        ...


B = TypeVar("B", bound=Batch)


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

    MOST = 12

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


def descend_together(
    gradient: Callable[[Array, B], Array], start: Array, inverse: Array, draws: B, tolerance: float
) -> tuple[Array, Flags]:
    """Minimise the discrepancies of a batch from a common start.

    Parameters
    ----------
    gradient : callable
        First derivatives (b, q) of the discrepancies of samples at parameters (b, q).
    start : array, shape (q,)
        Where all begin.
    inverse : array, shape (q, q)
        Inverse of the second derivatives there, about the same for all.
    draws : Batch
        The samples; they leave the batch as they converge.
    tolerance : float
        Newton decrement at which a sample has converged; its last step is still taken.

    Returns
    -------
    theta : array, shape (b, q)
        Parameters.
    done : array of bool, shape (b,)
        Which of them have converged. None has where a matrix of one sample was exactly singular.
    """
    b = len(draws)
    theta, done = np.repeat(start[None], b, axis=0), np.zeros(b, dtype=bool)
    active, now, memory = np.arange(b), draws, Memory.empty(inverse)
    try:
        slope = gradient(theta, now)
        for _ in range(MOST_STEPS):
            move = -memory.times(slope)
            theta[active] += move
            small = -np.einsum("bq,bq->b", move, slope)
            done[active[np.abs(small) < tolerance]] = True
            stay = np.flatnonzero((np.abs(small) >= tolerance) & (np.abs(small) < FAR))
            if stay.size == 0:
                break
            if stay.size < active.size:
                active, now, memory = active[stay], now.some(stay), memory.some(stay)
                move, slope = move[stay], slope[stay]
            new = gradient(theta[active], now)
            memory, slope = memory.extended(move, new - slope), new
    except np.linalg.LinAlgError:  # all go the careful way
        done[:] = False
    return theta, done
