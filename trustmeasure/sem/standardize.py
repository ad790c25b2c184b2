"""Standardised solutions as functions of the parameters, so that they can also be differentiated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.inference import defined_values
from trustmeasure.sem.matrices import Implied, Ram, fill, implied, total_effects
from trustmeasure.sem.ordinal.computed import computed_rows
from trustmeasure.sem.parameters import OPS, Parameter, ParameterTable, Positions

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Numbers = npt.NDArray[Any]
"""Parameters, real, or complex where a derivative is taken."""
MEAN, LOADING, SLOPE, OWN, SHARED = range(5)
KINDS = np.array([{"~1": 0, "|": 0, "=~": 1, "~": 2, "<~": 2, "~~": SHARED}.get(op, 5) for op in OPS])
"""Kinds of rows by operator: intercepts and thresholds, loadings, regressions, variances (`OWN`) and
covariances."""
NO_SIZE, OF_LEFT, OF_RIGHT, LEFT_RESIDUAL, RIGHT_RESIDUAL = range(5)
PLACES = np.array(
    [
        [NO_SIZE, OF_LEFT, OF_RIGHT, NO_SIZE, NO_SIZE, NO_SIZE],
        [OF_LEFT, OF_RIGHT, OF_LEFT, OF_LEFT, LEFT_RESIDUAL, OF_LEFT],
        [NO_SIZE, NO_SIZE, NO_SIZE, OF_LEFT, RIGHT_RESIDUAL, NO_SIZE],
    ]
)
"""Standard deviation that each kind of row is multiplied by, and the two that it is divided by."""


@dataclass(frozen=True, slots=True)
class Scales:
    """Standard deviations that a solution is standardised by, one for each variable of a group.

    Attributes
    ----------
    total : array, shape (b, v)
        Of the variables, as the model implies them; 1 for variables that keep their unit.
    residual : array, shape (b, v)
        Of their residuals (for exogenous variables: their own), likewise.
    """

    total: Array
    residual: Array


def scales(ram: Ram, theta: Numbers, *, latent_only: bool) -> Scales:
    """Return the standard deviations for `std_lv` (`latent_only`) or `std_all`.

    Parameters
    ----------
    ram : Ram
        The model in one group.
    theta : array, shape (b, q)
        Parameters, real or complex.
    latent_only : bool
        Whether observed variables keep their unit.
    """
    every = _all_scales(ram, theta)
    return _latent_scales(ram, every) if latent_only else every


def implied_scales(ram: Ram, now: Implied) -> Scales:
    """Return the standard deviations for `std_lv` and `std_all`, shape (2, v), of one implied solution."""
    every = _of_variances(np.einsum("bii->bi", now.phi), now.s)
    latent = _latent_scales(ram, every)
    return Scales(
        np.concatenate([latent.total, every.total]), np.concatenate([latent.residual, every.residual])
    )


def _all_scales(ram: Ram, theta: Numbers) -> Scales:
    a, s, _ = fill(ram, theta)
    return _of_matrices(total_effects(a), s)


def _of_matrices(total: Numbers, s: Numbers) -> Scales:
    return _of_variances(np.einsum("bij,bij->bi", total @ s, total), s)


def _of_variances(variance: Numbers, s: Numbers) -> Scales:
    own = np.einsum("bii->bi", s)
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(np.where(np.real(variance) > 0, variance, np.nan))
    # |x| written so that a complex step passes through it.
    return Scales(sd, np.sqrt(np.where(np.real(own) < 0, -own, own)))


def _latent_scales(ram: Ram, every: Scales) -> Scales:
    """Return the same, but 1 for observed variables."""
    sd, residual = every.total.copy(), every.residual.copy()
    sd[:, : ram.p] = 1.0
    residual[:, : ram.p] = 1.0
    return Scales(sd, residual)


@dataclass(frozen=True, slots=True)
class Places:
    """Which standard deviations rows are standardised by.

    Attributes
    ----------
    kinds : array of int, shape (k,)
        Kinds of the rows: see `KINDS`.
    lhs, rhs : arrays of int, shape (k,)
        Positions of both sides among the variables (0 for the right side of an intercept).
    """

    kinds: Index
    lhs: Index
    rhs: Index

    @classmethod
    def of(cls, rows: Positions) -> Places:
        """Take the rows of one group."""
        return cls._of(KINDS[rows.op], rows.lhs, rows.rhs)

    @classmethod
    def of_kinds(cls, number: Index, lhs: Index, rhs: Index, ops: Sequence[str]) -> Places:
        """Take relations, shape (k,), whose operators are given by their number in `ops`."""
        return cls._of(KINDS[[OPS[op] for op in ops]][number], lhs, rhs)

    @classmethod
    def _of(cls, kinds: Index, lhs: Index, rhs: Index) -> Places:
        return cls(np.where((kinds == SHARED) & (lhs == rhs), OWN, kinds), lhs, rhs)

    def at(self, kind: int) -> Index:
        """Return the rows of a kind."""
        return np.flatnonzero(self.kinds == kind)

    def factors(self, by: Scales) -> Array:
        """Return what the values of the rows are multiplied by; see `factors`.

        One standard deviation divided by two, all of which are looked up in one array that begins with 1.
        """
        sizes = np.concatenate([np.ones((len(by.total), 1)), by.total, by.residual], axis=1)
        left, right, v = self.lhs + 1, self.rhs + 1, by.total.shape[1]
        places = np.array([0 * left, left, right, left + v, right + v])
        above, below, beside = places[PLACES[:, self.kinds], np.arange(left.size)]
        return np.asarray(sizes[:, above] * _inverse(sizes[:, below] * sizes[:, beside]))


def factors(rows: Sequence[Parameter], variables: Sequence[str], by: Scales) -> Array:
    """Return what the values of `rows` are multiplied by to be standardised, shape (b, k).

    A loading or regression is multiplied by the ratio of the standard deviations of cause and effect; a
    covariance is divided by the standard deviations of what covaries (residuals, where there are any). NaN
    where a standard deviation is zero or does not exist.
    """
    return Places.of(Positions.of(rows, variables)).factors(by)


def _inverse(x: Array) -> Array:
    return 1.0 / np.where(x != 0, x, np.nan)


def standardized(
    table: ParameterTable,
    rams: Sequence[Ram],
    estimates: Sequence[Array],
    theta: Numbers,
    *,
    latent_only: bool,
) -> Array:
    """Return the standardised value of each row of the table, then of each `:=` line.

    A defined parameter is evaluated from standardised ones. Each group has its own standard deviations.

    Parameters
    ----------
    table : ParameterTable
        The model.
    rams : sequence of Ram, length G
        Its matrices in each group.
    estimates : sequence of arrays, length G
        One value a row of the group's table, which fixed rows take.
    theta : array, shape (q,) or (b, q)
        Free parameters, real or complex.
    latent_only : bool
        Standardise latent variables only (`std_lv`), or all (`std_all`).

    Returns
    -------
    array, shape (k,) or (b, k)
    """
    many = np.atleast_2d(theta)
    parts = []
    for group, (ram, fixed) in enumerate(zip(rams, estimates, strict=True), start=1):
        own = table.only(group).parameters
        by = factors(own, ram.variables, scales(ram, many, latent_only=latent_only))
        parts.append(by * row_values(ram, own, fixed, many))
        if not latent_only:
            parts[-1][:, response_scales(own)] = 1.0
    found = _with_defined(table, np.concatenate(parts, axis=1))
    return found if theta.ndim == 2 else np.asarray(found[0])


def standardized_both(
    table: ParameterTable, rams: Sequence[Ram], estimates: Sequence[Array], theta: Array
) -> tuple[Array, Array]:
    """Return `std_lv` and `std_all` of one parameter vector; see `standardized`.

    `estimates` are the values of all rows of each group there, free ones included.
    """
    parts = []
    for group, (ram, values) in enumerate(zip(rams, estimates, strict=True), start=1):
        own = table.only(group)
        by = implied_scales(ram, implied(ram, theta[None]))
        both = Places.of(own.positions).factors(by) * values
        if own.ordered:
            both[1, response_scales(own.parameters)] = 1.0
        parts.append(both)
    lv, every = _with_defined(table, np.concatenate(parts, axis=1))
    return lv, every


def _with_defined(table: ParameterTable, rows: Array) -> Array:
    """Return standardised rows (b, k) with the `:=` lines that follow from them behind."""
    if not table.definitions:
        return rows
    found = np.empty((len(rows), rows.shape[1] + len(table.definitions)), dtype=rows.dtype)
    found[:, : rows.shape[1]] = rows
    with np.errstate(all="ignore"):
        for i, value in enumerate(defined_values(table, _by_label(table, rows)), start=rows.shape[1]):
            found[:, i] = value
    return found


def response_scales(rows: Sequence[Parameter]) -> list[int]:
    """Return which rows are scales of responses, which are 1 once these have the standard deviation 1."""
    return [i for i, row in enumerate(rows) if row.op == "~*~"]


def row_values(ram: Ram, rows: Sequence[Parameter], fixed: Array, theta: Numbers) -> Array:
    """Return the unstandardised values of the `rows` of a group, shape (b, k)."""
    free = np.array([p.free for p in rows], dtype=np.intp)
    values = np.repeat(fixed[None].astype(theta.dtype), theta.shape[0], axis=0)
    values[:, free > 0] = theta[:, free[free > 0] - 1]
    at, follow = computed_rows(ram, rows, theta)
    values[:, at] = follow
    return values


def _by_label(table: ParameterTable, rows: Array) -> dict[str, Array]:
    """Return label -> standardised value, that of the first row where several share a label."""
    return {p.label: rows[:, i] for i, p in reversed(table.marked)}


def formed_only(table: ParameterTable) -> set[str]:
    """Return formative constructs that nothing else explains: they have no residual by definition."""
    explained = {p.lhs for p in table.parameters if p.op == "~"}
    explained |= {p.rhs for p in table.parameters if p.op == "=~"}
    return {p.lhs for p in table.parameters if p.op == "<~"} - explained


def r_squared(ram: Ram, theta: Array, without: Collection[str] = ()) -> dict[str, float]:
    """Return the explained share of the variance of each endogenous variable but those in `without`.

    NaN where the residual variance is negative, since no share exists then.
    """
    a, s, _ = fill(ram, theta[None])
    total = total_effects(a)[0]
    variance = np.diag(total @ s[0] @ total.T)
    residual = np.diag(s[0])
    cells = (ram.a0 != 0).any(axis=1)
    cells[ram.a.row] = True
    return {
        name: float(1 - residual[i] / variance[i]) if residual[i] >= 0 and variance[i] > 0 else float("nan")
        for i, name in enumerate(ram.variables)
        if cells[i] and name not in without
    }
