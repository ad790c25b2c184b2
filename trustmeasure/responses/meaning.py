"""What a column of answers means: the question, its response scale, and what it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from trustmeasure.instruments import Instrument, MissingCode, ResponseScale, ScalePoint
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.records import Texts

MeaningKind = Literal["item", "check", "consent", "behaviour", "demographics", "link"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A question and the column of the data that holds its answers.

    Attributes
    ----------
    id : str
        Name of the column in `Responses.data`.
    kind : {"item", "check", "consent", "behaviour", "demographics", "link"}
        What is asked: an item of an instrument, an instructed answer, consent, a background question, or the
        participant code.
    text : mapping
        The wording per language, as respondents read it where that is known.
    scale : ResponseScale or None
        The answers; None where something is written.
    entry : {"", "integer", "text", "date"}
        What is written; empty where an answer is chosen.
    instrument : str
        Id of the instrument of an item.
    block : str
        Id of the block that it stands in.
    expected : int or None
        The code that an instructed answer asks for.
    number : int
        Place in the questionnaire, counted from 1; 0 where it is not known.
    """

    id: str
    kind: MeaningKind
    text: Texts = field(default_factory=FrozenMap)
    scale: ResponseScale | None = None
    entry: str = ""
    instrument: str = ""
    block: str = ""
    expected: int | None = None
    number: int = 0

    @property
    def is_free_text(self) -> bool:
        """Whether respondents write words of their own, which may tell who they are."""
        return self.entry == "text" and self.kind != "link"


def item_meanings(instruments: Sequence[Instrument]) -> dict[str, Meaning]:
    """Return item id -> meaning, with the general wording and its placeholders unfilled."""
    blocks = {id: block.id for own in instruments for block in own.blocks for id in block.items}
    return {
        item.id: Meaning(
            item.id,
            "item",
            item.text,
            own.scale_of(item.id),
            instrument=own.id,
            block=blocks.get(item.id, ""),
        )
        for own in instruments
        for item in own.items
    }


def labels_of(meaning: Meaning, language: str) -> Mapping[int, str]:
    """Return code -> label of the answers in a language; empty where there are none."""
    if meaning.scale is None:
        return {}
    entries: tuple[ScalePoint | MissingCode, ...] = (*meaning.scale.points, *meaning.scale.missing)
    return {entry.code: entry.label[language] for entry in entries if language in entry.label}
