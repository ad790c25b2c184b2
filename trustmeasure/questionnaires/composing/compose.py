"""From instruments to a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from trustmeasure.check import one_of, suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import Instrument
from trustmeasure.instruments.model import LONG_FORM
from trustmeasure.questionnaires.composing import consent as consenting
from trustmeasure.questionnaires.composing.background import Asked, background_pages
from trustmeasure.questionnaires.composing.blocks import Asking, instrument_pages
from trustmeasure.questionnaires.composing.checks import (
    clean,
    find_instrument,
    require_languages,
    require_sound,
    require_unique,
)
from trustmeasure.questionnaires.composing.instructed import with_checks
from trustmeasure.questionnaires.composing.order import shuffled
from trustmeasure.questionnaires.composing.routing import Given, bound, routed
from trustmeasure.questionnaires.composing.waves import link_page, require_wave
from trustmeasure.questionnaires.composing.wording import BRAND, Voice, Wording, per_language
from trustmeasure.questionnaires.elements import Page, Source
from trustmeasure.questionnaires.logic import Expression
from trustmeasure.questionnaires.model import ORDERS, Order, Questionnaire

Named = str | Path | Instrument

DEFAULT_SEED = 1


def compose(
    instruments: Sequence[Named] | Named,
    *,
    brand: Wording | None = None,
    sector: str | None = None,
    languages: Sequence[str] | str = ("en", "zh"),
    form: str | Mapping[str, str] = LONG_FORM,
    title: Wording | None = None,
    intro: Wording | None = None,
    order: Order = "fixed",
    seed: int | None = None,
    checks: int = 0,
    consent: consenting.Given = None,
    behaviour: Sequence[Asked] | Asked = (),
    demographics: Sequence[Asked] | Asked = (),
    logic: Mapping[str, str | Expression] | None = None,
    wave: str | None = None,
    link: bool = False,
    version: str = "1.0.0",
) -> Questionnaire:
    """Put instruments together; `Questionnaire.compose` describes every argument."""
    one_of("order", order, ORDERS, error=QuestionnaireError)
    general = _instruments(instruments)
    found = tuple(_in_sector(instrument, sector) for instrument in general)
    _require_sector(general, sector)
    tags = require_languages(languages, found)
    voice = Voice(tags, None if brand is None else per_language(BRAND, brand, tags))
    require_sound(found)
    forms = _forms(found, form)
    drawn = _seed(seed)
    asking = Asking(
        voice=voice,
        wave=require_wave(wave, found),
        item_seed=drawn if order in ("items", "random") else None,
        block_seed=drawn if order in ("blocks", "random") else None,
    )
    asked = [page for one in found for page in instrument_pages(one, forms[one.id], asking)]
    asked = list(_blocks_in_order(with_checks(asked, checks, tags, drawn), asking.block_seed, logic or {}))
    notice = consenting.consent_page(consent, tags)
    pages = (
        *(() if notice is None else (notice,)),
        *((link_page(tags),) if link else ()),
        *background_pages(behaviour, "behaviour", voice),
        *asked,
        *background_pages(demographics, "demographics", voice),
    )
    require_unique(pages)
    return Questionnaire(
        title=voice.own("title") if title is None else per_language("title", title, tags),
        intro=voice.own("intro") if intro is None else per_language("intro", intro, tags),
        languages=tags,
        sources=tuple(_source(one, forms[one.id], sector) for one in found),
        pages=routed(pages, logic or {}, None if notice is None else consenting.agreed()),
        brand=voice.brand,
        order=order,
        seed=drawn if order != "fixed" or checks else None,
        sector=sector,
        wave=wave,
        version=clean("version", version),
        gaps=consenting.open_fields(consent),
        instruments=found,
    )


def _instruments(given: Sequence[Named] | Named) -> tuple[Instrument, ...]:
    named = (given,) if isinstance(given, str | Path | Instrument) else tuple(given)
    if not named:
        raise QuestionnaireError("No instrument was named. Give at least one, such as 'cognitive-trust'.")
    return tuple(find_instrument(name) for name in named)


def _has(instrument: Instrument, sector: str | None) -> bool:
    return any(context.id == sector for context in instrument.contexts)


def _in_sector(instrument: Instrument, sector: str | None) -> Instrument:
    return instrument.in_context(sector) if sector is not None and _has(instrument, sector) else instrument


def _require_sector(instruments: Sequence[Instrument], sector: str | None) -> None:
    if sector is None or any(_has(instrument, sector) for instrument in instruments):
        return
    known = sorted({context.id for instrument in instruments for context in instrument.contexts})
    hint = suggestion(str(sector), known) if known else "They have one wording for all sectors."
    raise QuestionnaireError(f"None of the instruments has a wording for the sector '{sector}'. {hint}")


def _source(instrument: Instrument, form: str, sector: str | None) -> Source:
    context = sector if sector is not None and _has(instrument, sector) else ""
    return Source(instrument.id, instrument.version, form, context)


def _forms(instruments: Sequence[Instrument], form: str | Mapping[str, str]) -> dict[str, str]:
    """Return instrument id -> form; one name for all must exist in all of them."""
    ids = [instrument.id for instrument in instruments]
    if isinstance(form, Mapping):
        for id in form:
            if id not in ids:
                raise QuestionnaireError(f"form names '{id}', which is not asked. {suggestion(str(id), ids)}")
    chosen = {id: form.get(id, LONG_FORM) if isinstance(form, Mapping) else form for id in ids}
    for instrument in instruments:
        known = [LONG_FORM, *(one.id for one in instrument.forms)]
        if chosen[instrument.id] not in known:
            raise QuestionnaireError(
                f"The instrument '{instrument.id}' has no form '{chosen[instrument.id]}'. Its forms: "
                f"{', '.join(known)}. Give a form per instrument, such as form={{'{instrument.id}': 'long'}}."
            )
    return chosen


def _blocks_in_order(pages: Sequence[Page], seed: int | None, logic: Given) -> tuple[Page, ...]:
    """Return the pages in random order; those that a condition joins keep their places."""
    if seed is None:
        return tuple(pages)
    fixed = bound(pages, logic)
    free = iter(shuffled([page for page in pages if page.id not in fixed], seed, "blocks"))
    return tuple(page if page.id in fixed else next(free) for page in pages)


def _seed(seed: int | None) -> int:
    if seed is None:
        return DEFAULT_SEED
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise QuestionnaireError(f"seed={seed!r} is not a whole number. Give one, such as seed=1.")
    return seed
