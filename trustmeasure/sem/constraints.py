"""Constraints `==`, `<`, `>` and bounds as functions of the free parameters, and what they rule out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from trustmeasure.errors import ArgumentError, IdentificationError
from trustmeasure.sem.expressions import Node, evaluate, gradient
from trustmeasure.sem.inference import defined_values, labelled, null_basis
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.syntax import Constraint
from trustmeasure.sem.tokens import Source, Token

Array = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]

ZERO = 1e-10
"""Part of the largest coefficient of a linear constraint below which a coefficient is rounding."""
ACTIVE = 1e-9
"""Part of the size of its terms below which an inequality counts as an equality."""

FLAT = 1e-5
"""Part of its usual slope below which a constraint has none."""


@dataclass(frozen=True, slots=True)
class Affine:
    """Parameters as a linear function of fewer: `theta = basis @ alpha + offset`.

    Attributes
    ----------
    basis : array, shape (q, k)
        Its columns leave all linear equalities as they are.
    offset : array, shape (q,)
        One solution of the equalities.
    """

    basis: Array
    offset: Array

    def whole(self, alpha: Array) -> Array:
        """Return parameters of shape (b, q) from those of shape (b, k)."""
        return np.asarray(alpha @ self.basis.T + self.offset)

    def reduced(self, theta: Array) -> Array:
        """Return what comes nearest to parameters of shape (b, q), shape (b, k)."""
        return np.asarray(np.linalg.lstsq(self.basis, (theta - self.offset).T, rcond=None)[0].T)


@dataclass(frozen=True, slots=True)
class Limits:
    """All that limits the free parameters of a model.

    Attributes
    ----------
    table : ParameterTable
        The model.
    linear, curved : tuple of Constraint
        Its `==` lines.
    unequal : tuple of Constraint
        Its `<` and `>` lines.
    bounded : tuple of (int, float, float)
        Free parameters (from 0) with bounds: number, sign, and what `sign * theta` may not fall below.
    """

    table: ParameterTable
    linear: tuple[Constraint, ...]
    curved: tuple[Constraint, ...]
    unequal: tuple[Constraint, ...]
    bounded: tuple[tuple[int, float, float], ...]

    @classmethod
    def of(cls, table: ParameterTable) -> Limits:
        """Read the limits of a model."""
        degrees = _degrees(table)
        equal = [c for c in table.constraints if c.kind == "=="]
        straight = [_degree(c.expression, degrees) < 2 for c in equal]
        return cls(
            table,
            tuple(c for c, flag in zip(equal, straight, strict=True) if flag),
            tuple(c for c, flag in zip(equal, straight, strict=True) if not flag),
            tuple(c for c in table.constraints if c.kind != "=="),
            _bounded(table),
        )

    @property
    def equal(self) -> tuple[Constraint, ...]:
        """Return the `==` lines, linear ones first."""
        return (*self.linear, *self.curved)

    @property
    def only_linear(self) -> bool:
        """Return whether there is nothing but linear equalities."""
        return not (self.curved or self.unequal or self.bounded)

    def __bool__(self) -> bool:
        """Return whether there are any limits."""
        return bool(self.linear) or not self.only_linear

    def values(self, constraints: Sequence[Constraint], theta: Array) -> Array:
        """Return the value of each constraint, shape (r,), at parameters of shape (q,)."""
        return np.real(_values(self.table, constraints, theta[None].astype(complex))[0])

    def slopes(self, constraints: Sequence[Constraint], theta: Array) -> Array:
        """Return the derivatives of the constraints, shape (r, q)."""
        if not constraints:
            return np.zeros((0, theta.size))
        return gradient(lambda moved: _values(self.table, constraints, moved), theta)

    def inequalities(self, theta: Array) -> Array:
        """Return what may not fall below zero: `<` and `>` lines, then bounds, shape (s,)."""
        bounds = [sign * theta[i] - least for i, sign, least in self.bounded]
        return np.concatenate([self.values(self.unequal, theta), np.array(bounds, dtype=float)])

    def inequality_slopes(self, theta: Array) -> Array:
        """Return their derivatives, shape (s, q)."""
        rows = np.zeros((len(self.bounded), theta.size))
        for row, (i, sign, _) in zip(rows, self.bounded, strict=True):
            row[i] = sign
        return np.vstack([self.slopes(self.unequal, theta), rows])

    def equality_slopes(self, theta: Array) -> Array | None:
        """Return the derivatives of the `==` lines where they exist, shape (r, q); None without any."""
        if not self.equal:
            return None
        found = self.slopes(self.equal, theta)
        return found[np.isfinite(found).all(axis=1)]

    def affine(self) -> Affine:
        """Return the parameters that the linear equalities leave."""
        found = eliminate(*self.system(self.linear))
        if isinstance(found, Affine):
            return found
        raise ArgumentError(f"The constraint '{self.linear[found].text}' contradicts those above it.")

    def system(self, constraints: Sequence[Constraint]) -> tuple[Array, Array]:
        """Return linear constraints as rows (r, q) and what rows times theta must be (r,)."""
        zero = np.zeros(self.table.n_free)
        return self.slopes(constraints, zero), -self.values(constraints, zero)

    def active(self, theta: Array) -> tuple[bool, ...]:
        """Return which `<` and `>` lines, then which bounds, hold with equality."""
        if not (self.unequal or self.bounded):
            return ()
        size = np.abs(theta) + 1e-6 * np.max(np.abs(theta), initial=0.0)
        terms = np.abs(self.inequality_slopes(theta)) @ size
        return tuple((self.inequalities(theta) <= ACTIVE * terms).tolist())

    def tight(self, theta: Array) -> Array | None:
        """Return the derivatives of all that holds with equality, bounds included; None when nothing does."""
        rows = self.inequality_slopes(theta)[np.array(self.active(theta), dtype=bool)]
        if not (self.equal or len(rows)):
            return None
        return np.vstack([self.slopes(self.equal, theta), rows])

    def at_bounds(self, theta: Array) -> bool:
        """Return whether a bound (`lower`, `upper`) holds an estimate back."""
        return any(self.active(theta)[len(self.unequal) :])

    def violated(self, theta: Array) -> list[str]:
        """Return the constraints that do not hold, as text."""
        size = np.abs(theta) + 1e-3 * np.max(np.abs(theta), initial=0.0)
        equal, below = self.values(self.equal, theta), self.inequalities(theta)
        wrong = np.concatenate([np.abs(equal), np.maximum(-below, 0.0)])
        with np.errstate(all="ignore"):
            slopes = np.vstack([self.slopes(self.equal, theta), self.inequality_slopes(theta)])
        holds = wrong <= 1e-5 * (np.abs(slopes) @ size)
        texts = [*(c.text for c in self.equal), *self.inequality_texts]
        return [text for text, good in zip(texts, holds, strict=True) if not good]

    @property
    def inequality_texts(self) -> tuple[str, ...]:
        """Return the `<` and `>` lines, then the bounds, as text."""
        names = self.table.free_names if self.bounded else ()
        bounds = [
            f"{names[i]} {'>' if sign > 0 else '<'} {sign * least:g}" for i, sign, least in self.bounded
        ]
        return (*(c.text for c in self.unequal), *bounds)

    def restrictions(self, theta: Array) -> Array | None:
        """Return the derivatives of equalities and active inequalities (r, q); None when there are none.

        Bounds (`lower`, `upper`) do not count: as in lavaan, standard errors ignore them.
        """
        active = self.active(theta)[: len(self.unequal)]
        tight = [c for c, flag in zip(self.unequal, active, strict=True) if flag]
        if not (self.equal or tight):
            return None
        with np.errstate(all="ignore"):
            return self.slopes((*self.equal, *tight), theta)


def allowed(gradient: Array, restrictions: Array | None) -> Array:
    """Return the part of a gradient (q,) along directions that restrictions (r, q) leave free."""
    if restrictions is None:
        return gradient
    basis = null_basis(restrictions)
    return np.asarray(basis @ (basis.T @ gradient))


def _bounded(table: ParameterTable) -> tuple[tuple[int, float, float], ...]:
    found: dict[tuple[int, float, float], None] = {}
    for p in table.parameters:
        if p.free and np.isfinite(p.lower):
            found[p.free - 1, 1.0, p.lower] = None
        if p.free and np.isfinite(p.upper):
            found[p.free - 1, -1.0, -p.upper] = None
    return tuple(found)


def _values(table: ParameterTable, constraints: Sequence[Constraint], theta: Complex) -> Complex:
    """Return the constraints at parameters of shape (k, q), shape (k, r)."""
    known = labelled(table, theta)
    with np.errstate(all="ignore"):
        known |= dict(zip([d.name for d in table.definitions], defined_values(table, known), strict=True))
        values = [evaluate(c.expression, known) for c in constraints]
    found = np.zeros((theta.shape[0], len(constraints)), dtype=complex)
    for column, value in enumerate(values):
        found[:, column] = value
    return found


def _degrees(table: ParameterTable) -> dict[str, int]:
    """Return the degree (0, 1, or 2 for whatever is not linear) of each label and defined name."""
    degrees = {p.label: int(p.free > 0) for p in table.parameters if p.label}
    for definition in table.definitions:
        degrees[definition.name] = _degree(definition.expression, degrees)
    return degrees


def _degree(node: Node, degrees: Mapping[str, int]) -> int:
    if node.kind == "number":
        return 0
    if node.kind == "name":
        return degrees[str(node.value)]
    parts = [_degree(child, degrees) for child in node.children]
    if node.kind == "operation" and node.value in {"+", "-"}:
        return max(parts)
    if node.kind == "operation" and node.value == "*":
        return min(sum(parts), 2)
    if node.kind == "operation" and node.value == "/" and parts[1] == 0:
        return parts[0]
    return 2 if any(parts) else 0


def eliminate(rows: Array, right: Array) -> Affine | int:
    """Solve linear equalities for as many parameters, by elimination with the largest pivots.

    Parameters
    ----------
    rows : array, shape (r, q)
        Coefficients; rows that follow from others are passed over.
    right : array, shape (r,)
        What rows times theta must be.

    Returns
    -------
    Affine or int
        The parameters left over, or the number of the first row that contradicts those above it.
    """
    q = rows.shape[1]
    kept, pivots = np.zeros((0, q + 1)), list[int]()
    for number, (row, value) in enumerate(zip(rows, right, strict=True)):
        size = np.abs(row).max(initial=0.0) or 1.0
        new = np.append(row, value) / size
        new = new - new[pivots] @ kept if pivots else new
        if np.abs(new[:q]).max(initial=0.0) <= ZERO:
            if abs(new[q]) > ZERO * (1.0 + abs(value) / size):
                return number
            continue
        pivot = int(np.argmax(np.abs(new[:q])))
        new = new / new[pivot]
        kept = np.vstack([kept - np.outer(kept[:, pivot], new), new])
        pivots.append(pivot)
    free = np.setdiff1d(np.arange(q), pivots)
    basis, offset = np.zeros((q, free.size)), np.zeros(q)
    basis[free, np.arange(free.size)] = 1.0
    basis[pivots] = -kept[:, free]
    offset[pivots] = kept[:, q]
    return Affine(basis, offset)


def equality_rank(table: ParameterTable) -> int:
    """Return the number of independent `==` lines, at parameters that are nothing special."""
    return _rank(table) if any(c.kind == "==" for c in table.constraints) else 0


@lru_cache(maxsize=64)
def _rank(table: ParameterTable) -> int:
    limits, rng, best = Limits.of(table), np.random.default_rng(0), 0
    for _ in range(3):
        slopes = limits.slopes(limits.equal, rng.uniform(0.3, 1.3, table.n_free))
        length = np.linalg.norm(slopes, axis=1)
        usable = np.isfinite(length) & (length > 0)
        unit = slopes[usable] / length[usable][:, None]
        best = max(best, int(np.linalg.matrix_rank(unit, tol=1e-9)) if usable.any() else 0)
    return best


def refuse_dependent(table: ParameterTable, theta: Array) -> None:
    """Raise IdentificationError for `==` lines that depend on one another at a solution, and only there."""
    limits = Limits.of(table)
    if not limits.curved:
        return
    rng = np.random.default_rng(0)
    usual = np.linalg.norm(limits.slopes(limits.equal, rng.uniform(0.3, 1.3, table.n_free)), axis=1)
    usual = np.where(np.isfinite(usual) & (usual > 0), usual, 1.0)
    slopes = limits.slopes(limits.equal, theta) / usual[:, None]
    if int(np.linalg.matrix_rank(slopes, tol=FLAT)) >= equality_rank(table):
        return
    flat = [c for c, row in zip(limits.equal, slopes, strict=True) if np.linalg.norm(row) < FLAT]
    if flat:
        raise IdentificationError(
            f"The constraint '{flat[0].text}' has no slope where it holds, so its effect on standard errors "
            "and degrees of freedom is not defined. Write it without a square or the like, such as 'a == b'."
        )
    raise IdentificationError(
        f"The constraints {', '.join(repr(c.text) for c in limits.equal)} say the same at the solution, "
        "though not elsewhere, so degrees of freedom are not defined. Leave out what follows from the others."
    )


def refuse_impossible(table: ParameterTable, source: Source) -> None:
    """Raise ModelSyntaxError for constraints on nothing, and for linear ones that contradict each other."""
    limits = Limits.of(table)
    if not limits:
        return
    degrees = _degrees(table)
    for constraint in table.constraints:
        if _degree(constraint.expression, degrees) == 0:
            _check_constant(limits, constraint, source)
    found = eliminate(*limits.system(limits.linear))
    if isinstance(found, int):
        wrong = limits.linear[found]
        raise source.error(f"The constraint '{wrong.text}' contradicts those above it.", wrong.token)
    straight = [c for c in limits.unequal if _degree(c.expression, degrees) < 2]
    if straight or limits.bounded:
        _refuse_infeasible(limits, straight, source)


def _check_constant(limits: Limits, constraint: Constraint, source: Source) -> None:
    value = float(limits.values([constraint], np.zeros(limits.table.n_free))[0])
    if value == 0 or (constraint.kind != "==" and value > 0):
        return
    raise source.error(
        f"The constraint '{constraint.text}' has no free parameter in it and does not hold.", constraint.token
    )


def _refuse_infeasible(limits: Limits, straight: Sequence[Constraint], source: Source) -> None:
    """Raise for the first inequality that no parameters satisfy together with those above it."""
    for count in range(len(straight), -1, -1):
        if _feasible(limits, straight[:count]):
            if count < len(straight):
                wrong = straight[count]
                raise source.error(f"The constraint '{wrong.text}' contradicts the others.", wrong.token)
            return
    place = limits.table.constraints[0].token if limits.table.constraints else Token("", "", 1, 1, 0)
    names = [limits.table.free_names[i] for i, _, _ in limits.bounded]
    message = f"The bounds of {', '.join(dict.fromkeys(names))} contradict each other or the constraints."
    raise source.error(message, place)


def _feasible(limits: Limits, straight: Sequence[Constraint]) -> bool:
    rows, right = limits.system(limits.linear)
    least, at_most = limits.system(straight)
    q = limits.table.n_free
    bounds: list[list[float | None]] = [[None, None] for _ in range(q)]
    for i, sign, least_value in limits.bounded:
        side = 0 if sign > 0 else 1
        value = sign * least_value
        now = bounds[i][side]
        bounds[i][side] = value if now is None else (max(now, value) if side == 0 else min(now, value))
    if any(low is not None and high is not None and low > high for low, high in bounds):
        return False
    found = linprog(
        np.zeros(q),
        A_ub=-least if len(straight) else None,
        b_ub=-at_most if len(straight) else None,
        A_eq=rows if len(rows) else None,
        b_eq=right if len(rows) else None,
        bounds=bounds,
    )
    return bool(found.status != 2)
