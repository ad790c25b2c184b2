"""COSMIN's criteria for good measurement properties (Prinsen et al. 2018) beside what was found.

Each row says whether the published rule is met, not met, or cannot be said. Rules that were made for
questionnaires about health are taken over for scales of trust; the dossier says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.criteria import describe, load_criteria
from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.validation.findings import Finding
from trustmeasure.validation.survey import Survey

COLUMNS = ("property", "of", "figure", "value", "rule", "met", "citation")
PROPERTIES = (
    "structural_validity", "internal_consistency", "reliability", "cross_cultural_validity",
    "criterion_validity",
)  # fmt: skip
FIT = {"cfi": "cosmin_cfi", "tli": "cosmin_cfi", "rmsea": "cosmin_rmsea", "srmr": "cosmin_srmr"}
Row = dict[str, Any]


def cosmin_frame(survey: Survey, found: Mapping[str, Finding]) -> pd.DataFrame:
    """Return one row a property and figure: property, of, figure, value, rule, met (None: cannot be said)."""
    structural = _structural(found)
    rows = [*structural, *_consistency(survey, found, _any_met(structural))]
    rows += [*_retest(found), *_invariance(found), *_criterion(found)]
    seen = {row["property"] for row in rows}
    rows += [_row(name, "", "", np.nan, "", None, "") for name in PROPERTIES if name not in seen]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    order = {name: place for place, name in enumerate(PROPERTIES)}
    return frame.sort_values("property", key=lambda own: own.map(order), kind="stable", ignore_index=True)


def _row(
    property: str, of: str, figure: str, value: float, rule: str, met: bool | None, citation: str
) -> Row:
    return dict(zip(COLUMNS, (property, of, figure, value, rule, met, citation), strict=True))


def _value(found: Mapping[str, Finding], name: str) -> Any:
    return found[name].value if name in found else None


def _held(property: str, of: str, figure: str, value: float, metric: str) -> Row:
    outcome = describe(metric, value).outcomes[0]
    citation = outcome.criterion.source.cite
    level = outcome.criterion.level
    met = outcome.criterion.meets(value) if level == "reference" and value == value else outcome.met
    return _row(property, of, figure, value, outcome.rule, met, citation)


def _any_met(rows: Sequence[Row]) -> bool | None:
    """Return whether one of the rules is met; None when none could be judged."""
    judged = [row["met"] for row in rows if row["met"] is not None]
    return any(judged) if judged else None


def _structural(found: Mapping[str, Finding]) -> list[Row]:
    result = _value(found, "confirmatory")
    if result is None:
        return []
    fit = reported_fit(result)
    return [_held("structural_validity", "", name, float(fit[name]), metric) for name, metric in FIT.items()]


def _consistency(survey: Survey, found: Mapping[str, Finding], structural: bool | None) -> list[Row]:
    """Return alpha of each scale; it counts only where the structural validity is sufficient."""
    frame = _value(found, "reliability")
    if frame is None:
        return []
    rule = next(r for r in load_criteria()["alpha"].rules if r.source.key == "prinsen-2018")
    rows = []
    for one in frame.to_dict("records"):
        if one["construct"] not in survey.reflective:
            continue
        value = float(one["alpha"])
        met = rule.meets(value) if value == value and structural else None
        own = _row(
            "internal_consistency", one["construct"], "alpha", value, rule.rule(), met, rule.source.cite
        )
        rows.append(own)
    return rows


def _retest(found: Mapping[str, Finding]) -> list[Row]:
    frame = _value(found, "retest")
    if frame is None:
        return []
    return [
        _held("reliability", str(one["construct"]), "icc", float(one["icc"]), "icc")
        for one in frame.to_dict("records")
    ]


def _invariance(found: Mapping[str, Finding]) -> list[Row]:
    """Return the change of CFI at each step: no important difference between groups."""
    rows = []
    for column, one in (_value(found, "invariance") or {}).items():
        if one.value is None:
            continue
        changes = one.value.describe()
        own = changes[(changes["metric"] == "delta_cfi") & (changes["level"] == "default")]
        for row in own.dropna(subset=["met"]).to_dict("records"):
            rows.append(
                _row(
                    "cross_cultural_validity",
                    f"{column}: {row['step']}",
                    "delta_cfi",
                    float(row["value"]),
                    str(row["rule"]),
                    bool(row["met"]),
                    str(row["citation"]),
                )
            )
    return rows


def _criterion(found: Mapping[str, Finding]) -> list[Row]:
    value = _value(found, "criterion")
    if value is None:
        return []
    rows = []
    for one in value.expected.to_dict("records"):
        of = f"{one['construct']}: {one['criterion']}"
        figure, metric = (
            ("auc", "criterion_auc") if one["auc"] == one["auc"] else ("r", "criterion_correlation")
        )
        number = one["auc"] if figure == "auc" else one["correlation"]
        rows.append(_held("criterion_validity", of, figure, abs(float(number)), metric))
    return rows
