"""The parameter table: one row a parameter, with everything the defaults add.

The defaults are those of lavaan's `sem()`: first loading 1 (or `std_lv`), residual variances, covariances
of exogenous latent variables and of end-of-chain outcomes, exogenous observed variables fixed at their
sample moments (`fixed_x`), observed intercepts free when there is a mean structure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ModelSyntaxError
from trustmeasure.sem.syntax import Definition, ModelText, Modifier, Term, parse

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table.

    Attributes
    ----------
    lhs, op, rhs : str
        The relation; `rhs` is empty for an intercept (`~1`).
    free : int
        0 for a fixed parameter, otherwise the number (from 1) of the free value it takes; rows with the
        same label share one.
    label : str
        The user's label, or empty.
    value : float
        The fixed value; NaN for a free parameter and for one fixed at the sample's moment.
    start : float
        The user's starting value; NaN when none was given.
    exogenous : bool
        Fixed at the sample's moment because it belongs to an exogenous observed variable (`fixed_x`).
    user : bool
        Written in the model text, not added by a default.
    """

    lhs: str
    op: str
    rhs: str
    free: int = 0
    label: str = ""
    value: float = float("nan")
    start: float = float("nan")
    exogenous: bool = False
    user: bool = False

    @property
    def name(self) -> str:
        """Return the relation as written in a model text, such as `f=~x1`."""
        return f"{self.lhs}{self.op}{self.rhs}"


@dataclass(frozen=True, slots=True)
class ParameterTable:
    """A model: its parameters, its variables and its defined parameters.

    Attributes
    ----------
    parameters : tuple of Parameter
        User's rows first, in the order written, then what the defaults add.
    observed, latent : tuple of str
        Variable names in the order of their first appearance.
    covariates : tuple of str
        Exogenous observed variables, which the baseline model lets covary.
    exogenous : tuple of str
        Those of them whose moments are fixed at the sample's (all, or none without `fixed_x`).
    definitions : tuple of Definition
        The `:=` lines.
    meanstructure : bool
        Whether means are modelled.
    notes : tuple of str
        What a reader should know about how the text was understood.
    """

    parameters: tuple[Parameter, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    covariates: tuple[str, ...]
    exogenous: tuple[str, ...]
    definitions: tuple[Definition, ...]
    meanstructure: bool
    notes: tuple[str, ...] = ()
    text: str = field(default="", repr=False)

    @property
    def n_free(self) -> int:
        """Return the number of distinct free parameters."""
        return max((p.free for p in self.parameters), default=0)

    @property
    def free_names(self) -> tuple[str, ...]:
        """Return a name for each free parameter: its label, or its relation."""
        names = [""] * self.n_free
        for p in reversed(self.parameters):
            if p.free:
                names[p.free - 1] = p.label or p.name
        return tuple(names)

    def to_frame(self) -> pd.DataFrame:
        """Return the table: lhs op rhs group label free value start exogenous user."""
        rows = [
            (p.lhs, p.op, p.rhs, 1, p.label, p.free, p.value, p.start, p.exogenous, p.user)
            for p in self.parameters
        ]
        rows += [(d.name, ":=", d.text, 0, d.name, 0, np.nan, np.nan, False, True) for d in self.definitions]
        names = ["lhs", "op", "rhs", "group", "label", "free", "value", "start", "exogenous", "user"]
        return pd.DataFrame(rows, columns=names)

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False))


@dataclass(frozen=True, slots=True)
class _Roles:
    """Which part each variable plays in the terms."""

    latent: tuple[str, ...]
    observed: tuple[str, ...]
    indicators: frozenset[str]
    outcomes: frozenset[str]
    predictors: frozenset[str]
    exogenous: tuple[str, ...]
    random: tuple[str, ...]


