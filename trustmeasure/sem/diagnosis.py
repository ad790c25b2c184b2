"""What a reader must be told of a fit: why it failed, or what to know before using it."""

from __future__ import annotations

import warnings as _warnings
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from trustmeasure.errors import DataWarning, InadmissibleWarning, ListwiseWarning, TrustMeasureWarning
from trustmeasure.sem.admissible import inadmissible
from trustmeasure.sem.constraints import Limits, allowed
from trustmeasure.sem.design import cluster_notes
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.inference import local_rank, names_of
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.runaway import cause_of


def listed(names: Sequence[str], most: int = 12) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def why_not(result: SemResult) -> str:
    """Return the cause and the remedy of a fit that did not converge."""
    if not np.isfinite(result.discrepancy):
        return (
            "No convergence: the starting values imply a covariance matrix that is not positive definite. "
            "Give starting values with start(), or check fixed values in the model."
        )
    limits = Limits.of(result.model)
    violated = limits.violated(result.theta)
    if violated:
        return (
            f"No convergence: no parameters were found that satisfy {listed(violated)} and that the model "
            "can have. Check the constraints against each other, or give starting values with start() that "
            "satisfy them."
        )
    gradient = allowed(result.gradient, result.restrictions)
    steepest = int(np.argmax(np.abs(gradient)))
    usual = (
        f"Usual causes: too few rows ({result.n_obs}), a model far from the data, or a parameter that "
        "the data hardly inform. Simplify the model or give starting values with start()."
    )
    cause = cause_of(result)
    return (
        f"No convergence after {result.iterations} steps: F = {result.discrepancy:.6g}, largest gradient "
        f"{gradient[steepest]:.3g} at {result.model.free_names[steepest]}. "
        f"{f'The cause: {cause}' if cause else usual} The error carries the values reached as `partial`."
    )


def warnings_of(result: SemResult) -> list[str]:
    """Return everything a reader should know before using the numbers."""
    return [
        *result.model.notes,
        *data_notes(result),
        *_left_out(result),
        *_uncertain(result),
        *_inadmissible(result),
    ]


def _left_out(result: SemResult) -> list[str]:
    """Return how many rows were left out for missing values, and why."""
    if not result.n_dropped:
        return []
    if result.missing == "fiml":
        return [
            f"{result.n_dropped} rows were left out: they have no answer to any model variable, or none to "
            "an exogenous variable that the model takes as given."
        ]
    if result.missing == "pairwise":
        return [
            f"{result.n_dropped} rows were left out: they have no answer to any explained variable of the "
            "model, or none to a covariate."
        ]
    total = result.n_obs + result.n_dropped
    return [
        f"{result.n_dropped} of {total} rows ({100 * result.n_dropped / total:.1f} %) have a missing "
        "value in a model variable and were left out (listwise). The results describe the complete rows."
    ]


def _uncertain(result: SemResult) -> list[str]:
    """Return why standard errors and tests are not there, or not to be trusted."""
    found = []
    if result.n_obs < result.npar:
        found.append(
            f"{result.n_obs} rows for {result.npar} free parameters: standard errors and tests, which hold "
            "for large samples, are not to be trusted."
        )
    if result.options.discrepancy in {"ULS", "DWLS"} and result.options.se == "standard":
        better = "ULSMV" if result.options.discrepancy == "ULS" else "WLSMV"
        found.append(
            f"Plain standard errors and the plain test of {result.estimator} hold only if its weights were "
            f"the true ones, which they are not. Use estimator='{better}' for robust ones."
        )
    found += _at_limits(Limits.of(result.model), result)
    if result.theta_cov is None and result.npar and result.options.se != "none":
        rank = local_rank([g.ram for g in result.groups], result.theta, result.restrictions)
        names = names_of(result.model, rank.parameters)
        found.append(
            "No standard errors: the information matrix is singular at the solution, so the data do not "
            f"determine {listed(names) or 'all parameters'}."
        )
    return found


def _inadmissible(result: SemResult) -> list[str]:
    """Return values that cannot be, group by group."""
    found: list[str] = []
    for group in result.groups:
        found += inadmissible(partial(_rows, result, group), group.ram, result.theta, group.label)
    return found


def data_notes(result: SemResult) -> list[str]:
    """Return what a reader must know of published moments, of weights and of clusters."""
    found = list(dict.fromkeys(note for group in result.groups for note in group.moments.notes))
    designs = [g.moments.design for g in result.groups if g.moments.design is not None]
    n_zero = sum(d.n_zero for d in designs)
    if n_zero:
        found.append(f"{n_zero} rows have weight zero: they do not count.")
    if result.n_clusters is not None:
        found += cluster_notes(result.n_clusters, result.n_obs, result.npar)
    return found


def _rows(result: SemResult, group: GroupResult) -> pd.DataFrame:
    return result.parameters[result.parameters.group == group.number]


def _at_limits(limits: Limits, result: SemResult) -> list[str]:
    """Return what to know of inequalities that hold the estimates back."""
    active = limits.active(result.theta)
    tight = [text for text, flag in zip(limits.inequality_texts, active, strict=True) if flag]
    if not tight:
        return []
    size = len(limits.unequal)
    errors = (
        "standard errors treat them as equalities" if any(active[:size]) else "standard errors ignore them"
    )
    if any(active[:size]) and any(active[size:]):
        errors = "standard errors treat constraints as equalities and ignore bounds"
    return [
        f"On the boundary: {listed(tight)}. Degrees of freedom do not count what holds by an inequality, "
        f"{errors}, and the chi-square is not exactly chi-square distributed there."
    ]


def say(result: SemResult) -> None:
    """Tell warnings aloud once, besides keeping them in the result."""
    for message, kind in kinds_of_warnings(result).items():
        _warnings.warn(message, kind, stacklevel=3)


def kinds_of_warnings(result: SemResult) -> dict[str, type[TrustMeasureWarning]]:
    """Return the kind of warning that each message of a result is."""
    kinds: dict[str, type[TrustMeasureWarning]] = dict.fromkeys(data_notes(result), DataWarning)
    kinds |= dict.fromkeys(_left_out(result), ListwiseWarning)
    if result.warnings:
        kinds |= dict.fromkeys(_inadmissible(result), InadmissibleWarning)
    return {message: kinds.get(message, TrustMeasureWarning) for message in result.warnings}
