"""The pages of an instrument: one a block, because a phone shows six or so questions well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trustmeasure.instruments import Block, Instrument
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.variants import blocks_of
from trustmeasure.questionnaires.composing.checks import clean
from trustmeasure.questionnaires.composing.order import shuffled
from trustmeasure.questionnaires.composing.wording import BRAND, Voice, in_languages
from trustmeasure.questionnaires.elements import Matrix, Page, Question
from trustmeasure.questionnaires.logic import parse_expression


@dataclass(frozen=True, slots=True)
class Asking:
    """How instruments are asked.

    Attributes
    ----------
    voice : Voice
        Languages and brand.
    wave : str or None
        Which wave it is.
    item_seed, block_seed : int or None
        What the printed order of items and of blocks is drawn from; None for the order of the instruments.
    """

    voice: Voice
    wave: str | None = None
    item_seed: int | None = None
    block_seed: int | None = None


def instrument_pages(instrument: Instrument, form: str, asking: Asking) -> tuple[Page, ...]:
    """Return one page a block of the instrument, with the items of a form."""
    return tuple(_page(instrument, block, asking) for block in blocks_of(instrument, form, asking.wave))


def _page(instrument: Instrument, block: Block, asking: Asking) -> Page:
    shown_if = parse_expression(block.shown_if) if block.shown_if else None
    return Page(
        id=f"{instrument.id}/{block.id}",
        elements=(_matrix(instrument, block, asking),),
        shuffled=asking.block_seed is not None,
        shown_if=shown_if,
    )


def _matrix(instrument: Instrument, block: Block, asking: Asking) -> Matrix:
    voice = asking.voice
    questions = tuple(
        Question(id, instrument.id, filled(instrument, instrument.item(id).text, voice, f"item {id}"))
        for id in block.items
    )
    drawn = asking.item_seed if block.randomise and len(questions) > 1 else None
    return Matrix(
        id=block.id,
        stem=filled(instrument, block.stem, voice, f"stem of block {block.id}"),
        scale=in_languages(instrument.response_scales[block.scale], voice.tags),
        questions=questions if drawn is None else shuffled(questions, drawn, f"{instrument.id}/{block.id}"),
        randomised=drawn is not None,
    )


def filled(instrument: Instrument, text: Mapping[str, str], voice: Voice, what: str) -> FrozenMap[str]:
    """Return a text of an instrument in the questionnaire's languages, with the brand in its place."""
    declared = any(placeholder.name == BRAND for placeholder in instrument.placeholders)
    values = {
        tag: {BRAND: voice.brand[tag]} if voice.brand is not None and declared else {} for tag in voice.tags
    }
    return FrozenMap.of({tag: clean(what, instrument.fill(text, tag, **values[tag])) for tag in voice.tags})
