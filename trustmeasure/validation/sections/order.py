"""Which sections a document has, in their order."""

from __future__ import annotations

from collections.abc import Callable

from trustmeasure.reporting.blocks import Block, Bullets, Heading, Section, Text
from trustmeasure.validation.context import Context
from trustmeasure.validation.sections import (
    confirmatory,
    convergent,
    cutoffs,
    discriminant,
    factors,
    invariance,
    item_response,
    items,
    method_bias,
    reliability,
    scales,
    screening,
)

QUALITY: tuple[Callable[[Context], Section | None], ...] = (
    scales.section,
    screening.section,
    items.section,
    reliability.section,
    factors.section,
    confirmatory.section,
    convergent.section,
    discriminant.section,
    method_bias.section,
    item_response.section,
    invariance.section,
    cutoffs.section,
)


def quality_sections(context: Context) -> list[Section]:
    """Return the sections of the report on measurement quality for which there is something to say."""
    made = [make(context) for make in QUALITY]
    return [*(one for one in made if one is not None), notes(context)]


def notes(context: Context) -> Section:
    """Return the last section: what was warned of, and what could not be computed."""
    t = context.words
    blocks: list[Block] = []
    for name, one in context.found.items():
        told = [one.failure] if one.failure else []
        lines = [*told, *one.warnings]
        if lines:
            blocks += [Heading(t(f"analysis.{name}")), Bullets(lines, language="en")]
    return Section("notes", t("section.notes"), blocks or [Text(t("quality.notes_none"))])