def parse_model(
    text: str,
    *,
    std_lv: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
) -> ParameterTable:
    """Turn a model text into its parameter table.

    Parameters
    ----------
    text : str
        lavaan-style model text with `=~ ~ ~~ ~1 :=`, modifiers and comments.
    std_lv : bool
        Fix the (residual) variance of every latent variable to 1 and free its first loading.
    meanstructure : bool or None
        Model the means. They always are when the text has an intercept.
    fixed_x : bool
        Fix variances, covariances and means of exogenous observed variables at the sample's.

    Returns
    -------
    ParameterTable
        All parameters, the defaults included.

    Raises
    ------
    ModelSyntaxError
        With line, column, caret and remedy.

    Examples
    --------
    >>> parse_model("trust =~ x1 + x2 + x3").n_free
    6
    """
    if not isinstance(text, str):
        raise ModelSyntaxError(f"A model is a text, not a {type(text).__name__}.")
    model = parse(text)
    means = bool(meanstructure) or any(t.op == "~1" for t in model.terms)
    roles = _roles(model.terms)
    rows = _fix_scales([_user_row(t) for t in model.terms], std_lv)
    rows += _added(rows, roles, means, std_lv, fixed_x)
    rows = [_residual_of_single(r, rows, roles) for r in rows]
    numbered = _numbered(rows)
    _check_definitions(model, numbered)
    return ParameterTable(
        parameters=tuple(numbered),
        observed=roles.observed,
        latent=roles.latent,
        covariates=roles.exogenous,
        exogenous=roles.exogenous if fixed_x else (),
        definitions=model.definitions,
        meanstructure=means,
        notes=_notes(roles, fixed_x),
        text=text,
    )


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for n in names if n))


def _roles(terms: Sequence[Term]) -> _Roles:
    latent = _unique([t.lhs for t in terms if t.op == "=~"])
    indicators = _unique([t.rhs for t in terms if t.op == "=~"])
    outcomes = _unique([t.lhs for t in terms if t.op == "~"])
    predictors = _unique([t.rhs for t in terms if t.op == "~"])
    others = _unique([n for t in terms if t.op in {"~~", "~1"} for n in (t.lhs, t.rhs)])
    seen = _unique([*indicators, *outcomes, *predictors, *others])
    observed = tuple(n for n in seen if n not in latent)
    outer = [n for n in observed if n in predictors and n not in outcomes and n not in indicators]
    random = tuple(n for n in outer if n in others)
    return _Roles(
        latent=latent,
        observed=observed,
        indicators=frozenset(indicators),
        outcomes=frozenset(outcomes),
        predictors=frozenset(predictors),
        exogenous=tuple(n for n in outer if n not in random),
        random=random,
    )


def _notes(roles: _Roles, fixed_x: bool) -> tuple[str, ...]:
    if not (fixed_x and roles.random):
        return ()
    names = ", ".join(roles.random)
    return (
        f"The model text has a variance, covariance or intercept of the exogenous variable(s) {names}, "
        "which are therefore treated as random. Remove those terms to keep them fixed, or say fixed_x=False.",
    )


def _user_row(term: Term) -> Parameter:
    m: Modifier = term.modifier
    return Parameter(
        term.lhs,
        term.op,
        term.rhs,
        free=0 if m.fixed is not None else 1,
        label=m.label or "",
        value=np.nan if m.fixed is None else m.fixed,
        # A parameter that NA frees is marked with an infinite start until the scales are set.
        start=np.inf if m.free and m.start is None else (np.nan if m.start is None else m.start),
        user=True,
    )


def _fix_scales(rows: list[Parameter], std_lv: bool) -> list[Parameter]:
    """Give every latent variable its unit, loading or (`std_lv`) variance 1, unless the user says NA."""
    latent = {r.lhs for r in rows if r.op == "=~"}
    seen: set[str] = set()
    fixed: list[Parameter] = []
    for row in rows:
        first = row.op == "=~" and row.lhs not in seen
        seen.update({row.lhs} if row.op == "=~" else set())
        asked = np.isinf(row.start)
        new = replace(row, start=np.nan) if asked else row
        unit = first and not std_lv
        unit |= std_lv and row.op == "~~" and row.lhs == row.rhs and row.lhs in latent
        if unit and not asked and row.free:
            new = replace(new, free=0, value=1.0)
        fixed.append(new)
    by_label = {r.label: r.value for r in fixed if r.label and not r.free}
    return [
        replace(r, free=0, value=by_label[r.label]) if r.free and r.label in by_label else r for r in fixed
    ]


