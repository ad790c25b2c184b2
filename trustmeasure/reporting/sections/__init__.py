"""The sections of a report, one module each, in their order."""

from __future__ import annotations

from collections.abc import Callable

from trustmeasure.reporting.blocks import Section
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.sections import (
    brief,
    cutoffs,
    effects,
    instruments,
    items,
    limitations,
    measurement,
    method,
    reliability,
    reproduction,
    sample,
    sources,
    structural,
)

ORDER: tuple[Callable[[Context], Section | None], ...] = (
    brief.section,
    sample.section,
    instruments.section,
    items.section,
    reliability.section,
    measurement.section,
    structural.section,
    effects.section,
    cutoffs.section,
    method.section,
    limitations.section,
    sources.section,
    reproduction.section,
)


def sections(context: Context) -> list[Section]:
    """Return the sections for which there is something to say."""
    made = [make(context) for make in ORDER]
    return [section for section in made if section is not None]
