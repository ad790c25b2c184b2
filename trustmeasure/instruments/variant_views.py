"""Forms, sectors, waves and conditions of an instrument, for reading."""

from __future__ import annotations

from collections.abc import Iterator

from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.records import Context, Texts


def variant_lines(instrument: Instrument) -> Iterator[str]:
    """Yield a line for each form, sector, wave and condition; none for an instrument without them."""
    for form in instrument.forms:
        yield f"Form {form.id}: {_words(instrument, form.label)} ({len(form.items)} items): " + ", ".join(
            form.items
        )
    for context in instrument.contexts:
        yield f"Sector {context.id}: {_words(instrument, context.label)}{_differences(context)}"
    for wave in instrument.waves:
        asked = ", ".join(b.id for b in instrument.blocks if not b.waves or wave.id in b.waves)
        yield f"Wave {wave.id}: {_words(instrument, wave.label)}; blocks {asked}"
    for block in instrument.blocks:
        if block.shown_if:
            yield f"Block {block.id} is asked if {block.shown_if}."


def _words(instrument: Instrument, text: Texts) -> str:
    return " · ".join(text[tag] for tag in instrument.language_tags)


def _differences(context: Context) -> str:
    """Return what a sector words in its own way."""
    groups = (("items", context.items), ("stems", context.stems), ("placeholders", context.placeholders))
    named = [f"{what} {', '.join(texts)}" for what, texts in groups if texts]
    return f"; its own words for {'; '.join(named)}" if named else ""
