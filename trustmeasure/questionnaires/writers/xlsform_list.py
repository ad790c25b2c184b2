"""XLSForm for phones: in a matrix the answers stand below each question, not beside it.

Nine answers beside a question do not fit on a phone; the last ones, which agree most, would be out of sight.
Names, codes and everything else are those of the format `xlsform`.
"""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.questionnaires.writers.xlsform import other_columns, shared_limits


def render(questionnaire: Questionnaire) -> bytes:
    """Return the workbook."""
    from trustmeasure.questionnaires.xlsform.workbook import render as workbook

    return workbook(questionnaire, stacked=True)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep of the questionnaire."""
    return tuple(shared_limits(questionnaire))


WRITER = Writer(
    name="xlsform-list",
    ending=".list.xlsx",
    title="XLSForm for phones, answers below each question",
    render=render,
    limits=limits,
    other_columns=other_columns,
)
