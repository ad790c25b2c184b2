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
    fitted = {scale: one.value for scale, one in found.items() if one.value is not None}
    tables = [_table(context, own, cuts) for cuts, own in _alike(fitted).items()]
    blocks: list[Block] = [Text(context.words("irt.intro")), *tables, *_failures(context, found)]
    notes = [f"{context.name(scale)}: {note}" for scale, own in fitted.items() for note in own.notes]
    return made(context, "item_response", [*blocks, *context.notes(notes)])


def _failures(context: Context, found: Mapping[str, Any]) -> list[Block]:
    failed = {scale: one.failure for scale, one in found.items() if one.value is None}
    title = {scale: context.words("quality.failed", what=context.name(scale)) for scale in failed}
    return [Note(title[scale], [reason], tone="failed") for scale, reason in failed.items()]


def _alike(fitted: Mapping[str, Any]) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return names of thresholds -> the scales with as many: those stand in one table."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for scale, one in fitted.items():
        cuts = tuple(name for name in one.items.columns if name.startswith("b") and not name.endswith("_se"))
        found.setdefault(cuts, {})[scale] = one
    return found


def _table(context: Context, fitted: Mapping[str, Any], cuts: tuple[str, ...]) -> Grid:
    t = context.words
    heads = [t("head.item"), t("head.slope"), t("head.se"), *cuts]
    rows = [row for scale, one in fitted.items() for row in _rows(context, scale, one, cuts)]
    return Grid(t("irt.table"), heads, rows, "l" + "r" * (len(heads) - 1), (t("irt.note"),))


def _rows(context: Context, scale: str, fitted: Any, cuts: tuple[str, ...]) -> list[Row]:
    head = context.words(
        "irt.scale",
        scale=context.name(scale),
        reliability=context.number(fitted.marginal_reliability),
        n=context.count(fitted.n_obs),
    )
    return [Row((head,), heads=True), *(_row(context, row, cuts) for _, row in fitted.items.iterrows())]


def _row(context: Context, row: pd.Series, cuts: tuple[str, ...]) -> Row:
    numbers = [context.number(row[name], 2) for name in ("a", "a_se", *cuts)]
    return Row((str(row["item"]), *numbers))
