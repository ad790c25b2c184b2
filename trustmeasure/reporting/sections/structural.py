"""The structural model: fit, paths, R-squared, diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustmeasure.reporting.blocks import Block, Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.failing import failed
from trustmeasure.reporting.frames import rows_of
from trustmeasure.reporting.pictures import picture
from trustmeasure.reporting.sections.models import estimates, fit_grid, heads, warning_blocks

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult


def section(context: Context) -> Section | None:
    """Return the section; None when there is no structural model."""
    t, result = context.words, context.findings.structural
    if result is None:
        note = failed(context, "structural")
        return Section("structural", t("section.structural"), [note]) if note else None
    blocks: list[Block] = [
        Text(t("structural.intro")),
        *picture(context, "path-diagram", t("structural.diagram")),
        _paths(context, result),
        *_above_one(context, result),
        *_fit(context, result),
        *warning_blocks(context, result),
    ]
    return Section("structural", t("section.structural"), blocks)


def _paths(context: Context, result: SemResult) -> Grid:
    t, rows = context.words, []
    paths = result.parameters[result.parameters["op"] == "~"]
    for outcome, own in paths.groupby("lhs", sort=False):
        explained = context.number(result.r_squared.get(str(outcome), float("nan")))
        rows.append(Row((context.name(str(outcome)), t("structural.outcome", r2=explained)), heads=True))
        rows += [
            Row((f"← {context.name(row['rhs'])}", *estimates(context, row))) for _, row in own.iterrows()
        ]
    notes = (t(f"note.{context.findings.std}"), t("structural.r2_note"))
    return Grid(t("structural.paths"), heads(context, t("head.path"), result), rows, "lrrrrcr", notes)


def _above_one(context: Context, result: SemResult) -> list[Block]:
    """Say what standardised paths above 1 mean, when there are any."""
    paths = result.parameters[result.parameters["op"] == "~"]
    far = paths[paths[context.findings.std].abs() > 1]
    if far.empty:
        return []
    named = [f"{context.name(str(row.rhs))} → {context.name(str(row.lhs))}" for row in rows_of(far)]
    return [Text(context.words("structural.above_one", paths=context.words.listed(named)))]


def _fit(context: Context, result: SemResult) -> list[Block]:
    """Return the fit beside that of the measurement model, and what their difference means."""
    t, measurement = context.words, context.findings.measurement
    if measurement is None:
        return [fit_grid(context, {t("head.value"): result}, t("structural.fit"))]
    both = {t("stage_name.measurement"): measurement, t("stage_name.structural"): result}
    grid = fit_grid(context, both, t("structural.fit_both"))
    same_rows = measurement.n_obs == result.n_obs and measurement.model.observed == result.model.observed
    gained = result.df - measurement.df
    if not same_rows or gained < 0:
        return [grid]
    if gained == 0:
        return [grid, Text(t("structural.saturated"))]
    return [grid, Text(t("structural.restricted", df=gained))]
