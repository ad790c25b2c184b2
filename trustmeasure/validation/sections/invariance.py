"""Whether groups answer the same questions in the same way."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trustmeasure.reporting.blocks import Block, Heading, Note, Section, Text
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import figure, grid, long, probability, text
from trustmeasure.validity.invariance.table import kind_of_indices


def section(context: Context) -> Section | None:
    """Return the section; None when no groups were named."""
    found = context.value("invariance")
    if found is None:
        return made(context, "invariance", context.failed("invariance"))
    blocks: list[Block] = []
    for column, one in found.items():
        blocks.append(Heading(context.words("invariance.intro", column=column)))
        if one.value is None:
            title = context.words("quality.failed", what=context.words("analysis.invariance"))
            blocks.append(Note(title, [one.failure], tone="failed"))
        else:
            blocks += _sequence(context, column, one.value)
    return made(context, "invariance", blocks)


def _sequence(context: Context, column: str, found: Any) -> list[Block]:
    t = context.words
    sizes = t("list.comma").join(f"{label} {context.count(n)}" for label, n in _sizes(found).items())
    caption, steps = t("invariance.table", column=column), context.phrases(found.frame["step"])
    table = grid(t, caption, found.frame, _columns(found.frame), labels=steps)
    return [Text(t("invariance.groups", groups=sizes)), table, *context.notes(found.notes)]


def _sizes(found: Any) -> dict[str, int]:
    first = next(iter(found.fits.values()))
    return {group.label: group.n_obs for group in first.groups}


def _columns(frame: pd.DataFrame) -> tuple[Any, ...]:
    """Return the columns with the test and the indices that belong to the estimator."""
    kind = kind_of_indices(frame)
    test = "_scaled" if frame["chisq_scaled"].notna().any() else ""
    return (
        text("step", "step"),
        figure("chisq", f"chisq{test}"),
        figure("df", "df", 0),
        figure("cfi", f"cfi{kind}"),
        figure("rmsea", f"rmsea{kind}"),
        figure("srmr", "srmr"),
        figure("chisq_difference", "chisq_difference"),
        figure("df_difference", "df_difference", 0),
        probability("p", "p_value"),
        figure("delta_cfi", f"cfi{kind}_change"),
        figure("delta_rmsea", f"rmsea{kind}_change"),
        figure("delta_srmr", "srmr_change"),
        long("note", "note"),
    )
