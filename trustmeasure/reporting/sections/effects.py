"""Indirect and total effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from trustmeasure.reporting.blocks import Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.effects import effect_frame
from trustmeasure.reporting.sections.models import estimates, heads

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult


def section(context: Context) -> Section | None:
    """Return the section; None when the model defines nothing."""
    t, result = context.words, context.findings.structural
    if result is None or not result.model.definitions:
        return None
    frame = effect_frame(result)
    return Section(
        "effects", t("section.effects"), [Text(t("effects.intro")), _table(context, frame, result)]
    )


def _table(context: Context, frame: pd.DataFrame, result: SemResult) -> Grid:
    t, rows = context.words, []
    for (source, target), own in frame.groupby(["source", "target"], sort=False):
        ends = f"{context.name(str(source))} → {context.name(str(target))}" if source else t("effects.other")
        rows.append(Row((ends,), heads=True))
        single = (own["kind"] == "route").sum() == 1
        for _, row in own.iterrows():
            if not (single and row["kind"] == "indirect"):  # the sum of one route is that route
                rows.append(
                    Row((_label(context, row), *estimates(context, row)), strong=row["kind"] == "total")
                )
    notes = (t(f"note.{context.findings.std}"), t("effects.note"))
    return Grid(t("effects.table"), heads(context, t("head.effect"), result), rows, "lrrrrcr", notes)


def _label(context: Context, row: pd.Series) -> str:
    kind = str(row["kind"])
    if kind == "route":
        between = str(row["route"]).split(" → ")[1:-1]
        return context.words("effect.route", through=" → ".join(context.name(one) for one in between))
    if kind == "other":
        return f"{row['name']} = {row['expression']}"
    return context.words(f"effect.{kind}")
