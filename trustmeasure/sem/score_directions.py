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
from trustmeasure.sem.matrices import Cells, Ram, implied, mean_slopes
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.standardize import Places

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

LEAST_SHARE = 1e-7
"""Part of a new parameter's information that the free ones must leave it, to be told apart from them."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of A and S: their columns of U, their weights, and the parameters they belong to."""

    left: Index
    right: Index
    weight: Array
    number: Index

    @classmethod
    def of(cls, ram: Ram, which: npt.NDArray[np.bool_]) -> _Cells:
        return cls(ram.left[which], ram.right[which], ram.weight[which], ram.moving[which])

    def own(self, gram: Array) -> Array:
        """Return the expected second derivative by each cell, shape (k,)."""
        both = gram[self.left, self.right] ** 2
        return np.asarray(
            2.0 * self.weight**2 * (both + gram[self.left, self.left] * gram[self.right, self.right])
        )

    def information(self, other: _Cells, gram: Array) -> Array:
        """Return the expected second derivatives by these and other cells, shape (k, m)."""
        # Columns once, then whole rows, which lie together in memory.
        lefts, rights = gram[:, other.left], gram[:, other.right] * (2.0 * other.weight)
        pairs = rights[self.left] * lefts[self.right]
        pairs += lefts[self.left] * rights[self.right]
        pairs *= self.weight[:, None]
        return np.asarray(pairs)


@dataclass(frozen=True, slots=True)
class GroupDirections:
    """New parameters of one group at the solution; q free parameters come before them.

    Attributes
    ----------
    size : int
        Number k of new parameters.
    free, new : _Cells
        Cells of A and S that take free and new parameters.
    gram, residual : arrays, shape (2 v, 2 v)
        U'VU and U'RU, with R = V (C - Sigma) V.
    slopes, pull : arrays, shape (p, q + k)
        Derivatives D of the implied means, and V D.
    gap : array, shape (p,)
        Sample means minus implied means; zeros when means are not modelled.
    share : float
        Part of all rows that are the group's.
    """

    size: int
    free: _Cells
    new: _Cells
    gram: Array
    residual: Array
    slopes: Array
    pull: Array
    gap: Array
    share: float

    @classmethod
    def of(cls, result: SemResult, group: GroupResult, places: Places, values: Array) -> GroupDirections:
        """Free what stands at `places` in a group, where the values are `values`, shape (k,)."""
        q = result.theta.size
        ram, theta = _extended(group, places, values, q)
        now = implied(ram, theta[None])
        v, u = invert(now.sigma)[1][0], now.u[0]
        mean = group.moments.mean
        gap = np.zeros(ram.p) if now.mu is None or mean is None else mean - now.mu[0]
        rest = v @ (group.moments.cov + np.outer(gap, gap) - now.sigma[0]) @ v
        slopes = mean_slopes(ram, now)[0]
        return cls(
            size=values.size,
            free=_Cells.of(ram, ram.moving < q),
            new=_Cells.of(ram, ram.moving >= q),
            gram=u.T @ v @ u,
            residual=u.T @ rest @ u,
            slopes=slopes,
            pull=v @ slopes,
            gap=gap,
            share=group.moments.size / result.n_obs,
        )

    @property
    def _q(self) -> int:
        return int(self.slopes.shape[1]) - self.size

    def _placed(self, cells: Array) -> Array:
        """Return what its cell brings to each new parameter; an intercept has none."""
        found = np.zeros((self.size, *cells.shape[1:]))
        found[self.new.number - self._q] = cells
        return found

    def score(self) -> Array:
        """Return the derivatives of the discrepancy by the new parameters, shape (k,)."""
        cells = -2.0 * self.new.weight * self.residual[self.new.left, self.new.right]
        return np.asarray(self.share * (self._placed(cells) - 2.0 * self.gap @ self.pull[:, self._q :]))

    def own(self) -> Array:
        """Return the expected second derivative by each new parameter, shape (k,)."""
        means = np.einsum("pk,pk->k", self.slopes[:, self._q :], self.pull[:, self._q :])
        return np.asarray(self.share * (self._placed(self.new.own(self.gram)) + 2.0 * means))

    def cross(self) -> Array:
        """Return the expected second derivatives by new and free parameters, shape (k, q)."""
        cells = self._gathered(self.new.information(self.free, self.gram))
        means = self.slopes[:, self._q :].T @ self.pull[:, : self._q]
        return np.asarray(self.share * (self._placed(cells) + 2.0 * means))

    def _gathered(self, cells: Array) -> Array:
        """Return what free cells (k, m) bring to their parameters, shape (k, q)."""
        number = self.free.number
        if number.size > self._q or np.unique(number).size < number.size:
            return np.asarray(cells @ self._spread())
        found = np.zeros((len(cells), self._q))
        found[:, number] = cells
        return found

    def free_score(self) -> Array:
        """Return the derivatives of the discrepancy by the free parameters, shape (q,)."""
        cells = -2.0 * self.free.weight * self.residual[self.free.left, self.free.right]
        return np.asarray(self.share * (self._spread().T @ cells - 2.0 * self.gap @ self.pull[:, : self._q]))

    def free_information(self) -> Array:
        """Return the expected second derivatives by pairs of free parameters, shape (q, q)."""
        cells = self._spread().T @ self.free.information(self.free, self.gram) @ self._spread()
        means = self.slopes[:, : self._q].T @ self.pull[:, : self._q]
        return np.asarray(self.share * (cells + 2.0 * means))

    def _spread(self) -> Array:
        """Return which free parameter takes which cell, shape (number of cells, q)."""
        spread = np.zeros((self.free.number.size, self._q))
        spread[np.arange(self.free.number.size), self.free.number] = 1.0
        return spread

    def among(self) -> Array:
        """Return the expected second derivatives by pairs of new parameters, shape (k, k)."""
        cells = self._placed(self.new.information(self.new, self.gram))
        means = self.slopes[:, self._q :].T @ self.pull[:, self._q :]
        return np.asarray(self.share * (self._placed(cells.T).T + 2.0 * means))


