"""Missing and careless answers, without a verdict on anybody."""

from __future__ import annotations

from typing import Any

from trustmeasure.reporting.blocks import Block, Section, Text
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import figure, grid, percent, text, whole

COLUMNS = (
    text("index", "index"),
    figure("median", "median", 2),
    text("flagged_when", "flagged_when"),
    whole("flagged", "flagged"),
    percent("share_flagged", "share_flagged"),
    text("source", "source"),
)


def section(context: Context) -> Section | None:
    """Return the section."""
    found = context.value("screening")
    if found is None:
        return made(context, "screening", context.failed("screening"))
    return made(context, "screening", [*_missing(context, found), *_careless(context, found)])


def _missing(context: Context, found: Any) -> list[Block]:
    t, answers = context.words, context.survey.answers
    people = int(answers.isna().any(axis=1).sum())
    if not people:
        return [Text(t("screening.complete"))]
    said = t(
        "screening.missing",
        people=context.count(people),
        n=context.count(len(answers)),
        share=context.percent(float(answers.isna().to_numpy().mean())),
    )
    if found.little is None:
        return [Text(said)]
    little = t(
        "screening.little",
        chisq=context.number(found.little.chisq),
        df=context.count(found.little.df),
        p=context.p_sentence(found.little.p_value),
    )
    return [Text(t.joined([said, little]))]


def _careless(context: Context, found: Any) -> list[Block]:
    t = context.words
    counts = found.counts[found.counts["n"] > 0]
    several = int((found.persons["flags"] >= 2).sum())
    said = t(
        "screening.several",
        people=context.count(several),
        share=context.percent(several / max(found.n_rows, 1)),
    )
    labels = {name: t(f"index.{name}") for name in counts["index"] if t.has(f"index.{name}")}
    table = grid(t, t("screening.table"), counts, COLUMNS, labels=labels)
    return [Text(t("screening.intro")), table, Text(said), *context.notes(found.notes)]
