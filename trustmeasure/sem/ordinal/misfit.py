r"""Robust covariances and traces of `trustmeasure.sem.adjusted` for ordinal data weighted one by one.

A threshold moves one statistic, so most products with the derivatives D are look-ups. With
``P = D'W Gamma`` and ``M = P W D``:

    tr(U Gamma) = tr(W Gamma) - tr(A^-1 M),
    tr((U Gamma)^2) = tr(W Gamma W Gamma) - 2 tr(A^-1 P W P') + tr(A^-1 M A^-1 M)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.discrepancy.ordinal import slopes
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.ordinal.statistics import state_at
from trustmeasure.sem.ram import Ram

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Moves:
    """Derivatives of the statistics of one group by its own parameters.

    Attributes
    ----------
    dense : array, shape (m, k)
        By the parameters `free`.
    tau : array, shape (t,)
        Of the statistics `at` by the parameters `tau_free`.
    free, tau_free : arrays
        Positions among `own`.
    at : array, shape (t,)
        Statistics.
    own : array, shape (r,)
        The group's parameters.
    """

    dense: Array
    tau: Array
    free: Index
    tau_free: Index
    at: Index
    own: Index

    @classmethod
    def of(cls, ram: Ram, theta: Array) -> Moves:
        """Return the derivatives at parameters (q,)."""
        found = slopes(ram, state_at(ram, theta[None]))
        own = np.unique(np.concatenate([found.free, found.tau_free]))
        return cls(
            dense=found.dense[0],
            tau=found.tau[0],
            free=np.searchsorted(own, found.free),
            tau_free=np.searchsorted(own, found.tau_free),
            at=found.at,
            own=own,
        )

    @property
    def apart(self) -> bool:
        """Whether no two of them share a parameter."""
        return self.own.size == self.free.size + self.tau_free.size

    def transposed_times(self, columns: Array) -> Array:
        """Return D' times columns of shape (m, c)."""
        found = np.zeros((self.own.size, columns.shape[1]))
        if self.apart:
            found[self.free], found[self.tau_free] = (
                self.dense.T @ columns,
                self.tau[:, None] * columns[self.at],
            )
            return found
        np.add.at(found, self.free, self.dense.T @ columns)
        np.add.at(found, self.tau_free, self.tau[:, None] * columns[self.at])
        return found

    def weighted(self, weight: Array) -> Moves:
        """Return the derivatives times a diagonal weight (m,)."""
        dense, tau = weight[:, None] * self.dense, weight[self.at] * self.tau
        return Moves(dense, tau, self.free, self.tau_free, self.at, self.own)

    def full(self) -> Array:
        """Return the derivatives by all of the group's parameters, shape (m, r)."""
        found = np.zeros((self.own.size, len(self.dense)))
        np.add.at(found, self.free, self.dense.T)
        np.add.at(found, (self.tau_free, self.at), self.tau)
        return found.T


@dataclass(frozen=True, slots=True)
class Products:
    """What one group brings to covariances and traces.

    Attributes
    ----------
    own : array, shape (r,)
        Its parameters.
    bread, meat, square : arrays, shape (r, r)
        `D'W D`, `M` and `P W P'`.
    trace, trace_square : float
        `tr(W Gamma)` and `tr(W Gamma W Gamma)`.
    moves : Moves
        D.
    p : array, shape (r, m)
        `P`.
    """

    own: Index
    bread: Array
    meat: Array
    square: Array
    trace: float
    trace_square: float
    moves: Moves
    p: Array

    @classmethod
    def of(cls, ram: Ram, theta: Array, weight: Array, gamma: Array) -> Products:
        """Return the products for a diagonal weight (m,) and a covariance matrix (m, m)."""
        moves = Moves.of(ram, theta)
        pulled = moves.weighted(weight)
        p = pulled.transposed_times(gamma)
        return cls(
            own=moves.own,
            bread=pulled.transposed_times(moves.full()),
            meat=pulled.transposed_times(p.T),
            square=(p * weight) @ p.T,
            trace=float(weight @ np.diag(gamma)),
            trace_square=float(weight @ (gamma * gamma) @ weight),
            moves=moves,
            p=p,
        )


def ordinal_misfit(
    groups: Sequence[Products], shares: Sequence[float], n_free: int, restrictions: Array | None
) -> tuple[Array, float, float] | None:
    """Return covariances of the estimates (times n), `tr(U Gamma)` and `tr((U Gamma)^2)`.

    None when the information is singular.

    Parameters
    ----------
    groups : sequence of Products, length G
        The groups.
    shares : sequence of float, length G
        Part of the rows in each.
    n_free : int
        Number of free parameters.
    restrictions : array, shape (r, q), or None
        Jacobian of equality constraints.
    """
    found = inverse_and_meat(groups, shares, n_free, restrictions)
    if found is None:
        return None
    inverse, meat = found
    trace = sum(g.trace for g in groups) - float(np.vdot(inverse, meat))
    square = 0.0
    for share, g in zip(shares, groups, strict=True):
        square += g.trace_square - 2.0 * share * float(np.vdot(_part(inverse, g), g.square))
    turned = inverse @ meat
    return turned @ inverse, trace, square + float(np.einsum("ij,ji->", turned, turned))


def inverse_and_meat(
    groups: Sequence[Products], shares: Sequence[float], n_free: int, restrictions: Array | None
) -> tuple[Array, Array] | None:
    """Return the inverse of A and M over all groups, shape (q, q); None when A is singular."""
    bread, meat = np.zeros((n_free, n_free)), np.zeros((n_free, n_free))
    for share, g in zip(shares, groups, strict=True):
        bread[np.ix_(g.own, g.own)] += share * g.bread
        meat[np.ix_(g.own, g.own)] += share * g.meat
    inverse = inverse_information(bread, restrictions)
    return None if inverse is None else (inverse, meat)


def _part(inverse: Array, group: Products) -> Array:
    return np.asarray(inverse[np.ix_(group.own, group.own)])