def _extended(group: GroupResult, places: Places, values: Array, q: int) -> tuple[Ram, Array]:
    """Return a group's matrices with cells free besides, and the values of all parameters."""
    ram, into = group.ram, np.concatenate([places.own, places.shared])
    number = q + np.arange(values.size)
    lhs, rhs = places.lhs, places.rhs
    load, slope = places.loading, places.slope
    a = _more(_more(ram.a, rhs[load], lhs[load], number[load]), lhs[slope], rhs[slope], number[slope])
    s = _more(ram.s, lhs[into], rhs[into], number[into])
    m = _more(ram.m, lhs[places.mean], np.zeros_like(places.mean), number[places.mean])
    return ram.with_cells(a, s, m, q + values.size), np.concatenate([group.theta, values])


def _more(cells: Cells, row: Index, col: Index, free: Index) -> Cells:
    """Return cells with others behind."""
    return Cells(*(np.concatenate(pair) for pair in ((cells.row, row), (cells.col, col), (cells.free, free))))


def inverse_curvature(result: SemResult) -> Array:
    """Return the inverse of the expected second derivatives of F, constraints respected, shape (q, q)."""
    if result.options.least_squares:
        raise ArgumentError(
            f"Scores are there for maximum likelihood, not for {result.estimator}. Use estimator='ML' or "
            "'MLR' for this."
        )
    if result.missing != "listwise":
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
    parts, theta = [], result.theta
    for group in result.groups:
        now = implied(group.ram, theta[None])
        parts.append(group.moments.size / result.n_obs * curvature(group.ram, now, invert(now.sigma)[1])[0])
    return inverse_information(np.sum(parts, axis=0), result.restrictions)


def left_over(own: Array, cross: Array, inverse: Array) -> Array:
    """Return the diagonal of K, NaN where the free parameters already cover a direction."""
    rest = own - np.einsum("kq,kq->k", cross @ inverse, cross)
    return np.where(rest > LEAST_SHARE * own, rest, np.nan)
