"""Every figure of measurement quality beside the cut-offs that the field keeps for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from trustmeasure.criteria import describe, load_criteria
from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.validation.findings import Finding
from trustmeasure.validation.glance import glance
from trustmeasure.validation.survey import Survey

OF_SCALES = {
    "alpha": "alpha",
    "omega": "omega",
    "cr": "composite_reliability",
    "ave": "ave",
    "loading_min": "loading",
    "htmt_max": "htmt",
}
OF_MODELS = ("cfi", "tli", "rmsea", "srmr")
COLUMNS = (
    "of", "metric", "value", "level", "rule", "met", "reason", "citation", "reference", "scope", "caveat",
)  # fmt: skip


class Held(NamedTuple):
    """A figure: what it is of, its metric, its value, and its upper limit (NaN when it has none)."""

    of: str
    metric: str
    value: float
    upper: float = float("nan")


def figures(survey: Survey, found: Mapping[str, Finding]) -> Iterator[Held]:
    """Yield every figure for which cut-offs are kept: of the items together, of scales, of the model."""
    adequacy = found["adequacy"].value if "adequacy" in found else None
    if adequacy is not None:
        yield Held("items", "kmo", adequacy[0].overall)
    for row in glance(survey, found).to_dict("records"):
        for column, metric in OF_SCALES.items():
            upper = row["htmt_max_upper"] if metric == "htmt" else float("nan")
            yield Held(str(row["construct"]), metric, row[column], upper)
    result = found["confirmatory"].value if "confirmatory" in found else None
    if result is not None:
        fit = reported_fit(result)
        yield from (Held("model", metric, float(fit[metric])) for metric in OF_MODELS)


def held_frame(survey: Survey, found: Mapping[str, Finding]) -> pd.DataFrame:
    """Return one row a figure and rule that can be judged: of, metric, value, rule, met, citation, ..."""
    criteria, parts = load_criteria(), []
    for one in figures(survey, found):
        if one.value != one.value:
            continue
        rows = describe(one.metric, one.value, ci_upper=one.upper, criteria=criteria).to_frame()
        rows.insert(0, "of", one.of)
        parts.append(rows[rows["met"].notna()])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
