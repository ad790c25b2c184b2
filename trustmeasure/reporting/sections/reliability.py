"""Reliability of the scales, with intervals, and what the coefficients mean."""

from __future__ import annotations

from typing import Any

from trustmeasure.reporting.blocks import Block, Bullets, Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.failing import failed
from trustmeasure.reporting.frames import rows_of


def section(context: Context) -> Section | None:
    """Return the section; None when reliability was not wanted."""
    t, frame = context.words, context.findings.reliability
    if frame is None:
        note = failed(context, "reliability")
        return Section("reliability", t("section.reliability"), [note]) if note else None
    blocks: list[Block] = [Text(t("reliability.intro")), _table(context)]
    notes = [
        f"{context.name(str(row.construct))}: {row.note}"
        for row in rows_of(frame)
        if row.note and not row.higher_order
    ]
    if notes:
        blocks += [Text(t("reliability.notes")), Bullets(notes, language="en")]
    return Section("reliability", t("section.reliability"), blocks)


def _table(context: Context) -> Grid:
    t = context.words
    frame = context.findings.reliability
    rows = [_row(context, row) for row in rows_of(frame)] if frame is not None else []
    level = context.number(100 * context.findings.reliability_ci, 0)
    ordinal = frame is not None and "omega_categorical" in frame
    keys = ["scale", "items", "n", "alpha", "ci", "omega", "ci", "mean_r"]
    keys[7:7] = ["omega_categorical", "ci"] if ordinal else []
    heads = [t(f"head.{key}", level=level) for key in keys]
    notes = [
        t("reliability.alpha_note", missing=t(f"reliability.{context.findings.reliability_missing}")),
        t("reliability.omega_note"),
    ]
    if ordinal:
        notes.append(t("reliability.categorical_note"))
    if frame is not None and frame["higher_order"].any():
        notes.append(t("reliability.higher_note"))
    return Grid(t("reliability.table"), heads, rows, "lrrrcrcr" + "cr" * ordinal, notes)


def _row(context: Context, row: Any) -> Row:
    mark = context.words("cell.higher") if row.higher_order else ""
    categorical = _categorical(context, row) if hasattr(row, "omega_categorical") else ()
    return Row(
        (
            f"{context.name(str(row.construct))}{mark}",
            str(row.n_items),
            context.count(row.n_obs),
            context.number(row.alpha),
            context.interval(row.alpha_ci_lower, row.alpha_ci_upper),
            context.number(row.omega),
            context.interval(row.omega_ci_lower, row.omega_ci_upper),
            *categorical,
            context.number(row.average_r),
        )
    )


def _categorical(context: Context, row: Any) -> tuple[str, str]:
    limits = row.omega_categorical_ci_lower, row.omega_categorical_ci_upper
    return context.number(row.omega_categorical), context.interval(*limits)
