"""A codebook for reading: instruments, constructs, questions and scales, all languages side by side."""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the codebook as Markdown."""
    from trustmeasure.questionnaires.codebook.markdown import render as book

    return book(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    return ("It describes the data and asks nothing.",)


WRITER = Writer(
    name="codebook-md",
    ending=".codebook.md",
    title="Codebook for reading (Markdown), all languages side by side",
    render=render,
    limits=limits,
)
