"""Values held against cited cut-offs: described, never judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustmeasure.criteria import Criterion, Outcome, describe
from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.reporting.findings import Findings

FIT = ("cfi", "tli", "rmsea", "srmr")


@dataclass(frozen=True, slots=True)
class Held:
    """The values of one metric, and what its cut-offs say about each.

    Attributes
    ----------
    metric : str
        Name of the metric.
    values : mapping
        What was measured (a construct, an item, a model) -> value.
    """

    metric: str
    values: Mapping[str, float]

    def rules(self) -> list[tuple[Criterion, str, int]]:
        """Return each rule that can be judged, in signs, with the number of values that meet it."""
        described = [_judged(self.metric, value) for value in self.values.values()]
        if not described:
            return []
        return [
            (outcome.criterion, outcome.rule, sum(bool(one[i].met) for one in described))
            for i, outcome in enumerate(described[0])
        ]


def _judged(metric: str, value: float) -> list[Outcome]:
    return [outcome for outcome in describe(metric, value).outcomes if outcome.met is not None]


def held(findings: Findings) -> list[Held]:
    """Return every metric of the findings for which cut-offs are kept.

    Reliability of each scale, fit of each model, and the standardised loadings of the items in the
    measurement model (in the structural one when there is no other).
    """
    found = [_reliability(findings, metric) for metric in ("alpha", "omega")]
    found += [_fit(findings, metric) for metric in FIT]
    found.append(_loadings(findings))
    return [one for one in found if one.values]


def _reliability(findings: Findings, metric: str) -> Held:
    frame = findings.reliability
    if frame is None:
        return Held(metric, {})
    values = frame.set_index("construct")[metric].dropna()
    return Held(metric, {str(name): float(value) for name, value in values.items()})


def _fit(findings: Findings, metric: str) -> Held:
    fits = {"measurement": findings.measurement, "structural": findings.structural}
    values = {stage: float(reported_fit(r)[metric]) for stage, r in fits.items() if r is not None}
    return Held(metric, {stage: value for stage, value in values.items() if value == value})


def _loadings(findings: Findings) -> Held:
    result = findings.measurement or findings.structural
    if result is None:
        return Held("loading", {})
    rows = result.parameters
    own = rows[(rows["op"] == "=~") & rows["rhs"].isin(result.model.observed)]
    values = zip(own["lhs"] + " =~ " + own["rhs"], own["std_all"], strict=True)
    return Held("loading", {str(name): float(value) for name, value in values if value == value})


def references(held_values: Sequence[Held]) -> list[str]:
    """Return the references of the cut-offs that are shown."""
    return [rule.source.reference for one in held_values for rule, _, _ in one.rules()]
