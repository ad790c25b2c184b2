r"""Sequential quadratic programming for constraints that cannot be eliminated.

Each step d minimises ``g'd + d'Hd / 2`` under the constraints made linear at the point, H the expected second
derivatives of the discrepancy, or near the solution the exact ones of the Lagrangian function. The
multipliers come from the dual problem, a small least-squares problem with bounds; a bound on their size keeps
it solvable when no point satisfies the linear constraints (Fletcher 1987, Practical Methods of Optimization,
2nd ed., chapters 12 and 14). A step is halved until the discrepancy plus the weighted violation of the
constraints, an exact penalty function, falls; a second-order correction saves full steps along curved
constraints. Constraints are measured in standard errors, so that units do not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import lsq_linear

from trustmeasure.sem.constraints import Affine, Limits
from trustmeasure.sem.discrepancy.base import Discrepancy
from trustmeasure.sem.optimize import LEAST_EIGENVALUE, ROUNDING, Minimum

Array = npt.NDArray[np.float64]

NEAR = 1e-3
"""Decrement below which exact second derivatives are tried."""
MOST_PENALTY = 1e10
PATIENCE = 40
"""Steps at the largest penalty before the constraints are taken for impossible."""
VIOLATED = 1e-6
"""Violation, in standard errors of one observation, with which a point is no solution."""


@dataclass(frozen=True, slots=True)
class Local:
    """A problem at one point.

    Attributes
    ----------
    value : float
        Discrepancy.
    gradient : array, shape (k,)
        Its first derivatives.
    curvature : array, shape (k, k)
        Second derivatives that the step uses, positive definite.
    height : array, shape (m,)
        The constraints, equalities first.
    slope : array, shape (m, k)
        Their first derivatives.
    """

    value: float
    gradient: Array
    curvature: Array
    height: Array
    slope: Array


@dataclass(frozen=True, slots=True)
class Step:
    """What the quadratic problem answers: a move, the multipliers, and `d'Hd`."""

    move: Array
    multipliers: Array
    decrement: float


class Problem:
    """One member of a batch with its constraints, as functions of what linear equalities leave free."""

    def __init__(self, discrepancy: Discrepancy, limits: Limits, affine: Affine, row: int) -> None:
        self.discrepancy, self.limits, self.affine = discrepancy, limits, affine
        self.rows = np.array([row], dtype=np.intp)
        self.n_equal = len(limits.curved)
        self.scale: Array | None = None

    def value(self, alpha: Array) -> float:
        """Return the discrepancy, infinite where it does not exist."""
        return float(self.discrepancy.value(alpha[None], self.rows)[0])

    def height(self, alpha: Array) -> Array:
        """Return the constraints: what must be zero, then what may not fall below zero."""
        theta = self.affine.whole(alpha[None])[0]
        found = np.concatenate(
            [self.limits.values(self.limits.curved, theta), self.limits.inequalities(theta)]
        )
        return found if self.scale is None else found * self.scale

    def slope(self, alpha: Array) -> Array:
        """Return their derivatives, shape (m, k)."""
        theta = self.affine.whole(alpha[None])[0]
        rows = [self.limits.slopes(self.limits.curved, theta), self.limits.inequality_slopes(theta)]
        found = np.vstack(rows) @ self.affine.basis
        return found if self.scale is None else found * self.scale[:, None]

    def bend(self, alpha: Array, multipliers: Array) -> Array:
        """Return the second derivatives of the constraints, weighted by their multipliers."""
        weights = multipliers if self.scale is None else multipliers * self.scale
        lines = (*self.limits.curved, *self.limits.unequal)
        theta = self.affine.whole(alpha[None])[0]
        inner = self.limits.bend(lines, theta, weights[: len(lines)])
        return np.asarray(self.affine.basis.T @ inner @ self.affine.basis)

    def excess(self, height: Array) -> Array:
        """Return by how much each constraint is violated."""
        wrong = np.maximum(-height, 0.0)
        wrong[: self.n_equal] = np.abs(height[: self.n_equal])
        return wrong

    def at(self, alpha: Array) -> Local:
        """Return the problem at a point, with expected second derivatives."""
        point = self.discrepancy.point(alpha[None], self.rows)
        height, slope = self.height(alpha), self.slope(alpha)
        curvature = _positive(point.curvature[0], slope[: self.n_equal])
        return Local(float(point.value[0]), point.gradient[0], curvature, height, slope)

    def exact(self, alpha: Array, local: Local, step: Step) -> Local:
        """Return the same with exact second derivatives of the Lagrangian function, if they can be used."""
        hessian = self.discrepancy.hessian(alpha[None], self.rows)[0]
        hessian = hessian - self.bend(alpha, step.multipliers)
        tight = np.abs(step.multipliers) > 0
        tight[: self.n_equal] = True
        found = _convex(hessian, local.slope[tight], np.diag(local.curvature))
        if found is None:
            return local
        return Local(local.value, local.gradient, found, local.height, local.slope)


def minimise_one(
    discrepancy: Discrepancy,
    limits: Limits,
    affine: Affine,
    start: Array,
    row: int,
    *,
    tolerance: float,
    most: int,
) -> Minimum:
    """Minimise a discrepancy for one member of a batch.

    Parameters
    ----------
    discrepancy : Discrepancy
        A function of what the linear equalities leave free.
    limits : Limits
        All constraints.
    affine : Affine
        How all parameters follow from those.
    start : array, shape (k,)
        Starting values.
    row : int
        Member of the batch.
    tolerance, most : float, int
        Bound on the decrement, and most steps.

    Returns
    -------
    Minimum
        Without the batch axis.
    """
    problem = Problem(discrepancy, limits, affine, row)
    alpha, value = start.copy(), problem.value(start)
    nothing = Minimum(*(np.array(x) for x in (alpha, value, np.full(alpha.size, np.nan), np.inf, False, 0)))
    return _descend(problem, alpha, tolerance, most) if np.isfinite(value) else nothing


def _descend(problem: Problem, alpha: Array, tolerance: float, most: int) -> Minimum:
    local = problem.at(alpha)
    problem.scale = _scale(local)
    penalty, decrement, count, hopeless, converged = 1.0, np.inf, 0, 0, False
    for count in range(most):  # noqa: B007 - the count of steps is used after the loop
        local = problem.at(alpha)
        step, penalty = _solved(local, problem.n_equal, penalty)
        if step.decrement < NEAR:
            local = problem.exact(alpha, local, step)
            step, penalty = _solved(local, problem.n_equal, penalty)
        decrement = step.decrement
        if decrement < tolerance:
            converged = True
            break
        moved = _search(problem, alpha, local, step, penalty)
        hopeless += penalty >= MOST_PENALTY
        if moved is None or hopeless > PATIENCE:
            break
        alpha = moved
    if converged:
        alpha = _settled(problem, alpha + step.move, step)
    wrong = problem.excess(problem.height(alpha))
    converged = bool((converged or decrement < ROUNDING) and wrong.max(initial=0.0) < VIOLATED)
    value = problem.value(alpha)
    return Minimum(*(np.array(x) for x in (alpha, value, local.gradient, decrement, converged, count)))


def _scale(local: Local) -> Array:
    """Return what constraints are multiplied by to be measured in standard errors of one observation."""
    moved = np.linalg.solve(local.curvature, local.slope.T)
    spread = np.einsum("mk,km->m", local.slope, moved)
    return np.asarray(1.0 / np.sqrt(np.where(spread > 1e-200, spread, 1.0)))


def _solved(local: Local, n_equal: int, penalty: float) -> tuple[Step, float]:
    """Return the step, and a penalty large enough for its multipliers."""
    while True:
        step = quadratic(local, n_equal, penalty)
        largest = float(np.max(np.abs(step.multipliers), initial=0.0))
        if largest < 0.5 * penalty or penalty >= MOST_PENALTY:
            return step, penalty
        penalty *= 10.0


def quadratic(local: Local, n_equal: int, bound: float) -> Step:
    """Solve the quadratic problem by its dual, multipliers no larger than `bound`.

    Parameters
    ----------
    local : Local
        The problem at a point.
    n_equal : int
        How many constraints are equalities; they come first.
    bound : float
        Largest multiplier.
    """
    inverse = np.linalg.inv(local.curvature)
    gram = local.slope @ inverse @ local.slope.T
    right = local.slope @ inverse @ local.gradient - local.height
    multipliers = _dual(gram, right, n_equal, bound)
    move = inverse @ (local.slope.T @ multipliers - local.gradient)
    return Step(move, multipliers, float(move @ local.curvature @ move))


def _dual(gram: Array, right: Array, n_equal: int, bound: float) -> Array:
    """Minimise `l'Gl / 2 - r'l` over multipliers l within their bounds."""
    size = float(np.max(np.diag(gram), initial=0.0)) or 1.0
    root = np.linalg.cholesky(gram + 1e-12 * size * np.eye(len(gram)))
    lower = np.zeros(len(gram))
    lower[:n_equal] = -bound
    found = lsq_linear(root.T, np.linalg.solve(root, right), (lower, np.full(len(gram), bound)), "bvls").x
    found[n_equal:][found[n_equal:] <= 1e-12 * bound] = 0.0
    return _refined(gram, right, found, n_equal, bound)


def _refined(gram: Array, right: Array, found: Array, n_equal: int, bound: float) -> Array:
    """Return the multipliers without the rounding of the search, when which of them count is settled."""
    inside = np.abs(found) < 0.999 * bound
    counts = inside & (found != 0)
    counts[:n_equal] = inside[:n_equal]
    if not inside.all():
        return found
    exact = np.zeros(len(found))
    exact[counts] = np.linalg.lstsq(gram[np.ix_(counts, counts)], right[counts], rcond=1e-12)[0]
    good = (exact[n_equal:] >= 0).all() and np.abs(exact).max(initial=0.0) < bound
    return exact if good else found


def _search(problem: Problem, alpha: Array, local: Local, step: Step, penalty: float) -> Array | None:
    """Return the next point: the full step, a corrected one, or a shorter one; None when nothing helps."""
    before = local.value + penalty * float(problem.excess(local.height).sum())
    linear = local.height + local.slope @ step.move
    drop = penalty * float(problem.excess(local.height).sum() - problem.excess(linear).sum())
    expected = max(drop - float(local.gradient @ step.move), 0.5 * step.decrement)
    slack = (1e-11 if step.decrement < 1e-9 else 0.0) * (1.0 + abs(before))

    def merit(point: Array) -> float:
        value = problem.value(point)
        return value + penalty * float(problem.excess(problem.height(point)).sum())

    def better(point: Array, share: float) -> bool:
        return merit(point) <= before - 1e-4 * share * expected + slack

    full = alpha + step.move
    if better(full, 1.0):
        return _further(alpha, step.move, merit, before - 0.75 * expected)
    corrected = _corrected(problem, full, local, step)
    if corrected is not None and better(corrected, 1.0):
        return corrected
    for share in 0.5 ** np.arange(1, 40):
        if better(alpha + share * step.move, share):
            return np.asarray(alpha + share * step.move)
    return None


def _further(alpha: Array, move: Array, merit: Callable[[Array], float], steep: float) -> Array:
    """Return the full step, or one up to 1,000 times as long when the fall is steeper than `steep`.

    Such a fall says that the second derivatives are far too large.
    """
    best = alpha + move
    now = merit(best)
    for share in 2.0 ** np.arange(1, 11) if now < steep else ():
        value = merit(alpha + share * move)
        if not value < now:
            break
        best, now = alpha + share * move, value
    return np.asarray(best)


def _corrected(problem: Problem, full: Array, local: Local, step: Step) -> Array | None:
    """Return a full step moved back onto curved constraints, in the metric of the curvature."""
    tight = step.multipliers != 0
    tight[: problem.n_equal] = True
    height = problem.height(full)[tight]
    if not tight.any() or not np.isfinite(height).all():
        return None
    slope = local.slope[tight]
    across = np.linalg.solve(local.curvature, slope.T)
    return np.asarray(full - across @ np.linalg.lstsq(slope @ across, height, rcond=1e-10)[0])


def _settled(problem: Problem, alpha: Array, step: Step) -> Array:
    """Return the solution with its active constraints satisfied to the last digit."""
    tight = step.multipliers != 0
    tight[: problem.n_equal] = True
    for _ in range(3):
        height, slope = problem.height(alpha)[tight], problem.slope(alpha)[tight]
        if not np.isfinite(height).all() or not np.isfinite(slope).all():
            break
        alpha = alpha - np.linalg.lstsq(slope, height, rcond=1e-10)[0]
    return alpha


def _positive(curvature: Array, slope: Array) -> Array:
    """Return expected second derivatives made positive definite, first along the equalities."""
    found = _convex(curvature, slope, np.diag(curvature))
    if found is not None:
        return found
    diagonal = np.abs(np.diag(curvature))
    floor = np.where(diagonal > 0, diagonal, max(float(diagonal.max(initial=0.0)), 1.0))
    return np.asarray(curvature + 1e-4 * np.diag(floor))


def _convex(matrix: Array, slope: Array, size: Array) -> Array | None:
    """Return second derivatives that are positive definite and the same along the constraints, or None."""
    scale = np.sqrt(np.where(np.abs(size) > 0, np.abs(size), 1.0))
    unit, rows = matrix / np.outer(scale, scale), slope / scale
    length = np.linalg.norm(rows, axis=1)
    rows = rows[length > 0] / length[length > 0][:, None]
    for weight in (0.0, 1.0, 10.0, 100.0, 1e4):
        found = unit + weight * rows.T @ rows
        if np.isfinite(found).all() and np.linalg.eigvalsh(found)[0] > LEAST_EIGENVALUE:
            return np.asarray(found * np.outer(scale, scale))
        if not len(rows):
            break
    return None
