"""What was asked: instruments, constructs and wording."""

from __future__ import annotations

from trustmeasure.instruments import Instrument, Item
from trustmeasure.reporting.blocks import Block, Grid, Heading, Row, Section, Text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.frames import filled, language_of


def section(context: Context) -> Section:
    """Return the section."""
    t = context.words
    blocks: list[Block] = [Text(t("instruments.intro")), _overview(context)]
    for instrument in context.findings.responses.instruments:
        blocks += _instrument(context, instrument)
    return Section("instruments", t("section.instruments"), blocks)


def _overview(context: Context) -> Grid:
    t = context.words
    found = set(context.findings.responses.item_ids)
    rows = []
    for own in context.findings.responses.instruments:
        tag = language_of(own.language_tags, context.findings.language)
        wording = next(language for language in own.languages if language.tag == tag)
        asked = len(found & {item.id for item in own.items})
        status = t(f"evidence.{own.evidence.status}")
        rows.append(
            Row((own.title[tag], own.id, own.version, str(asked), status, t(f"translation.{wording.status}")))
        )
    keys = ("instrument", "id", "version", "items", "evidence", "wording")
    return Grid(
        t("instruments.overview"),
        [t(f"head.{key}") for key in keys],
        rows,
        "lnlrll",
        (t("instruments.overview_note"),),
    )


def _instrument(context: Context, instrument: Instrument) -> list[Block]:
    tag = language_of(instrument.language_tags, context.findings.language)
    blocks: list[Block] = [Heading(instrument.title[tag])]
    if instrument.description:
        blocks.append(Text(instrument.description[tag]))
    blocks.append(_wording(context, instrument, tag))
    return blocks


def _wording(context: Context, instrument: Instrument, tag: str) -> Grid:
    t = context.words
    asked = [item for item in instrument.items if item.id in context.findings.responses.item_ids]
    rows: list[Row] = []
    for construct in instrument.constructs:
        own = [item for item in asked if item.construct == construct.id]
        if own or not construct.items:
            rows.append(Row((construct.label[tag], construct.definition[tag]), heads=True))
        rows += [Row((item.id, _text(context, instrument, item, tag))) for item in own]
    notes = [_scale_note(context, instrument, id, tag) for id in instrument.response_scales]
    if any(item.reverse for item in asked):
        notes.append(t("instruments.reversed_note"))
    return Grid(
        t("instruments.items_of", title=instrument.title[tag]),
        (t("head.item"), t("head.wording")),
        rows,
        "nw",
        notes,
    )


def _text(context: Context, instrument: Instrument, item: Item, tag: str) -> str:
    text = filled(instrument, item.text, tag, context.findings.brand)
    return context.words("instruments.reversed", text=text) if item.reverse else text


def _scale_note(context: Context, instrument: Instrument, scale_id: str, tag: str) -> str:
    scale = instrument.response_scales[scale_id]
    labels = scale.labels(tag)
    shown = [f"{code}" if label == str(code) else f"{code} = {label}" for code, label in labels.items()]
    if len(shown) > 7:
        shown = [shown[0], "…", shown[-1]]
    return context.words("instruments.answers", answers=context.words("list.semicolon").join(shown))
