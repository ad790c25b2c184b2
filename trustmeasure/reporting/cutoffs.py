"""Values held against cited cut-offs: described, never judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustmeasure.criteria import Outcome, describe
from trustmeasure.reporting.blocks import Block, Grid, Row
from trustmeasure.reporting.context import Context


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with the metric whose cut-offs it is held against, and what the table calls it."""

    metric: str
    value: float
    label: str


def cutoff_blocks(context: Context, measured: Sequence[Measured], caption: str) -> list[Block]:
    """Return the table of cut-offs; nothing when there is no value."""
    t, rows = context.words, []
    for one in measured:
        description = describe(one.metric, one.value)
        rows.append(Row((f"{one.label}: {context.number(one.value)}",), heads=True))
        rows += [_row(context, outcome) for outcome in description.outcomes if outcome.met is not None]
    if not rows:
        return []
    heads = [t(f"head.{key}") for key in ("rule", "met", "source", "caveat")]
    return [Grid(caption, heads, rows, "lclw", (t("cutoff.note"),))]


def _row(context: Context, outcome: Outcome) -> Row:
    t, criterion = context.words, outcome.criterion
    key = f"caveat.{criterion.metric}.{criterion.level}"
    caveat = t(key) if context.words.language != "en" and t.has(key) else criterion.caveat
    return Row(
        (outcome.rule, t("cell.met" if outcome.met else "cell.not_met"), criterion.source.cite, caveat)
    )


def cited(measured: Sequence[Measured]) -> list[str]:
    """Return the references of the cut-offs that `cutoff_blocks` shows."""
    outcomes = [outcome for one in measured for outcome in describe(one.metric, one.value).outcomes]
    return [o.criterion.source.reference for o in outcomes if o.met is not None]
