"""The records of an instrument: what is asked, in which languages, and how it is scored.

Every text is a mapping from a language tag to the text, such as `{"en": "...", "zh": "..."}`. Texts may hold
placeholders such as `{brand}`; `Instrument.fill` puts words in their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from trustmeasure.check import suggestion
from trustmeasure.errors import InstrumentError
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.placeholders import Placeholder, fill
from trustmeasure.instruments.records import (
    Block,
    Construct,
    Context,
    Evidence,
    Form,
    Item,
    Language,
    ResponseScale,
    Texts,
    Wave,
)

if TYPE_CHECKING:
    import pandas as pd

    from trustmeasure.display import Summary

LONG_FORM = "long"


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Record = TypeVar("Record", bound=_HasId)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Instrument:
    """A set of items that measures one or more constructs, in one or more languages.

    Attributes
    ----------
    id, version : str
        Name of the file and version of its content (major.minor.patch).
    title, description : mapping
        Per language.
    source_language : str
        Tag of the language in which the meaning is fixed.
    license, citation : str
        Terms of use, and how to cite the instrument.
    languages : tuple of Language
        The languages in which every text exists.
    placeholders : tuple of Placeholder
        Names that the texts may hold in braces.
    response_scales : mapping
        Id -> ResponseScale, the scales that the blocks use.
    constructs, items, blocks, forms : tuple
        The parts; `items` holds the active ones only.
    contexts : tuple of Context
        Wordings for sectors.
    waves : tuple of Wave
        The times at which it is answered, in their order; empty when it is answered once.
    retired : tuple of Item
        Items that are no longer asked.
    evidence : Evidence
        How far data support the instrument.

    Examples
    --------
    >>> from trustmeasure.instruments import load_instrument
    >>> instrument = load_instrument("cognitive-trust")
    >>> [item.id for item in instrument.items_of("competence")]
    ['cog_com_1', 'cog_com_2', 'cog_com_3', 'cog_com_4']
    """

    id: str
    version: str
    title: Texts
    languages: tuple[Language, ...]
    response_scales: Mapping[str, ResponseScale]
    constructs: tuple[Construct, ...]
    items: tuple[Item, ...]
    blocks: tuple[Block, ...]
    description: Texts = field(default_factory=FrozenMap)
    source_language: str = "en"
    license: str = ""
    citation: str = ""
    placeholders: tuple[Placeholder, ...] = ()
    forms: tuple[Form, ...] = ()
    contexts: tuple[Context, ...] = ()
    waves: tuple[Wave, ...] = ()
    retired: tuple[Item, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)

    def __repr__(self) -> str:
        tags = ", ".join(self.language_tags)
        return (
            f"<Instrument {self.id} {self.version}: {len(self.items)} items, "
            f"{len(self.constructs)} constructs, {tags}, {self.evidence.status}>"
        )

    def __str__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    @property
    def language_tags(self) -> tuple[str, ...]:
        """Tags of the languages, in the order of the file."""
        return tuple(language.tag for language in self.languages)

    @property
    def ordinal_items(self) -> tuple[str, ...]:
        """Ids of the active items whose answers are ordered categories: those with a response scale."""
        return tuple(i.id for i in self.items if len(self.response_scales[i.scale].points) > 1)

    def item(self, id: str) -> Item:
        """Return the active item `id`; raise InstrumentError naming the nearest otherwise."""
        return self._find("item", id, self.items)

    def construct(self, id: str) -> Construct:
        """Return the construct `id`; raise InstrumentError naming the nearest otherwise."""
        return self._find("construct", id, self.constructs)

    def block(self, id: str) -> Block:
        """Return the block `id`; raise InstrumentError naming the nearest otherwise."""
        return self._find("block", id, self.blocks)

    def scale_of(self, item_id: str) -> ResponseScale:
        """Return the response scale of the item `item_id`."""
        return self.response_scales[self.item(item_id).scale]

    def dimensions_of(self, construct_id: str) -> tuple[Construct, ...]:
        """Return the constructs that are dimensions of `construct_id`; empty when it has items of its own."""
        whole = self.construct(construct_id)
        return tuple(part for part in self.constructs if part.higher_order == whole.id)

    def items_of(self, construct_id: str) -> tuple[Item, ...]:
        """Return the items of a construct; for a higher-order one, those of all its dimensions."""
        own = tuple(self.item(id) for id in self.construct(construct_id).items)
        below = (self.items_of(part.id) for part in self.dimensions_of(construct_id))
        return own + tuple(item for items in below for item in items)

    def items_in(self, form: str = LONG_FORM) -> tuple[Item, ...]:
        """Return the items of a form; `"long"` (always there) means all active items."""
        if form == LONG_FORM:
            return self.items
        known = (*self.forms, Form(LONG_FORM, {}, ()))
        return tuple(self.item(id) for id in self._find("form", form, known).items)

    def in_context(self, context: str) -> Instrument:
        """Return the instrument in the words of a sector; items, constructs and scales stay the same.

        Parameters
        ----------
        context : str
            Id of one of `contexts`.

        Returns
        -------
        Instrument
            The same instrument with the sector's wording.

        Raises
        ------
        InstrumentError
            If the instrument has no such context.
        """
        from trustmeasure.instruments.variants import in_context

        return in_context(self, self._find("context", context, self.contexts))

    def fill(self, text: Texts | str, language: str, **values: str) -> str:
        """Return a text in one language with words in the place of its placeholders.

        Parameters
        ----------
        text : mapping or str
            A text of this instrument (item, stem, ...) in all languages, or in one.
        language : str
            Tag of the language.
        **values : str
            Words for placeholders, such as `brand="Acme"`; the instrument's default otherwise.

        Returns
        -------
        str
            The text as a respondent reads it.

        Raises
        ------
        InstrumentError
            If the language or a placeholder is unknown, or a value is empty.

        Examples
        --------
        >>> from trustmeasure.instruments import load_instrument
        >>> instrument = load_instrument("satisfaction")
        >>> instrument.fill("I like {brand}.", "en"), instrument.fill("I like {brand}.", "en", brand="Acme")
        ('I like the company.', 'I like Acme.')
        """
        tag = self.require_language(language)
        template = text if isinstance(text, str) else text[tag]
        return fill(template, self.placeholders, tag, values)

    def require_language(self, language: str) -> str:
        """Return `language` when every text exists in it; raise InstrumentError otherwise."""
        if language in self.language_tags:
            return language
        allowed = suggestion(language, self.language_tags)
        raise InstrumentError(f"The instrument '{self.id}' has no language '{language}'. {allowed}")

    def to_frame(self, language: str | None = None) -> pd.DataFrame:
        """Return one row an item.

        Parameters
        ----------
        language : str, optional
            Tag of the language of the column `text`; with None a column `text_<tag>` for each language.

        Returns
        -------
        pandas.DataFrame
            Columns item, construct, dimension_of, block, scale, reverse, and the wording (placeholders
            not filled).

        Examples
        --------
        >>> from trustmeasure.instruments import load_instrument
        >>> load_instrument("repurchase").to_frame("en")["text"].iloc[0]
        'I intend to buy from {brand} again.'
        """
        from trustmeasure.instruments.views import item_frame

        return item_frame(self, language)

    def summary(self) -> Summary:
        """Return title, status, definitions and wording for reading, as text or HTML."""
        from trustmeasure.instruments.views import summary

        return summary(self)

    def _find(self, what: str, id: str, records: Sequence[Record]) -> Record:
        for record in records:
            if record.id == id:
                return record
        allowed = suggestion(id, [record.id for record in records])
        raise InstrumentError(f"The instrument '{self.id}' has no {what} '{id}'. {allowed}")
