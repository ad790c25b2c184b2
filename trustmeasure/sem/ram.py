"""A model in RAM form: where its parameters stand in the matrices A, S and m (see `matrices`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.ordinal.part import OrdinalPart

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

LONG = 5
"""Arrows in a row from which on an inverse is cheaper than a sum of powers."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Where free parameters stand in one matrix.

    Attributes
    ----------
    row, col : arrays, shape (k,)
        The cell of the matrix (col is 0 for the vector `m`).
    free : array, shape (k,)
        The free parameter (from 0) that the cell takes.
    """

    row: Index
    col: Index
    free: Index


@dataclass(frozen=True, slots=True)
class Pairs:
    """Where the expected second derivatives of all pairs of cells of A and S are looked up and put.

    Attributes
    ----------
    left, right, across : arrays, shape (k k,)
        Flat positions, in a matrix of shape (2 v, 2 v), of the pairs left with left, right with right, and
        left with right.
    weight : array, shape (k, k)
        Twice the product of both weights.
    put : array, shape (k k,), or None
        Flat positions in a matrix of shape (q, q); None when two cells share a parameter.
    """

    left: Index
    right: Index
    across: Index
    weight: Array
    put: Index | None


@dataclass(frozen=True)
class Ram:
    """A model in RAM form.

    Attributes
    ----------
    variables : tuple of str, length v
        Observed variables first, then latent ones.
    p : int
        Number of observed variables.
    q : int
        Number of distinct free parameters.
    a0, s0 : arrays, shape (v, v)
        Fixed values of A and S; 0 where free.
    m0 : array, shape (v,), or None
        Fixed intercepts; None without a mean structure.
    a, s, m : Cells
        Free cells. S is listed once a pair.
    left, right : arrays, shape (k,)
        For each free cell of A and then S, the two columns of U = [E, W].
    weight : array, shape (k,)
        1, or 1/2 on the diagonal of S.
    ordinal : OrdinalPart or None
        Thresholds and scales, where variables are ordinal; the matrices are those of responses y* then.
    """

    variables: tuple[str, ...]
    p: int
    q: int
    a0: Array
    s0: Array
    m0: Array | None
    a: Cells
    s: Cells
    m: Cells
    left: Index
    right: Index
    weight: Array
    ordinal: OrdinalPart | None = None

    @property
    def v(self) -> int:
        """Return the number of variables, observed and latent."""
        return len(self.variables)

    def with_cells(self, a: Cells, s: Cells, m: Cells, q: int) -> Ram:
        """Return the same matrices with other free cells and q parameters."""
        fixed = (self.a0, self.s0, self.m0)
        return Ram(
            self.variables, self.p, q, *fixed, a, s, m, *directions(a, s, self.v), ordinal=self.ordinal
        )

    @cached_property
    def last(self) -> list[tuple[Array, Any]]:
        """The latest single parameter vector and what it implies; see `matrices.implied`."""
        return []

    @cached_property
    def moving(self) -> Index:
        """The free parameter of each rank-two direction, cells of A first."""
        return np.concatenate([self.a.free, self.s.free])

    @cached_property
    def apart(self) -> bool:
        """Whether no two cells of A and S share a parameter."""
        return _apart(self.moving)

    @cached_property
    def mean_free(self) -> Index:
        """The free parameter of each cell that moves a mean, cells of A first."""
        return np.concatenate([self.a.free, self.m.free])

    @cached_property
    def means_apart(self) -> bool:
        """Whether no two cells that move a mean share a parameter."""
        return _apart(self.mean_free)

    @cached_property
    def mean_put(self) -> Index:
        """Flat positions, in a matrix of shape (q, q), of pairs of cells that move a mean."""
        return np.asarray((self.mean_free[:, None] * self.q + self.mean_free).ravel())

    @cached_property
    def causes(self) -> Index:
        """Variables that arrows leave, in order."""
        used = (self.a0 != 0).any(axis=0)
        used[self.a.col] = True
        return np.asarray(used.nonzero()[0])

    @cached_property
    def chain(self) -> int | None:
        """Most arrows in a row among variables that arrows leave; None for loops and long chains."""
        among = self.a0 != 0
        among[self.a.row, self.a.col] = True
        one = among[self.causes[:, None], self.causes].astype(float)
        reached = one
        for length in range(LONG):
            if not reached.any():
                return length
            reached = reached @ one
        return None

    @cached_property
    def places(self) -> tuple[Index, Index, Index]:
        """Flat positions of the free cells of A, and of S in both triangles, and what the latter take."""
        v, a, s = self.v, self.a, self.s
        both = np.concatenate([s.row * v + s.col, s.col * v + s.row])
        return a.row * v + a.col, both, np.concatenate([s.free, s.free])

    @cached_property
    def pairs(self) -> Pairs:
        """Where second derivatives of pairs of cells are looked up and put."""
        left, right, size = self.left, self.right, 2 * self.v
        put = (self.moving[:, None] * self.q + self.moving).ravel() if self.apart else None
        return Pairs(
            (left[:, None] * size + left).ravel(),
            (right[:, None] * size + right).ravel(),
            (left[:, None] * size + right).ravel(),
            2.0 * np.outer(self.weight, self.weight),
            put,
        )

    def spread(self, cells: Index) -> Array:
        """Return the matrix that adds up what cells bring to their parameters `cells`, shape (k, q)."""
        found = np.zeros((cells.size, self.q))
        found[np.arange(cells.size), cells] = 1.0
        return found


def _apart(free: Index) -> bool:
    """Return whether no number comes twice."""
    return free.size == 0 or int(np.bincount(free).max()) == 1


def directions(a: Cells, s: Cells, v: int) -> tuple[Index, Index, Array]:
    """Return the two columns of U = [E, W] and the weight of each free cell of A and then S."""
    return (
        np.concatenate([a.row, s.row]),
        np.concatenate([a.col + v, s.col]),
        np.concatenate([np.ones(a.row.size), np.where(s.row == s.col, 0.5, 1.0)]),
    )
