"""From instruments to a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from trustmeasure.check import one_of
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import Block, Instrument, MissingCode, ResponseScale, ScalePoint
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires.checks import (
    clean,
    find_instrument,
    require_distinct,
    require_languages,
    require_sound,
)
from trustmeasure.questionnaires.model import ORDERS, Matrix, Order, Page, Question, Questionnaire, Source
from trustmeasure.questionnaires.order import shuffled
from trustmeasure.questionnaires.texts import words

Named = str | Path | Instrument
Wording = str | Mapping[str, str]

BRAND = "brand"
DEFAULT_SEED = 1


def compose(
    instruments: Sequence[Named] | Named,
    *,
    brand: Wording | None = None,
    languages: Sequence[str] | str = ("en", "zh"),
    title: Wording | None = None,
    intro: Wording | None = None,
    order: Order = "fixed",
    seed: int | None = None,
    version: str = "1.0.0",
) -> Questionnaire:
    """Put instruments together; `Questionnaire.compose` describes every argument."""
    one_of("order", order, ORDERS, error=QuestionnaireError)
    found = _instruments(instruments)
    tags = require_languages(languages, found)
    names = None if brand is None else _per_language(BRAND, brand, tags)
    drawn = _seed(seed) if order == "random" else None
    require_sound(found)
    return Questionnaire(
        title=_own_words("title", title, tags, names),
        intro=_own_words("intro", intro, tags, names),
        languages=tags,
        sources=tuple(Source(instrument.id, instrument.version) for instrument in found),
        pages=tuple(page for instrument in found for page in _pages(instrument, tags, names, drawn)),
        brand=names,
        order=order,
        seed=drawn,
        version=clean("version", version),
    )


def _instruments(given: Sequence[Named] | Named) -> tuple[Instrument, ...]:
    named = (given,) if isinstance(given, str | Path | Instrument) else tuple(given)
    if not named:
        raise QuestionnaireError("No instrument was named. Give at least one, such as 'cognitive-trust'.")
    return tuple(find_instrument(name) for name in named)


def _seed(seed: int | None) -> int:
    if seed is None:
        return DEFAULT_SEED
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise QuestionnaireError(f"seed={seed!r} is not a whole number. Give one, such as seed=1.")
    return seed


def _per_language(name: str, given: Wording, tags: tuple[str, ...]) -> FrozenMap[str]:
    """Return the words for each language; one text alone serves all languages."""
    if isinstance(given, str):
        return FrozenMap.of({tag: clean(name, given) for tag in tags})
    missing = [tag for tag in tags if tag not in given]
    if missing:
        raise QuestionnaireError(
            f"{name} has no words in {', '.join(missing)}. Add them, or give one text for all languages."
        )
    return FrozenMap.of({tag: clean(f"{name}[{tag!r}]", given[tag]) for tag in tags})


def _own_words(
    key: str, given: Wording | None, tags: tuple[str, ...], names: Mapping[str, str] | None
) -> FrozenMap[str]:
    """Return title or intro as given, or the form's own words, with the brand when there is one."""
    if given is not None:
        return _per_language(key, given, tags)
    if names is None:
        return FrozenMap.of({tag: words(key, tag) for tag in tags})
    return FrozenMap.of({tag: words(f"{key}_{BRAND}", tag, brand=names[tag]) for tag in tags})


def _pages(
    instrument: Instrument, tags: tuple[str, ...], names: Mapping[str, str] | None, seed: int | None
) -> tuple[Page, ...]:
    """Return one page a block: a page of six or so questions is what a phone shows well."""
    matrices = (_matrix(instrument, block, tags, names, seed) for block in instrument.blocks)
    return tuple(Page(f"{instrument.id}/{matrix.id}", (matrix,)) for matrix in matrices)


def _matrix(
    instrument: Instrument,
    block: Block,
    tags: tuple[str, ...],
    names: Mapping[str, str] | None,
    seed: int | None,
) -> Matrix:
    questions = tuple(
        Question(id, instrument.id, _filled(instrument, instrument.item(id).text, tags, names, f"item {id}"))
        for id in block.items
    )
    drawn = seed if block.randomise and len(questions) > 1 else None
    return Matrix(
        id=block.id,
        stem=_filled(instrument, block.stem, tags, names, f"stem of block {block.id}"),
        scale=_in_languages(instrument.response_scales[block.scale], tags),
        questions=questions if drawn is None else shuffled(questions, drawn, f"{instrument.id}/{block.id}"),
        randomised=drawn is not None,
    )


def _filled(
    instrument: Instrument,
    text: Mapping[str, str],
    tags: tuple[str, ...],
    names: Mapping[str, str] | None,
    what: str,
) -> FrozenMap[str]:
    declared = any(placeholder.name == BRAND for placeholder in instrument.placeholders)
    values = {tag: {BRAND: names[tag]} if names is not None and declared else {} for tag in tags}
    return FrozenMap.of({tag: clean(what, instrument.fill(text, tag, **values[tag])) for tag in tags})


def _in_languages(scale: ResponseScale, tags: tuple[str, ...]) -> ResponseScale:
    """Return the scale with the labels of the questionnaire's languages only."""

    def labels(given: Mapping[str, str]) -> FrozenMap[str]:
        return FrozenMap.of({tag: clean(f"label of scale {scale.id}", given[tag]) for tag in tags})

    for tag in tags:
        require_distinct(scale, tag)
    return ResponseScale(
        id=scale.id,
        points=tuple(ScalePoint(point.code, labels(point.label)) for point in scale.points),
        missing=tuple(MissingCode(code.code, labels(code.label), code.reason) for code in scale.missing),
    )
