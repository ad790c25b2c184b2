"""What is said of the instruments: version, form, evidence, and how far each language's wording has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trustmeasure.instruments import Construct, Instrument, Language
from trustmeasure.questionnaires.codebook.texts import own_words, say
from trustmeasure.questionnaires.elements import Source
from trustmeasure.questionnaires.model import Questionnaire


@dataclass(frozen=True, slots=True)
class AboutInstrument:
    """An instrument in words.

    Attributes
    ----------
    id, version, form, wording : str
        What is asked.
    evidence : str
        How far data support it.
    translation : mapping
        Language of the questionnaire -> how far its wording has come.
    """

    id: str
    version: str
    form: str
    wording: str
    evidence: str
    translation: Mapping[str, str]


def about_instruments(questionnaire: Questionnaire, language: str) -> tuple[AboutInstrument, ...]:
    """Return what is said of each instrument, in one language."""
    known = {one.id: one for one in questionnaire.instruments}
    return tuple(
        _about(source, known[source.id], questionnaire.languages, language)
        for source in questionnaire.sources
        if source.id in known
    )


def _about(source: Source, instrument: Instrument, tags: tuple[str, ...], language: str) -> AboutInstrument:
    form = next(
        (one.label[language] for one in instrument.forms if one.id == source.form), say("long", language)
    )
    context = next((one.label[language] for one in instrument.contexts if one.id == source.context), "")
    return AboutInstrument(
        id=source.id,
        version=source.version,
        form=form,
        wording=context or say("general", language),
        evidence=str(own_words(language)["status"][instrument.evidence.status]),
        translation={one.tag: _translation(one, language) for one in instrument.languages if one.tag in tags},
    )


def _translation(about: Language, language: str) -> str:
    step = str(own_words(language)["steps"][about.status])
    back = say("back_translated" if about.back_translation else "not_back_translated", language)
    return say("joint", language).join((step, back))


def constructs(questionnaire: Questionnaire) -> Iterator[tuple[Instrument, Construct, tuple[str, ...]]]:
    """Yield the constructs that are asked, with their instrument and the columns of their items."""
    asked = set(questionnaire.columns)
    for instrument in questionnaire.instruments:
        for construct in instrument.constructs:
            items = tuple(item.id for item in instrument.items_of(construct.id) if item.id in asked)
            if items:
                yield instrument, construct, items


def measured(instrument: Instrument, construct: Construct, language: str) -> str:
    """Return how a construct is measured, and of which it is a dimension, in words."""
    kind = say(construct.measurement, language)
    if construct.higher_order is None:
        return kind
    whole = instrument.construct(construct.higher_order).label[language]
    part = say("dimension_of", language, construct=whole)
    return say("joint", language).join((kind, part))
