"""Newton steps for rotations whose criterion is nearly flat at its minimum, where gradients take thousands.

On the matrices T that are allowed (columns of length 1, or orthogonal), the second derivatives are those of
the projected gradient along an orthonormal basis of directions, exact by complex steps. Curvatures are taken
as positive, so that each step goes down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trustmeasure.factors.simplicity import Numbers
from trustmeasure.frames import Array

Evaluation = Callable[[Numbers], tuple[Numbers, Numbers]]
"""From a batch of T to the values of the criterion, (b,), and its projected gradients, (b, m, m)."""
STEP = 1e-20
LEAST_CURVATURE = 1e-9
"""Share of the largest curvature that each direction has at least."""
SHORTENINGS = 12
MOST_STEPS = 60
NOISE = 1e-13
"""Relative rise of a criterion that may be rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A transform T (m, m) with the criterion there, its projected gradient (m, m), and steps taken."""

    t: Array
    value: float
    tangent: Array
    steps: int = 0

    @property
    def slope(self) -> float:
        """Size of the projected gradient."""
        return float(np.sqrt((self.tangent**2).sum()))


def noise(value: Numbers | float) -> Array:
    """Return by how much values of a criterion may differ because of rounding."""
    return np.asarray(NOISE * np.maximum(np.abs(value), 1e-3))


def directions(t: Array, *, oblique: bool) -> Array:
    """Return an orthonormal basis of the directions in which T may move, shape (d, m, m)."""
    m = len(t)
    if not oblique:
        first, second = np.triu_indices(m, 1)
        turns = np.zeros((first.size, m, m))
        at = np.arange(first.size)
        turns[at, first, second], turns[at, second, first] = np.sqrt(0.5), -np.sqrt(0.5)
        return np.asarray(t @ turns)
    found = np.zeros((m, m - 1, m, m))
    for j in range(m):
        found[j, :, :, j] = np.linalg.svd(t[:, j][None])[2][1:]
    return found.reshape(-1, m, m)


def newton(
    evaluate: Evaluation,
    project: Callable[[Array], Array],
    start: Place,
    *,
    oblique: bool,
    tolerance: float,
    most: int = MOST_STEPS,
) -> Place:
    """Return where Newton steps lead from a place: a minimum, or the last place from which none went lower.

    Parameters
    ----------
    evaluate, project : callable
        Criterion with projected gradient, and the way back to the matrices that are allowed.
    start : Place
        Where to begin.
    oblique : bool
        Whether factors may correlate.
    tolerance : float
        Size of the projected gradient at which the search ends.
    most : int
        Most steps.
    """
    now = start
    for _ in range(most):
        if now.slope <= tolerance:
            break
        ahead = _lower(evaluate, project, now, _move(evaluate, now, oblique))
        if ahead is None:
            break
        now = ahead
    return now


def _move(evaluate: Evaluation, now: Place, oblique: bool) -> tuple[Array, float]:
    """Return the Newton step, shape (m, m), and the decrease that it promises."""
    basis = directions(now.t, oblique=oblique)
    bent = np.imag(evaluate(now.t + 1j * STEP * basis)[1]) / STEP
    flat = basis.reshape(len(basis), -1)
    hessian = flat @ bent.reshape(len(basis), -1).T
    curvature, axes = np.linalg.eigh((hessian + hessian.T) / 2.0)
    size = np.abs(curvature)
    along = axes.T @ (flat @ now.tangent.ravel())
    step = along / np.maximum(size, max(LEAST_CURVATURE * float(size.max()), 1e-300))
    return np.tensordot(axes @ step, basis, axes=1), float(along @ step)


def _lower(
    evaluate: Evaluation, project: Callable[[Array], Array], now: Place, move: tuple[Array, float]
) -> Place | None:
    """Return the first place on the way that is low enough; None when only rounding is left to gain."""
    step, promised = move
    size = 1.0
    for _ in range(SHORTENINGS):
        t = project((now.t - size * step)[None])
        value, tangent = evaluate(t)
        ahead = Place(t[0], float(value[0]), tangent[0], now.steps + 1)
        fallen = now.value - ahead.value
        rounding = float(noise(now.value))
        if fallen > max(1e-4 * size * promised, rounding):
            return ahead
        if abs(fallen) <= rounding and ahead.slope < 0.9 * now.slope:
            return ahead
        size *= 0.25
    return None
