"""Standardised solutions as functions of the parameters, so that they can also be differentiated."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.inference import defined_values
from trustmeasure.sem.matrices import Ram, fill, total_effects
from trustmeasure.sem.parameters import Parameter, ParameterTable

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]
"""Parameters, real, or complex where a derivative is taken."""


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
    a, s, _ = fill(ram, theta)
    total = total_effects(a)
    variance = np.einsum("bij,bij->bi", total @ s, total)
    own = np.einsum("bii->bi", s)
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(np.where(np.real(variance) > 0, variance, np.nan))
    # |x| written so that a complex step passes through it.
    residual = np.sqrt(np.where(np.real(own) < 0, -own, own))
    if latent_only:
        sd[:, : ram.p] = 1.0
        residual[:, : ram.p] = 1.0
    return Scales(sd, residual)


def factors(rows: Sequence[Parameter], variables: Sequence[str], by: Scales) -> Array:
    """Return what the values of `rows` are multiplied by to be standardised, shape (b, k).

    A loading or regression is multiplied by the ratio of the standard deviations of cause and effect; a
    covariance is divided by the standard deviations of what covaries (residuals, where there are any). NaN
    where a standard deviation is zero or does not exist.
    """
    at = {n: i for i, n in enumerate(variables)}
    lhs = np.array([at[p.lhs] for p in rows], dtype=np.intp)
    rhs = np.array([at.get(p.rhs, 0) for p in rows], dtype=np.intp)
    op = np.array([p.op for p in rows], dtype=object)
    left, right = by.total[:, lhs], by.total[:, rhs]
    choices = [
        (op == "~1", _inverse(left)),
        (op == "=~", left * _inverse(right)),
        ((op == "~") | (op == "<~"), right * _inverse(left)),
        (lhs == rhs, _inverse(left**2)),
    ]
    covariance = _inverse(by.residual[:, lhs] * by.residual[:, rhs])
    return np.select([c[None] for c, _ in choices], [x for _, x in choices], covariance)


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
    for group, (ram, values) in enumerate(zip(rams, estimates, strict=True), start=1):
        own = table.only(group).parameters
        by = factors(own, ram.variables, scales(ram, many, latent_only=latent_only))
        parts.append(by * _values(own, values, many))
    rows = np.concatenate(parts, axis=1)
    with np.errstate(all="ignore"):
        defined = defined_values(table, _by_label(table, rows))
    found = np.stack([*rows.T, *(np.broadcast_to(x, many.shape[:1]) for x in defined)], axis=1)
    return np.asarray(found if theta.ndim == 2 else found[0])


def _values(rows: Sequence[Parameter], fixed: Array, theta: Numbers) -> Array:
    """Return the unstandardised values of `rows`, shape (b, k)."""
    free = np.array([p.free for p in rows], dtype=np.intp)
    values = np.repeat(fixed[None].astype(theta.dtype), theta.shape[0], axis=0)
    values[:, free > 0] = theta[:, free[free > 0] - 1]
    return values


def _by_label(table: ParameterTable, rows: Array) -> dict[str, Array]:
    """Return label -> standardised value, that of the first row where several share a label."""
    labelled = zip(reversed(table.parameters), reversed(list(rows.T)), strict=True)
    return {p.label: x for p, x in labelled if p.label}


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
