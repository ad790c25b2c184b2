"""An instrument as a frame and as a text for reading."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.records import Construct, Item
from trustmeasure.instruments.variant_views import variant_lines

STATUS_NOTES = {"developed": "written after cited definitions; not yet supported by data"}


def item_frame(instrument: Instrument, language: str | None = None) -> pd.DataFrame:
    """Return one row an item, with its wording in one language or in all."""
    block_of = {id: block.id for block in instrument.blocks for id in block.items}
    rows = [_item_row(instrument, item, block_of[item.id]) for item in instrument.items]
    frame = pd.DataFrame(rows)
    if language is not None:
        frame["text"] = [item.text[instrument.require_language(language)] for item in instrument.items]
        return frame
    for tag in instrument.language_tags:
        frame[f"text_{tag}"] = [item.text[tag] for item in instrument.items]
    return frame


def _item_row(instrument: Instrument, item: Item, block: str) -> dict[str, object]:
    return {
        "item": item.id,
        "construct": item.construct,
        "dimension_of": instrument.construct(item.construct).higher_order,
        "block": block,
        "scale": item.scale,
        "reverse": item.reverse,
    }


def summary(instrument: Instrument) -> Summary:
    """Return title, status, definitions, wording and answers for reading."""
    title = " · ".join(instrument.title[tag] for tag in instrument.language_tags)
    scales = [_scale_line(instrument, id) for id in instrument.response_scales]
    return Summary(
        f"{title} ({instrument.id} {instrument.version})",
        [
            *_status_lines(instrument),
            *_reading_lines(instrument),
            _construct_table(instrument),
            _item_table(instrument),
            *scales,
            *variant_lines(instrument),
        ],
    )


def _status_lines(instrument: Instrument) -> list[str]:
    status = instrument.evidence.status
    note = STATUS_NOTES.get(status, "see its evidence")
    languages = ", ".join(f"{language.name} ({language.status})" for language in instrument.languages)
    return [f"Evidence: {status} ({note}).", f"Wording: {languages}. Licence: {instrument.license}."]


def _reading_lines(instrument: Instrument) -> list[str]:
    from trustmeasure.instruments.reading_level import level_line

    return [line for tag in instrument.language_tags if (line := level_line(instrument, tag))]


def _construct_table(instrument: Instrument) -> Table:
    rows = [_construct_row(instrument, construct) for construct in instrument.constructs]
    return Table("Constructs", pd.DataFrame(rows), labels={"dimension_of": "dimension of"})


def _construct_row(instrument: Instrument, construct: Construct) -> dict[str, object]:
    texts: dict[str, object] = {}
    for tag in instrument.language_tags:
        texts[f"definition ({tag})"] = f"{construct.label[tag]}: {construct.definition[tag]}"
    return {"construct": construct.id, "dimension_of": construct.higher_order or "", **texts}


def _item_table(instrument: Instrument) -> Table:
    frame = item_frame(instrument)
    shown = frame[["item", "construct", "reverse"]].assign(
        reverse=["reversed" if reverse else "" for reverse in frame["reverse"]]
    )
    for tag in instrument.language_tags:
        shown[f"wording ({tag})"] = [instrument.fill(item.text, tag) for item in instrument.items]
    return Table("Items", shown, labels={"reverse": ""})


def _scale_line(instrument: Instrument, scale_id: str) -> str:
    scale = instrument.response_scales[scale_id]
    parts = [_answers(scale.labels(tag)) for tag in instrument.language_tags]
    return f"Answers {scale_id}: {' / '.join(parts)}"


def _answers(labels: Mapping[int, str]) -> str:
    return "; ".join(label if label == str(code) else f"{code} {label}" for code, label in labels.items())