def _added(rows: list[Parameter], roles: _Roles, means: bool, std_lv: bool, fixed_x: bool) -> list[Parameter]:
    present = {_key(r) for r in rows}
    new: list[Parameter] = []
    for name in (*roles.observed, *roles.latent):
        if name not in roles.exogenous or not fixed_x:
            unit = std_lv and name in roles.latent
            new.append(
                Parameter(name, "~~", name, value=1.0) if unit else Parameter(name, "~~", name, free=1)
            )
    new += [Parameter(a, "~~", b, free=1) for a, b in _default_covariances(roles)]
    pairs = [*[(x, x) for x in roles.exogenous], *combinations(roles.exogenous, 2)]
    if fixed_x:
        new += [Parameter(a, "~~", b, exogenous=True) for a, b in pairs]
    else:
        new += [Parameter(a, "~~", b, free=1) for a, b in pairs if a != b]
    if means:
        new += [_default_mean(name, roles, fixed_x) for name in (*roles.observed, *roles.latent)]
    return [p for p in new if _key(p) not in present]


def _key(row: Parameter) -> Key:
    low, high = sorted((row.lhs, row.rhs))
    return (low, row.op, high) if row.op == "~~" else (row.lhs, row.op, row.rhs)


def _default_covariances(roles: _Roles) -> list[tuple[str, str]]:
    exogenous = [n for n in roles.latent if n not in roles.outcomes and n not in roles.indicators]
    ends = [
        n
        for n in (*roles.latent, *roles.observed)
        if n in roles.outcomes and n not in roles.predictors and n not in roles.indicators
    ]
    return [*combinations(exogenous, 2), *combinations(ends, 2)]


def _default_mean(name: str, roles: _Roles, fixed_x: bool) -> Parameter:
    if name in roles.latent:
        return Parameter(name, "~1", "", value=0.0)
    if fixed_x and name in roles.exogenous:
        return Parameter(name, "~1", "", exogenous=True)
    return Parameter(name, "~1", "", free=1)


def _residual_of_single(row: Parameter, rows: list[Parameter], roles: _Roles) -> Parameter:
    """Fix the residual variance of a latent variable's only indicator at 0."""
    if row.user or row.op != "~~" or row.lhs != row.rhs or row.lhs in roles.latent:
        return row
    owners = [r.lhs for r in rows if r.op == "=~" and r.rhs == row.lhs]
    alone = len(owners) == 1 and sum(r.op == "=~" and r.lhs == owners[0] for r in rows) == 1
    return replace(row, free=0, value=0.0) if alone else row


def _numbered(rows: list[Parameter]) -> list[Parameter]:
    by_label: dict[str, int] = {}
    numbered: list[Parameter] = []
    count = 0
    for row in rows:
        if not row.free:
            numbered.append(row)
            continue
        index = by_label.get(row.label) if row.label else None
        if index is None:
            count += 1
            index = count
        if row.label:
            by_label[row.label] = index
        numbered.append(replace(row, free=index))
    return numbered


def _check_definitions(model: ModelText, rows: Sequence[Parameter]) -> None:
    known = list(_unique([r.label for r in rows]))
    for definition in model.definitions:
        if definition.name in known:
            raise model.source.error(
                f"'{definition.name}' is already the name of a parameter. Choose another.", definition.token
            )
        for name in definition.expression.names():
            if name not in known:
                raise model.source.error(
                    f"'{name}' in the definition of '{definition.name}' is not a parameter label above it. "
                    f"{suggestion(name, known)}",
                    definition.token,
                )
        known.append(definition.name)
