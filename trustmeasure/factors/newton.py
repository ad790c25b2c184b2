"""Newton's method between bounds, for a few dozen variables with exact second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.frames import Array

Flags = npt.NDArray[np.bool_]
STEEP = 1e-4
"""Share of the promised decrease that a step must bring (Armijo)."""


@dataclass(frozen=True, slots=True)
class Derivatives:
    """A function at one point: its value, gradient (k,) and matrix of second derivatives (k, k)."""

    value: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the search ended: the point (k,), which coordinates stand at their lower bound, steps taken."""

    x: Array
    value: float
    at_lower: Flags
    iterations: int
    converged: bool


def minimise(
    function: Callable[[Array], Derivatives],
    start: Array,
    lower: Array,
    upper: Array,
    *,
    tolerance: float = 1e-11,
    max_iter: int = 500,
) -> Minimum:
    """Return a minimum between bounds by projected Newton steps (Bertsekas 1982, SIAM J. Control Optim. 20).

    Coordinates at a bound that the gradient pushes outwards stay there; the others take a Newton step with
    the curvature made positive, halved until the value falls enough, and are cut off at the bounds.

    Parameters
    ----------
    function : callable
        Gives value, gradient and second derivatives at a point.
    start, lower, upper : arrays, shape (k,)
        First point and bounds.
    tolerance : float
        Largest element of the gradient of the free coordinates at which the search ends.
    max_iter : int
        Most steps.
    """
    x = np.clip(start, lower, upper)
    now = function(x)
    for iteration in range(max_iter):
        held = _held(x, now.gradient, lower, upper)
        if held.all() or float(np.abs(now.gradient[~held]).max()) < tolerance:
            return Minimum(x, now.value, held & (x <= lower), iteration, True)
        moved = _line_search(function, x, now, _step(now, held), lower, upper)
        if moved is None:
            break
        x, now = moved
    held = _held(x, now.gradient, lower, upper)
    slope = float(np.abs(now.gradient[~held]).max(initial=0.0))
    return Minimum(x, now.value, held & (x <= lower), max_iter, slope < 1e3 * tolerance)


def _held(x: Array, gradient: Array, lower: Array, upper: Array) -> Flags:
    held: Flags = ((x <= lower) & (gradient > 0)) | ((x >= upper) & (gradient < 0))
    return held


def _step(now: Derivatives, held: Flags) -> Array:
    """Return the Newton step of the free coordinates with absolute curvatures; zero for the held ones."""
    step = np.zeros(held.size)
    free = ~held
    curvature, axes = np.linalg.eigh(now.hessian[np.ix_(free, free)])
    size = np.maximum(np.abs(curvature), 1e-8 * max(float(np.abs(curvature).max()), 1.0))
    step[free] = -axes @ ((axes.T @ now.gradient[free]) / size)
    return step


def _line_search(
    function: Callable[[Array], Derivatives],
    x: Array,
    now: Derivatives,
    step: Array,
    lower: Array,
    upper: Array,
) -> tuple[Array, Derivatives] | None:
    """Return the next point, or None when no step along the path lowers the value."""
    noise = 1e-14 * max(abs(now.value), 1.0)
    for direction in (step, -now.gradient * (step != 0)):
        size = 1.0
        for _ in range(40):
            new = np.clip(x + size * direction, lower, upper)
            found = function(new)
            if (
                found.value <= now.value + STEEP * float(now.gradient @ (new - x)) + noise
                and (new != x).any()
            ):
                return new, found
            size *= 0.5
    return None
