"""A PDF for printing, with its fonts inside: the same page on every machine, Chinese included.

The same content as the Word document, several languages one after the other, each beginning on a new page
with page 1.
"""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers import docx
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the document."""
    from trustmeasure.questionnaires.pdf.document import render as document

    return document(questionnaire)


WRITER = Writer(
    name="pdf",
    ending=".pdf",
    title="PDF, the printed form with its fonts inside; several languages one after the other",
    render=render,
    limits=docx.limits,
)
