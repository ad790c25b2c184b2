"""A codebook as DDI-Codebook 2.5 XML, for data archives and for Nesstar, Dataverse or CESSDA tools."""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the codebook."""
    from trustmeasure.questionnaires.codebook.ddi import render as book

    return book(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    return (
        "It describes the data and asks nothing; study, sample and access are for the archive to fill in.",
        "Conditions stand in words.",
    )


WRITER = Writer(
    name="ddi",
    ending=".ddi.xml",
    title="Codebook for data archives (DDI-Codebook 2.5 XML), all languages",
    render=render,
    limits=limits,
)
