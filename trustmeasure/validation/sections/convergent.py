"""Whether the items of a scale hold together: loadings, composite reliability, variance extracted."""

from __future__ import annotations

from trustmeasure.reporting.blocks import Section
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import figure, grid, interval, text, whole

CONSTRUCTS = (
    text("construct", "construct"),
    whole("items", "n_items"),
    figure("cr", "composite_reliability"),
    interval("interval", "cr_ci_lower", "cr_ci_upper"),
    figure("ave", "ave"),
    interval("interval", "ave_ci_lower", "ave_ci_upper"),
    figure("msv", "msv"),
    figure("asv", "asv"),
    text("with", "largest_with"),
)


def section(context: Context) -> Section | None:
    """Return the section."""
    found = context.value("convergent")
    if found is None:
        return made(context, "convergent", context.failed("convergent"))
    t = context.words
    table = grid(
        t,
        t("convergent.table"),
        found.constructs,
        CONSTRUCTS,
        notes=(t("convergent.note"),),
        labels=context.labels,
    )
    rows = found.constructs.to_dict("records")
    notes = [f"{context.name(row['construct'])}: {row['note']}" for row in rows if row["note"]]
    return made(context, "convergent", [table, *context.notes([*notes, *found.notes])])
