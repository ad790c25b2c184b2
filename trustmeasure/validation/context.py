"""What every section needs: the survey, what was found, the words, and how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from trustmeasure.errors import TrustMeasureError
from trustmeasure.reporting.blocks import Block, Bullets, Figure, Note, Section
from trustmeasure.reporting.said import Said
from trustmeasure.reporting.words import Words
from trustmeasure.validation.analyses import Options
from trustmeasure.validation.findings import Finding
from trustmeasure.validation.survey import Survey

NO_LETTER = re.compile("[^a-z0-9]+")


@dataclass(frozen=True)
class Context(Said):
    """The survey and the findings together with how they are said.

    Attributes
    ----------
    survey : Survey
        Answers and scales.
    options : Options
        How the analyses were made.
    found : mapping of str to Finding
        What each analysis found.
    words : Words
        In which language it is said.
    figures : bool
        Whether figures are drawn.
    """

    survey: Survey
    options: Options
    found: Mapping[str, Finding]
    words: Words
    figures: bool = True

    @property
    def language(self) -> Literal["en", "zh"]:
        """The language, as figures take it."""
        return "zh" if self.words.language == "zh" else "en"

    @property
    def labels(self) -> Mapping[str, str]:
        """Scale -> its name in the language of the report, where the instruments have it."""
        return self.survey.labels.get(self.words.language) or self.survey.labels.get("en") or {}

    def name(self, variable: str) -> str:
        """Return the name of a scale for readers."""
        return self.labels.get(variable, variable)

    def value(self, name: str) -> Any:
        """Return what an analysis found, or None."""
        return self.found[name].value if name in self.found else None

    def failed(self, name: str) -> list[Block]:
        """Return a remark when an analysis found nothing."""
        one = self.found.get(name)
        if one is None or not one.failure:
            return []
        what = self.words(f"analysis.{name}")
        return [Note(self.words("quality.failed", what=what), [one.failure], tone="failed")]

    def notes(self, texts: Sequence[str]) -> list[Block]:
        """Return texts of the analyses, each once; they are in English."""
        once = list(dict.fromkeys(text for text in texts if text))
        return [Bullets(once, language="en")] if once else []

    def phrases(self, texts: Iterable[Any]) -> dict[str, str]:
        """Return text of an analysis -> the same in the language of the report, for those that have words."""
        keys = {str(text): f"phrase.{NO_LETTER.sub('_', str(text).lower()).strip('_')}" for text in texts}
        return {text: self.words(key) for text, key in keys.items() if self.words.has(key)}

    def figure(self, key: str, draw: Callable[[], Any], **words: object) -> list[Block]:
        """Return a figure; a remark when it cannot be drawn, nothing when figures are not wanted."""
        if not self.figures:
            return []
        caption = self.words(f"figure.{key}", **words)
        try:
            drawn = draw()
        except TrustMeasureError as error:
            return [Note(self.words("failed.figure", caption=caption), [str(error)], tone="failed")]
        return [Figure(caption, drawn)] if drawn is not None else []


def section(context: Context, id: str, blocks: Sequence[Block]) -> Section | None:
    """Return a section under its title; None when it has nothing to show."""
    return Section(id.replace("_", "-"), context.words(f"section.{id}"), blocks) if blocks else None
