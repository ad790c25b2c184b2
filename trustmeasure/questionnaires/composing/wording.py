"""Words in the languages of a questionnaire: given by the caller, or the form's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires.composing.checks import clean, require_distinct
from trustmeasure.questionnaires.texts import words

Wording = str | Mapping[str, str]

BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Voice:
    """In which languages, and of whom, a questionnaire speaks.

    Attributes
    ----------
    tags : tuple of str
        The languages.
    brand : mapping or None
        The name of the company per language; None when it is not named.
    """

    tags: tuple[str, ...]
    brand: Mapping[str, str] | None

    def own(self, key: str, **values: object) -> FrozenMap[str]:
        """Return words of the form itself, with the brand where there is one."""
        if self.brand is None:
            return FrozenMap.of({tag: words(key, tag, **values) for tag in self.tags})
        named = f"{key}_{BRAND}"
        return FrozenMap.of({tag: words(named, tag, brand=self.brand[tag], **values) for tag in self.tags})

    def plain(self, key: str, **values: object) -> FrozenMap[str]:
        """Return words of the form itself that never name a brand."""
        return FrozenMap.of({tag: words(key, tag, **values) for tag in self.tags})


def per_language(name: str, given: Wording, tags: tuple[str, ...]) -> FrozenMap[str]:
    """Return the words for each language; one text alone serves all languages."""
    if isinstance(given, str):
        return FrozenMap.of({tag: clean(name, given) for tag in tags})
    if not isinstance(given, Mapping):
        raise QuestionnaireError(f"{name} is a {type(given).__name__}. Give text, or text per language.")
    missing = [tag for tag in tags if tag not in given]
    if missing:
        raise QuestionnaireError(
            f"{name} has no words in {', '.join(missing)}. Add them, or give one text for all languages."
        )
    return FrozenMap.of({tag: clean(f"{name}[{tag!r}]", given[tag]) for tag in tags})


def in_languages(scale: ResponseScale, tags: tuple[str, ...]) -> ResponseScale:
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
