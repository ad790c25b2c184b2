"""A model as text for R's lavaan, with everything written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trustmeasure.sem.exports import (
    Export,
    Source,
    number,
    relations,
    renames,
    unset_covariances,
    used_names,
    written,
)
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.result import SemResult

RESERVED = (
    *("if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE", "NULL", "NA"),
    *("Inf", "NaN", "in", "c", "start", "equal", "label", "lower", "upper", "efa", "prior", "rv"),
    *("level", "group", "block", "class"),
)


def to_lavaan(model: str | ParameterTable | SemResult, *, data: str = "data", group: str = "group") -> Export:
    """Write a model as text that lavaan fits to the same estimates.

    Parameters
    ----------
    model : str, ParameterTable or SemResult
        A model text, a parsed model (for `std_lv`, groups and other options), or a fit.
    data : str
        Name of the data frame in R, for the call.
    group : str
        Name of the grouping column, for the call.

    Returns
    -------
    Export
        Every parameter is written out: `sem(model, ...)` with the arguments of `call` adds none of its own.
        Names that R does not allow, or that are not in the Latin alphabet, are replaced (`names`, `renamed`).

    Raises
    ------
    ModelSyntaxError
        If the text is no model.
    ArgumentError
        If `model` is something else.

    Notes
    -----
    Checked against: lavaan 0.6-14, which fits the written texts to our chi-squares,
    `tests/reference/sem_exports`.

    Examples
    --------
    >>> export = to_lavaan("trust =~ x1 + x2 + x3")
    >>> print(export.text)
    trust =~ 1*x1 + x2 + x3
    x1 ~~ x1
    x2 ~~ x2
    x3 ~~ x3
    trust ~~ trust
    >>> export.call
    'sem(model, data = data, estimator = "ML", meanstructure = FALSE, fixed.x = TRUE)'
    """
    source = Source.of(model)
    table = source.table
    allowed = "A-Za-z0-9._"
    variables = (*table.observed, *table.latent)
    names = renames(variables, allowed=allowed, prefix="v", reserved=RESERVED)
    labels = renames(
        [*used_names(table), *_without_label(table)],
        allowed=allowed,
        prefix="p",
        reserved=(*RESERVED, *names.values()),
    )
    lines = _relations(table, names, labels)
    lines += [f"{names[a]} ~~ {_each('0', table)}*{names[b]}" for a, b in unset_covariances(table)]
    lines += [f"{labels[d.name]} := {written(d.expression, labels)}" for d in table.definitions]
    for constraint in table.constraints:
        sign = "==" if constraint.kind == "==" else ">"
        lines.append(f"{written(constraint.expression, labels)} {sign} 0")
    export = Export("\n".join(lines), _call(source, data, group, names), names, labels)
    if not export.renamed:
        return export
    changes = ", ".join(f"{theirs} = {ours}" for ours, theirs in export.renamed.items())
    return Export(export.text, export.call, names, labels, (f"Renamed for R: {changes}.",))


def _relations(table: ParameterTable, names: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Return the lines of all relations; terms of one latent variable or outcome stand on one line."""
    first: dict[str, str] = {}
    for lhs, op, rhs in relations(table):
        if op == "=~":
            first.setdefault(lhs, rhs)
    lines: dict[tuple[str, str, str], list[str]] = {}
    for (lhs, op, rhs), rows in relations(table).items():
        variable = "1" if op == "~1" else rhs if op == "|" else names[rhs]
        unit = op == "=~" and first[lhs] == rhs
        terms = [f"{m}*{variable}" for m in _modifiers(rows, labels, unit=unit)] or [variable]
        sign = "~" if op == "~1" else op
        apart = rhs if op == "~~" else op  # variances, scales and intercepts have lines of their own
        lines.setdefault((f"{names[lhs]} {sign}", op, apart), []).extend(terms)
    return [f"{start} {' + '.join(terms)}" for (start, _, _), terms in lines.items()]


def _modifiers(rows: Sequence[Parameter], labels: Mapping[str, str], *, unit: bool) -> list[str]:
    """Return what stands before the variable: values, labels, starts and bounds, for each group."""
    found = []
    fixed = [not r.free for r in rows]
    if any(fixed) or unit:
        found.append(_joined(["NA" if r.free else number(r.value) for r in rows]))
    if any(r.label for r in rows):
        quoted = [labels[r.label or _own_name(r)] for r in rows]
        found.append(quoted[0] if len(rows) == 1 else _joined([f'"{q}"' for q in quoted]))
    starts = ["NA" if np.isnan(r.start) or not r.free else number(r.start) for r in rows]
    if any(s != "NA" for s in starts):
        found.append(f"start({_joined(starts)})")
    for side, end in (("lower", -np.inf), ("upper", np.inf)):
        bounds = [getattr(r, side) for r in rows]
        if any(bound != end for bound in bounds):
            found.append(f"{side}({_joined([_bound(bound) for bound in bounds])})")
    return found


def _own_name(row: Parameter) -> str:
    return f"{row.name}.g{row.group}"


def _without_label(table: ParameterTable) -> list[str]:
    """Return names for parameters without a label whose relation has one in another group."""
    mixed = [rows for rows in relations(table).values() if any(r.label for r in rows)]
    return [_own_name(row) for rows in mixed for row in rows if not row.label]


def _bound(value: float) -> str:
    return number(value) if np.isfinite(value) else ("Inf" if value > 0 else "-Inf")


def _joined(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"c({', '.join(values)})"


def _each(value: str, table: ParameterTable) -> str:
    return _joined([value] * table.n_groups)


def _call(source: Source, data: str, group: str, names: Mapping[str, str]) -> str:
    table = source.table
    fixed = bool(table.exogenous) or not table.covariates
    arguments = [
        f"data = {data}",
        f'estimator = "{source.estimator}"',
        f"meanstructure = {str(table.meanstructure).upper()}",
        f"fixed.x = {str(fixed).upper()}",
    ]
    if table.ordered:
        named = ", ".join(f'"{names[name]}"' for name in table.ordered)
        arguments += [f"ordered = c({named})", f'parameterization = "{table.parameterization}"']
        arguments += [] if fixed else ["conditional.x = FALSE"]
    if source.missing != "listwise":
        arguments.append(f'missing = "{source.missing}"')
    if table.n_groups > 1:
        arguments.append(f'group = "{group}"')
    return f"sem(model, {', '.join(arguments)})"
