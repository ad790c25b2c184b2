"""Thresholds (`|`) and response scales (`~*~`) of ordered variables: what a model text may say of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trustmeasure.check import at_least, one_of, suggestion
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.defaults import Roles
from trustmeasure.sem.parameters import DELTA, PARAMETERIZATIONS
from trustmeasure.sem.syntax import ModelText, Term, parse
from trustmeasure.sem.tokens import Source

_NAME = re.compile(r"t([1-9]\d*)")


def ordered_of(given: Mapping[str, int], roles: Roles, *, fixed_x: bool) -> dict[str, int]:
    """Return the number of thresholds of each ordered variable that is explained, in the order of the model.

    An exogenous variable whose moments are fixed is not: as in lavaan, its codes are taken as numbers.

    Raises
    ------
    ArgumentError
        For a name that is no observed variable of the model, and for what is no whole number from 1.
    """
    for name, count in given.items():
        if name not in roles.observed:
            raise ArgumentError(
                f"ordered: '{name}' is no observed variable of the model. "
                f"{suggestion(name, list(roles.observed))}"
            )
        at_least(f"ordered[{name!r}]", count, 1)
    outer = roles.exogenous if fixed_x else ()
    return {name: int(given[name]) for name in roles.observed if name in given and name not in outer}


def thresholds_named(text: str) -> dict[str, int]:
    """Return the variables that a model text gives thresholds, and the highest number of one.

    Examples
    --------
    >>> thresholds_named("f =~ 0.8*a + 0.7*b; a | -1*t1 + 0.5*t2")
    {'a': 2}
    """
    found: dict[str, int] = {}
    for term in parse(text).terms:
        name = _NAME.fullmatch(term.rhs) if term.op == "|" else None
        if name is not None:
            found[term.lhs] = max(found.get(term.lhs, 0), int(name[1]))
    return found


def ordered_notes(given: Mapping[str, int], ordered: Mapping[str, int]) -> tuple[str, ...]:
    """Return what a reader should know about variables that are called ordered but only predict."""
    outer = [name for name in given if name not in ordered]
    if not outer:
        return ()
    first = outer[0]
    return (
        f"The codes of the exogenous ordered variable(s) {', '.join(outer)} are taken as numbers. Write "
        f"variances in the model, such as '{first} ~~ 1*{first}', to model them as ordered too.",
    )


def check_ordered_terms(
    model: ModelText, roles: Roles, ordered: Mapping[str, int], parameterization: str, n_groups: int
) -> None:
    """Raise for what a text cannot say of ordered variables, with its place.

    Raises
    ------
    ModelSyntaxError
        For thresholds and scales of a variable that is not ordered, a threshold that there is not, fixed
        thresholds that do not increase, and scales that the parameterisation computes.
    ArgumentError
        For an unknown parameterisation.
    """
    one_of("parameterization", parameterization, list(PARAMETERIZATIONS))
    for term in model.terms:
        if term.op == "|":
            _check_threshold(model.source, term, roles, ordered)
        elif term.op == "~*~":
            _check_scale(model.source, term, roles, ordered)
        if term.lhs in ordered:
            _refuse_computed(model.source, term, parameterization)
    for name in ordered:
        for group in range(n_groups):
            _check_increasing(model, name, group)


def _check_threshold(source: Source, term: Term, roles: Roles, ordered: Mapping[str, int]) -> None:
    _require_ordered(source, term, roles, ordered, "thresholds")
    found = _NAME.fullmatch(term.rhs)
    count = ordered[term.lhs]
    last = "t1" if count == 1 else f"t1 to t{count}"
    if found is None:
        raise source.error(
            f"'{term.rhs}' is no threshold. Those of '{term.lhs}' are called {last}.", term.token
        )
    if int(found[1]) > count:
        raise source.error(
            f"'{term.lhs}' has {count + 1} categories, so its threshold{'s are' if count > 1 else ' is'} "
            f"{last}; there is no {term.rhs}.",
            term.token,
        )


def _check_scale(source: Source, term: Term, roles: Roles, ordered: Mapping[str, int]) -> None:
    if term.lhs != term.rhs:
        raise source.error(
            f"A response scale belongs to one variable: write '{term.lhs} ~*~ {term.lhs}'.", term.token
        )
    _require_ordered(source, term, roles, ordered, "response scale")


def _require_ordered(source: Source, term: Term, roles: Roles, ordered: Mapping[str, int], what: str) -> None:
    if term.lhs in ordered:
        return
    if term.lhs in roles.latent:
        raise source.error(f"'{term.lhs}' is a latent variable, which has no {what}.", term.token)
    if term.lhs in roles.exogenous:
        raise source.error(
            f"'{term.lhs}' is an exogenous variable, whose codes are taken as numbers, so it has no {what}. "
            f"Add '{term.lhs} ~~ 1*{term.lhs}' to model it as ordered, or leave this out.",
            term.token,
        )
    raise source.error(
        f"'{term.lhs}' is not an ordered variable, so it has no {what}. Name it in ordered=, or leave this "
        "out.",
        term.token,
    )


def _refuse_computed(source: Source, term: Term, parameterization: str) -> None:
    """Raise for the scale (theta) or residual variance (delta) of an ordered variable other than 1."""
    computed = "~~" if parameterization == DELTA else "~*~"
    if term.op != computed or term.lhs != term.rhs or all(m.fixed == 1.0 for m in term.modifiers):
        return
    if parameterization == DELTA:
        raise source.error(
            f"With parameterization='delta' the residual variance of the ordered variable '{term.lhs}' "
            f"follows from its scale and is no parameter. Leave it out, write '{term.lhs} ~*~ {term.lhs}', "
            "or use parameterization='theta'.",
            term.token,
        )
    raise source.error(
        f"With parameterization='theta' the scale of '{term.lhs}' follows from its residual variance and is "
        f"no parameter. Leave it out, write '{term.lhs} ~~ {term.lhs}', or use parameterization='delta'.",
        term.token,
    )


def _check_increasing(model: ModelText, name: str, group: int) -> None:
    """Raise for a threshold whose value, fixed or to start from, is not above that of a lower one."""
    terms = [t for t in model.terms if t.op == "|" and t.lhs == name]
    below: tuple[str, float] | None = None
    for term in sorted(terms, key=lambda t: int(t.rhs[1:])):
        m = term.modifier(group)
        value = m.start if m.fixed is None else m.fixed
        if value is None:
            continue
        if below is not None and value <= below[1]:
            where = f" in group {group + 1}" if len(term.modifiers) > 1 else ""
            raise model.source.error(
                f"Thresholds increase, but {term.rhs} of '{name}' ({value:g}) is not above {below[0]} "
                f"({below[1]:g}){where}.",
                term.token,
            )
        below = (term.rhs, value)
