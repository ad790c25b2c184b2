"""What data show about an instrument: each status with its rules, met or not, and the evidence step it makes.

A status is claimed only where every rule behind it was checked and met. The rules are the `default` ones of
the package's criteria; which they were stands in the step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from trustmeasure.criteria import Outcome, describe
from trustmeasure.instruments import EvidenceStep
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.records import EvidenceStatus
from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.validation.findings import Finding

INVARIANT_STEPS = ("metric", "scalar")
SIDE = "interval on the expected side of 0"
EXPECTED = "sign stated beforehand"


@dataclass(frozen=True, slots=True)
class Rule:
    """One cited rule held against one figure.

    Attributes
    ----------
    name : str
        Name of the figure in the evidence step: small letters, digits and underscores.
    metric : str
        The metric of the criteria.
    value : float
        The figure.
    rule : str
        The rule in signs.
    citation : str
        Where it comes from.
    met : bool or None
        Whether the figure meets it; None when that cannot be said.
    """

    name: str
    metric: str
    value: float
    rule: str
    citation: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A status of the evidence with what speaks for it.

    Attributes
    ----------
    status : str
        The status.
    n : int
        People behind it; 0 when nothing was analysed.
    rules : tuple of Rule
        What has to be met.
    figures : mapping of str to float
        Further figures for the record.
    lacking : str
        What was not there to decide on it; empty when all was.
    """

    status: EvidenceStatus
    n: int
    rules: tuple[Rule, ...] = ()
    figures: Mapping[str, float] = field(default_factory=FrozenMap)
    lacking: str = ""

    @property
    def reached(self) -> bool:
        """Whether every rule was checked and met."""
        return not self.lacking and bool(self.rules) and all(rule.met is True for rule in self.rules)

    def step(self, *, date: str, country: str, language: str, simulated: bool, hash: str) -> EvidenceStep:
        """Return the evidence step of a claim that was reached."""
        figures = {rule.name: rule.value for rule in self.rules} | dict(self.figures)
        rules = dict.fromkeys(f"{rule.metric} {rule.rule} ({rule.citation})" for rule in self.rules)
        return EvidenceStep(
            self.status,
            date,
            self.n,
            country=country,
            language=language,
            simulated=simulated,
            figures=FrozenMap.of({name: value for name, value in figures.items() if value == value}),
            criteria=tuple(rules),
            analysis_hash=hash,
        )


def held(name: str, metric: str, value: float, *, level: str = "default", **context: Any) -> list[Rule]:
    """Return the rules of one level that a figure is held against; what does not apply is left out."""
    outcomes = [o for o in describe(metric, value, **context).outcomes if o.criterion.level == level]
    return [_rule(name, metric, value, o) for o in outcomes if o.met is not None or value != value]


def figure_name(*parts: str) -> str:
    """Return a name as instrument files allow it: a to z, digits and single underscores, 40 at most.

    Examples
    --------
    >>> figure_name("delta_cfi", "metric", "Sector (EU)"), figure_name("r", "competence", "复购")
    ('delta_cfi_metric_sector_eu', 'r_competence')
    """
    words = re.findall(r"[a-z0-9]+", " ".join(parts).lower())
    return "_".join(words)[:40].strip("_")


def _rule(name: str, metric: str, value: float, outcome: Outcome) -> Rule:
    return Rule(name, metric, value, outcome.rule, outcome.criterion.source.cite, outcome.met)


def claims(found: Mapping[str, Finding], sizes: Mapping[str, int]) -> tuple[Claim, ...]:
    """Return the claims in the order of the statuses.

    Parameters
    ----------
    found : mapping of str to Finding
        What the protocol found: content, items, exploratory, confirmatory, reliability, invariance,
        criterion.
    sizes : mapping of str to int
        People (`"all"`, `"explored"`, `"confirmed"`) and `"items"`.
    """
    structural = _structural(found, sizes)
    return (
        _content(found),
        _piloted(found, sizes),
        structural,
        _invariant(found, sizes, structural),
        _criterion(found, structural),
    )


def _lacking(found: Mapping[str, Finding], name: str, why: str) -> str:
    one = found.get(name)
    if one is None:
        return why
    return one.failure


def _content(found: Mapping[str, Finding]) -> Claim:
    missing = _lacking(found, "content", "No ratings of experts were given.")
    if missing:
        return Claim("content-validated", 0, lacking=missing)
    items, scales = found["content"].value.items, found["content"].value.scales
    rules = [rule for row in items.to_dict("records") for rule in _item_rules(row)]
    whole = scales[scales["construct"] == "all"].iloc[0]
    rules += held("s_cvi_ave", "s_cvi_ave", float(whole["s_cvi_ave"]))
    return Claim("content-validated", int(whole["n_experts"]), tuple(rules))


def _item_rules(row: Mapping[Any, Any]) -> list[Rule]:
    name, experts = figure_name("i_cvi", row["item"]), int(row["n_experts"])
    return held(name, "i_cvi", float(row["i_cvi"]), experts=experts)


