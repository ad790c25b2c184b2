"""Exclusion rules: which respondents a study leaves out, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import StudyError
from trustmeasure.fields import Check, Place, entries, flag, several, text
from trustmeasure.responses import Responses
from trustmeasure.study.model import TESTS, Rule

SIGNS = {"less_than": "<", "more_than": ">", "at_least": "≥", "at_most": "≤"}


def _scalar(value: Any, place: Place) -> str | float | bool:
    if isinstance(value, str | bool | int | float):
        return value
    raise place.wrong_type(value, "a text, a number, true or false")


def _number(value: Any, place: Place) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise place.wrong_type(value, "a number")


_RULE: Mapping[str, Check] = {
    "column": text,
    "reason": text,
    "equals": _scalar,
    "not_equals": _scalar,
    "among": several(_scalar),
    "missing": flag,
    **dict.fromkeys(SIGNS, _number),
}


def rule(value: Any, place: Place) -> Rule:
    """Return one rule, such as `{column = "consent", equals = 0, reason = "no consent"}`, checked."""
    given = entries(value, place, _RULE)
    if "column" not in given:
        raise place.error('column is missing, such as column = "consent".')
    tests = [key for key in given if key in TESTS]
    if len(tests) != 1:
        raise place.error(
            f"give exactly one test; there {'are ' + ' and '.join(tests) if tests else 'is none'}. "
            f"Allowed: {', '.join(TESTS)}."
        )
    test = tests[0]
    reason = given.get("reason") or in_words(given["column"], test, given[test])
    return Rule(given["column"], test, given[test], reason)


def in_words(column: str, test: str, value: Any) -> str:
    """Return a rule in signs, such as `minutes < 2`, where no reason is given."""
    if test == "missing":
        return f"{column} {'missing' if value else 'not missing'}"
    if test == "among":
        return f"{column}: {', '.join(map(str, value))}"
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{column} {SIGNS.get(test, '≠' if test == 'not_equals' else '=')} {shown}"


def apply_rules(responses: Responses, rules: tuple[Rule, ...], place: Place | None = None) -> Responses:
    """Leave out the respondents that a rule names, rule by rule.

    A missing value passes every test but `missing`. A respondent counts under the first rule that fits.

    Parameters
    ----------
    responses : Responses
        The answers as read.
    rules : tuple of Rule
        In their order.
    place : Place, optional
        Where the rules stand in the study file, for messages.

    Raises
    ------
    StudyError
        If a rule names an unknown column, compares text with a number, or leaves nobody.
    """
    for number, one in enumerate(rules, start=1):
        where = f"{place.file}: {place.key}[{number}]: " if place else ""
        fits = _fits(responses.data, one, where)
        if fits.all():
            raise StudyError(f"{where}this rule leaves nobody ({one.reason}). Check column and value.")
        if fits.any():
            responses = responses.subset(~fits, one.reason)
    return responses


def _fits(data: pd.DataFrame, rule: Rule, where: str) -> pd.Series:
    if rule.column not in data.columns:
        known = [str(name) for name in data.columns]
        raise StudyError(
            f"{where}'{rule.column}' is not a column of the data. {suggestion(rule.column, known)}"
        )
    column = data[rule.column]
    if rule.test == "missing":
        return column.isna() == bool(rule.value)
    wanted = list(rule.value) if isinstance(rule.value, tuple) else [rule.value]
    _same_kind(column, wanted, rule.column, where)
    fits = _compare(column, rule.test, wanted)
    return pd.Series(np.asarray(fits, dtype=bool) & column.notna().to_numpy(), index=data.index)


def _same_kind(column: pd.Series, wanted: list[Any], name: str, where: str) -> None:
    numeric = bool(pd.api.types.is_numeric_dtype(column.dtype))
    for value in wanted:
        if isinstance(value, str) == numeric:
            holds, write = ("numbers", "without quotes") if numeric else ("text", "in quotes")
            raise StudyError(f"{where}column '{name}' holds {holds}; write {value!r} {write}.")


def _compare(column: pd.Series, test: str, wanted: list[Any]) -> Any:
    if test in ("equals", "among"):
        return column.isin(wanted)
    if test == "not_equals":
        return ~column.isin(wanted)
    bound = wanted[0]
    return {
        "less_than": column.lt,
        "more_than": column.gt,
        "at_least": column.ge,
        "at_most": column.le,
    }[test](bound).fillna(False)
