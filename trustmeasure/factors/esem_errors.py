"""Standard errors of a rotated solution, whatever the estimator that gave the unrotated one.

The engine fits a block with some loadings held where the rotation put them. Its parameters are moved along
the rotations of the factors until the conditions of the rotation hold again: with the directions R of all
rotations and the slopes C of the conditions, both at the solution, a change d of the parameters becomes (I -
R inv(C R) C) d, and so does their covariance matrix. The conditions are that the factors have variance 1 and
that the criterion cannot fall (Jennrich 1973, Psychometrika 38, 593-604, for oblique rotation).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.factors.esem_text import Block
from trustmeasure.factors.gradient_projection import transposed
from trustmeasure.factors.simplicity import Criterion, Numbers
from trustmeasure.frames import Array
from trustmeasure.sem import SemResult
from trustmeasure.sem.expressions import gradient
from trustmeasure.sem.matrices import fill
from trustmeasure.sem.ram import Ram

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Turnable:
    """A block as the conditions of its rotation see it: positions in the model, and what is made small."""

    block: Block
    factors: Index
    items: Index
    criterion: Criterion
    oblique: bool
    kaiser: bool


@dataclass(frozen=True, slots=True, eq=False)
class Full:
    """All parameters that a rotation moves: the free ones, then fixed loadings, then variances of factors.

    Attributes
    ----------
    ram : Ram
        The fitted model.
    loadings : array of int, shape (k, 2)
        Cells of A of the fixed loadings.
    variances : array of int, shape (m,)
        Positions of the factors.
    x : array, shape (q + k + m,)
        Values at the solution.
    standardized : bool
        Whether observed variables are standardised by what the model implies; responses behind ordinal
        answers have variance 1 already.
    """

    ram: Ram
    loadings: Index
    variances: Index
    x: Array
    standardized: bool

    def matrices(self, x: Numbers) -> tuple[Numbers, Numbers]:
        """Return A and S, each (b, v, v), for parameters of shape (b, q + k + m)."""
        q, k = self.ram.q, len(self.loadings)
        a, s, _ = fill(self.ram, x[:, :q])
        a[:, self.loadings[:, 0], self.loadings[:, 1]] = x[:, q : q + k]
        s[:, self.variances, self.variances] = x[:, q + k :]
        return a, s

    def spread(self, a: Numbers, s: Numbers) -> Numbers:
        """Return the standard deviations that the model implies, shape (b, v)."""
        if not self.standardized:
            return np.ones(a.shape[:2], dtype=a.dtype)
        total = np.linalg.inv(np.eye(self.ram.v) - a)
        return np.asarray(np.sqrt(np.einsum("bij,bjk,bik->bi", total, s, total)))


def full_of(result: SemResult, blocks: Sequence[Turnable]) -> Full:
    """Return the parameters of a fitted model that rotations of its blocks move."""
    ram = result.groups[0].ram
    free = set(zip(ram.a.row.tolist(), ram.a.col.tolist(), strict=True))
    cells = [
        (int(i), int(f)) for b in blocks for f in b.factors for i in b.items if (int(i), int(f)) not in free
    ]
    factors = np.concatenate([b.factors for b in blocks])
    loadings = np.array(cells, dtype=np.intp).reshape(-1, 2)
    fixed = ram.a0[loadings[:, 0], loadings[:, 1]]
    x = np.concatenate([result.theta, fixed, ram.s0[factors, factors]])
    return Full(ram, loadings, factors, x, ram.ordinal is None)


def rotated_covariance(result: SemResult, full: Full, blocks: Sequence[Turnable]) -> Array:
    """Return the covariance matrix of all parameters at the rotated solution; NaN without errors."""
    q, size = full.ram.q, len(full.x)
    moved = np.zeros((size, size))
    if result.theta_cov is None:
        return np.full((size, size), np.nan)
    moved[:q, :q] = result.theta_cov
    directions = rotations(full, blocks)
    slopes = gradient(lambda x: conditions(full, blocks, x), full.x)
    back = np.eye(size) - directions @ np.linalg.solve(slopes @ directions, slopes)
    return np.asarray(back @ moved @ back.T)


def conditions(full: Full, blocks: Sequence[Turnable], x: Numbers) -> Numbers:
    """Return what is 0 at a rotated solution, m^2 numbers a block, for parameters (b, n)."""
    a, s = full.matrices(x)
    sd = full.spread(a, s)
    return np.concatenate([_conditions(block, a, s, sd) for block in blocks], axis=1)


def _conditions(block: Turnable, a: Numbers, s: Numbers, sd: Numbers) -> Numbers:
    loadings = a[:, block.items[:, None], block.factors] / sd[:, block.items, None]
    phi = s[:, block.factors[:, None], block.factors]
    if block.kaiser:
        shared = np.einsum("bpk,bkl,bpl->bp", loadings, phi, loadings)
        loadings = loadings / np.sqrt(shared)[:, :, None]
    _, slopes = block.criterion(loadings)
    inner = transposed(loadings) @ slopes
    m = len(block.factors)
    row, col = np.tril_indices(m, -1)
    unit = phi[:, np.arange(m), np.arange(m)] - 1.0
    if not block.oblique:
        return np.concatenate([unit, phi[:, row, col], (inner - transposed(inner))[:, row, col]], axis=1)
    flat = inner @ np.linalg.inv(phi)
    return np.concatenate([unit, flat[:, row, col], flat[:, col, row]], axis=1)


def rotations(full: Full, blocks: Sequence[Turnable]) -> Array:
    """Return the directions in which parameters move when factors are rotated, shape (n, sum of m^2).

    Factors f become inv(I + e) f: A moves by A e - e A and S by -e S - S e'.

    Raises
    ------
    ArgumentError
        If a rotation would move what is fixed elsewhere, so that the model's fit depends on the rotation.
    """
    a, s = (matrix[0] for matrix in full.matrices(full.x[None]))
    found = []
    for block in blocks:
        for i in block.factors:
            for j in block.factors:
                e = np.zeros_like(a)
                e[i, j] = 1.0
                found.append(_direction(full, a @ e - e @ a, -e @ s - s @ e.T, block.block))
    return np.array(found).T


def _direction(full: Full, in_a: Array, in_s: Array, block: Block) -> Array:
    ram, q, k = full.ram, full.ram.q, len(full.loadings)
    d = np.zeros(len(full.x))
    for cells, moved in ((ram.a, in_a), (ram.s, in_s)):
        d[cells.free] = moved[cells.row, cells.col]
        moved[cells.row, cells.col] = 0.0
        if cells is ram.s:
            moved[cells.col, cells.row] = 0.0
    row, col = full.loadings.T
    d[q : q + k], d[q + k :] = in_a[row, col], in_s[full.variances, full.variances]
    in_a[row, col] = 0.0
    in_s[full.variances, full.variances] = 0.0
    _require_still(full, in_a, in_s, block)
    return d


def _require_still(full: Full, in_a: Array, in_s: Array, block: Block) -> None:
    """Raise ArgumentError, naming a term, when a rotation moves a cell that the model holds fixed."""
    names = full.ram.variables
    for moved, op in ((in_a, "~"), (in_s, "~~")):
        i, j = np.unravel_index(int(np.abs(moved).argmax()), moved.shape)
        if abs(moved[i, j]) > 1e-8:
            raise ArgumentError(
                f"Block '{block.name}' cannot be rotated freely: '{names[i]} {op} {names[j]}' is not in the "
                "model, or held fixed. Every variable that depends on, predicts or correlates with one "
                "factor of a block must do so with all of them."
            )


def error_of(full: Full, cov: Array, function: Callable[[Numbers], Numbers]) -> Array:
    """Return standard errors of functions of the parameters by the delta method."""
    slopes = gradient(function, full.x)
    variances = np.einsum("rn,nm,rm->r", slopes, cov, slopes)
    return np.asarray(
        np.sqrt(np.where(variances > 1e-18, variances, np.where(np.isnan(variances), np.nan, 0.0)))
    )


def place(full: Full, names: dict[str, int], lhs: str, op: str, rhs: str) -> int | None:
    """Return the position in `x` of a loading or variance of the model that is fixed, or None."""
    if op == "=~":
        at = np.flatnonzero((full.loadings == (names[rhs], names[lhs])).all(axis=1))
        return full.ram.q + int(at[0]) if at.size else None
    if op == "~~" and lhs == rhs:
        at = np.flatnonzero(full.variances == names[lhs])
        return full.ram.q + len(full.loadings) + int(at[0]) if at.size else None
    return None
