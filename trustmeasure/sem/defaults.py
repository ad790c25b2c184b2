"""What a model text leaves out and lavaan's `sem()` adds.

First loading 1 (or `std_lv`), residual variances, none for formative constructs (1 with `std_lv`),
covariances of exogenous latent variables and of end-of-chain outcomes, exogenous observed variables fixed at
their sample moments (`fixed_x`), observed intercepts free when there is a mean structure. Of ordered
variables: thresholds free, residual variances and response scales 1, intercepts 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from trustmeasure.sem.modifiers import PLAIN
from trustmeasure.sem.parameters import Parameter
from trustmeasure.sem.syntax import Term

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Roles:
    """Which part each variable plays in the terms."""

    latent: tuple[str, ...]
    formative: frozenset[str]
    observed: tuple[str, ...]
    indicators: frozenset[str]
    outcomes: frozenset[str]
    predictors: frozenset[str]
    exogenous: tuple[str, ...]
    random: tuple[str, ...]


def group_rows(
    terms: Sequence[Term],
    roles: Roles,
    group: int,
    *,
    means: bool,
    std_lv: bool,
    fixed_x: bool,
    ordered: Mapping[str, int],
) -> list[Parameter]:
    """Return the rows of one group (counted from 0), user's first, then what the defaults add."""
    freed = {i for i, t in enumerate(terms) if t.modifiers is not PLAIN and t.modifier(group).free}
    rows = _fix_scales([_user_row(t, group) for t in terms], freed, std_lv)
    rows += _added(rows, roles, means, std_lv, fixed_x, ordered, group + 1)
    single = _single_indicators(rows) - set(ordered)
    return [_residual_of_single(r, single, roles) for r in rows] if single else rows


def roles_of(terms: Sequence[Term]) -> Roles:
    """Return which part each variable plays."""
    # Dictionaries without values: sets that keep the order of first appearance.
    latent: dict[str, None] = {}
    indicators, outcomes, predictors, others, ordinal = ({**latent} for _ in range(5))
    sides = {
        "=~": (latent, indicators),
        "<~": (latent, predictors),
        "~": (outcomes, predictors),
        "~~": (others, others),
        "~1": (others, {}),
        "|": (ordinal, {}),
        "~*~": (ordinal, {}),
    }
    for lhs, op, rhs, *_ in terms:
        left, right = sides[op]
        left[lhs] = right[rhs] = None
    observed = tuple(
        n for n in {**indicators, **outcomes, **predictors, **others, **ordinal} if n not in latent
    )
    outer = [n for n in observed if n in predictors and n not in outcomes and n not in indicators]
    random = tuple(n for n in outer if n in others)
    return Roles(
        latent=tuple(latent),
        formative=frozenset(t.lhs for t in terms if t.op == "<~"),
        observed=observed,
        indicators=frozenset(indicators),
        outcomes=frozenset(outcomes),
        predictors=frozenset(predictors),
        exogenous=tuple(n for n in outer if n not in random),
        random=random,
    )


def notes(roles: Roles, fixed_x: bool) -> tuple[str, ...]:
    """Return what a reader should know about how the text was understood."""
    if not (fixed_x and roles.random):
        return ()
    names = ", ".join(roles.random)
    return (
        f"The model text has a variance, covariance or intercept of the exogenous variable(s) {names}, "
        "which are therefore treated as random. Remove those terms to keep them fixed, or say fixed_x=False.",
    )


def _user_row(term: Term, group: int) -> Parameter:
    m = term.modifier(group)
    if term.modifiers is PLAIN:
        return Parameter(term.lhs, term.op, term.rhs, 1, user=True, group=group + 1)
    return Parameter(
        term.lhs,
        term.op,
        term.rhs,
        free=0 if m.fixed is not None else 1,
        label=m.label or "",
        value=np.nan if m.fixed is None else m.fixed,
        start=np.nan if m.start is None else m.start,
        user=True,
        group=group + 1,
        lower=m.lower,
        upper=m.upper,
    )


