"""What every item looks like."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from trustmeasure.instruments import Instrument
from trustmeasure.reporting.blocks import Block, Section
from trustmeasure.validation.context import Context, section as made
from trustmeasure.validation.grids import figure, grid, percent, text, whole

COLUMNS = (
    text("item", "item"),
    whole("n", "n"),
    percent("missing", "share_missing"),
    figure("mean", "mean", 2),
    figure("sd", "sd", 2),
    figure("skew", "skew", 2),
    figure("kurtosis", "kurtosis", 2),
    percent("floor", "floor"),
    percent("ceiling", "ceiling"),
    figure("easiness", "easiness", 2),
    figure("item_rest", "item_rest", 2),
    figure("upper_lower", "upper_lower", 2),
)


def section(context: Context) -> Section | None:
    """Return the section."""
    found = context.value("items")
    if found is None:
        return made(context, "items", context.failed("items"))
    t = context.words
    order = {scale: place for place, scale in enumerate(context.survey.scales)}
    own = {item: scale for scale, items in context.survey.scales.items() for item in items}
    frame = found.items.assign(scale=found.items["item"].map(own).fillna(found.items["scale"]))
    table = grid(
        t,
        t("quality.items_table"),
        frame.sort_values("scale", key=lambda named: named.map(order), kind="stable"),
        COLUMNS,
        notes=(t("quality.items_note"),),
        group="scale",
        labels=context.labels,
    )
    notes = [f"{row['item']}: {row['note']}" for row in found.items.to_dict("records") if row["note"]]
    blocks: list[Block] = [table, *context.notes(notes), *_answers(context)]
    return made(context, "items", blocks)


def _answers(context: Context) -> Iterator[Block]:
    """Yield a figure of the answers for each instrument, one response scale at a time."""
    responses = context.survey.responses
    if responses is None:
        return
    for instrument in responses.instruments:
        for constructs in _alike(context, instrument):
            yield from context.figure(
                "items", partial(_draw, context, constructs), scales=_names(context, constructs)
            )


def _alike(context: Context, instrument: Instrument) -> list[list[str]]:
    """Return the scales of an instrument that have items in the data, one response scale after the other."""
    found: dict[str, list[str]] = {}
    for construct in instrument.constructs:
        items = context.survey.scales.get(construct.id, ())
        for response in dict.fromkeys(instrument.item(item).scale for item in items):
            found.setdefault(response, []).append(construct.id)
    return list(found.values())


def _names(context: Context, constructs: list[str]) -> str:
    return context.words("list.comma").join(context.name(one) for one in constructs)


def _draw(context: Context, constructs: list[str]) -> Any:
    from trustmeasure.plots import likert

    return likert(context.survey.responses, construct=constructs, language=context.language)
