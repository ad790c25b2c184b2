"""How each latent variable got its unit, and how many indicators it has."""

from __future__ import annotations

import pandas as pd

from trustmeasure.sem.parameters import Parameter, ParameterTable

COLUMNS = ("group", "latent", "indicators", "scale", "remark")


def latent_scales(table: ParameterTable) -> pd.DataFrame:
    """Return group latent indicators scale remark, one row a latent variable and group.

    Parameters
    ----------
    table : ParameterTable
        The model.

    Returns
    -------
    DataFrame
        `scale` is the parameter that fixes the unit, or "none".
    """
    rows = [
        (group, name, *_of(name, table, group))
        for group in range(1, table.n_groups + 1)
        for name in table.latent
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of(name: str, table: ParameterTable, group: int) -> tuple[int, str, str]:
    own = table.only(group).parameters
    loadings = [p for p in own if p.op == "=~" and p.lhs == name and (p.free or p.value)]
    effects = [p for p in own if p.op == "~" and p.rhs == name and (p.free or p.value)]
    formed = [p for p in own if p.op == "<~" and p.lhs == name]
    scale = _scale(name, own, [*loadings, *effects, *formed], table, group)
    return len(loadings), scale, _remark(loadings, effects, formed, own)


def _scale(
    name: str, own: tuple[Parameter, ...], arrows: list[Parameter], table: ParameterTable, group: int
) -> str:
    fixed = next((p for p in arrows if not p.free and p.value), None)
    if fixed is not None:
        return f"{fixed.lhs} {fixed.op} {fixed.value:g}*{fixed.rhs}"
    variance = next((p for p in own if p.op == "~~" and p.lhs == p.rhs == name), None)
    if variance is not None and not variance.free and variance.value:
        return f"{name} ~~ {variance.value:g}*{name}"
    numbers = {p.free for p in arrows if p.free} | ({variance.free} if variance and variance.free else set())
    elsewhere = {p.free for p in table.parameters if p.group != group and p.free}
    if numbers & elsewhere:
        return "equal to another group's"
    labels = {p.label for p in (*arrows, *([variance] if variance else [])) if p.label}
    tied = [c.text for c in table.constraints if c.kind == "==" and labels & set(c.expression.names())]
    return tied[0] if tied else "none"


def _remark(
    loadings: list[Parameter],
    effects: list[Parameter],
    formed: list[Parameter],
    own: tuple[Parameter, ...],
) -> str:
    if formed and len(loadings) + len(effects) < 2:
        return "formed by its indicators: affects fewer than two variables, so its error variance must be 0"
    if formed:
        return "formed by its indicators"
    if len(loadings) >= 3:
        return ""
    if len(loadings) == 2:
        return "two indicators: needs a third, or another variable that it covaries with"
    if len(loadings) == 1:
        error = next(p for p in own if p.op == "~~" and p.lhs == p.rhs == loadings[0].rhs)
        return (
            "one indicator: its error variance must be fixed"
            if error.free
            else f"one indicator, error variance fixed at {error.value:g}"
        )
    return "no indicator"