def _piloted(found: Mapping[str, Finding], sizes: Mapping[str, int]) -> Claim:
    missing = _lacking(found, "items", "No item was analysed.")
    if missing:
        return Claim("piloted", 0, lacking=missing)
    return Claim("piloted", sizes["all"], tuple(held("n", "pilot_n", float(sizes["all"]))))


def _structural(found: Mapping[str, Finding], sizes: Mapping[str, int]) -> Claim:
    for name in ("exploratory", "confirmatory", "reliability"):
        missing = _lacking(found, name, f"There is no analysis '{name}'.")
        if missing:
            return Claim("structurally-validated", 0, lacking=missing)
    fit = reported_fit(found["confirmatory"].value)
    smaller = min(sizes["explored"], sizes["confirmed"])
    rules = [
        *held("n_half", "factor_analysis_n", float(smaller)),
        *held("persons_per_item", "persons_per_item", smaller / max(sizes["items"], 1)),
        *held("cfi", "cfi", float(fit["cfi"])),
        *held("rmsea", "rmsea", float(fit["rmsea"])),
        *held("srmr", "srmr", float(fit["srmr"])),
        *held("omega_min", "omega", _least(found["reliability"].value, "omega")),
    ]
    figures = {"own_factor_share": own_factor_share(found["exploratory"].value.loadings, _scales(found))}
    return Claim("structurally-validated", sizes["all"], tuple(rules), FrozenMap.of(figures))


def _least(frame: pd.DataFrame, column: str) -> float:
    return float(frame[column].min()) if len(frame) else float("nan")


def _scales(found: Mapping[str, Finding]) -> dict[str, list[str]]:
    rows = found["confirmatory"].value.parameters
    loadings = rows[rows["op"] == "=~"]
    return {str(name): own["rhs"].tolist() for name, own in loadings.groupby("lhs", sort=False)}


def own_factor_share(loadings: pd.DataFrame, scales: Mapping[str, Sequence[str]]) -> float:
    """Return the share of items whose largest loading lies where most of their scale's items have theirs.

    Parameters
    ----------
    loadings : pandas.DataFrame of shape (p, m)
        Pattern loadings, items as index.
    scales : mapping
        Scale -> its items.
    """
    largest = loadings.abs().idxmax(axis=1)
    at_home = total = 0
    for items in scales.values():
        own = largest.loc[[item for item in items if item in largest.index]]
        at_home += int(own.value_counts().max()) if len(own) else 0
        total += len(own)
    return at_home / total if total else float("nan")


def _invariant(found: Mapping[str, Finding], sizes: Mapping[str, int], structural: Claim) -> Claim:
    missing = _lacking(found, "invariance", "No groups were named.") or _before(structural)
    if missing:
        return Claim("invariant", 0, lacking=missing)
    rules: list[Rule] = []
    for column, one in found["invariance"].value.items():
        if one.value is None:
            return Claim("invariant", 0, lacking=f"{column}: {one.failure}")
        rules += _steps(column, one.value)
    return Claim("invariant", sizes["all"], tuple(rules))


def _steps(column: str, found: Any) -> Iterator[Rule]:
    """Yield the rule on the change of CFI for each step, and an unmet one where a step has no fit."""
    changes = found.describe()
    for step in INVARIANT_STEPS:
        own = changes[(changes["step"] == step) & (changes["metric"] == "delta_cfi")]
        own = own[own["level"] == "default"]
        value = float(own["value"].iloc[0]) if len(own) else float("nan")
        yield from held(figure_name("delta_cfi", step, column), "delta_cfi", value)


def _criterion(found: Mapping[str, Finding], structural: Claim) -> Claim:
    missing = _lacking(found, "criterion", "No observed behaviour was named.") or _before(structural)
    if missing:
        return Claim("criterion-validated", 0, lacking=missing)
    frame = found["criterion"].value.expected
    rules = tuple(
        Rule(
            figure_name("r", row["construct"], row["criterion"]),
            "correlation",
            float(row["correlation"]),
            SIDE,
            EXPECTED,
            bool(row["as_expected"]) if row["as_expected"] is not None else None,
        )
        for row in frame.to_dict("records")
    )
    return Claim("criterion-validated", int(frame["n"].max()) if len(frame) else 0, rules)


def _before(structural: Claim) -> str:
    return "" if structural.reached else "The structure was not shown first (structurally-validated)."


def claims_frame(made: Sequence[Claim]) -> pd.DataFrame:
    """Return one row a claim and rule: status, reached, figure, value, rule, citation, met, lacking."""
    rows = []
    for claim in made:
        base = {"status": claim.status, "reached": claim.reached, "lacking": claim.lacking}
        for rule in claim.rules:
            own = {"figure": rule.name, "value": rule.value, "rule": rule.rule}
            rows.append(base | own | {"citation": rule.citation, "met": rule.met})
        if not claim.rules:
            rows.append(base | {"figure": "", "value": float("nan"), "rule": "", "citation": "", "met": None})
    columns = ["status", "reached", "figure", "value", "rule", "citation", "met", "lacking"]
    return pd.DataFrame(rows, columns=columns)
