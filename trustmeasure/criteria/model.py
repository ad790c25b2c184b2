"""The records of a set of criteria: sources, rules, metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.criteria.conditions import Condition, Context, all_hold, in_words, missing
from trustmeasure.criteria.cvr import critical_cvr
from trustmeasure.errors import ArgumentError

LEVELS = ("default", "strict", "lenient", "review", "reference")
SUBJECTS = {"value": "", "ci_lower": "lower limit ", "ci_upper": "upper limit "}
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "between": "from"}
ROUNDING = 1e-12  # so that .94 - .95 counts as -.01 in spite of binary fractions

Cutoff = float | tuple[float, float]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda value, cut: value >= cut - ROUNDING,
    ">": lambda value, cut: value > cut + ROUNDING,
    "<=": lambda value, cut: value <= cut + ROUNDING,
    "<": lambda value, cut: value < cut - ROUNDING,
}


def _cvr_cutoff(context: Context) -> float:
    return critical_cvr(float(context["experts"]))


COMPUTED: dict[str, Callable[[Context], Cutoff]] = {"exact-binomial-cvr": _cvr_cutoff}


@dataclass(frozen=True, slots=True)
class Source:
    """A publication: how a sentence cites it, and its full reference."""

    key: str
    cite: str
    reference: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One cited cut-off.

    Attributes
    ----------
    metric, label : str
        What the rule is about, as name and in words.
    level : {"default", "strict", "lenient", "review", "reference"}
        Which of several rules it is.
    operator : {">=", ">", "<=", "<", "between"}
        How the value must stand to the cut-off.
    cutoff : float, pair of float or str
        The cut-off, both ends of a range, or the name of a cut-off that is computed from the context.
    subject : {"value", "ci_lower", "ci_upper"}
        Which number is compared.
    when : mapping
        The conditions under which the rule applies.
    scope, caveat : str
        What the rule was stated about, and what to know before leaning on it.
    source : Source
        Where the rule comes from.
    see : tuple of Source
        What the caveat rests on.
    """

    metric: str
    label: str
    level: str
    operator: str
    cutoff: Cutoff | str
    subject: str
    when: Mapping[str, Condition]
    scope: str
    caveat: str
    source: Source
    see: tuple[Source, ...] = ()

    def missing_context(self, context: Context) -> tuple[str, ...]:
        """Return the conditions about which `context` says nothing."""
        return missing(self.when, context)

    def applies(self, context: Context) -> bool:
        """Return whether every condition of the rule holds in `context`."""
        return all_hold(self.when, context)

    def resolved(self, context: Context) -> Cutoff:
        """Return the cut-off in numbers."""
        if not isinstance(self.cutoff, str):
            return self.cutoff
        if self.applies(context):
            return COMPUTED[self.cutoff](context)
        raise ArgumentError(f"The cut-off of '{self.metric}' is computed; it needs {in_words(self.when)}.")

    def number(self, context: Context | None = None) -> float:
        """Return the cut-off of a rule that has one number."""
        cutoff = self.resolved(context or {})
        if isinstance(cutoff, tuple):
            raise ArgumentError(f"The cut-off of '{self.metric}' is a range, {cutoff}, and not one number.")
        return cutoff

    def meets(self, value: float, context: Context | None = None) -> bool:
        """Return whether `value` stands to the cut-off as the rule says."""
        cutoff = self.resolved(context or {})
        if isinstance(cutoff, tuple):
            return _COMPARE[">="](value, cutoff[0]) and _COMPARE["<="](value, cutoff[1])
        return _COMPARE[self.operator](value, cutoff)

    def rule(self, context: Context | None = None) -> str:
        """Return the rule in signs, such as "≥ 0.95"; a cut-off that cannot be computed yet is named."""
        known = not isinstance(self.cutoff, str) or self.applies(context or {})
        cutoff = self.resolved(context or {}) if known else self.cutoff
        if isinstance(cutoff, tuple):
            shown = f"{cutoff[0]:g} to {cutoff[1]:g}"
        else:
            shown = cutoff if isinstance(cutoff, str) else f"{cutoff:g}"
        return f"{SUBJECTS[self.subject]}{SIGNS[self.operator]} {shown}"


@dataclass(frozen=True, slots=True)
class Metric:
    """A quantity with its rules; `absolute` says that its sign does not matter."""

    name: str
    label: str
    rules: tuple[Criterion, ...]
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """A set of metrics with their rules, and the sources they cite."""

    metrics: Mapping[str, Metric]
    sources: Mapping[str, Source]

    def __getitem__(self, name: str) -> Metric:
        if name in self.metrics:
            return self.metrics[name]
        known = suggestion(str(name), sorted(self.metrics), most=40)
        raise ArgumentError(f"No criteria are kept for metric={name!r}. {known}")

    def __contains__(self, name: object) -> bool:
        return name in self.metrics

    @property
    def context_names(self) -> tuple[str, ...]:
        """The names that conditions of rules are about."""
        rules = (rule for metric in self.metrics.values() for rule in metric.rules)
        return tuple(sorted({name for rule in rules for name in rule.when}))

    def __iter__(self) -> Iterator[str]:
        return iter(self.metrics)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a rule, with its level, conditions, scope, citation, full reference and caveat."""
        return pd.DataFrame([_row(rule) for metric in self.metrics.values() for rule in metric.rules])


def _row(rule: Criterion) -> dict[str, str]:
    return {
        "metric": rule.metric,
        "label": rule.label,
        "level": rule.level,
        "rule": rule.rule(),
        "conditions": in_words(rule.when),
        "scope": rule.scope,
        "citation": rule.source.cite,
        "reference": rule.source.reference,
        "caveat": rule.caveat,
    }
