"""Parameters that a model fixes or leaves out and that could be freed: as in lavaan's `modindices`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product

from trustmeasure.sem.parameters import Parameter, ParameterTable

Key = tuple[str, str, str]


def candidates(table: ParameterTable, group: int) -> list[Parameter]:
    """Return the parameters of one group that could be freed: fixed ones first, then absent ones.

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
    """
    own = table.only(group).parameters
    present = {_key(p.lhs, p.op, p.rhs) for p in own}
    fixed = [p for p in own if not p.free and not p.exogenous]
    absent = dict.fromkeys(_key(*relation) for relation in _relations(table, own))
    new = [Parameter(*key, value=0.0, group=group) for key in absent if key not in present]
    return [*fixed, *(p for p in new if p.lhs not in table.exogenous)]


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
