"""A Word document: the printed form, and what reviewers, translators and ethics boards read.

Several languages stand in one document one after the other, each beginning on a new page with page 1. So one
file goes to the reviewers; for a file per language, compose a questionnaire for each language.
"""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the document."""
    from trustmeasure.questionnaires.word.document import render as document

    return document(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    always = (
        "Answers on paper are typed in by hand: `number` in the manifest's columns is the printed number.",
    )
    if questionnaire.seed is None:
        return always
    return (*always, f"All copies show one order of the questions, drawn with seed {questionnaire.seed}.")


WRITER = Writer(
    name="docx",
    ending=".docx",
    title="Word document, the printed form; several languages one after the other",
    render=render,
    limits=limits,
)
