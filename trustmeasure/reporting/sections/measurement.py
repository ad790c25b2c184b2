"""The measurement model: fit, loadings, correlations among constructs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trustmeasure.reporting.blocks import Block, Grid, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.failing import failed
from trustmeasure.reporting.frames import correlation_frame, rows_of, top_constructs
from trustmeasure.reporting.pictures import picture
from trustmeasure.reporting.sections.models import fit_grid, loading_grid, warning_blocks

if TYPE_CHECKING:
    from trustmeasure.sem import SemResult


def section(context: Context) -> Section | None:
    """Return the section; None when there is no measurement model."""
    t, result = context.words, context.findings.measurement
    if result is None:
        note = failed(context, "measurement")
        return Section("measurement", t("section.measurement"), [note]) if note else None
    blocks: list[Block] = [
        Text(t("measurement.intro")),
        fit_grid(context, {t("head.value"): result}, t("measurement.fit")),
        loading_grid(context, result, t("measurement.loadings")),
    ]
    if len(top_constructs(result)) > 1:
        blocks.append(_correlations(context, result))
    blocks += picture(context, "loadings", t("measurement.loadings_figure"))
    blocks += warning_blocks(context, result)
    return Section("measurement", t("section.measurement"), blocks)


def _correlations(context: Context, result: SemResult) -> Grid:
    """Return the lower triangle of the correlations among constructs."""
    t, names = context.words, top_constructs(result)
    values = {frozenset((row.lhs, row.rhs)): row.correlation for row in rows_of(correlation_frame(result))}
    rows = []
    for i, one in enumerate(names):
        cells = [context.number(values.get(frozenset((one, other)), float("nan"))) for other in names[:i]]
        rows.append(Row((f"{i + 1}. {context.name(one)}", *cells, *[""] * (len(names) - 1 - i))))
    heads = ["", *(str(i + 1) for i in range(len(names) - 1))]
    rows = [Row(row.cells[: len(heads)]) for row in rows]
    notes = (t("measurement.note"), _strongest(context, result))
    return Grid(t("measurement.correlations"), heads, rows, "l" + "r" * (len(heads) - 1), notes)


def _strongest(context: Context, result: SemResult) -> str:
    frame = correlation_frame(result)
    if frame["correlation"].isna().all():
        return ""
    row = rows_of(frame)[int(frame["correlation"].abs().argmax())]
    names = (context.name(str(row.lhs)), context.name(str(row.rhs)))
    return context.words(
        "measurement.strongest", one=names[0], other=names[1], value=context.number(row.correlation)
    )
