"""Reliability, fit and loadings beside cited cut-offs."""

from __future__ import annotations

from trustmeasure.criteria import Criterion
from trustmeasure.reporting.blocks import Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.cutoffs import FIT, Held, held


def section(context: Context) -> Section | None:
    """Return the section; None when nothing has a cut-off."""
    t, found = context.words, held(context.findings)
    if not found:
        return None
    rows = [row for one in found for row in _rows(context, one)]
    heads = [t(f"head.{key}") for key in ("rule", "met", "source", "caveat")]
    grid = Grid(t("cutoffs.table"), heads, rows, "rclw", (t("cutoffs.note"),))
    return Section("cutoffs", t("section.cutoffs"), [Text(t("cutoffs.intro")), grid])


def _rows(context: Context, one: Held) -> list[Row]:
    head = Row((context.words(f"metric.{one.metric}"), _values(context, one)), heads=True)
    return [head, *(_row(context, rule, signs, met, len(one.values)) for rule, signs, met in one.rules())]


def _values(context: Context, one: Held) -> str:
    """Return the values in short: each model's, or lowest and highest."""
    t = context.words
    if one.metric in FIT:
        shown = [
            t("cutoffs.value", what=t(f"stage_name.{stage}"), value=context.number(value))
            for stage, value in one.values.items()
        ]
        return t("list.comma").join(shown)
    low, high = min(one.values.values()), max(one.values.values())
    return t("cutoffs.range", n=len(one.values), low=context.number(low), high=context.number(high))


def _row(context: Context, rule: Criterion, signs: str, met: int, n: int) -> Row:
    t = context.words
    key = f"caveat.{rule.metric}.{rule.level}"
    caveat = t(key) if t.language != "en" and t.has(key) else rule.caveat
    return Row((signs, t("cutoffs.met", met=met, n=n), rule.source.cite, caveat))
