"""Parameters that are the same in all groups: `group_equal` and `group_partial`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.defaults import Roles
from trustmeasure.sem.parameters import DELTA, Parameter

Kind = Callable[[Parameter, Roles], bool]


def _own(row: Parameter) -> bool:
    return row.op == "~~" and row.lhs == row.rhs


def _observed(row: Parameter, roles: Roles) -> bool:
    return row.lhs not in roles.latent and row.lhs not in roles.exogenous


KINDS: Mapping[str, Kind] = {
    "loadings": lambda row, _: row.op == "=~",
    "composite_loadings": lambda row, _: row.op == "<~",
    "intercepts": lambda row, roles: row.op == "~1" and _observed(row, roles),
    "thresholds": lambda row, _: row.op == "|",
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
    ordered: Collection[str] = (),
    parameterization: str = DELTA,
) -> list[Parameter]:
    """Return rows in which the chosen kinds share one parameter over all groups.

    As in lavaan, equal intercepts free the latent means of all groups but the first (unless "means" are equal
    too), and with `std_lv` equal loadings free their latent variances likewise. With ordered variables equal
    thresholds and equal intercepts are one kind, which also frees the response scales of ordered variables
    (delta) or their residual variances (theta; unless "residuals" are equal too). The user's own labels stay.

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
    ordered : collection of str
        The ordered variables.
    parameterization : {"delta", "theta"}
        What their scales are set by.

    Raises
    ------
    ArgumentError
        For an unknown kind or relation, and for "thresholds" without an ordered variable.
    """
    for kind in equal:
        one_of("group_equal", kind, list(KINDS))
    equal = _with_thresholds(equal, ordered)
    free = _partial(rows, partial)
    if not equal:
        return list(rows)
    scale = _freed_scale(equal, parameterization) if ordered else None
    freed = [
        _free(row) if _is_scale(row, scale, ordered) else _freed(row, roles, equal, std_lv) for row in rows
    ]
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
    return _free(row) if mean or variance else row


def _free(row: Parameter) -> Parameter:
    return row._replace(free=1, value=np.nan)


def _with_thresholds(equal: Sequence[str], ordered: Collection[str]) -> Sequence[str]:
    """Return the kinds in which thresholds and intercepts go together when there are ordered variables."""
    both = ("intercepts", "thresholds")
    if "thresholds" in equal and not ordered:
        raise ArgumentError(
            "group_equal: the model has no ordered variable, so it has no thresholds. Say 'intercepts', or "
            "name the ordered variables in ordered=."
        )
    return (*equal, *both) if ordered and set(both) & set(equal) else equal


def _freed_scale(equal: Sequence[str], parameterization: str) -> str | None:
    """Return the operator of the rows that equal thresholds free in all groups but the first."""
    if "thresholds" not in equal:
        return None
    if parameterization == DELTA:
        return "~*~"
    return None if "residuals" in equal else "~~"


def _is_scale(row: Parameter, op: str | None, ordered: Collection[str]) -> bool:
    """Return whether a row is the default scale of an ordered variable in a group that is not the first."""
    own = row.op == op and row.lhs == row.rhs and row.lhs in ordered
    return own and row.group > 1 and not row.user