def _fix_scales(rows: list[Parameter], freed: set[int], std_lv: bool) -> list[Parameter]:
    """Give every latent variable its unit, loading or (`std_lv`) variance 1, but for rows `freed` by NA."""
    # Dictionaries keep what is put in last: the first row of each latent variable.
    first = {row.lhs: i for i, row in reversed(list(enumerate(rows))) if row.op == "=~"}
    units = set(() if std_lv else first.values())
    if std_lv:
        latent = {r.lhs for r in rows if r.op in {"=~", "<~"}}
        units = {i for i, r in enumerate(rows) if r.op == "~~" and r.lhs == r.rhs and r.lhs in latent}
    fixed = list(rows)
    for i, row in enumerate(rows):
        if i in units and i not in freed and row.free:
            fixed[i] = row.fixed_at(1.0)
    by_label = {r.label: r.value for r in fixed if r.label and not r.free}
    if not by_label:
        return fixed
    return [r.fixed_at(by_label[r.label]) if r.free and r.label in by_label else r for r in fixed]


def _added(
    rows: list[Parameter],
    roles: Roles,
    means: bool,
    std_lv: bool,
    fixed_x: bool,
    ordered: Mapping[str, int],
    number: int,
) -> list[Parameter]:
    present = {_key(r) for r in rows if r.op not in {"=~", "<~", "~"}}
    new = _thresholds(ordered, number)
    given = roles.exogenous if fixed_x else ()
    varying = [name for name in (*roles.observed, *roles.latent) if name not in given]
    values = _default_variances(roles, std_lv, ordered)
    new += [
        Parameter(n, "~~", n, value=values[n], group=number)
        if n in values
        else Parameter(n, "~~", n, 1, group=number)
        for n in varying
    ]
    new += [Parameter(a, "~~", b, 1, group=number) for a, b in _default_covariances(roles)]
    pairs = [*[(x, x) for x in roles.exogenous], *combinations(roles.exogenous, 2)]
    if fixed_x:
        new += [Parameter(a, "~~", b, exogenous=True, group=number) for a, b in pairs]
    else:
        new += [Parameter(a, "~~", b, free=1, group=number) for a, b in pairs if a != b]
    new += [Parameter(name, "~*~", name, value=1.0, group=number) for name in ordered]
    if means:
        names = (*roles.observed, *roles.latent)
        new += [_default_mean(name, roles, fixed_x, ordered, number) for name in names]
    return [p for p in new if _key(p) not in present] if present else new


def _key(row: Parameter) -> Key:
    turned = row.op == "~~" and row.rhs < row.lhs
    return (row.rhs, row.op, row.lhs) if turned else (row.lhs, row.op, row.rhs)


def _default_covariances(roles: Roles) -> list[tuple[str, str]]:
    exogenous = [n for n in roles.latent if n not in roles.outcomes and n not in roles.indicators]
    ends = [
        n
        for n in (*roles.latent, *roles.observed)
        if n in roles.outcomes and n not in roles.predictors and n not in roles.indicators
    ]
    return [*combinations(exogenous, 2), *combinations(ends, 2)]


def _thresholds(ordered: Mapping[str, int], number: int) -> list[Parameter]:
    return [
        Parameter(name, "|", f"t{i}", free=1, group=number)
        for name, count in ordered.items()
        for i in range(1, count + 1)
    ]


def _default_variances(roles: Roles, std_lv: bool, ordered: Mapping[str, int]) -> dict[str, float]:
    """Return the variances that the defaults fix; all others are free."""
    ones = (*roles.latent, *ordered) if std_lv else ordered
    return dict.fromkeys(roles.formative, 0.0) | dict.fromkeys(ones, 1.0)


def _default_mean(
    name: str, roles: Roles, fixed_x: bool, ordered: Mapping[str, int], number: int
) -> Parameter:
    if name in roles.latent or name in ordered:
        return Parameter(name, "~1", "", value=0.0, group=number)
    if fixed_x and name in roles.exogenous:
        return Parameter(name, "~1", "", exogenous=True, group=number)
    return Parameter(name, "~1", "", free=1, group=number)


def _single_indicators(rows: Sequence[Parameter]) -> set[str]:
    """Return the variables that measure one latent variable only, as its only indicator."""
    loadings = [(row.lhs, row.rhs) for row in rows if row.op == "=~"]
    size = Counter([latent for latent, _ in loadings])
    if 1 not in size.values():
        return set()
    alone = {name for latent, name in loadings if size[latent] == 1}
    return {name for name in alone if len({latent for latent, own in loadings if own == name}) == 1}


def _residual_of_single(row: Parameter, single: set[str], roles: Roles) -> Parameter:
    """Fix the residual variance of a latent variable's only indicator at 0."""
    if row.lhs not in single or row.user or row.op != "~~" or row.lhs != row.rhs or row.lhs in roles.latent:
        return row
    return row._replace(free=0, value=0.0)
