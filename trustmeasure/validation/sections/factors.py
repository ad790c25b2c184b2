"""How many factors, and which items go together when no model says so."""

from __future__ import annotations

from typing import Any

from trustmeasure.reporting.blocks import Block, Grid, Row, Section, Text
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import grid, long, text, whole

BLANK = 0.30  # smaller loadings are left blank, for reading only
NUMBERS = (
    text("criterion", "method"),
    text("variant", "variant"),
    whole("n_factors", "n_factors"),
    long("basis", "rests_on"),
    long("note", "note"),
)


def section(context: Context) -> Section | None:
    """Return the section."""
    parts = (_adequacy, _numbers, _loadings)
    return made(context, "factors", [block for part in parts for block in part(context)])


def _adequacy(context: Context) -> list[Block]:
    t, found = context.words, context.value("adequacy")
    if found is None:
        return context.failed("adequacy")
    sampling, sphericity = found
    test = t(
        "factors.bartlett",
        chisq=context.number(sphericity.chisq),
        df=context.count(sphericity.df),
        p=context.p_sentence(sphericity.p_value),
    )
    return [Text(t.joined([t("factors.kmo", kmo=context.number(sampling.overall)), test]))]


def _numbers(context: Context) -> list[Block]:
    t, found = context.words, context.value("factor_numbers")
    if found is None:
        return context.failed("factor_numbers")
    note = t("factors.numbers_note", scales=len(context.survey.reflective))
    frame = found.to_frame()
    keys = {name: f"number.{name.replace(' ', '_')}" for name in frame["method"].unique()}
    labels = context.phrases(frame[["variant", "rests_on", "note"]].to_numpy().ravel())
    labels |= {name: t(key) for name, key in keys.items() if t.has(key)}
    table = grid(t, t("factors.numbers_table"), frame, NUMBERS, notes=(note,), labels=labels)
    return [table, *context.figure("scree", lambda: _scree(context, found)), *context.notes(found.notes)]


def _scree(context: Context, found: Any) -> Any:
    from trustmeasure.plots import scree

    return scree(found.parallel, language=context.language)


def _loadings(context: Context) -> list[Block]:
    t, found = context.words, context.value("exploratory")
    if found is None:
        return context.failed("exploratory")
    loadings = found.loadings
    heads = [t("head.item"), *(t("head.factor", number=i + 1) for i in range(loadings.shape[1]))]
    rows: list[Row] = []
    for scale, items in context.survey.reflective.items():
        rows.append(Row((context.name(scale),), heads=True))
        rows += [_row(context, found, item) for item in items]
    note = t(
        "factors.loadings_note",
        n=loadings.shape[1],
        extraction=found.extraction.method,
        rotation=found.rotation.method,
        correlation=found.correlations.correlation,
    )
    table = Grid(
        t("factors.loadings_table"), [*heads, t("head.communality")], rows, "l" + "r" * len(heads), (note,)
    )
    return [table, *context.notes(found.notes)]


def _row(context: Context, found: Any, item: str) -> Row:
    cells = [context.number(value, 2) if abs(value) >= BLANK else "" for value in found.loadings.loc[item]]
    return Row((item, *cells, context.number(found.communalities[item], 2)))
