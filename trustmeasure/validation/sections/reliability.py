"""Reliability of the scales, with intervals."""

from __future__ import annotations

from trustmeasure.reporting.blocks import Section
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import figure, grid, interval, text, whole

COLUMNS = (
    text("scale", "construct"),
    whole("items", "n_items"),
    whole("n", "n_obs"),
    figure("alpha", "alpha"),
    interval("interval", "alpha_ci_lower", "alpha_ci_upper"),
    figure("omega", "omega"),
    interval("interval", "omega_ci_lower", "omega_ci_upper"),
    figure("omega_categorical", "omega_categorical"),
    interval("interval", "omega_categorical_ci_lower", "omega_categorical_ci_upper"),
    figure("mean_r", "average_r"),
)


def section(context: Context) -> Section | None:
    """Return the section."""
    frame = context.value("reliability")
    if frame is None:
        return made(context, "reliability", context.failed("reliability"))
    t = context.words
    table = grid(
        t,
        t("quality.reliability_table"),
        frame,
        COLUMNS,
        notes=(t("quality.reliability_note"),),
        labels=context.labels,
    )
    notes = [
        f"{context.name(row['construct'])}: {row['note']}" for row in frame.to_dict("records") if row["note"]
    ]
    return made(context, "reliability", [table, *context.notes(notes)])
