"""Respondents are left out by a stated rule, and everything about it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.responses import Responses
from trustmeasure.screening.result import Screening


def exclude(
    responses: Responses,
    screening: Screening,
    rule: str | int | pd.Series,
    *,
    reason: str | None = None,
    unknown: str = "keep",
) -> Responses:
    """Leave respondents out by a rule over what a screening found, and record rule, reason and counts.

    A rule compares columns of `screening.persons` with numbers and joins comparisons by `and`, `or`, `not`
    and brackets: "long_string >= 12 and flags >= 2", "instructed_failed > 0 or flag_seconds_per_item". It
    is read by a small parser and never evaluated as code. Where an index is missing, a comparison with it is
    neither true nor false; a respondent for whom that leaves the rule open stays in and is counted in a note,
    unless `unknown="exclude"`.

    Parameters
    ----------
    responses : Responses
        The answers that were screened.
    screening : Screening
        What `screen` found in them.
    rule : str, int or Series of bool
        The rule; a number of flags from which on people are left out; or for each row whether it goes
        (matched by its index).
    reason : str, optional
        Why, for the report; "screening: " and the rule otherwise. Needed with a Series.
    unknown : {"keep", "exclude"}
        What happens to respondents for whom a missing index leaves the rule open.

    Returns
    -------
    Responses
        The rows kept. `.excluded` has a row for each respondent left out, `.notes` says rule and counts.

    Raises
    ------
    ArgumentError
        For a rule that is not understood, names no column, or a screening of other responses.
    ResponseError
        If nobody would be left.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> kept = tm.exclude(responses, tm.screen(responses), "long_string >= 25")
    >>> kept.n_rows + len(kept.excluded) == responses.n_rows
    True
    >>> kept.notes[-1].startswith("Screening rule 'long_string >= 25': ")
    True
    """
    _check_arguments(responses, screening, unknown)
    if isinstance(rule, pd.Series):
        return _by_series(responses, rule, reason)
    text = _as_text(rule)
    goes, is_open = screening.rule(text).of(screening.persons)
    if unknown == "exclude":
        goes = goes | is_open
    here = screening.persons.index.isin(responses.data.index)
    note = _note(text, int(goes[here].sum()), int(here.sum()), int(is_open[here].sum()), unknown)
    keep = pd.Series(~goes, index=screening.persons.index)
    return _kept(responses, keep, reason or f"screening: {text}", note)


def _check_arguments(responses: Any, screening: Any, unknown: str) -> None:
    one_of("unknown", unknown, ("keep", "exclude"))
    if not isinstance(screening, Screening):
        raise ArgumentError(f"screening is a {type(screening).__name__}; give what tm.screen returned.")
    if not isinstance(responses, Responses):
        raise ArgumentError(
            f"responses is a {type(responses).__name__}; give Responses. Of a frame keep "
            "frame[~screening.where(rule)]."
        )
    at = screening.persons["respondent"].reindex(responses.data.index)
    same = np.asarray(at == pd.Series(np.asarray(responses.respondents), index=responses.data.index))
    lost = np.asarray(at.isna() & responses.respondents.isna())
    if not (same | lost).all() or not responses.data.index.isin(screening.persons.index).all():
        raise ArgumentError("The screening is of other responses. Screen these with tm.screen first.")


def _as_text(rule: Any) -> str:
    if isinstance(rule, bool) or (not isinstance(rule, str) and not isinstance(rule, int | np.integer)):
        raise ArgumentError(
            f"rule={rule!r}: give a text such as 'flags >= 2', a number of flags, or a Series of bool."
        )
    if isinstance(rule, str):
        return rule
    if rule < 1:
        raise ArgumentError(f"rule={rule!r}: a number of flags must be at least 1.")
    return f"flags >= {int(rule)}"


def _by_series(responses: Responses, rule: pd.Series, reason: str | None) -> Responses:
    if not reason:
        raise ArgumentError("rule is a Series, which does not say why people go. Give reason=.")
    if rule.isna().any():
        raise ArgumentError(
            f"rule is missing for {int(rule.isna().sum())} rows. Say True or False for every row."
        )
    goes = rule.reindex(responses.data.index)
    if goes.isna().any() or not all(isinstance(v, bool | np.bool_) for v in goes.tolist()):
        raise ArgumentError("rule must hold True or False for every row of the responses.")
    goes = goes.astype(bool)
    note = f"Screening by {reason}: {int(goes.sum())} of {len(goes):,} rows left out."
    return _kept(responses, ~goes, reason, note)


def _kept(responses: Responses, keep: pd.Series, reason: str, note: str) -> Responses:
    chosen = keep.reindex(responses.data.index).astype(bool)
    noted = replace(responses, notes=(*responses.notes, note))
    return noted if bool(chosen.all()) else noted.subset(chosen, reason)


def _note(text: str, gone: int, n: int, n_open: int, unknown: str) -> str:
    said = f"Screening rule '{text}': {gone:,} of {n:,} rows left out."
    if not n_open:
        return said
    how = "stay in" if unknown == "keep" else "are among them"
    return f"{said} {n_open:,} rows for which a missing index leaves the rule open {how}."
