"""A model with numbers in it -> the moments of a population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.constraints import Limits
from trustmeasure.sem.matrices import build, implied
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.specify import parse_model
from trustmeasure.sem.tables import estimates

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
        Their covariances.
    """

    label: str
    names: tuple[str, ...]
    mean: Array
    cov: Array


def open_table(table: ParameterTable) -> ParameterTable:
    """Return the table with the moments of exogenous observed variables free, numbered behind the others.

    For maximum likelihood with complete data the other estimates and the discrepancy stay what they are.
    """
    number, rows = table.n_free, []
    for row in table.parameters:
        number += row.exogenous
        rows.append(row._replace(free=number, exogenous=False) if row.exogenous else row)
    return replace(table, parameters=tuple(rows), exogenous=())


def table_of(
    model: str | ParameterTable | SemResult, labels: Sequence[str], *, meanstructure: bool | None = None
) -> ParameterTable:
    """Return the parameter table of a model in any form, with all exogenous moments free."""
    if isinstance(model, str):
        table = parse_model(model, fixed_x=False, n_groups=len(labels), meanstructure=meanstructure)
    else:
        table = open_table(model.model if isinstance(model, SemResult) else model)
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
    found = replace(table, parameters=tuple(fixed), exogenous=())
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
    return row.start if row.free or np.isfinite(row.start) else row.value


def _default(row: Parameter) -> float:
    return 1.0 if row.op == "=~" or (row.op == "~~" and row.lhs == row.rhs) else 0.0


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
) -> list[Population]:
    """Return the population of each group.

    Raises
    ------
    ArgumentError
        If the values imply a covariance matrix that is not positive definite.
    """
    table = population_table(model, table_of(model, labels), values)
    p = len(table.observed)
    found = []
    for number, label in enumerate(labels, start=1):
        ram = build(table, np.eye(p), np.zeros(p), number)
        now = implied(ram, np.zeros((1, 0)))
        mean = np.zeros(p) if now.mu is None else now.mu[0]
        if now.mu is None and isinstance(model, SemResult):
            sample = model.groups[number - 1].moments.mean
            mean = mean if sample is None else sample
        _require_positive(now.sigma[0], table.observed, label)
        found.append(Population(label, table.observed, mean, now.sigma[0]))
    return found


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
