"""Constraints `==`, `<`, `>` and bounds as functions of the free parameters, and what they rule out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.expressions import Node, evaluate, gradient
from trustmeasure.sem.inference import defined_values, labelled, null_basis
from trustmeasure.sem.parameters import ParameterTable
from trustmeasure.sem.syntax import Constraint

Array = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]

ZERO = 1e-10
"""Part of the largest coefficient of a linear constraint below which a coefficient is rounding."""
ACTIVE = 1e-9
"""Part of the size of its terms below which an inequality counts as an equality."""


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
        if not table.constraints:
            return cls(table, (), (), (), _bounded(table))
        degrees = degrees_of(table)
        equal = [c for c in table.constraints if c.kind == "=="]
        straight = [degree_of(c.expression, degrees) < 2 for c in equal]
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

    def bend(self, constraints: Sequence[Constraint], theta: Array, weights: Array) -> Array:
        """Return the weighted sum of second derivatives, by differences of exact first ones, shape (q, q)."""
        kept = [(c, w) for c, w in zip(constraints, weights, strict=True) if w and not self._straight(c)]
        bend = np.zeros((theta.size, theta.size))
        at = self._involved([c for c, _ in kept])
        if not at.size:
            return bend
        step = 1e-5 * (np.abs(theta[at]) + 1e-2)
        unit = np.eye(theta.size)[at]
        ends = np.stack([theta + step[:, None] * unit, theta - step[:, None] * unit])
        moved = (ends[:, :, None, :] + 1e-30j * unit).reshape(-1, theta.size)
        lines, factors = [c for c, _ in kept], np.array([w for _, w in kept])
        slopes = np.imag(_values(self.table, lines, moved)) @ factors / 1e-30
        high, low = slopes.reshape(2, at.size, at.size)
        found = (high - low) / (2.0 * step[:, None])
        bend[np.ix_(at, at)] = 0.5 * (found + found.T)
        return bend

    def _straight(self, constraint: Constraint) -> bool:
        return degree_of(constraint.expression, degrees_of(self.table)) < 2

    def _involved(self, constraints: Sequence[Constraint]) -> npt.NDArray[np.intp]:
        """Return the free parameters (from 0) that the constraints are made of, through definitions too."""
        made_of = {d.name: d.expression.names() for d in self.table.definitions}
        names, waiting = set[str](), [n for c in constraints for n in c.expression.names()]
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting.extend(made_of.get(name, ()))
        free = {p.free - 1 for p in self.table.parameters if p.free and p.label in names}
        return np.array(sorted(free), dtype=np.intp)

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
    for p in table.limited:
        if p.free and isfinite(p.lower):
            found[p.free - 1, 1.0, p.lower] = None
        if p.free and isfinite(p.upper):
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


def degrees_of(table: ParameterTable) -> dict[str, int]:
    """Return the degree (0, 1, or 2 for whatever is not linear) of each label and defined name."""
    degrees = {p.label: int(p.free > 0) for p in table.parameters if p.label}
    for definition in table.definitions:
        degrees[definition.name] = degree_of(definition.expression, degrees)
    return degrees


def degree_of(node: Node, degrees: Mapping[str, int]) -> int:
    """Return the degree of an expression, given those of its names: 0, 1, or 2 for what is not linear."""
    if node.kind == "number":
        return 0
    if node.kind == "name":
        return degrees[str(node.value)]
    parts = [degree_of(child, degrees) for child in node.children]
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
