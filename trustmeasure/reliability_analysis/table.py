"""Reliability of every scale in one table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError, TrustMeasureError
from trustmeasure.reliability_analysis.alpha import alpha_of_moments, opposed_items
from trustmeasure.reliability_analysis.categorical import omega_of_categories
from trustmeasure.reliability_analysis.estimates import How
from trustmeasure.reliability_analysis.formulas import CLOSED_FORMS
from trustmeasure.reliability_analysis.items import MISSING, item_moments
from trustmeasure.reliability_analysis.omega import omega_and_model
from trustmeasure.reliability_analysis.table_extras import (
    columns_of,
    extras_of,
    of_covariances,
    of_higher_order,
    of_one_factor,
)
from trustmeasure.responses import Responses
from trustmeasure.responses.scales import Scale, scales_of

COLUMNS = (
    "construct",
    "label",
    "higher_order",
    "n_items",
    "n_obs",
    "n_complete",
    "mean",
    "sd",
    "alpha",
    "alpha_ci_lower",
    "alpha_ci_upper",
    "omega",
    "omega_ci_lower",
    "omega_ci_upper",
    "average_r",
    "note",
)
ORDINAL_COLUMNS = (
    "omega_categorical",
    "omega_categorical_ci_lower",
    "omega_categorical_ci_upper",
    "alpha_ordinal",
    "alpha_ordinal_ci_lower",
    "alpha_ordinal_ci_upper",
)
COUNTS = ("n_items", "n_obs", "n_complete")
NUMBERS = tuple(name for name in COLUMNS[6:-1])


@dataclass(frozen=True, slots=True)
class _Row:
    """Numbers found for one scale, and why others are not there."""

    numbers: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __or__(self, other: _Row) -> _Row:
        return _Row({**self.numbers, **other.numbers}, (*self.notes, *other.notes))


def reliability(
    responses: Responses | Mapping[str, Any],
    ci: float = 0.95,
    *,
    missing: str = "pairwise",
    ordered: bool | Collection[str] = False,
    also: str | Collection[str] = (),
    interval: str = "feldt",
    n_bootstrap: int = 1000,
    seed: int | None = None,
) -> pd.DataFrame:
    """Return alpha, omega total and item counts of every scale, one row a scale.

    Parameters
    ----------
    responses : Responses or mapping
        Answers with their instruments, or a mapping from a name to a frame of items. Of responses each
        construct with at least 2 items is a scale; constructs that have a single item by design are left out.
    ci : float
        Level of the intervals, between 0 and 1.
    missing : {"pairwise", "listwise"}
        As in `cronbach_alpha`; omega always rests on complete rows, categorical omega on the rows that
        `missing` says.
    ordered : bool or collection of str
        Scales, by the name in `construct`, whose answers are ordered categories: their categorical omega and
        ordinal alpha are given too. True for all.
    also : str or collection of str
        What else to give, each with limits: "alpha_standardized", "lambda2", "lambda6", "glb", "split_half"
        (odd against even items, Spearman-Brown), "sem" (standard error of measurement of the items' mean,
        from alpha), "composite_reliability" (of standardised items) and "maximal_reliability" (coefficient H)
        of the one-factor model, "omega_l1" and "omega_l2" of higher-order constructs (see
        `higher_order_reliability`); "all" for all.
    interval : str
        Interval of alpha, as in `cronbach_alpha`. With a bootstrap the coefficients of the covariances
        ("lambda2", ...) have it too, otherwise theirs are asymptotically distribution-free; those of models
        have the delta method's.
    n_bootstrap : int
        Draws of a bootstrap.
    seed : int, optional
        Seed of a bootstrap.

    Returns
    -------
    pandas.DataFrame
        construct, label, higher_order, n_items, n_obs (people behind alpha, mean and sd), n_complete (people
        behind omega), mean and sd (of the people's means over their answered items), alpha, alpha_ci_lower,
        alpha_ci_upper, omega, omega_ci_lower, omega_ci_upper (delta method), average_r, note. A
        number that cannot be given is NaN, and `note` says why. For a higher-order construct alpha is taken
        over all items of its dimensions, and omega is not given, since one factor is not its model. With
        `ordered` also omega_categorical, alpha_ordinal and their limits, as in `omega_categorical`; with
        `also` what was asked for, with `_ci_lower` and `_ci_upper`.

    Raises
    ------
    ArgumentError
        If `responses` is neither of the two, an argument is not allowed, or `ordered` names no scale. A scale
        that cannot be computed is a note, never an error.

    See Also
    --------
    cronbach_alpha, omega_total, omega_categorical : One scale, with item statistics.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 5], "b": [2, 2, 4, 5], "c": [1, 3, 4, 4]})
    >>> table = reliability({"care": answers, "single": answers[["a"]]})
    >>> table["alpha"].round(3).tolist()
    [0.944, nan]
    """
    how = How.checked(interval, ci, n_bootstrap, seed, more=tuple(CLOSED_FORMS))
    one_of("missing", missing, MISSING)
    scales, extras = scales_of(responses), extras_of(also)
    chosen = _ordinal_scales(scales, ordered)
    asked = [_Asked(how, missing, extras, responses, scale.id in chosen) for scale in scales]
    rows = [_row(scale, what) for scale, what in zip(scales, asked, strict=True)]
    numbers = (*NUMBERS, *(ORDINAL_COLUMNS if chosen else ()), *columns_of(extras))
    frame = pd.DataFrame(rows, columns=[*COLUMNS[:-1], *numbers[len(NUMBERS) :], COLUMNS[-1]])
    return frame.astype({**dict.fromkeys(COUNTS, "int64"), **dict.fromkeys(numbers, "float64")})


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be found of a scale."""

    how: How
    missing: str
    extras: tuple[str, ...]
    responses: Any
    ordinal: bool


