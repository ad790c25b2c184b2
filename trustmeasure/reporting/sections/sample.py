"""Sample and exclusions: who is in, who is not, what is missing."""

from __future__ import annotations

import pandas as pd

from trustmeasure.reporting.blocks import Block, Bullets, Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.frames import exclusion_counts, stage_frame

MOST_GROUPS = 12
MOST_NOTES = 30


def section(context: Context) -> Section:
    """Return the section."""
    t, responses = context.words, context.findings.responses
    blocks: list[Block] = [
        Text(t("sample.source", source=responses.source, n=context.count(len(responses.data)))),
        _stages(context),
    ]
    if len(responses.excluded):
        blocks.append(_exclusions(context))
    blocks += [_missing(context), *_groups(context)]
    if responses.notes:
        blocks += [Text(t("sample.notes")), Bullets(_shortened(responses.notes), language="en")]
    return Section("sample", t("section.sample"), blocks)


def _shortened(notes: tuple[str, ...]) -> list[str]:
    more = len(notes) - MOST_NOTES
    return [*notes[:MOST_NOTES], *([f"... {more} more, see study.json"] if more > 0 else [])]


def _stages(context: Context) -> Grid:
    t = context.words
    rows = [
        Row((_stage(context, str(stage)), context.count(n), context.percent(share)), strong=stage == "used")
        for stage, n, share in stage_frame(context.findings).itertuples(index=False)
    ]
    heads = (t("head.stage"), t("head.n"), t("head.share_read"))
    fitted = context.findings.measurement is not None or context.findings.structural is not None
    return Grid(t("sample.stages"), heads, rows, "lrr", (_stages_note(context),) if fitted else ())


def _stages_note(context: Context) -> str:
    fits = [r for r in (context.findings.measurement, context.findings.structural) if r is not None]
    every = any(r.missing != "listwise" for r in fits)
    return context.words("sample.stages_note_every" if every else "sample.stages_note")


def _stage(context: Context, stage: str) -> str:
    """Return the name of a stage; a model that uses incomplete rows has another one."""
    result = getattr(context.findings, stage, None) if stage in {"measurement", "structural"} else None
    every = "_every" if result is not None and result.missing != "listwise" else ""
    return context.words(f"stage.{stage}{every}")


def _exclusions(context: Context) -> Grid:
    t = context.words
    rows = [
        Row((reason, context.count(n)))
        for reason, n in exclusion_counts(context.findings.responses).itertuples(index=False)
    ]
    return Grid(t("sample.exclusions"), (t("head.reason"), t("head.n")), rows, "lr")


def _missing(context: Context) -> Block:
    t, frame = context.words, context.findings.responses.missing()
    if frame.empty:
        return Text(t("sample.no_missing"))
    rows = [
        Row((_reason(context, str(reason)), context.count(answers), context.percent(share)))
        for reason, answers, share in frame.itertuples(index=False)
    ]
    total = (t("head.total"), context.count(frame["answers"].sum()), context.percent(frame["share"].sum()))
    heads = (t("head.reason"), t("head.answers"), t("head.share_answers"))
    return Grid(t("sample.missing"), heads, [*rows, Row(total, strong=True)], "lrr")


def _reason(context: Context, reason: str) -> str:
    key = f"reason.{reason}"
    return context.words(key) if context.words.has(key) else reason


def _groups(context: Context) -> list[Block]:
    """Return how the respondents fall into groups, for columns that are no items and have few values."""
    t, data = context.words, context.findings.responses.data
    rows: list[Row] = []
    for column in group_columns(context):
        counts = data[column].value_counts(dropna=False, sort=False).sort_index(na_position="last")
        rows.append(Row((str(column),), heads=True))
        rows += [
            Row((_value(context, value), context.count(n), context.percent(n / len(data))))
            for value, n in counts.items()
        ]
    heads = (t("head.group"), t("head.n"), t("head.share_used"))
    return [Grid(t("sample.groups"), heads, rows, "lrr")] if rows else []


def _value(context: Context, value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]  # a cell of any type
        return context.words("cell.missing")
    return f"{value:g}" if isinstance(value, float) else str(value)


def group_columns(context: Context) -> list[str]:
    """Return the columns that put respondents into 2 to 12 groups and are neither items nor ids."""
    responses = context.findings.responses
    others = [c for c in responses.data.columns if c not in responses.item_ids and c != responses.id_column]
    return [c for c in others if 2 <= responses.data[c].nunique() <= MOST_GROUPS]
