"""Parameters that are the same in all groups: `group_equal` and `group_partial`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.defaults import Roles
from trustmeasure.sem.parameters import Parameter

Kind = Callable[[Parameter, Roles], bool]


def _own(row: Parameter) -> bool:
    return row.op == "~~" and row.lhs == row.rhs


def _observed(row: Parameter, roles: Roles) -> bool:
    return row.lhs not in roles.latent and row.lhs not in roles.exogenous


KINDS: Mapping[str, Kind] = {
    "loadings": lambda row, _: row.op == "=~",
    "composite_loadings": lambda row, _: row.op == "<~",
    "intercepts": lambda row, roles: row.op == "~1" and _observed(row, roles),
    "means": lambda row, roles: row.op == "~1" and row.lhs in roles.latent,
    "residuals": lambda row, roles: _own(row) and _observed(row, roles),
    "residual_covariances": lambda row, roles: row.op == "~~" and not _own(row) and _observed(row, roles),
    "lv_variances": lambda row, roles: _own(row) and row.lhs in roles.latent,
    "lv_covariances": lambda row, roles: row.op == "~~" and not _own(row) and row.lhs in roles.latent,
    "regressions": lambda row, _: row.op == "~",
}


def set_equal(
    rows: Sequence[Parameter],
    roles: Roles,
    equal: Sequence[str],
    partial: Sequence[str],
    *,
    std_lv: bool,
) -> list[Parameter]:
    """Return rows in which the chosen kinds share one parameter over all groups.

    As in lavaan, equal intercepts free the latent means of all groups but the first (unless "means" are equal
    too), and with `std_lv` equal loadings free their latent variances likewise. The user's own labels stay.

    Parameters
    ----------
    rows : sequence of Parameter
        All groups, the first one first.
    roles : Roles
        Which part each variable plays.
    equal, partial : sequence of str
        `group_equal` and `group_partial` of `parse_model`.
    std_lv : bool
        Whether latent variances are the units.

    Raises
    ------
    ArgumentError
        For an unknown kind or relation.
    """
    for kind in equal:
        one_of("group_equal", kind, list(KINDS))
    free = _partial(rows, partial)
    if not equal:
        return list(rows)
    freed = [_freed(row, roles, equal, std_lv) for row in rows]
    return [
        row.numbered(row.free, f"{row.name}.all")
        if row.free and not row.label and any(KINDS[k](row, roles) for k in equal) and row.name not in free
        else row
        for row in freed
    ]


def _partial(rows: Sequence[Parameter], partial: Sequence[str]) -> set[str]:
    if not partial:
        return set()
    known = {row.name: row.name for row in rows} | {f"{r.rhs}~~{r.lhs}": r.name for r in rows if r.op == "~~"}
    asked = ["".join(relation.split()) for relation in partial]
    for name in asked:
        if name not in known:
            raise ArgumentError(
                f"group_partial: the model has no relation '{name}'. {suggestion(name, list(known))}"
            )
    return {known[name] for name in asked}


def _freed(row: Parameter, roles: Roles, equal: Sequence[str], std_lv: bool) -> Parameter:
    if row.user or row.free or row.group == 1 or row.lhs not in roles.latent:
        return row
    mean = row.op == "~1" and "intercepts" in equal and "means" not in equal
    variance = _own(row) and std_lv and "loadings" in equal and "lv_variances" not in equal
    return replace(row, free=1, value=np.nan) if mean or variance else row
