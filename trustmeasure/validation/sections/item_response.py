"""Where on its scale each item measures: slopes and thresholds of the graded response model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from trustmeasure.reporting.blocks import Block, Grid, Note, Row, Section, Text
from trustmeasure.validation.context import Context, section as made


def section(context: Context) -> Section | None:
    """Return the section; None when no scale has three items."""
    found: Mapping[str, Any] | None = context.value("item_response")
    if found is None:
        return made(context, "item_response", context.failed("item_response"))
    if not found:
        return None
    blocks: list[Block] = [Text(context.words("irt.intro"))]
    for scale, one in found.items():
        if one.value is None:
            title = context.words("quality.failed", what=context.name(scale))
            blocks.append(Note(title, [one.failure], tone="failed"))
        else:
            blocks += [_table(context, scale, one.value), *context.notes(one.value.notes)]
    return made(context, "item_response", blocks)


def _table(context: Context, scale: str, fitted: Any) -> Grid:
    t, frame = context.words, fitted.items
    cuts = [name for name in frame.columns if name.startswith("b") and not name.endswith("_se")]
    heads = [t("head.item"), t("head.slope"), t("head.se"), *cuts]
    rows = [_row(context, row, cuts) for _, row in frame.iterrows()]
    note = t(
        "irt.note", reliability=context.number(fitted.marginal_reliability), n=context.count(fitted.n_obs)
    )
    return Grid(t("irt.table", scale=context.name(scale)), heads, rows, "l" + "r" * (len(heads) - 1), (note,))


def _row(context: Context, row: pd.Series, cuts: list[str]) -> Row:
    numbers = [context.number(row[name], 2) for name in ("a", "a_se", *cuts)]
    return Row((str(row["item"]), *numbers))
