r"""Parameter table -> RAM matrices A, S, m: implied moments and their derivatives, in batches.

Reticular action model (McArdle & McDonald 1984, British Journal of Mathematical and Statistical Psychology
37(2), 234-251): with all variables in one vector (observed first), `A` holds directed paths, `S` variances
and covariances, `m` intercepts, and F picks the observed ones:

    Sigma = F (I-A)^-1 S (I-A)^-T F',   mu = F (I-A)^-1 m.

With ``E = F (I-A)^-1`` and ``W = E S (I-A)^-T`` every parameter moves Sigma by a matrix of rank two,
`l r' + r l'`, whose vectors are columns of ``U = [E, W]``. So a parameter is just a pair of column numbers
and a weight, and gradients and information are look-ups in Gram matrices of U (see `discrepancy`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.ordinal.part import OrdinalPart, ordinal_part
from trustmeasure.sem.parameters import OPS, ParameterTable, Positions
from trustmeasure.sem.ram import Cells as Cells, Ram as Ram, directions

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

_MATRIX = np.array([{"~~": 1, "~1": 2, "|": -1, "~*~": -1}.get(op, 0) for op in OPS])
"""Number of the matrix, of A, S and m, that rows with an operator are in; -1 for none."""


@dataclass(frozen=True)
class Implied:
    """What parameters imply, for a batch of size b.

    Attributes
    ----------
    sigma : array, shape (b, p, p)
        Covariances of the observed variables.
    mu : array, shape (b, p), or None
        Their means.
    u : array, shape (b, p, 2 v)
        The columns [E, W] that span all derivatives.
    eta : array, shape (b, v), or None
        Means of all variables.
    total : array, shape (b, v, v)
        (I-A)^-1.
    s : array, shape (b, v, v)
        The matrix S.
    """

    sigma: Array
    mu: Array | None
    u: Array
    eta: Array | None
    total: Array
    s: Array

    @cached_property
    def phi(self) -> Array:
        """The covariances of all variables, latent ones included, shape (b, v, v)."""
        return self.total @ self.s @ self.total.swapaxes(1, 2)


def build(table: ParameterTable, cov: Array, mean: Array | None, group: int = 1) -> Ram:
    """Place each parameter of a group in its matrix.

    Parameters
    ----------
    table : ParameterTable
        The model.
    cov : array, shape (p, p)
        Sample covariances in the order of `table.observed`, for what `fixed_x` fixes.
    mean : array, shape (p,), or None
        Sample means, likewise.
    group : int
        Number of the group, from 1.

    Returns
    -------
    Ram
        The model in matrices; its `q` counts the free parameters of all groups.
    """
    variables = (*table.observed, *table.latent)
    at = {name: i for i, name in enumerate(variables)}
    v, p = len(variables), len(table.observed)
    a0, s0, m0 = np.zeros((v, v)), np.zeros((v, v)), np.zeros(v)
    own = table.only(group)
    for row in own.parameters:
        if row.free or row.op in {"|", "~*~"}:
            continue
        matrix, i, j = _place(row.lhs, row.op, row.rhs, at)
        value = _sample_value(matrix, i, j, cov, mean) if row.exogenous else row.value
        if matrix == "A":
            a0[i, j] = value
        elif matrix == "S":
            s0[i, j] = s0[j, i] = value
        else:
            m0[i] = value
    a, s, m = _cells(own.positions)
    left, right, weight = directions(a, s, v)
    return Ram(
        variables=variables,
        p=p,
        q=table.n_free,
        a0=a0,
        s0=s0,
        m0=m0 if table.meanstructure else None,
        a=a,
        s=s,
        m=m,
        left=left,
        right=right,
        weight=weight,
        ordinal=ordinal_part(table, variables, group),
    )


def _place(lhs: str, op: str, rhs: str, at: dict[str, int]) -> tuple[str, int, int]:
    if op == "=~":
        return "A", at[rhs], at[lhs]
    if op in {"~", "<~"}:
        return "A", at[lhs], at[rhs]
    if op == "~~":
        return "S", at[lhs], at[rhs]
    return "m", at[lhs], 0


def _sample_value(matrix: str, i: int, j: int, cov: Array, mean: Array | None) -> float:
    if matrix == "S":
        return float(cov[i, j])
    return 0.0 if mean is None else float(mean[i])


def _cells(rows: Positions) -> tuple[Cells, Cells, Cells]:
    """Return the free cells of A, S and m, in the order of the rows."""
    measures = rows.op == OPS["=~"]
    row, col = np.where(measures, [rows.rhs, rows.lhs], [rows.lhs, rows.rhs])
    free = rows.free - 1
    where = np.where(rows.free > 0, _MATRIX[rows.op], -1)
    a, s, m = ((where == matrix).nonzero()[0] for matrix in range(3))
    return Cells(row[a], col[a], free[a]), Cells(row[s], col[s], free[s]), Cells(row[m], 0 * m, free[m])


def fill(ram: Ram, theta: Array) -> tuple[Array, Array, Array | None]:
    """Return A (b, v, v), S (b, v, v) and m (b, v) or None for parameters of shape (b, q)."""
    b, kind = theta.shape[0], theta.dtype  # complex where a derivative is taken by the complex step
    in_a, in_s, taken = ram.places
    a, s = _repeated(ram.a0, b, kind), _repeated(ram.s0, b, kind)
    a.reshape(b, -1)[:, in_a] = theta[:, ram.a.free]
    s.reshape(b, -1)[:, in_s] = theta[:, taken]
    if ram.ordinal is not None and ram.ordinal.delta:
        _settle(ram.ordinal, s, total_effects_of(ram, a), ram.ordinal.scales(theta))
    if ram.m0 is None:
        return a, s, None
    m = _repeated(ram.m0, b, kind)
    m[:, ram.m.row] = theta[:, ram.m.free]
    return a, s, m


def _settle(part: OrdinalPart, s: Array, total: Array, scale: Array) -> None:
    """Set the residual variances of ordinal variables so that the variances of responses are `1 / scale^2`.

    What covariates explain is outside these variances. The rest is linear in the residual variances, each of
    which also reaches the responses that its own one causes.
    """
    j = part.ordinal
    s[:, j, j] = 0.0
    given = s.copy()
    given[:, part.x] = 0.0
    given[:, :, part.x] = 0.0
    e = total[:, j]
    explained = np.einsum("bov,bov->bo", e @ given, e)
    gap = scale[:, part.ordinal_y] ** -2 - explained
    s[:, j, j] = np.linalg.solve(e[:, :, j] ** 2, gap[..., None])[..., 0]


def _repeated(fixed: Array, size: int, kind: np.dtype[Any]) -> Array:
    """Return `size` copies of an array, as numbers of some kind."""
    found = np.empty((size, *fixed.shape), dtype=kind)
    found[:] = fixed
    return found


def total_effects(a: Array) -> Array:
    """Return (I-A)^-1 for a batch of shape (b, v, v).

    Only variables that arrows leave have a column in A, so that ``I + A[:,K] (I - A[K,K])^-1`` is all of it.
    """
    causes = np.flatnonzero((a != 0).any(axis=(0, 1)))
    found = np.repeat(np.eye(a.shape[-1], dtype=a.dtype)[None], len(a), axis=0)
    leaving = a[:, :, causes]
    found[:, :, causes] += leaving @ np.linalg.inv(np.eye(causes.size) - leaving[:, causes])
    return found


def total_effects_of(ram: Ram, a: Array) -> Array:
    """Return `(I-A)^-1 = I + A[:,K] (I-A[K,K])^-1 P_K`, where only the variables K are causes."""
    k, v = ram.causes, ram.v
    if 2 * k.size > v:
        return total_effects(a)
    from_causes = a[:, :, k]
    total = np.zeros(a.shape, dtype=a.dtype)
    total[:, :, k] = through(from_causes, from_causes[:, k], ram.chain)
    total.reshape(len(a), v * v)[:, :: v + 1] += 1.0
    return total


def through(first: Array, among: Array, chain: int | None) -> Array:
    """Return `B (I-C)^-1`; the sum of powers of C, of which `chain` are not zero, unless there are many."""
    if chain is None:
        return np.asarray(first @ np.linalg.inv(np.eye(among.shape[-1]) - among))
    found = part = first
    for _ in range(chain):
        part = part @ among
        found = found + part
    return found


def implied(ram: Ram, theta: Array) -> Implied:
    """Return the implied moments for parameters of shape (b, q).

    Those of one vector are kept until another one comes: what follows a fit all begins with its solution.
    """
    if len(theta) != 1:
        return _implied(ram, theta)
    for known, kept in ram.last:
        if known.dtype == theta.dtype and (known == theta).all():
            found: Implied = kept
            return found
    now = _implied(ram, theta)
    ram.last[:] = [(theta.copy(), now)]
    return now


def _implied(ram: Ram, theta: Array) -> Implied:
    a, s, m = fill(ram, theta)
    total = total_effects_of(ram, a)
    e = total[:, : ram.p]
    w = e @ s @ total.swapaxes(1, 2)
    u = np.concatenate([e, w], axis=2)
    eta = None if m is None else (total @ m[..., None])[..., 0]
    sigma = w[:, :, : ram.p]
    return Implied(
        sigma=0.5 * (sigma + sigma.swapaxes(1, 2)),
        mu=None if eta is None else eta[:, : ram.p],
        u=u,
        eta=eta,
        total=total,
        s=s,
    )


def jacobian(ram: Ram, theta: Array) -> Array:
    """Return the derivatives of the implied moments for one parameter vector.

    Parameters
    ----------
    ram : Ram
        The model.
    theta : array, shape (q,)
        Parameters.

    Returns
    -------
    array, shape (p (p + 1) / 2 [+ p], q)
        Lower triangle of Sigma by rows, then mu when means are modelled.
    """
    now = implied(ram, theta[None])
    u = now.u[0]
    left, right = u[:, ram.left], u[:, ram.right]
    row, col = np.tril_indices(ram.p)
    moves = ram.weight * (left[row] * right[col] + right[row] * left[col])
    sigma = add_up(ram, moves[None], ram.moving, apart=ram.apart)[0]
    return sigma if now.eta is None else np.vstack([sigma, mean_slopes(ram, now)[0]])


def add_up(ram: Ram, cells: Array, free: Index, *, apart: bool) -> Array:
    """Return what cells, shape (..., k), bring to their parameters `free`, shape (..., q).

    `apart` says that no two cells share a parameter.
    """
    if not apart:
        return np.asarray(cells @ ram.spread(free))
    found = np.zeros((*cells.shape[:-1], ram.q))
    found[..., free] = cells
    return found


def mean_slopes(ram: Ram, now: Implied) -> Array:
    """Return the derivatives of the implied means, shape (b, p, q)."""
    if now.eta is None:
        return np.zeros((now.u.shape[0], ram.p, ram.q))
    return add_up(ram, mean_cells(ram, now, now.eta), ram.mean_free, apart=ram.means_apart)


def mean_cells(ram: Ram, now: Implied, eta: Array) -> Array:
    """Return the derivatives of the implied means by cells of A and m, shape (b, p, k)."""
    path = now.u[:, :, ram.a.row] * eta[:, None, ram.a.col]
    return np.concatenate([path, now.u[:, :, ram.m.row]], axis=2)
