"""Fisher scoring with step control over a batch of problems, and Newton steps where scoring is slow.

Each member of the batch has its own damping (Levenberg 1944; Marquardt 1963) and leaves the work when the
Newton decrement `g' H^-1 g` says that its parameters stand still compared with their standard errors.
Scoring converges at a rate that depends on how well the model fits, and may overshoot where it does not; a
member whose decrement no longer falls tenfold a step gets the exact Hessian instead, as long as that is
positive definite. The last stretch of a few members, where only digits are gained, goes by gradients alone
(`last_stretch`), with one more Hessian before it where scoring was slow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dposv

from trustmeasure.sem.descent import Look, descend
from trustmeasure.sem.discrepancy.base import Discrepancy, Point, has_slope
from trustmeasure.sem.last_stretch import InverseHessian, Reached, last_stretch

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

TOLERANCE = 1e-18
"""Newton decrement, on the scale of the discrepancy, below which a problem has converged."""
ROUNDING = 1e-14
"""Decrement that counts as converged once rounding stops all progress."""
ROUNDING_OF_VALUE = 1e-11
"""Relative rise of a discrepancy that may be rounding."""
LEAST_DAMPING, MOST_DAMPING = 1e-10, 1e12
NEAR = 1e-2
"""Decrement below which the last stretch begins."""
FEW = 4
"""Members of a batch up to which they are taken one by one."""
LEAST_EIGENVALUE = 1e-8
"""Of a Hessian with unit diagonal, below which it is not used."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the optimiser ended, for a batch of size b.

    Attributes
    ----------
    theta : array, shape (b, q)
        Parameters.
    value : array, shape (b,)
        Discrepancy.
    gradient : array, shape (b, q)
        First derivatives there.
    decrement : array, shape (b,)
        `g' H^-1 g`, twice the expected further decrease.
    converged : array of bool, shape (b,)
        Whether the decrement is below tolerance.
    iterations : array of int, shape (b,)
        Steps taken.
    """

    theta: Array
    value: Array
    gradient: Array
    decrement: Array
    converged: npt.NDArray[np.bool_]
    iterations: Index


@dataclass(slots=True)
class _State:
    """The working arrays of one minimisation; lives only inside `minimise`."""

    theta: Array
    value: Array
    gradient: Array
    decrement: Array
    damping: Array
    slow: npt.NDArray[np.bool_]
    ever_slow: npt.NDArray[np.bool_]
    tried: npt.NDArray[np.bool_]
    converged: npt.NDArray[np.bool_]
    iterations: Index


def minimise(
    discrepancy: Discrepancy,
    start: Array,
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = 1000,
    first: Look | None = None,
) -> Minimum:
    """Minimise a discrepancy for every member of a batch.

    Parameters
    ----------
    discrepancy : Discrepancy
        Value, gradient and curvature.
    start : array, shape (b, q)
        Starting values; members whose start is impossible are returned unconverged.
    tolerance : float
        Bound on the Newton decrement.
    max_iterations : int
        Most steps, accepted or refused.
    first : Look, optional
        The start of a batch of one, when it was looked at before; it is tried by a descent then.

    Returns
    -------
    Minimum
        One row a member; nothing is raised for members that do not converge.
    """
    b, q = start.shape
    if first is not None and has_slope(discrepancy):
        end = descend(discrepancy, first, tolerance=tolerance, slack=ROUNDING_OF_VALUE)
        if end is not None:
            return _minimum(end)
    rows = np.arange(b)
    state = _State(
        theta=start.copy(),
        value=discrepancy.value(start, rows),
        gradient=np.full((b, q), np.nan),
        decrement=np.full(b, np.inf),
        damping=np.full(b, 1e-3),
        slow=np.zeros(b, dtype=bool),
        ever_slow=np.zeros(b, dtype=bool),
        tried=np.zeros(b, dtype=bool),
        converged=np.zeros(b, dtype=bool),
        iterations=np.zeros(b, dtype=np.intp),
    )
    active = rows[np.isfinite(state.value)]
    for _ in range(max_iterations):
        if active.size == 0:
            break
        point = discrepancy.point(state.theta[active], active)
        active, point = _leave(state, active, point, tolerance)
        ran = _hasten(discrepancy, state, active, point, tolerance)
        waiting, active, point = active[ran], active[~ran], _some(point, ~ran)
        if active.size:
            point = _sharpened(discrepancy, state.theta[active], active, point, state.slow[active])
            active = _step(discrepancy, state, active, point)
        active = np.concatenate([active, waiting[~state.converged[waiting]]])
    state.converged |= np.abs(state.decrement) < ROUNDING
    _second_look(discrepancy, state)
    return Minimum(
        state.theta, state.value, state.gradient, state.decrement, state.converged, state.iterations
    )


def _minimum(end: Reached) -> Minimum:
    """Return the end of a descent that converged."""
    return Minimum(
        theta=end.theta[None],
        value=np.array([end.value]),
        gradient=end.gradient[None],
        decrement=np.array([end.decrement]),
        converged=np.ones(1, dtype=bool),
        iterations=np.array([end.steps]),
    )


def _leave(state: _State, active: Index, point: Point, tolerance: float) -> tuple[Index, Point]:
    """Record derivatives, and keep only the members that have not converged."""
    newton = solve(point.curvature, point.gradient, np.full(active.size, 1e-12))
    state.gradient[active] = point.gradient
    decrement = np.einsum("bi,bi->b", newton, point.gradient)
    state.slow[active] = decrement > 0.1 * state.decrement[active]
    state.ever_slow[active] |= state.slow[active]
    state.decrement[active] = decrement
    done = np.abs(state.decrement[active]) < tolerance
    state.converged[active[done]] = True
    # The last step is known already, and too small to harm: taking it gains digits for nothing.
    state.theta[active[done]] -= newton[done]
    stay = ~done
    return active[stay], _some(point, stay)


def _second_look(discrepancy: Discrepancy, state: _State) -> None:
    """Judge members that did not converge by their exact Hessian.

    The expected one is singular where a parameter has no effect of first order, such as an equal loading of 0
    of a factor that is uncorrelated with all others; the decrement is rounding divided by rounding then.
    """
    rows = np.flatnonzero(
        ~state.converged & np.isfinite(state.value) & np.isfinite(state.gradient).all(axis=1)
    )
    if rows.size == 0:
        return
    exact = discrepancy.hessian(state.theta[rows], rows)
    rows, exact = rows[np.isfinite(exact).all(axis=(1, 2))], exact[np.isfinite(exact).all(axis=(1, 2))]
    sure = _lowest(exact) > LEAST_EIGENVALUE
    rows, exact = rows[sure], exact[sure]
    gradient = discrepancy.point(state.theta[rows], rows).gradient if rows.size else state.gradient[rows]
    decrement = np.einsum("bi,bi->b", solve(exact, gradient, np.zeros(rows.size)), gradient)
    done = decrement < ROUNDING
    state.converged[rows[done]], state.decrement[rows[done]] = True, decrement[done]
    state.gradient[rows[done]] = gradient[done]


def _lowest(matrices: Array) -> Array:
    """Return the lowest eigenvalue of each matrix (b, q, q), brought to a diagonal of 1 or -1."""
    scale = np.sqrt(np.maximum(np.abs(np.einsum("bii->bi", matrices)), 1e-300))
    return np.asarray(np.linalg.eigvalsh(matrices / (scale[:, :, None] * scale[:, None, :]))[:, 0])


def _hasten(discrepancy: Discrepancy, state: _State, active: Index, point: Point, tolerance: float) -> Flags:
    """Take the last stretch of a few members that are near, once each; return whose it was."""
    ran = np.zeros(active.size, dtype=bool)
    if active.size > FEW or not has_slope(discrepancy):
        return ran
    ran[:] = ~state.tried[active] & (state.decrement[active] < NEAR)
    if ran.any():
        point = _sharpened(discrepancy, state.theta[active], active, point, ran & state.ever_slow[active])
    for i in np.flatnonzero(ran):
        member = int(active[i])
        start = Reached(
            state.theta[member], point.value[i], point.gradient[i], state.decrement[member], 0, False
        )
        inverse = InverseHessian.of(point.curvature[i])
        end = last_stretch(discrepancy, member, start, inverse, tolerance=tolerance, slack=ROUNDING_OF_VALUE)
        state.tried[member], state.converged[member] = True, end.converged
        state.theta[member], state.value[member] = end.theta, end.value
        state.gradient[member], state.decrement[member] = end.gradient, end.decrement
        state.iterations[member] += end.steps
    return ran


def _some(point: Point, which: Flags) -> Point:
    if which.all():
        return point
    return Point(point.value[which], point.gradient[which], point.curvature[which])


def _sharpened(discrepancy: Discrepancy, theta: Array, active: Index, point: Point, which: Flags) -> Point:
    """Give some members their exact Hessian in the place of the expected one, where it is usable."""
    slow = np.flatnonzero(which)
    if slow.size == 0:
        return point
    exact = discrepancy.hessian(theta[slow], active[slow])
    usable = _lowest(exact) > LEAST_EIGENVALUE
    curvature = point.curvature.copy()
    curvature[slow[usable]] = exact[usable]
    return Point(point.value, point.gradient, curvature)


def _step(discrepancy: Discrepancy, state: _State, active: Index, point: Point) -> Index:
    """Take a damped step for each member, with as much damping as it needs; drop the stuck ones."""
    waiting = np.arange(active.size)
    while waiting.size:
        member = active[waiting]
        move = -solve(point.curvature[waiting], point.gradient[waiting], state.damping[member])
        trial = state.theta[member] + move
        value = discrepancy.value(trial, member)
        better = value < state.value[member] + _slack(state, member)
        taken = member[better]
        state.theta[taken], state.value[taken] = trial[better], value[better]
        state.damping[taken] = np.maximum(state.damping[taken] * 0.1, LEAST_DAMPING)
        state.iterations[taken] += 1
        refused = member[~better]
        state.damping[refused] = np.maximum(state.damping[refused] * 10.0, 1e-6)
        state.damping[refused] *= np.where(state.damping[refused] > 1e2, 10.0, 1.0)
        waiting = waiting[~better]
        waiting = waiting[state.damping[active[waiting]] < MOST_DAMPING]
    return active[state.damping[active] < MOST_DAMPING]


def _slack(state: _State, member: Index) -> Array:
    """Return by how much a value may rise: nothing, but the rounding of F once steps are below it."""
    near = state.decrement[member] < 1e-9
    return np.where(near, ROUNDING_OF_VALUE, 0.0) * (1.0 + np.abs(state.value[member]))


def solve(curvature: Array, gradient: Array, damping: Array) -> Array:
    """Return `(H + damping diag H)^-1 g` for a batch, shape (b, q)."""
    diagonal = np.einsum("bii->bi", curvature)
    scale = np.sqrt(np.maximum(diagonal, 1e-300))
    scaled = curvature / (scale[:, :, None] * scale[:, None, :])
    at = np.arange(scale.shape[1])
    scaled[:, at, at] = 1.0 + damping[:, None]
    return np.asarray(_solved(scaled, gradient / scale) / scale)


def _solved(matrices: Array, right: Array) -> Array:
    """Return the solutions for matrices (b, q, q) and right sides (b, q); least squares for singular ones."""
    if len(matrices) <= FEW:
        return np.array([_solved_one(h, g) for h, g in zip(matrices, right, strict=True)]).reshape(
            right.shape
        )
    try:
        return np.asarray(np.linalg.solve(matrices, right[..., None])[..., 0])
    except np.linalg.LinAlgError:
        return np.stack([_least_squares(h, g) for h, g in zip(matrices, right, strict=True)])


def _solved_one(matrix: Array, right: Array) -> Array:
    if right.size == 0:
        return right
    _, found, failed = dposv(matrix, right, lower=1)
    if not failed:
        return np.asarray(found)
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return _least_squares(matrix, right)


def _least_squares(matrix: Array, right: Array) -> Array:
    return np.asarray(np.linalg.lstsq(matrix, right, rcond=1e-12)[0])
