"""A model with numbers in it -> the moments of a population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.matrices import Ram, build, implied
from trustmeasure.sem.parameters import DELTA, Parameter, ParameterTable
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.tables import estimates
from trustmeasure.sem.thresholds import thresholds_named

Array = npt.NDArray[np.float64]

ROUNDING = 1e-6
"""Difference of the two sides of a constraint that values written in a text may have."""


@dataclass(frozen=True, slots=True)
class Population:
    """Moments of the observed variables in one group.

    Attributes
    ----------
    label : str
        The group; empty in a model without groups.
    names : tuple of str, length p
        The observed variables.
    mean : array, shape (p,)
        Their means.
    cov : array, shape (p, p)
        Their covariances; for ordinal variables those of the responses y* behind them.
    cuts : mapping from str to tuple of float
        Thresholds of ordinal variables, in standard deviations of y* from its mean.
    codes : mapping from str to tuple of float
        Codes of their categories, in order.
    """

    label: str
    names: tuple[str, ...]
    mean: Array
    cov: Array
    cuts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    codes: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def open_table(table: ParameterTable) -> ParameterTable:
    """Return the table with the moments of exogenous observed variables free, numbered behind the others.

    For maximum likelihood with complete data the other estimates and the discrepancy stay what they are. With
    ordinal variables, everything else is given the exogenous ones, which therefore keep that name.
    """
    number, rows = table.n_free, []
    for row in table.parameters:
        number += row.exogenous
        rows.append(row._replace(free=number, exogenous=False) if row.exogenous else row)
    return replace(table, parameters=tuple(rows), exogenous=table.exogenous if table.ordered else ())


def names_thresholds(model: str | ParameterTable | SemResult) -> bool:
    """Return whether a model has ordinal variables."""
    if isinstance(model, str):
        return bool(thresholds_named(model))
    return bool((model.model if isinstance(model, SemResult) else model).ordered)


def table_of(
    model: str | ParameterTable | SemResult,
    labels: Sequence[str],
    *,
    meanstructure: bool | None = None,
    ordered: Mapping[str, int] | None = None,
    parameterization: str = DELTA,
) -> ParameterTable:
    """Return the parameter table of a model in any form, with all exogenous moments free.

    In a text, variables with thresholds are ordinal, and those in `ordered`. With ordinal variables exogenous
    moments stay fixed, as in a fit.
    """
    if isinstance(model, str):
        counts = {**thresholds_named(model), **(ordered or {})}
        how: dict[str, Any] = {"n_groups": len(labels), "meanstructure": meanstructure}
        if counts:
            how |= {"ordered": counts, "parameterization": parameterization}
        table = parse_model(model, fixed_x=bool(counts), **how)
    else:
        own = model.model if isinstance(model, SemResult) else model
        table = own if own.ordered else open_table(own)
    if table.n_groups != len(labels):
        raise ArgumentError(
            f"The model has {table.n_groups} groups, but n is given for {len(labels)}. Give n for each group."
        )
    return table


def population_table(
    model: str | ParameterTable | SemResult, table: ParameterTable, values: Mapping[str, float] | None
) -> ParameterTable:
    """Return the table with every parameter fixed at its population value.

    `values` go first, then numbers and `start()` in the text or the estimates of a result; what is left is 1
    for loadings and variances and 0 otherwise. Rows that share a label share the value that one of them has.

    Raises
    ------
    ArgumentError
        For a name in `values` that the model does not have.
    """
    given = dict(values or {})
    own = _estimated(model, table) if isinstance(model, SemResult) else {}
    named: dict[str, float] = {}
    for i, row in enumerate(table.parameters):
        number = _given(row, given)
        number = own.get(i, _written(row)) if number is None else number
        if row.free and np.isfinite(number):
            named.setdefault(f"#{row.free}", float(number))
    fixed = []
    for i, row in enumerate(table.parameters):
        asked = _given(row, given)
        plain = named.get(f"#{row.free}", _default(row)) if row.free else own.get(i, _written(row))
        value = plain if asked is None else asked
        fixed.append(row._replace(free=0, exogenous=False, value=float(value)))
    known = [name for row in table.parameters for name in _names(row)]
    for name in given:
        if "".join(name.split()) not in known:
            raise ArgumentError(f"values: the model has no '{name}'. {suggestion(name, _listed(known))}")
    found = replace(table, parameters=tuple(fixed), exogenous=table.exogenous if table.ordered else ())
    _require_constraints(found)
    return found


def _require_constraints(table: ParameterTable) -> None:
    limits, nothing = Limits.of(table), np.zeros(0)
    wrong = np.abs(limits.values(limits.equal, nothing)) > ROUNDING
    below = limits.values(limits.unequal, nothing) < -ROUNDING
    lines = zip((*limits.equal, *limits.unequal), [*wrong, *below], strict=True)
    violated = [line.text for line, flag in lines if flag]
    if violated:
        raise ArgumentError(
            f"The population values do not satisfy {', '.join(violated)}. Give values that do, or leave the "
            "constraint out of the model that the data come from."
        )


def _listed(known: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(known))


def _names(row: Parameter) -> list[str]:
    turned = [f"{row.rhs}~~{row.lhs}"] if row.op == "~~" else []
    names = [row.name, *turned]
    named = [f"{name}.g{row.group}" for name in names]
    return [*([row.label] if row.label else []), *named, *names]


def _given(row: Parameter, values: Mapping[str, float]) -> float | None:
    plain = {"".join(name.split()): number for name, number in values.items()}
    return next((float(plain[name]) for name in _names(row) if name in plain), None)


def _written(row: Parameter) -> float:
    """Return the number in the text; a `start()` also of a loading that only sets the scale of a fit."""
    if row.exogenous:
        return row.start if np.isfinite(row.start) else _default(row)
    return row.start if row.free or np.isfinite(row.start) else row.value


def _default(row: Parameter) -> float:
    if row.op == "|":
        return float("nan")
    return 1.0 if row.op == "~*~" or row.op == "=~" or (row.op == "~~" and row.lhs == row.rhs) else 0.0


def _estimated(result: SemResult, table: ParameterTable) -> dict[int, float]:
    """Return the estimate of each row, by its position in the table."""
    found: dict[int, float] = {}
    for group in result.groups:
        own = [i for i, row in enumerate(table.parameters) if row.group == group.number]
        numbers = estimates(group.model, group.ram, result.theta)
        found |= dict(zip(own, numbers.tolist(), strict=True))
    return found


def populations(
    model: str | ParameterTable | SemResult,
    labels: Sequence[str],
    values: Mapping[str, float] | None = None,
    parameterization: str = DELTA,
) -> list[Population]:
    """Return the population of each group.

    Raises
    ------
    ArgumentError
        If the values imply a covariance matrix that is not positive definite, or thresholds that do not rise.
    """
    table = table_of(model, labels, parameterization=parameterization)
    table = population_table(model, table, values)
    p = len(table.observed)
    found = []
    for number, label in enumerate(labels, start=1):
        ram = build(table, np.eye(p), np.zeros(p), number)
        now = implied(ram, np.zeros((1, 0)))
        mean = np.zeros(p) if now.mu is None else now.mu[0]
        if now.mu is None and isinstance(model, SemResult):
            sample = model.groups[number - 1].moments.mean
            mean = mean if sample is None else sample
        _require_residuals(ram, now.s[0], label)
        _require_positive(now.sigma[0], table.observed, label)
        cuts = _cuts(table.only(number), mean, now.sigma[0], label)
        codes = {name: _codes(model, number, name, len(points)) for name, points in cuts.items()}
        found.append(Population(label, table.observed, mean, now.sigma[0], cuts, codes))
    return found


def _cuts(table: ParameterTable, mean: Array, cov: Array, label: str) -> dict[str, tuple[float, ...]]:
    """Return the thresholds of a group in standard deviations of responses from their means."""
    found = {}
    for name in table.ordered:
        at = table.observed.index(name)
        rows = [row for row in table.parameters if row.op == "|" and row.lhs == name]
        points = np.array([row.value for row in sorted(rows, key=lambda r: int(r.rhs[1:]))])
        where = f" in group '{label}'" if label else ""
        if np.isnan(points).any():
            lost = int(np.flatnonzero(np.isnan(points))[0]) + 1
            raise ArgumentError(
                f"Threshold t{lost} of {name} has no value{where}: write {name} | -0.5*t{lost}."
            )
        if (np.diff(points) <= 0).any():
            raise ArgumentError(f"The thresholds of {name} must rise{where}: {points.tolist()}.")
        found[name] = tuple(((points - mean[at]) / np.sqrt(cov[at, at])).tolist())
    return found


def _codes(model: str | ParameterTable | SemResult, number: int, name: str, count: int) -> tuple[float, ...]:
    """Return the codes of an ordinal variable: those of the fit's data, or 1, 2, ..."""
    own = model.groups[number - 1].moments.ordinal if isinstance(model, SemResult) else None
    if own is None:
        return tuple(float(c) for c in range(1, count + 2))
    return own.categories[own.layout.names.index(name)]


def _require_residuals(ram: Ram, s: Array, label: str) -> None:
    """Refuse responses whose causes explain more than all of their variance."""
    if ram.ordinal is None:
        return
    bad = [ram.variables[j] for j in ram.ordinal.ordinal if not s[j, j] > 0]
    if bad:
        where = f" in group '{label}'" if label else ""
        raise ArgumentError(
            f"The values leave the response behind {', '.join(bad)} no residual variance{where}: with "
            'parameterization="delta" its whole variance is 1 unless a scale (~*~) says otherwise. Give '
            'smaller loadings, or use parameterization="theta".'
        )


def _require_positive(cov: Array, names: Sequence[str], label: str) -> None:
    where = f" in group '{label}'" if label else ""
    bad = [name for name, x in zip(names, np.diag(cov), strict=True) if not x > 0]
    if bad:
        raise ArgumentError(f"The values imply no positive variance of {', '.join(bad)}{where}.")
    sd = np.sqrt(np.diag(cov))
    if np.linalg.eigvalsh(cov / np.outer(sd, sd))[0] <= 1e-12:
        raise ArgumentError(
            f"The values imply a covariance matrix{where} that is not positive definite. Check loadings, "
            "covariances and residual variances against each other."
        )
