r"""Score and information of parameters that are not free, at the solution and without fitting again.

For new parameters b beside the free ones f, with g the gradient of the discrepancy and H its expected second
derivatives, the score test statistic and the expected change are

    MI  = (N / 2) g_b' K^-1 g_b,   K = H_bb - H_bf H_ff^-1 H_fb,   EPC = -K^-1 g_b

(Soerbom 1989, Psychometrika 54(3), 371-384). All new cells together are look-ups in the Gram matrices of
U = [E, W] that the gradient and the information of the free cells are read from (`matrices`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.discrepancy.ml import curvature, invert
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import Ram
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.standardize import LOADING, MEAN, OWN, SLOPE, Places
from trustmeasure.sem.statistic_directions import LEAST_SHARE, least_squares_inverse

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

BLOCK = 2048
"""New parameters that are looked at together, so that large models need little memory."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of A, S and m, by the columns of U = [E, W] that say what they move.

    Attributes
    ----------
    left, right : arrays, shape (k,)
        A cell moves Sigma by `weight (l r' + r l')` with these columns l and r, and mu by `lift l`.
    weight : array, shape (k,)
        1, or 1/2 on the diagonal of S; 0 for a cell of m.
    lift : array, shape (k,)
        The mean of the cause for a cell of A, 1 for a cell of m, and 0 for a cell of S.
    """

    left: Index
    right: Index
    weight: Array
    lift: Array

    @classmethod
    def free(cls, ram: Ram, eta: Array) -> Cells:
        """Return the free cells of a model; those of A come first, those of m last."""
        return cls(
            np.concatenate([ram.left, ram.m.row]),
            np.concatenate([ram.right, ram.m.row]),
            np.concatenate([ram.weight, np.zeros(ram.m.row.size)]),
            np.concatenate([eta[ram.a.col], np.zeros(ram.s.row.size), np.ones(ram.m.row.size)]),
        )

    @classmethod
    def at(cls, places: Places, eta: Array) -> Cells:
        """Return the cells of relations, in their order."""
        left, right = places.lhs.copy(), places.rhs.copy()
        weight, lift = np.ones(left.size), np.zeros(left.size)
        load, slope, mean = places.at(LOADING), places.at(SLOPE), places.at(MEAN)
        left[load], right[load] = places.rhs[load], places.lhs[load] + eta.size
        right[slope] += eta.size
        right[mean] = left[mean]
        weight[places.at(OWN)], weight[mean] = 0.5, 0.0
        lift[load], lift[slope], lift[mean] = eta[places.lhs[load]], eta[places.rhs[slope]], 1.0
        return cls(left, right, weight, lift)

    def where(self, rows: slice) -> Cells:
        """Return some of the cells."""
        return Cells(self.left[rows], self.right[rows], self.weight[rows], self.lift[rows])

    def own(self, gram: Array) -> Array:
        """Return the expected second derivative by each cell, shape (k,)."""
        lefts, rights = gram[self.left, self.left], gram[self.right, self.right]
        both = gram[self.left, self.right] ** 2 + lefts * rights
        return np.asarray(2.0 * (self.weight**2 * both + self.lift**2 * lefts))

    def information(self, other: Cells, gram: Array) -> Array:
        """Return the expected second derivatives by these and other cells, shape (k, m)."""
        # Columns once, then whole rows, which lie together in memory.
        lefts, rights = gram[:, other.left], gram[:, other.right] * (2.0 * other.weight)
        pairs = rights.take(self.left, axis=0)
        pairs *= lefts.take(self.right, axis=0)
        turned = lefts.take(self.left, axis=0)
        means = turned * (2.0 * other.lift) if other.lift.any() and self.lift.any() else None
        turned *= rights.take(self.right, axis=0)
        pairs += turned
        pairs *= self.weight[:, None]
        if means is not None:
            means *= self.lift[:, None]
            pairs += means
        return np.asarray(pairs)

    def score(self, residual: Array, pull: Array) -> Array:
        """Return the derivative of the discrepancy by each cell, shape (k,)."""
        moved = self.weight * residual[self.left, self.right] + self.lift * pull[self.left]
        return np.asarray(-2.0 * moved)


@dataclass(frozen=True, slots=True)
class GroupDirections:
    """New parameters of one group at the solution, beside the q free ones of all groups.

    Attributes
    ----------
    q : int
        Number of free parameters.
    number : array, shape (m,)
        Free parameter (from 0) that each free cell takes.
    free, new : Cells
        The m free cells, and those of the k new parameters, one each.
    gram, residual : arrays, shape (2 v, 2 v)
        U'VU and U'RU, with R = V (C - Sigma) V.
    pull : array, shape (2 v,)
        U'V times sample means minus implied means; zeros when means are not modelled.
    share : float
        Part of all rows that are the group's.
    """

    q: int
    number: Index
    free: Cells
    new: Cells
    gram: Array
    residual: Array
    pull: Array
    share: float

    @classmethod
    def of(cls, result: SemResult, group: GroupResult, places: Places) -> GroupDirections:
        """Free what stands at `places` in a group."""
        ram, now, mean = group.ram, group.at_solution, group.moments.mean
        u, sigma = now.u[0], now.sigma[0]
        vu = invert(now.sigma)[1][0] @ u
        gap = np.zeros(ram.p) if now.mu is None or mean is None else mean - now.mu[0]
        eta = np.zeros(ram.v) if now.eta is None else now.eta[0]
        return cls(
            q=result.theta.size,
            number=np.concatenate([ram.moving, ram.m.free]),
            free=Cells.free(ram, eta),
            new=Cells.at(places, eta),
            gram=u.T @ vu,
            residual=vu.T @ (group.moments.cov + np.outer(gap, gap) - sigma) @ vu,
            pull=gap @ vu,
            share=group.moments.size / result.n_obs,
        )

    def score(self) -> Array:
        """Return the derivatives of the discrepancy by the new parameters, shape (k,)."""
        return self.share * self.new.score(self.residual, self.pull)

    def own(self) -> Array:
        """Return the expected second derivative by each new parameter, shape (k,)."""
        return self.share * self.new.own(self.gram)

    def left_over(self, inverse: Array) -> Array:
        """Return the diagonal of K, shape (k,); NaN where the free parameters already cover a direction."""
        within = self.share**2 * inverse[np.ix_(self.number, self.number)]
        taken = np.empty(self.new.left.size)
        for first in range(0, taken.size, BLOCK):
            rows = slice(first, first + BLOCK)
            cells = self.new.where(rows).information(self.free, self.gram)
            taken[rows] = np.einsum("km,km->k", cells @ within, cells)
        return _left(self.own(), taken)

    def cross(self) -> Array:
        """Return the expected second derivatives by new and free parameters, shape (k, q)."""
        return self.share * self.new.information(self.free, self.gram) @ self._spread()

    def free_score(self) -> Array:
        """Return the derivatives of the discrepancy by the free parameters, shape (q,)."""
        return self.share * self.free.score(self.residual, self.pull) @ self._spread()

    def free_information(self) -> Array:
        """Return the expected second derivatives by pairs of free parameters, shape (q, q)."""
        spread = self._spread()
        return self.share * spread.T @ self.free.information(self.free, self.gram) @ spread

    def among(self) -> Array:
        """Return the expected second derivatives by pairs of new parameters, shape (k, k)."""
        return self.share * self.new.information(self.new, self.gram)

    def _spread(self) -> Array:
        """Return which free parameter takes which cell, shape (m, q)."""
        spread = np.zeros((self.number.size, self.q))
        spread[np.arange(self.number.size), self.number] = 1.0
        return spread


def inverse_curvature(result: SemResult) -> Array:
    """Return the inverse of the expected second derivatives of F, constraints respected, shape (q, q)."""
    if result.missing == "fiml":
        raise ArgumentError(
            "Scores are there for complete rows only. Fit with missing='listwise' instead of 'fiml'."
        )
    inverse = _inverse(result)
    if inverse is None:
        raise ArgumentError(
            "The fit has no standard errors: its information matrix is singular, so scores of further "
            "parameters cannot be judged."
        )
    if Limits.of(result.model).at_bounds(result.theta):
        raise ArgumentError(
            "A bound, lower() or upper(), holds an estimate back, and standard errors do not count it. Give "
            "the parameter a label and write the bound as a constraint, such as 'a > 0'."
        )
    return inverse


def _inverse(result: SemResult) -> Array | None:
    """Return the inverse from expected information, whatever the standard errors of the fit rest on."""
    options, cov = result.options, result.theta_cov
    if options.least_squares:
        return least_squares_inverse(result)
    made_of = (options.se, options.information, result.engine)
    if cov is not None and made_of == ("standard", "expected", "trustmeasure"):
        return np.asarray(0.5 * result.size * cov)
    parts = [
        group.moments.size / result.n_obs * curvature(group.ram, now, invert(now.sigma)[1])[0]
        for group in result.groups
        for now in (group.at_solution,)
    ]
    return inverse_information(np.sum(parts, axis=0), result.restrictions)


def left_over(own: Array, cross: Array, inverse: Array) -> Array:
    """Return the diagonal of K, NaN where the free parameters already cover a direction."""
    return _left(own, np.einsum("kq,kq->k", cross @ inverse, cross))


def _left(own: Array, taken: Array) -> Array:
    rest = own - taken
    return np.where(rest > LEAST_SHARE * own, rest, np.nan)
