"""A codebook as a table: one row a column of the data, a column for each language."""

from __future__ import annotations

from trustmeasure.questionnaires.codebook.csv_file import plain
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the table."""
    from trustmeasure.questionnaires.codebook.csv_file import render as table

    return table(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    frame = questionnaire.to_frame()
    texts = [text for tag in questionnaire.languages for text in frame[f"text_{tag}"]]
    always = ("It describes the data and asks nothing.",)
    if all(plain(text) == text for text in texts):
        return always
    return (*always, "An apostrophe goes before texts that a spreadsheet would run as a formula.")


WRITER = Writer(
    name="codebook-csv",
    ending=".codebook.csv",
    title="Codebook as a table (CSV), one row a column of the data",
    render=render,
    limits=limits,
)
