"""A measurement model with factors of variance 1 that all correlate, made from any fit of the same items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import ArgumentError
from trustmeasure.sem import Parameter, ParameterTable, SemResult
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.parameters import numbered
from trustmeasure.sem.split import Sample

Array = npt.NDArray[np.float64]

FREE = 1
"""Marks a row as free; `numbered` gives it its number."""


def sample_of(result: SemResult) -> Sample:
    """Return what a fit rests on, ready to be fitted again."""
    found = result.sample or Sample(result.group_labels, tuple(g.moments for g in result.groups))
    if not result.options.unbiased or result.model.ordered:
        return found
    back = [replace(m, cov=m.cov * (m.n_obs - 1) / m.n_obs) for m in found.moments]
    return replace(found, moments=tuple(back))


def with_unit_factors(result: SemResult) -> tuple[SemResult, tuple[str, ...]]:
    """Return the measurement model of a fit with correlations of factors as parameters, and what was changed.

    Factors have variance 1 and all correlate; paths among them and factors of a higher order are left out.

    Raises
    ------
    ArgumentError
        If there are groups, variables that are no items, or restrictions that other units would change.
    """
    _refuse(result)
    model = result.model
    rows, notes = _rows(result)
    if model.parameters == tuple(rows):
        return result, ()
    table = replace(
        model,
        parameters=tuple(rows),
        latent=_first_order(model),
        definitions=(),
        constraints=(),
        covariates=(),
        exogenous=(),
        text="",
    )
    return fit_sample(table, sample_of(result), result.options, ci=result.ci), notes


def _refuse(result: SemResult) -> None:
    model = result.model
    if len(result.groups) > 1:
        raise ArgumentError(
            "The fit has groups, and correlations of factors are tested in one group at a time. Fit the rows "
            "of each group by themselves."
        )
    if result.engine != "trustmeasure":
        raise ArgumentError(f"The fit was made by {result.engine}. Use engine='trustmeasure'.")
    measured = {p.rhs for p in model.parameters if p.op == "=~"}
    others = [name for name in model.observed if name not in measured]
    if others:
        raise ArgumentError(
            f"{', '.join(others[:5])} measures no factor. Fit the measurement model alone (its =~ lines), or "
            "give the constructs with their items."
        )


def _first_order(model: ParameterTable) -> tuple[str, ...]:
    """Return the factors that have items."""
    with_items = {p.lhs for p in model.parameters if p.op == "=~" and p.rhs in model.observed}
    return tuple(name for name in model.latent if name in with_items)


def _rows(result: SemResult) -> tuple[list[Parameter], tuple[str, ...]]:
    model, factors = result.model, _first_order(result.model)
    notes = []
    if any(p.op in {"~", "<~"} for p in model.parameters) or len(factors) < len(model.latent):
        notes.append(
            "Paths among factors, and factors of a higher order, are left out; all others correlate."
        )
    if not notes and _unit_factors(model, factors):
        return list(model.parameters), ()
    _refuse_restrictions(model, factors)
    rows = [_unit_row(p) for p in model.parameters if _stays(p, model)]
    rows += [Parameter(f, "~~", f, value=1.0) for f in factors]
    rows += [Parameter(a, "~~", b, free=FREE) for i, a in enumerate(factors) for b in factors[i + 1 :]]
    return numbered(rows), tuple(notes)


def _unit_factors(model: ParameterTable, factors: Sequence[str]) -> bool:
    """Return whether all factors have variance 1 and all of them correlate freely."""
    fixed = {
        p.lhs for p in model.parameters if p.op == "~~" and p.lhs == p.rhs and not p.free and p.value == 1
    }
    pairs = {frozenset((p.lhs, p.rhs)) for p in model.parameters if p.op == "~~" and p.free and not p.label}
    wanted = {frozenset((a, b)) for i, a in enumerate(factors) for b in factors[i + 1 :]}
    return set(factors) <= fixed and wanted <= pairs


def _stays(row: Parameter, model: ParameterTable) -> bool:
    if row.op == "=~":
        return row.rhs in model.observed
    if row.op == "~~":
        return row.lhs in model.observed and row.rhs in model.observed
    return row.op not in {"~", "<~"}


def _unit_row(row: Parameter) -> Parameter:
    if row.op == "=~":
        return row._replace(free=FREE, value=float("nan"), start=float("nan"))
    return row


def _refuse_restrictions(model: ParameterTable, factors: Sequence[str]) -> None:
    labelled = [p.label for p in model.parameters if p.free and p.label and p.op != "~"]
    shared = sorted({label for label in labelled if labelled.count(label) > 1})
    fixed = {
        f: [p.rhs for p in model.parameters if p.op == "=~" and p.lhs == f and not p.free] for f in factors
    }
    several = [f for f, items in fixed.items() if len(items) > 1]
    means = [p.lhs for p in model.parameters if p.op == "~1" and p.lhs in model.latent and p.free]
    reason = (
        f"the constraint '{model.constraints[0].text}'" if model.constraints
        else f"the shared label '{shared[0]}'" if shared
        else f"several fixed loadings of '{several[0]}'" if several
        else f"a free mean of '{means[0]}'" if means
        else ""
    )  # fmt: skip
    if reason:
        raise ArgumentError(
            f"The model has {reason}, which means something else once factors have variance 1. Fit it with "
            "std_lv=True, so that nothing need be changed."
        )
