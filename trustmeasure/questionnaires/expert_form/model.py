"""The expert form as a value, the same whatever file it is written to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import ArgumentError, QuestionnaireError
from trustmeasure.instruments import Construct, Instrument, Item

KINDS = ("relevance", "clarity", "necessity")
REMARK = "[{construct}]"
"""Stands in the place of an item for what an expert says of a whole construct."""
_FILE = Path(__file__).with_name("texts.yaml")


@cache
def _all() -> Mapping[str, Mapping[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def form_words(language: str) -> Mapping[str, Any]:
    """Return key -> words in `language`; raise QuestionnaireError when the form does not speak it."""
    if language in _all():
        return _all()[language]
    raise QuestionnaireError(
        f"The expert form does not exist in the language '{language}'. {suggestion(language, tuple(_all()))}"
    )


def put(text: str, **values: object) -> str:
    """Return `text` with its `{names}` replaced in one pass: no value is ever read as a name."""
    parts = text.replace("}", "{").split("{")
    return "".join(str(values[part]) if place % 2 else part for place, part in enumerate(parts))


@dataclass(frozen=True, slots=True)
class Rating:
    """A column that experts fill with numbers.

    Attributes
    ----------
    kind : {"relevance", "clarity", "necessity"}
        What is rated.
    name, asked : str
        Heading and question.
    points : tuple of str
        Words of the numbers 1, 2, ...
    """

    kind: str
    name: str
    asked: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One item: its id, its wording as respondents read it, and whether it is worded in reverse."""

    id: str
    text: str
    reverse: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The items of one construct.

    Attributes
    ----------
    id, label, definition : str
        The construct.
    about : tuple of str
        What else an expert needs: the construct above it, the answers that respondents choose from.
    rows : tuple of Row
        Its items.
    """

    id: str
    label: str
    definition: str
    about: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ExpertForm:
    """What experts are asked about an instrument, in one language.

    Attributes
    ----------
    instrument, version, language, title : str
        Of what, in which language, under which title.
    ratings : tuple of Rating
        The columns.
    parts : tuple of Part
        The constructs that have items.
    expert : str
        Id of the expert, when it is known.
    context : str
        The sector whose wording is judged; empty for the general one.
    """

    instrument: str
    version: str
    language: str
    title: str
    ratings: tuple[Rating, ...]
    parts: tuple[Part, ...]
    expert: str = ""
    context: str = ""

    @property
    def words(self) -> Mapping[str, Any]:
        """The words of the form itself."""
        return form_words(self.language)

    @property
    def of(self) -> str:
        """Instrument and version, for reading."""
        return put(self.words["version"], instrument=self.instrument, version=self.version)

    @property
    def facts(self) -> dict[str, str]:
        """What the reader of a filled form must know."""
        return {
            "form": "trustmeasure expert form 1",
            "instrument": self.instrument,
            "version": self.version,
            "language": self.language,
            "columns": ",".join(f"{r.kind}:{len(r.points)}" for r in self.ratings),
            **({"context": self.context} if self.context else {}),
        }


def expert_form(
    instrument: Instrument,
    language: str,
    *,
    form: str = "long",
    context: str = "",
    ratings: Sequence[str] = KINDS,
    title: str | None = None,
    expert: str = "",
    **values: str,
) -> ExpertForm:
    """Compose the form; parameters are those of `write_expert_form`."""
    words = form_words(instrument.require_language(language))
    if isinstance(ratings, str) or not ratings:
        raise ArgumentError(f"ratings={ratings!r}: give a list with some of {', '.join(KINDS)}.")
    for kind in ratings:
        one_of("ratings", kind, KINDS)
    if context:
        instrument = instrument.in_context(context)
    asked = {item.id for item in instrument.items_in(form)}
    parts = tuple(
        _part(instrument, construct, language, asked, values)
        for construct in instrument.constructs
        if any(id in asked for id in construct.items)
    )
    name = title or put(words["title"], title=_title(instrument, language, context, values))
    columns = tuple(_rating(kind, words) for kind in KINDS if kind in ratings)
    return ExpertForm(instrument.id, instrument.version, language, name, columns, parts, expert, context)


def _title(instrument: Instrument, language: str, context: str, values: Mapping[str, str]) -> str:
    title = instrument.fill(instrument.title, language, **values)
    sector = next((one.label[language] for one in instrument.contexts if one.id == context), "")
    return f"{title} · {sector}" if sector else title


def _rating(kind: str, words: Mapping[str, Any]) -> Rating:
    return Rating(kind, words[kind], words[f"{kind}_asked"], tuple(words[f"{kind}_points"]))


def _part(
    instrument: Instrument, construct: Construct, language: str, asked: set[str], values: Mapping[str, str]
) -> Part:
    items = [instrument.item(id) for id in construct.items if id in asked]
    return Part(
        id=construct.id,
        label=instrument.fill(construct.label, language, **values),
        definition=instrument.fill(construct.definition, language, **values),
        about=tuple(_about(instrument, construct, items, language)),
        rows=tuple(Row(i.id, instrument.fill(i.text, language, **values), i.reverse) for i in items),
    )


def _about(instrument: Instrument, construct: Construct, items: Sequence[Item], language: str) -> list[str]:
    words, lines = form_words(language), []
    if construct.higher_order:
        whole = instrument.construct(construct.higher_order).label[language]
        lines.append(put(words["dimension"], whole=whole))
    for name in dict.fromkeys(item.scale for item in items):
        points = instrument.response_scales[name].points
        first, last = points[0], points[-1]
        ends = {"low": first.code, "first": first.label[language]}
        ends |= {"high": last.code, "last": last.label[language]}
        lines.append(put(words["answers"], **ends))
    return lines
