r"""Score and information of parameters that are not free, for least squares of any statistics.

With d what the sample's statistics exceed the implied ones by, W their weight, and D the derivatives by free
and new parameters, the first and the expected second derivatives of the discrepancy are ``g = -2 D'W d`` and
``H = 2 D'W D``. For new parameters the model is given one more free cell each.
As in lavaan, groups count by rows in H and, as in the discrepancy itself, by rows less 1 in g.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.candidates import (
    COVARIANCE,
    INTERCEPT,
    LOADING,
    OPERATORS,
    REGRESSION,
    SCALE,
    THRESHOLD,
    Candidates,
)
from trustmeasure.sem.discrepancy.weights import moment_vector
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.inference import inverse_information
from trustmeasure.sem.matrices import fill, implied
from trustmeasure.sem.moment_slopes import moment_slopes
from trustmeasure.sem.ordinal.part import Entries, OrdinalPart
from trustmeasure.sem.ordinal.statistics import statistics
from trustmeasure.sem.parameters import Parameter
from trustmeasure.sem.ram import Cells, Ram
from trustmeasure.sem.result import SemResult

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

LEAST_SHARE = 1e-7
"""Part of a new parameter's information that the free ones must leave it, to be told apart from them."""


@dataclass(frozen=True, slots=True)
class StatisticDirections:
    """New parameters of one group at the solution, beside the q free ones of all groups.

    Attributes
    ----------
    slopes : array, shape (m, q + k)
        Derivatives of the statistics by free, then by new parameters.
    pull : array, shape (m, q + k)
        The same times the weight.
    gap : array, shape (m,)
        What the sample's statistics exceed the implied ones by.
    q : int
        Number of free parameters.
    share, share_less : float
        The group's rows, and its rows less 1, divided by all rows.
    """

    slopes: Array
    pull: Array
    gap: Array
    q: int
    share: float
    share_less: float

    @classmethod
    def of(cls, result: SemResult, group: GroupResult, new: Candidates) -> StatisticDirections:
        """Free the relations `new` in a group."""
        if group.weight is None:
            raise TypeError("The group was not fitted by least squares.")
        ram, values = widened(group.ram, group.theta, new)
        slopes = moment_slopes(ram, np.concatenate([group.theta, values]))
        total = result.n_obs
        shares = group.moments.size / total, group.size / total
        return cls(slopes, group.weight.times(slopes), _gap(group), group.ram.q, *shares)

    def score(self) -> Array:
        """Return the derivatives of the discrepancy by the new parameters, shape (k,)."""
        return self._score()[self.q :]

    def free_score(self) -> Array:
        """Return the derivatives of the discrepancy by the free parameters, shape (q,)."""
        return self._score()[: self.q]

    def _score(self) -> Array:
        return np.asarray(-2.0 * self.share_less * (self.gap @ self.pull))

    def own(self) -> Array:
        """Return the expected second derivative by each new parameter, shape (k,)."""
        new, pulled = self.slopes[:, self.q :], self.pull[:, self.q :]
        return np.asarray(2.0 * self.share * np.einsum("mk,mk->k", new, pulled))

    def cross(self) -> Array:
        """Return the expected second derivatives by new and free parameters, shape (k, q)."""
        return np.asarray(2.0 * self.share * self.slopes[:, self.q :].T @ self.pull[:, : self.q])

    def among(self) -> Array:
        """Return the expected second derivatives by pairs of new parameters, shape (k, k)."""
        return np.asarray(2.0 * self.share * self.slopes[:, self.q :].T @ self.pull[:, self.q :])

    def free_information(self) -> Array:
        """Return the expected second derivatives by pairs of free parameters, shape (q, q)."""
        return np.asarray(2.0 * self.share * self.slopes[:, : self.q].T @ self.pull[:, : self.q])

    def left_over(self, inverse: Array) -> Array:
        """Return what the free parameters leave of `own`, shape (k,); NaN where they cover a direction."""
        own, cross = self.own(), self.cross()
        rest = own - np.einsum("kq,kq->k", cross @ inverse, cross)
        return np.where(rest > LEAST_SHARE * own, rest, np.nan)