def _ordinal_scales(scales: Sequence[Scale], ordered: bool | Collection[str]) -> set[str]:
    """Return the scales whose answers are ordered categories."""
    known = [scale.id for scale in scales]
    if isinstance(ordered, bool):
        return set(known) if ordered else set()
    names = {ordered} if isinstance(ordered, str) else set(ordered)
    for name in sorted(names - set(known)):
        raise ArgumentError(f"ordered: '{name}' is no scale. {suggestion(name, known)}")
    return names


def _row(scale: Scale, asked: _Asked) -> dict[str, Any]:
    found = _numbers(scale, asked)
    return {
        **dict.fromkeys(COUNTS, 0),
        **dict.fromkeys((*NUMBERS, *ORDINAL_COLUMNS, *columns_of(asked.extras)), np.nan),
        **found.numbers,
        "construct": scale.id,
        "label": scale.label,
        "higher_order": bool(scale.dimensions),
        "note": " ".join(dict.fromkeys(found.notes)),
    }


def _numbers(scale: Scale, asked: _Asked) -> _Row:
    try:
        frame = scale.read()
    except TrustMeasureError as problem:
        return _Row(notes=(str(problem),))
    found = _described(scale, frame, asked.missing)
    if scale.formative:
        reason = "Formative: its items need not agree, so internal consistency does not apply."
        return found | _Row(notes=(reason,))
    found = found | _alpha(frame, asked) | _omega(scale, frame, asked)
    return found | _categorical(scale, frame, asked.how.ci, asked.missing) if asked.ordinal else found


def _described(scale: Scale, frame: pd.DataFrame, missing: str) -> _Row:
    complete = frame.dropna()
    used = complete if missing == "listwise" else frame.dropna(how="all")
    score = used.mean(axis=1)
    numbers = {
        "n_items": frame.shape[1],
        "n_obs": len(used),
        "n_complete": len(complete),
        "mean": float(score.mean()) if len(used) else np.nan,
        "sd": float(score.std()) if len(used) > 1 else np.nan,
    }
    absent = [item for item in scale.expected if item not in frame.columns]
    notes = (f"Not in the data: {', '.join(absent)}.",) if absent else ()
    return _Row(numbers, notes)


def _alpha(frame: pd.DataFrame, asked: _Asked) -> _Row:
    try:
        moments = item_moments(frame, asked.missing)
        result = alpha_of_moments(moments, asked.how, asked.missing)
    except TrustMeasureError as problem:
        return _Row(notes=(str(problem),))
    numbers = {
        "alpha": result.alpha,
        "alpha_ci_lower": result.ci_lower,
        "alpha_ci_upper": result.ci_upper,
        "average_r": result.average_r,
        **of_covariances(moments, asked.extras, asked.how),
    }
    against = opposed_items(result.items)
    return _Row(numbers, (against,) if against else ())


def _omega(scale: Scale, frame: pd.DataFrame, asked: _Asked) -> _Row:
    if scale.dimensions:
        parts = ", ".join(scale.dimensions)
        reason = f"Higher-order ({parts}): alpha over all items; no omega, since one factor is not its model."
        numbers, why = of_higher_order(asked.responses, scale.id, asked.extras, asked.how.ci)
        return _Row(numbers, (reason, why) if why else (reason,))
    if frame.shape[1] < 3:
        return _Row(notes=_too_few(frame.shape[1]))
    try:
        result, model = omega_and_model(frame, asked.how.ci)
    except TrustMeasureError as problem:
        return _Row(notes=(f"No omega: {problem}",))
    omega = {"omega": result.omega, "omega_ci_lower": result.ci_lower, "omega_ci_upper": result.ci_upper}
    numbers = {**omega, **of_one_factor(model, asked.extras, asked.how.ci)}
    return _Row(numbers, tuple(f"Omega: {note}" for note in result.notes if not note.startswith("Negative")))


def _categorical(scale: Scale, frame: pd.DataFrame, ci: float, missing: str) -> _Row:
    if scale.dimensions or frame.shape[1] < 3:
        return _Row()  # omega has said why one factor is not fitted
    try:
        result = omega_of_categories(frame, ci, missing)
    except TrustMeasureError as problem:
        return _Row(notes=(f"No categorical omega: {problem}",))
    omega = (result.omega, result.ci_lower, result.ci_upper)
    alpha = (result.alpha_ordinal, result.alpha_ci_lower, result.alpha_ci_upper)
    numbers = dict(zip(ORDINAL_COLUMNS, (*omega, *alpha), strict=True))
    return _Row(numbers, tuple(f"Categorical omega: {note}" for note in result.inadmissible))


def _too_few(n_items: int) -> tuple[str, ...]:
    only_two = "No omega: with 2 items the one-factor model is not identified."
    return (only_two,) if n_items == 2 else ()  # with fewer, alpha has already said so
