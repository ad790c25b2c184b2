"""Model text and options -> parameter table.

The defaults (`defaults.py`) and the meaning of `group_equal` (`equality.py`) are those of lavaan's `sem()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trustmeasure.check import suggestion
from trustmeasure.errors import ModelSyntaxError
from trustmeasure.sem.defaults import group_rows, notes, roles_of
from trustmeasure.sem.equality import set_equal
from trustmeasure.sem.parameters import Parameter, ParameterTable
from trustmeasure.sem.syntax import ModelText, parse


def parse_model(
    text: str,
    *,
    std_lv: bool = False,
    meanstructure: bool | None = None,
    fixed_x: bool = True,
    n_groups: int = 1,
    group_equal: Sequence[str] = (),
    group_partial: Sequence[str] = (),
) -> ParameterTable:
    """Turn a model text into its parameter table.

    Parameters
    ----------
    text : str
        lavaan-style model text with `=~ ~ ~~ ~1 :=`, modifiers and comments.
    std_lv : bool
        Fix the (residual) variance of every latent variable to 1 and free its first loading.
    meanstructure : bool or None
        Model the means. They always are when the text has an intercept; None also models them in several
        groups.
    fixed_x : bool
        Fix variances, covariances and means of exogenous observed variables at the sample's.
    n_groups : int
        Number of groups; the model holds in each, with parameters of its own.
    group_equal : sequence of str
        Kinds of parameters that are the same in all groups: "loadings", "intercepts", "means", "residuals",
        "residual_covariances", "lv_variances", "lv_covariances", "regressions".
    group_partial : sequence of str
        Relations that are left free all the same, such as "f =~ x2" or "x2 ~ 1".

    Returns
    -------
    ParameterTable
        All parameters, the defaults included.

    Raises
    ------
    ModelSyntaxError
        With line, column, caret and remedy.
    ArgumentError
        For an unknown kind in `group_equal`, or a relation in `group_partial` that the model does not have.

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
    means = means or any(t.op == "~1" for t in model.terms)
    roles = roles_of(model.terms)
    rows = [
        replace(row, group=g + 1)
        for g in range(n_groups)
        for row in group_rows(model.terms, roles, g, means=means, std_lv=std_lv, fixed_x=fixed_x)
    ]
    rows = set_equal(rows, roles, group_equal, group_partial, std_lv=std_lv)
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
        n_groups=n_groups,
        notes=notes(roles, fixed_x),
        text=text,
    )


def _check_groups(model: ModelText, n_groups: int) -> None:
    for term in model.terms:
        if len(term.modifiers) not in {1, n_groups}:
            have = f"{n_groups} group{'s' if n_groups > 1 else ''}"
            raise model.source.error(
                f"c(...) gives {len(term.modifiers)} values, but the model has {have}.", term.token
            )


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