def least_squares_inverse(result: SemResult) -> Array | None:
    """Return the inverse of the expected second derivatives, constraints respected; None when singular."""
    parts = [StatisticDirections.of(result, g, NOTHING).free_information() for g in result.groups]
    return inverse_information(np.sum(parts, axis=0), result.restrictions)


NOTHING = Candidates(*(np.zeros(0, dtype=np.intp) for _ in range(3)))


def rows_as_candidates(rows: Sequence[Parameter], ram: Ram) -> Candidates:
    """Return rows of a table as relations of variables."""
    at = {name: i for i, name in enumerate(ram.variables)}
    kinds = {op: kind for kind, op in enumerate(OPERATORS)} | {"<~": REGRESSION}
    right = [int(p.rhs[1:]) if p.op == "|" else at.get(p.rhs, 0) for p in rows]
    columns = ([kinds[p.op] for p in rows], [at[p.lhs] for p in rows], right)
    return Candidates(*(np.array(column, dtype=np.intp) for column in columns))


def widened(ram: Ram, theta: Array, new: Candidates) -> tuple[Ram, Array]:
    """Return the model with one more free parameter for each relation, and their values at `theta`.

    Parameters
    ----------
    ram : Ram
        A group's matrices.
    theta : array, shape (q,)
        Its parameters.
    new : Candidates, length k
        Relations; one whose cell is free already gets a second parameter.
    """
    free = ram.q + np.arange(new.kind.size)
    load, path, shared, mean = (new.kind == k for k in (LOADING, REGRESSION, COVARIANCE, INTERCEPT))
    row, col = np.where(load, new.rhs, new.lhs), np.where(load, new.lhs, new.rhs)
    a, s, m = fill(ram, theta[None])
    values = np.zeros(free.size)
    arrow = load | path
    values[arrow] = a[0][row[arrow], col[arrow]]
    values[shared] = s[0][row[shared], col[shared]]
    if m is not None:
        values[mean] = m[0][row[mean]]
    col = np.where(mean, 0, col)
    wide = ram.with_cells(
        _more(ram.a, row[arrow], col[arrow], free[arrow]),
        _more(ram.s, row[shared], col[shared], free[shared]),
        _more(ram.m, row[mean], col[mean], free[mean]),
        ram.q + free.size,
    )
    if ram.ordinal is None:
        return wide, values
    part = _widened_part(ram.ordinal, theta, new, free, values)
    return replace(wide, ordinal=part), values


def _more(own: Cells, row: Index, col: Index, free: Index) -> Cells:
    return Cells(np.append(own.row, row), np.append(own.col, col), np.append(own.free, free))


def _widened_part(
    part: OrdinalPart, theta: Array, new: Candidates, free: Index, values: Array
) -> OrdinalPart:
    """Return thresholds and scales with further free ones, whose values are written into `values`."""
    number = np.full(int(max(part.y.max(initial=0), new.lhs.max(initial=0))) + 1, -1)
    number[part.y] = np.arange(part.y.size)
    cut, scale = new.kind == THRESHOLD, new.kind == SCALE
    level = np.searchsorted(part.layout.level_variable, number[new.lhs[cut]]) + new.rhs[cut] - 1
    variable = number[new.lhs[scale]]
    values[cut] = part.thresholds(theta[None])[0][level]
    values[scale] = part.scales(theta[None])[0][variable]
    tau = Entries(np.append(part.tau.at, level), np.append(part.tau.free, free[cut]))
    scales = Entries(np.append(part.scale.at, variable), np.append(part.scale.free, free[scale]))
    return replace(part, tau=tau, scale=scales)


def _gap(group: GroupResult) -> Array:
    """Return the statistics of the sample less the implied ones."""
    ram, found = group.ram, group.moments.ordinal
    if found is not None:
        return np.asarray(found.statistics - statistics(ram, group.theta[None])[0])
    now = implied(ram, group.theta[None])
    mean = None if now.mu is None else now.mu[0]
    sample = moment_vector(group.moments.cov, group.moments.mean if mean is not None else None)
    return np.asarray(sample - moment_vector(now.sigma[0], mean))
