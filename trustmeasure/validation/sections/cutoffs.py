"""Values beside cited cut-offs: which rules are met, never a verdict."""

from __future__ import annotations

import pandas as pd

from trustmeasure.criteria import load_criteria
from trustmeasure.reporting.blocks import Bullets, Grid, Row, Section, Text
from trustmeasure.validation.context import Context
from trustmeasure.validation.held import held_frame


def section(context: Context) -> Section | None:
    """Return the section; None when nothing has a cut-off."""
    t, frame = context.words, held_frame(context.survey, context.found)
    if not len(frame):
        return None
    rows = [
        row for metric, own in frame.groupby("metric", sort=False) for row in _rows(context, str(metric), own)
    ]
    heads = [t(f"head.{key}") for key in ("rule", "met", "source", "caveat")]
    table = Grid(t("quality.cutoffs_table"), heads, rows, "nclw", (t("cutoffs.note"),))
    references = Bullets(sorted(set(frame["reference"])), language="en")
    return Section("cutoffs", t("section.cutoffs"), [Text(t("cutoffs.intro")), table, references])


def _rows(context: Context, metric: str, frame: pd.DataFrame) -> list[Row]:
    t, values = context.words, frame.drop_duplicates("of")["value"]
    label = t(f"metric.{metric}") if t.has(f"metric.{metric}") else load_criteria()[metric].label
    n, low, high = len(values), context.number(values.min()), context.number(values.max())
    shown = low if n == 1 else t("cutoffs.range", n=n, low=low, high=high)
    rows = [Row((label, shown), heads=True)]
    for (level, rule), own in frame.groupby(["level", "rule"], sort=False):
        key = f"caveat.{metric}.{level}"
        caveat = t(key) if t.language != "en" and t.has(key) else own["caveat"].iloc[0]
        met = t("cutoffs.met", met=int(own["met"].sum()), n=len(own))
        rows.append(Row((str(rule), met, own["citation"].iloc[0], caveat)))
    return rows
