"""A Word document for translators, reviewers and ethics boards: every text, all languages side by side."""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the document."""
    from trustmeasure.questionnaires.review.document import render as document

    return document(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    first = questionnaire.languages[0]
    return (f"It is for reading and signing, and asks nothing. Its own words are in '{first}'.",)


WRITER = Writer(
    name="review",
    ending=".review.docx",
    title="Review document (Word): every text, all languages side by side, for translators and ethics boards",
    render=render,
    limits=limits,
)
