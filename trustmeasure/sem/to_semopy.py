"""A model as text for semopy, with everything written out."""

from __future__ import annotations

import keyword
from collections.abc import Mapping

import numpy as np

from trustmeasure.errors import ArgumentError
from trustmeasure.sem.exports import (
    Export,
    Source,
    latent_measures,
    number,
    renames,
    unset_covariances,
    written,
)
from trustmeasure.sem.expressions import Node
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.result import SemResult

FUNCTIONS = {name: name for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh")} | {"abs": "Abs"}
SYMPY = ("beta", "gamma", "zeta", "pi", "re", "im", "sign", "Abs", "START", "BOUND", "CONSTRAINT", "DEFINE")
"""Names that mean something in semopy's constraints, besides those of one letter."""


def to_semopy(model: str | ParameterTable | SemResult, *, definitions: bool = True) -> Export:
    """Write a model as text that semopy fits to the same maximum-likelihood estimates.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        A model text, a parsed model (for `std_lv` and other options), or a fit.
    definitions : bool
        False leaves out the `:=` lines, which semopy does not have; otherwise they are refused.

    Returns
    -------
    Export
        Every parameter has a label or a value, so that `semopy.Model(text).fit(data)` adds none of its own.

    Raises
    ------
    ArgumentError
        For what semopy cannot express: ordered variables, groups, means, `:=` lines, another
        estimator, incomplete rows.

    Notes
    -----
    semopy looks for starting values without end when a latent variable has no fixed loading; the text then
    gives them. Checked against: semopy 2.3, which fits the texts to our estimates.

    Examples
    --------
    >>> print(to_semopy("trust =~ x1 + a*x2 + x3").text)
    trust =~ 1*x1
    trust =~ a*x2
    trust =~ q2*x3
    x1 ~~ q3*x1
    x2 ~~ q4*x2
    x3 ~~ q5*x3
    trust ~~ q6*trust
    """
    source = Source.of(model)
    table = source.table
    _refuse(source, definitions)
    names = renames(
        [*table.observed, *table.latent], allowed="A-Za-z0-9_", prefix="v", reserved=(*keyword.kwlist, *SYMPY)
    )
    given = {p.free: p.label for p in table.parameters if p.free and p.label}
    own = {n: given.get(n, f"q{n}") for n in range(1, table.n_free + 1)}
    reserved = (*keyword.kwlist, *SYMPY, *"SNEIOQC", *names.values())
    labels = renames(own.values(), allowed="A-Za-z0-9_", prefix="q", reserved=reserved)
    by_number = {n: labels[label] for n, label in own.items()}
    rows = [row for row in latent_measures(table) if not row.exogenous]
    lines = [_line(row, names, by_number) for row in rows]
    lines += [f"{names[a]} ~~ 0*{names[b]}" for a, b in unset_covariances(table)]
    lines += _starts(rows, by_number) + _limits(table, rows, labels, by_number)
    kept = {ours: labels[ours] for ours in given.values()}
    renamed = [f"{theirs} = {ours}" for ours, theirs in names.items() if ours != theirs]
    notes = (f"Renamed for semopy: {', '.join(renamed)}.",) if renamed else ()
    return Export("\n".join(lines), "semopy.Model(text).fit(data)", names, kept, notes)


def _refuse(source: Source, definitions: bool) -> None:
    """Raise for what semopy cannot express, by name."""
    table = source.table
    if table.ordered:
        raise ArgumentError(
            "semopy has no thresholds and scales: a model with ordered variables cannot be written for it. "
            "Use to_lavaan or to_mplus."
        )
    if table.n_groups > 1:
        raise ArgumentError(
            "semopy fits each group apart: a model of several groups cannot be written for it."
        )
    if table.meanstructure:
        raise ArgumentError(
            "semopy's Model has no means. Leave out the intercepts (`~ 1`), meanstructure and missing='fiml'."
        )
    if source.estimator != "ML":
        raise ArgumentError(f"semopy has no estimator='{source.estimator}'. Fit with estimator='ML'.")
    if table.definitions and definitions:
        listed = ", ".join(d.name for d in table.definitions)
        raise ArgumentError(
            f"semopy has no defined parameters (`:=`): {listed}. Say definitions=False to leave them out."
        )


def _line(row: Parameter, names: Mapping[str, str], labels: Mapping[int, str]) -> str:
    sign = "~" if row.op == "<~" else row.op
    modifier = labels[row.free] if row.free else number(row.value)
    return f"{names[row.lhs]} {sign} {modifier}*{names[row.rhs]}"


def _starts(rows: list[Parameter], labels: Mapping[int, str]) -> list[str]:
    """Return the user's starting values, and 1 for the loadings of latent variables without a fixed one."""
    scaled = {r.lhs for r in rows if r.op == "=~" and not r.free}
    found: dict[str, float] = {}
    for row in (r for r in rows if r.free):
        if not np.isnan(row.start):
            found[labels[row.free]] = row.start
        elif row.op == "=~" and row.lhs not in scaled:
            found.setdefault(labels[row.free], 1.0)
    return [f"START({number(value)}) {label}" for label, value in found.items()]


def _limits(
    table: ParameterTable, rows: list[Parameter], labels: Mapping[str, str], by_number: Mapping[int, str]
) -> list[str]:
    """Return bounds and constraints."""
    bounded = {r.free: r for r in rows if r.free and (np.isfinite(r.lower) or np.isfinite(r.upper))}
    lines = [f"BOUND({r.lower}, {r.upper}) {by_number[n]}" for n, r in bounded.items()]
    fixed = {r.label: number(r.value) for r in rows if r.label and not r.free}
    known = dict(labels) | fixed
    trees = {d.name: d.expression for d in table.definitions}
    for constraint in table.constraints:
        tree = _unfolded(constraint.expression, trees)
        if set(tree.names()) <= fixed.keys():
            continue
        text = written(tree, known, power="**", functions=FUNCTIONS, program="semopy")
        sign = "=" if constraint.kind == "==" else ">"
        lines.append(f"CONSTRAINT({text} {sign} 0)")
    return lines


def _unfolded(node: Node, trees: Mapping[str, Node]) -> Node:
    """Return an expression in which names of defined parameters are what they stand for."""
    if node.kind == "name" and str(node.value) in trees:
        return _unfolded(trees[str(node.value)], trees)
    return Node(node.kind, node.value, tuple(_unfolded(child, trees) for child in node.children))
