"""What every discrepancy function offers to the optimiser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeGuard

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """A discrepancy and its derivatives at a batch of parameter vectors.

    Attributes
    ----------
    value : array, shape (b,)
        Discrepancy; infinite where it does not exist.
    gradient : array, shape (b, q)
        First derivatives.
    curvature : array, shape (b, q, q)
        Expected second derivatives (Fisher scoring), positive semi-definite.
    """

    value: Array
    gradient: Array
    curvature: Array


class Discrepancy(Protocol):
    """A function of parameters of shape (b, q) to be made smallest.

    `rows` picks the members of the data batch that the parameters belong to, so that replicates which have
    converged can leave the work.
    """

    def value(self, theta: Array, rows: npt.NDArray[np.intp]) -> Array:
        """Return the discrepancies, shape (b,)."""
        ...

    def point(self, theta: Array, rows: npt.NDArray[np.intp]) -> Point:
        """Return discrepancies with derivatives."""
        ...

    def hessian(self, theta: Array, rows: npt.NDArray[np.intp]) -> Array:
        """Return exact second derivatives, shape (b, q, q)."""
        ...


class Sloped(Discrepancy, Protocol):
    """A discrepancy whose first derivatives alone cost less than those and the curvature."""

    def slope(self, theta: Array, rows: npt.NDArray[np.intp]) -> tuple[Array, Array]:
        """Return discrepancies, infinite where they do not exist, and first derivatives."""
        ...


def has_slope(discrepancy: object) -> TypeGuard[Sloped]:
    """Return whether a discrepancy is `Sloped`."""
    return hasattr(discrepancy, "slope")
