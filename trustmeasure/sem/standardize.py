"""Standardised solutions as functions of the parameters, so that they can also be differentiated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.sem.inference import defined_values
from trustmeasure.sem.matrices import Ram, fill, total_effects
from trustmeasure.sem.parameters import Parameter, ParameterTable

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scales:
    """Standard deviations that a solution is standardised by, one for each variable.

    Attributes
    ----------
    total : array, shape (v,)
        Of the variables, as the model implies them; 1 for variables that keep their unit.
    residual : array, shape (v,)
        Of their residuals (for exogenous variables: their own), likewise.
    """

    total: Array
    residual: Array


def scales(ram: Ram, theta: Array, *, latent_only: bool) -> Scales:
    """Return the standard deviations for `std_lv` (`latent_only`) or `std_all`, at `theta` of shape (q,)."""
    a, s, _ = fill(ram, theta[None])
    total = total_effects(a)[0]
    variance = np.diag(total @ s[0] @ total.T)
    with np.errstate(invalid="ignore"):
        sd = np.sqrt(np.where(variance > 0, variance, np.nan))
    residual = np.sqrt(np.abs(np.diag(s[0])))
    if latent_only:
        sd, residual = sd.copy(), residual.copy()
        sd[: ram.p] = 1.0
        residual[: ram.p] = 1.0
    return Scales(sd, residual)


def standardized(
    table: ParameterTable, rams: Sequence[Ram], estimates: Sequence[Array], theta: Array, *, latent_only: bool
) -> Array:
    """Return the standardised value of each row of the table, then of each `:=` line.

    A loading or regression is multiplied by the ratio of the standard deviations of cause and effect; a
    covariance is divided by the standard deviations of what covaries (residuals, where there are any); a
    defined parameter is evaluated from standardised ones. Each group has its own standard deviations.

    Parameters
    ----------
    table : ParameterTable
        The model.
    rams : sequence of Ram, length G
        Its matrices in each group.
    estimates : sequence of arrays, length G
        One value a row of the group's table.
    theta : array, shape (q,)
        Free parameters.
    latent_only : bool
        Standardise latent variables only (`std_lv`), or all (`std_all`).
    """
    rows: list[float] = []
    for group, (ram, values) in enumerate(zip(rams, estimates, strict=True), start=1):
        by = scales(ram, theta, latent_only=latent_only)
        at = {n: i for i, n in enumerate(ram.variables)}
        own = table.only(group).parameters
        rows += [_standardized_row(p, x, by, at) for p, x in zip(own, values, strict=True)]
    labelled = zip(reversed(table.parameters), reversed(rows), strict=True)
    by_label = {p.label: x for p, x in labelled if p.label}
    with np.errstate(all="ignore"):
        defined = [float(np.real(x)) for x in defined_values(table, by_label)]
    return np.array([*rows, *defined])


def _standardized_row(row: Parameter, value: float, by: Scales, at: dict[str, int]) -> float:
    left = at[row.lhs]
    if row.op == "~1":
        return _divided(value, by.total[left])
    right = at[row.rhs]
    if row.op == "=~":
        return value * _divided(by.total[left], by.total[right])
    if row.op == "~":
        return value * _divided(by.total[right], by.total[left])
    if left == right:
        return _divided(value, by.total[left] ** 2)
    return _divided(value, by.residual[left] * by.residual[right])


def _divided(above: float, below: float) -> float:
    return float(above / below) if below != 0 else float("nan")


def r_squared(ram: Ram, theta: Array) -> dict[str, float]:
    """Return the explained share of the variance of each endogenous variable.

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
        if cells[i]
    }
