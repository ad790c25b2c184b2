"""An instrument in other words, or with fewer items: what is asked of whom, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.model import Instrument
from trustmeasure.instruments.placeholders import Placeholder
from trustmeasure.instruments.records import Block, Context, Item, Texts


def in_context(instrument: Instrument, context: Context) -> Instrument:
    """Return the instrument in a sector's words."""
    return replace(
        instrument,
        placeholders=tuple(_sector_words(one, context) for one in instrument.placeholders),
        items=tuple(_item(item, context.items) for item in instrument.items),
        blocks=tuple(_stem(block, context.stems) for block in instrument.blocks),
    )


def _sector_words(placeholder: Placeholder, context: Context) -> Placeholder:
    words = context.placeholders.get(placeholder.name)
    return placeholder if words is None else replace(placeholder, default=FrozenMap.of(words))


def _item(item: Item, texts: Mapping[str, Texts]) -> Item:
    return replace(item, text=texts[item.id]) if item.id in texts else item


def _stem(block: Block, stems: Mapping[str, Texts]) -> Block:
    return replace(block, stem=stems[block.id]) if block.id in stems else block


def blocks_of(instrument: Instrument, form: str, wave: str | None) -> tuple[Block, ...]:
    """Return the blocks with the items that a form asks in a wave; blocks without any are left out.

    Parameters
    ----------
    instrument : Instrument
        Where the blocks are.
    form : str
        Id of a form; `"long"` for all items.
    wave : str or None
        Id of a wave; None, or a wave that the instrument does not have, for all blocks.

    Raises
    ------
    InstrumentError
        If the instrument has no such form.
    """
    asked = {item.id for item in instrument.items_in(form)}
    known = {one.id for one in instrument.waves}
    chosen = (b for b in instrument.blocks if wave not in known or not b.waves or wave in b.waves)
    cut = (replace(block, items=tuple(id for id in block.items if id in asked)) for block in chosen)
    return tuple(block for block in cut if block.items)
