"""An SPSS file without rows: names, labels, missing codes and levels, ready for answers."""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the file."""
    from trustmeasure.questionnaires.codebook.sav import render as file

    return file(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    from trustmeasure.questionnaires.codebook.sav import shortened

    first, *others = questionnaire.languages
    lines = ["It holds names, labels and missing codes, and no rows.", *shortened(questionnaire)]
    if others:
        lines.insert(1, f"Labels are in '{first}' only; write another file with languages=['{others[0]}'].")
    if any(part.shown_if for page in questionnaire.pages for part in (page, *page.elements)):
        lines.append("Conditions are not kept.")
    return tuple(lines)


WRITER = Writer(
    name="sav",
    ending=".sav",
    title="SPSS file without rows: names, labels, missing codes (first language)",
    render=render,
    limits=limits,
)
