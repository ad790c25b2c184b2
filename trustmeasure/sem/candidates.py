"""Parameters that a model fixes or leaves out and that could be freed: as in lavaan's `modindices`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations_with_replacement, product

from trustmeasure.sem.parameters import Parameter, ParameterTable

Key = tuple[str, str, str]


def candidates(table: ParameterTable, group: int, ops: Collection[str]) -> tuple[list[Key], list[float]]:
    """Return relations of one group that could be freed, fixed ones before absent ones, and where they stand.

    Absent ones are loadings of all indicators, residual covariances of indicators, covariances of latent
    variables, regressions among all variables that take part in a regression, and intercepts where means are
    modelled. A model is conditional on the exogenous variables whose moments are fixed (`fixed_x`): no
    relation explains them.

    Parameters
    ----------
    table : ParameterTable
        The model.
    group : int
        Number of the group, from 1.
    ops : collection of str
        Operators that are looked at.
    """
    own = table.only(group).parameters
    present = {_key(p.lhs, p.op, p.rhs) for p in own}
    fixed = [p for p in own if not p.free and not p.exogenous and p.op in ops]
    absent = dict.fromkeys(_key(*relation) for relation in _relations(table, own) if relation[1] in ops)
    new = [key for key in absent if key not in present and key[0] not in table.exogenous]
    values = [*(p.value for p in fixed), *(0.0 for _ in new)]
    return [*((p.lhs, p.op, p.rhs) for p in fixed), *new], values


def _key(lhs: str, op: str, rhs: str) -> Key:
    return (rhs, op, lhs) if op == "~~" and rhs < lhs else (lhs, op, rhs)


def _relations(table: ParameterTable, own: Sequence[Parameter]) -> Iterator[Key]:
    regressed = dict.fromkeys(name for p in own if p.op == "~" for name in (p.lhs, p.rhs))
    indicators = {p.rhs for p in own if p.op == "=~"}
    inner = [n for n in table.observed if n not in table.covariates]
    yield from ((f, "=~", x) for f, x in product(table.latent, inner) if x not in regressed)
    measured = [n for n in inner if n in indicators]
    for names in (measured, table.covariates, table.latent):
        yield from ((a, "~~", b) for a, b in combinations_with_replacement(names, 2))
    for y, x in product(regressed, regressed):
        if y != x and not (y in indicators and y in table.observed and x in table.latent):
            yield y, "~", x
    if table.meanstructure:
        yield from ((name, "~1", "") for name in (*table.observed, *table.latent))
