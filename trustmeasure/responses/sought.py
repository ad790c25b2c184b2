"""What is looked for in a table: the questions that were asked, by manifest or by instruments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import (
    BackgroundQuestion,
    Instrument,
    ResponseScale,
    background_question,
    list_background_questions,
)
from trustmeasure.questionnaires.composing.consent import consent_page
from trustmeasure.questionnaires.composing.waves import link_page
from trustmeasure.questionnaires.elements import Choice, Entry
from trustmeasure.questionnaires.texts import form_languages
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.meaning import Meaning, item_meanings
from trustmeasure.responses.versions import Compared, Versions, answered_versions, compare_versions


@dataclass(frozen=True, slots=True)
class Sought:
    """The questions that columns are looked for.

    Attributes
    ----------
    meanings : mapping
        Id -> what is asked; items, instructed answers, consent, background questions.
    required : tuple of str
        Items that need a column.
    compared : mapping
        Instrument id -> what its version means for the items.
    labels : mapping
        Item id -> the scale as it was when the form was made, whose labels count as well.
    certain : bool
        Whether a manifest says what was asked; else a background question is coded only where every cell
        fits.
    """

    meanings: Mapping[str, Meaning]
    required: tuple[str, ...]
    compared: Mapping[str, Compared]
    labels: Mapping[str, ResponseScale]
    certain: bool

    def column_of(self, id: str) -> str:
        """Return the name that a question's answers get in the data."""
        compared = self.compared.get(self.meanings[id].instrument)
        return id if compared is None else compared.separate.get(id, id)

    def is_aside(self, id: str) -> bool:
        """Return whether answers to a retired item are kept beside the data."""
        return any(id in compared.aside for compared in self.compared.values())

    def is_dropped(self, id: str) -> bool:
        """Return whether answers to the item are left out, because another question was asked."""
        return any(id in compared.dropped for compared in self.compared.values())

    def is_separate(self, id: str) -> bool:
        """Return whether answers to the item get a column of their own."""
        return any(id in compared.separate for compared in self.compared.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the results should know of the versions."""
        return tuple(note for compared in self.compared.values() for note in compared.notes)


def sought_for(
    instruments: Sequence[Instrument],
    manifest: Manifest | None,
    *,
    background: bool,
    versions: Versions,
    instrument_version: str | Mapping[str, str] | None,
) -> Sought:
    """Return the questions that columns are looked for.

    Parameters
    ----------
    instruments : sequence of Instrument
        What was asked.
    manifest : Manifest or None
        What the questionnaire's writer said.
    background : bool
        Whether, without a manifest, shipped background questions are looked for.
    versions, instrument_version
        As in `read_responses`.

    Raises
    ------
    ResponseError
        If the version of an instrument does not fit.
    """
    told = {} if manifest is None else {source.id: source.version for source in manifest.instruments}
    answered = answered_versions(instruments, told, instrument_version)
    compared = {own.id: compare_versions(own, answered[own.id], versions) for own in instruments}
    items = item_meanings(instruments)
    later = {id for one in compared.values() for id in one.later}
    if manifest is None:
        others = _shipped() if background else {}
        retired = _retired(instruments, compared)
        meanings = {**others, **retired, **items}
        return Sought(meanings, tuple(id for id in items if id not in later), compared, {}, False)
    return _by_manifest(manifest, instruments, items, compared)


def _by_manifest(
    manifest: Manifest,
    instruments: Sequence[Instrument],
    items: Mapping[str, Meaning],
    compared: Mapping[str, Compared],
) -> Sought:
    chosen = {instrument.id for instrument in instruments}
    meanings: dict[str, Meaning] = {}
    labels: dict[str, ResponseScale] = {}
    for meaning in manifest.columns.values():
        if meaning.kind == "item" and meaning.instrument not in chosen:
            continue
        meanings[meaning.id] = _merged(meaning, items, compared, manifest)
        if meaning.kind == "item" and meaning.scale is not None:
            labels[meaning.id] = meaning.scale
    required = [id for id in meanings if id in items]
    return Sought(meanings, tuple(required), compared, labels, True)


def _merged(
    meaning: Meaning, items: Mapping[str, Meaning], compared: Mapping[str, Compared], manifest: Manifest
) -> Meaning:
    """Return an item with the words of the form and the scale of the instrument; others unchanged."""
    if meaning.kind != "item":
        return meaning
    found, versions = items.get(meaning.id), compared[meaning.instrument]
    if found is None:
        if meaning.id in versions.aside:
            return meaning
        raise ResponseError(
            f"{manifest.source} names the item '{meaning.id}', which the instrument '{meaning.instrument}' "
            "does not have. Check that this is the manifest of the questionnaire."
        )
    if meaning.id in (*versions.separate, *versions.dropped):
        return meaning
    if meaning.scale is not None and found.scale is not None and _codes(meaning.scale) != _codes(found.scale):
        raise ResponseError(
            f"{manifest.source}: the answers of '{meaning.id}' have other codes than the instrument "
            f"'{meaning.instrument}' of version {versions.version}. Check that both belong together."
        )
    return replace(found, text=meaning.text, number=meaning.number, block=meaning.block)


def _codes(scale: ResponseScale) -> tuple[int, ...]:
    return scale.codes


def _retired(instruments: Sequence[Instrument], compared: Mapping[str, Compared]) -> dict[str, Meaning]:
    """Return the retired items that were asked then; their scales are not known any more."""
    return {
        item.id: Meaning(item.id, "item", item.text, instrument=own.id)
        for own in instruments
        for item in own.retired
        if item.id in compared[own.id].aside
    }


@cache
def _shipped() -> Mapping[str, Meaning]:
    """Return the shipped background questions, consent and participant code as a questionnaire asks them."""
    tags = form_languages()
    notice = consent_page(True, tags)
    alone = (*(() if notice is None else notice.elements), *link_page(tags).elements)
    asked = [_alone(one) for one in alone if isinstance(one, Choice | Entry)]
    shipped = [background_question(str(id)) for id in list_background_questions()["id"]]
    return {meaning.id: meaning for meaning in (*asked, *map(_background, shipped))}


def _alone(field: Choice | Entry) -> Meaning:
    if isinstance(field, Choice):
        return Meaning(field.id, field.role, field.text, field.scale)
    return Meaning(field.id, field.role, field.text, entry=field.kind)


def _background(question: BackgroundQuestion) -> Meaning:
    entry = "" if question.kind == "choice" else question.kind
    return Meaning(question.id, question.role, question.text, question.scale, entry)
