"""Model text and options -> parameter table.

The defaults (`defaults.py`) and the meaning of `group_equal` (`equality.py`) are those of lavaan's `sem()`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trustmeasure.check import suggestion
from trustmeasure.errors import ModelSyntaxError
from trustmeasure.sem.contradictions import refuse_impossible
from trustmeasure.sem.defaults import group_rows, notes, roles_of
from trustmeasure.sem.equality import set_equal
from trustmeasure.sem.modifiers import PLAIN
from trustmeasure.sem.parameters import DELTA, Parameter, ParameterTable, numbered
from trustmeasure.sem.syntax import ModelText, Term, parse
from trustmeasure.sem.thresholds import check_ordered_terms, ordered_notes, ordered_of


def parse_model(
    text: str,
    *,
    std_lv: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
    n_groups: int = 1,
    group_equal: Sequence[str] = (),
    group_partial: Sequence[str] = (),
    ordered: Mapping[str, int] | None = None,
    parameterization: str = DELTA,
) -> ParameterTable:
    """Turn a model text into its parameter table.

    Parameters
    ----------
    text : str
        lavaan-style model text with `=~ <~ ~ ~~ ~1 | ~*~ := == < >`, modifiers and comments.
    std_lv : bool
        Fix the (residual) variance of every latent variable to 1 and free its first loading.
    meanstructure : bool or None
        Model the means. They always are when the text has an intercept or a variable is ordered; None also
        models them in several groups.
    fixed_x : bool
        Fix variances, covariances and means of exogenous observed variables at the sample's.
    n_groups : int
        Number of groups; the model holds in each, with parameters of its own.
    group_equal : sequence of str
        Kinds of parameters that are the same in all groups: "loadings", "intercepts", "thresholds", "means",
        "residuals", "residual_covariances", "lv_variances", "lv_covariances", "regressions",
        "composite_loadings".
    group_partial : sequence of str
        Relations that are left free all the same, such as "f =~ x2", "x2 ~ 1" or "x2 | t1".
    ordered : mapping of str to int, optional
        The number of thresholds (categories less one) of each ordered variable. The codes of an exogenous one
        are taken as numbers, unless the text has its variance or intercept.
    parameterization : {"delta", "theta"}
        Whether the response scales (`~*~`) of ordered variables are parameters, or their residual variances.

    Returns
    -------
    ParameterTable
        All parameters, the defaults included.

    Raises
    ------
    ModelSyntaxError
        With line, column, caret and remedy.
    ArgumentError
        For an unknown kind in `group_equal`, a relation in `group_partial` or a variable in `ordered` that
        the model does not have.

    Examples
    --------
    >>> parse_model("trust =~ x1 + x2 + x3").n_free
    6
    """
    if not isinstance(text, str):
        raise ModelSyntaxError(f"A model is a text, not a {type(text).__name__}.")
    model = parse(text)
    _check_groups(model, n_groups)
    means = n_groups > 1 if meanstructure is None else meanstructure
    roles = roles_of(model.terms)
    counts = ordered_of(ordered or {}, roles, fixed_x=fixed_x)
    check_ordered_terms(model, roles, counts, parameterization, n_groups)
    means = bool(means or counts or any(t.op == "~1" for t in model.terms))
    how = {"means": means, "std_lv": std_lv, "fixed_x": fixed_x}
    rows = [row for g in range(n_groups) for row in group_rows(model.terms, roles, g, ordered=counts, **how)]
    rows = _same_as_named(model, rows)
    rows = set_equal(
        *(rows, roles, group_equal, group_partial),
        std_lv=std_lv,
        ordered=counts,
        parameterization=parameterization,
    )
    rows = numbered(rows)
    known = _check_definitions(model, rows)
    _check_constraints(model, known)
    table = ParameterTable(
        parameters=tuple(rows),
        observed=roles.observed,
        latent=roles.latent,
        covariates=roles.exogenous,
        exogenous=roles.exogenous if fixed_x else (),
        definitions=model.definitions,
        meanstructure=means,
        n_groups=n_groups,
        notes=(*notes(roles, fixed_x), *ordered_notes(ordered or {}, counts)),
        text=text,
        constraints=model.constraints,
        ordered=tuple(counts),
        n_thresholds=tuple(counts.values()),
        parameterization=parameterization,
    )
    refuse_impossible(table, model.source)
    return table


def observed_names(text: str) -> tuple[str, ...]:
    """Return the observed variables of a model text, in the order of the parameter table."""
    return roles_of(parse(text).terms).observed


def endogenous(text: str) -> tuple[str, ...]:
    """Return the observed variables of a model text that are explained: those that `ordered=True` means.

    Parameters
    ----------
    text : str
        The model.

    Returns
    -------
    tuple of str
        All but exogenous ones whose moments are taken as given.

    Raises
    ------
    ModelSyntaxError
        If the text is no model.

    Examples
    --------
    >>> endogenous("trust =~ x1 + x2 + x3; trust ~ age")
    ('x1', 'x2', 'x3')
    """
    roles = roles_of(parse(text).terms)
    return tuple(name for name in roles.observed if name not in roles.exogenous)


def _check_groups(model: ModelText, n_groups: int) -> None:
    for term in model.terms:
        if len(term.modifiers) not in {1, n_groups}:
            have = f"{n_groups} group{'s' if n_groups > 1 else ''}"
            raise model.source.error(
                f"c(...) gives {len(term.modifiers)} values, but the model has {have}.", term.token
            )


def _same_as_named(model: ModelText, rows: list[Parameter]) -> list[Parameter]:
    """Return rows in which each `equal("relation")` is the parameter that it names."""
    rows = list(rows)
    for term in (t for t in model.terms if t.modifiers is not PLAIN and any(m.equal for m in t.modifiers)):
        for i, row in enumerate(rows):
            if (row.lhs, row.op, row.rhs) == (term.lhs, term.op, term.rhs):
                relation = term.modifier(row.group - 1).equal
                if relation:
                    _share(model, rows, i, _named_row(model, rows, relation, term), term)
    return rows


def _named_row(model: ModelText, rows: Sequence[Parameter], relation: str, term: Term) -> int:
    known: dict[str, int] = {}
    for i, row in enumerate(rows):
        turned = [f"{row.rhs}~~{row.lhs}"] if row.op == "~~" else []
        for name in (row.name, *turned):
            known.setdefault(f"{name}.g{row.group}" if row.group > 1 else name, i)
    if relation not in known:
        hint = suggestion(relation, list(known))
        raise model.source.error(f'equal("{relation}") names no relation of the model. {hint}', term.token)
    return known[relation]


def _share(model: ModelText, rows: list[Parameter], own: int, other: int, term: Term) -> None:
    """Make row `own` the same parameter as row `other`."""
    row, target = rows[own], rows[other]
    if own == other:
        raise model.source.error("A parameter cannot be equal(...) to itself.", term.token)
    if row.label and target.label and row.label != target.label:
        raise model.source.error(
            f"The parameter has the label '{row.label}', but equal(...) names one with the label "
            f"'{target.label}'. Leave one out.",
            term.token,
        )
    name = target.name if target.group == 1 else f"{target.name}.g{target.group}"
    label = target.label or row.label or name
    rows[own] = row._replace(free=target.free, value=target.value, label=label)
    rows[other] = target._replace(label=label)


def _check_definitions(model: ModelText, rows: Sequence[Parameter]) -> list[str]:
    """Return all labels and defined names; raise for a definition that uses what stands nowhere above it."""
    known = list(dict.fromkeys(r.label for r in rows if r.label))
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
    return known


def _check_constraints(model: ModelText, known: Sequence[str]) -> None:
    for constraint in model.constraints:
        for name in constraint.expression.names():
            if name not in known:
                raise model.source.error(
                    f"'{name}' in the constraint '{constraint.text}' is not a parameter label. "
                    f"{suggestion(name, list(known))}",
                    constraint.token,
                )
