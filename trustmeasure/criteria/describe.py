"""Hold a value against cited cut-offs: in words by default, as a verdict only when asked for."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.criteria.conditions import Context, in_words
from trustmeasure.criteria.loading import load_criteria
from trustmeasure.criteria.model import LEVELS, Criteria, Criterion, Metric
from trustmeasure.errors import ArgumentError


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule held against a value.

    Attributes
    ----------
    criterion : Criterion
        The rule.
    rule : str
        The rule in signs, with a computed cut-off filled in.
    met : bool or None
        Whether the value meets it; None when that cannot be said.
    reason : str
        Why it cannot be said, otherwise empty.
    """

    criterion: Criterion
    rule: str
    met: bool | None
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The outcome in words, with citation and caveat."""
        source = self.criterion.source.cite
        if self.criterion.level == "reference":
            said = f"For comparison: {self.rule} ({source})"
        elif self.met is None:
            said = f"Not judged: {self.rule} ({source}), because {self.reason}"
        else:
            said = f"{'Meets' if self.met else 'Does not meet'} {self.rule} ({source})"
        return f"{said}. Scope: {self.criterion.scope}. {self.criterion.caveat}"


@dataclass(frozen=True, slots=True)
class Description:
    """A value and what the field's cut-offs say about it.

    Attributes
    ----------
    metric, label : str
        What was measured, as name and in words.
    value, ci_lower, ci_upper : float
        The value and its interval; NaN for a limit that was not given.
    outcomes : tuple of Outcome
        One for each rule of the metric.
    """

    metric: str
    label: str
    value: float
    ci_lower: float
    ci_upper: float
    outcomes: tuple[Outcome, ...]

    @property
    def met(self) -> tuple[Criterion, ...]:
        """The rules that the value meets."""
        return tuple(o.criterion for o in self.outcomes if o.met)

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence or two for each rule, with citation and caveat."""
        return tuple(outcome.sentence for outcome in self.outcomes)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a rule, with whether it is met, citation, full reference, scope and caveat."""
        return pd.DataFrame(
            {
                "metric": self.metric,
                "value": self.value,
                "level": o.criterion.level,
                "rule": o.rule,
                "met": o.met,
                "reason": o.reason,
                "citation": o.criterion.source.cite,
                "reference": o.criterion.source.reference,
                "scope": o.criterion.scope,
                "caveat": o.criterion.caveat,
            }
            for o in self.outcomes
        )

    def __str__(self) -> str:
        return "\n".join([f"{self.label}:", *(f"- {sentence}" for sentence in self.sentences)])

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences)
        return f"<p>{html.escape(self.label)}</p><ul>{rows}</ul>"


def describe(
    metric: str,
    value: float,
    *,
    ci_lower: float | None = None,
    ci_upper: float | None = None,
    criteria: Criteria | None = None,
    **context: float | str,
) -> Description:
    """Say which cited cut-offs a value meets, without a verdict.

    Parameters
    ----------
    metric : str
        Name of the metric, such as "cfi", "alpha" or "htmt"; `load_criteria()` lists them.
    value : float
        The value, unrounded.
    ci_lower, ci_upper : float, optional
        Limits of its confidence interval; a few rules are about a limit.
    criteria : Criteria, optional
        Other criteria than those of the package, from `load_criteria(path)`.
    **context
        What the choice of a rule depends on, such as `experts=6`, `n_obs=250` or `step="metric"`.

    Returns
    -------
    Description
        The outcome of each rule with citation, scope and caveat; `.sentences`, `.to_frame()`.

    Raises
    ------
    ArgumentError
        If the metric or a name in `context` is not known.

    Examples
    --------
    >>> [outcome.met for outcome in describe("cfi", 0.931).outcomes]
    [False, True]
    """
    known = criteria or load_criteria()
    chosen = known[metric]
    for name in context:
        one_of("context name", name, known.context_names)
    numbers = {"value": float(value), "ci_lower": _limit(ci_lower), "ci_upper": _limit(ci_upper)}
    outcomes = tuple(_outcome(rule, chosen, numbers, context) for rule in chosen.rules)
    return Description(
        metric, chosen.label, numbers["value"], numbers["ci_lower"], numbers["ci_upper"], outcomes
    )


def _limit(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _outcome(rule: Criterion, metric: Metric, numbers: Mapping[str, float], context: Context) -> Outcome:
    reason = _why_not(rule, numbers[rule.subject], context)
    if reason:
        return Outcome(rule, rule.rule(context), None, reason)
    number = abs(numbers[rule.subject]) if metric.absolute else numbers[rule.subject]
    return Outcome(rule, rule.rule(context), rule.meets(number, context))


def _why_not(rule: Criterion, number: float, context: Context) -> str:
    if rule.level == "reference":
        return "it is a figure to compare with, not a cut-off"
    unknown = rule.missing_context(context)
    if unknown:
        return f"it depends on {' and '.join(unknown)}, which was not given"
    if not rule.applies(context):
        return f"it applies only with {in_words(rule.when)}"
    return f"{rule.subject} was not given" if math.isnan(number) else ""


def verdict(
    metric: str,
    value: float,
    *,
    level: str = "default",
    ci_lower: float | None = None,
    ci_upper: float | None = None,
    criteria: Criteria | None = None,
    **context: float | str,
) -> bool:
    """Return whether a value meets every rule of one level that can be judged.

    No part of the package calls this by itself: a cut-off is not a decision, and `describe` says why.

    Parameters
    ----------
    metric, value, ci_lower, ci_upper, criteria, **context
        As for `describe`.
    level : {"default", "strict", "lenient", "review"}
        Which rules count.

    Returns
    -------
    bool
        True when all rules of the level that can be judged are met.

    Raises
    ------
    ArgumentError
        If no rule of that level can be judged; the message says what is missing.

    Examples
    --------
    >>> verdict("cfi", 0.931), verdict("cfi", 0.931, level="lenient")
    (False, True)
    """
    one_of("level", level, [known for known in LEVELS if known != "reference"])
    described = describe(metric, value, ci_lower=ci_lower, ci_upper=ci_upper, criteria=criteria, **context)
    of_level = [outcome for outcome in described.outcomes if outcome.criterion.level == level]
    judged = [outcome.met for outcome in of_level if outcome.met is not None]
    if judged:
        return all(judged)
    reasons = "; ".join(f"{o.rule}: {o.reason}" for o in of_level) or f"there is no rule of level '{level}'"
    raise ArgumentError(f"No verdict on '{metric}': {reasons}.")
