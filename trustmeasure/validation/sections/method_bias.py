"""Common method bias: what each statistic looks for, and what it found."""

from __future__ import annotations

from trustmeasure.reporting.blocks import Block, Section, Text
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import figure, grid, long, text

OVERVIEW = (
    text("technique", "technique"),
    text("measure", "quantity"),
    figure("value", "value"),
    long("about", "said"),
)
VIF = (text("construct", "construct"), figure("vif", "vif", 2))


def section(context: Context) -> Section | None:
    """Return the section."""
    found = context.value("method")
    if found is None:
        return made(context, "method_bias", context.failed("method"))
    t, overview = context.words, found.overview
    labels = context.phrases(overview[["technique", "quantity", "said"]].to_numpy().ravel())
    blocks: list[Block] = [
        Text(t("method_bias.intro")),
        grid(t, t("method_bias.table"), overview, OVERVIEW, labels=labels),
    ]
    if len(found.vif):
        blocks.append(grid(t, t("method_bias.vif_table"), found.vif, VIF, labels=context.labels))
    return made(context, "method_bias", [*blocks, *context.notes(found.notes)])
