"""One self-contained page that works without a network: the form for a phone or a computer.

The page sends nothing anywhere (its content security policy forbids every connection). It shows the questions
with the SurveyJS form library, which it holds, and saves the answers as a CSV or JSON file of one respondent,
whose columns are the item ids and whose values are the codes.

A link may bring the respondent's id and the language: `form.html#id=K-1027&lang=zh`. Each id has its own
answers in the browser's memory. In random order each respondent gets one of their own, saved as `item_order`.
"""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.page_seconds import seconds_columns
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the page as UTF-8."""
    from trustmeasure.questionnaires.surveyjs.form import form

    return form(questionnaire)


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that the form adds: who, in which language, when, a drawn order, seconds a page."""
    from trustmeasure.questionnaires.surveyjs.form import columns_before

    return (*columns_before(questionnaire), *seconds_columns(questionnaire).values())


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    return (
        "Each respondent saves a file of their own, which reaches you only when it is handed over.",
        "Answers left out are saved under the scale's code for no answer where it has one, else empty.",
    )


WRITER = Writer(
    name="html",
    ending=".html",
    title="Offline form for a browser, one file; saves the answers as CSV or JSON",
    render=render,
    limits=limits,
    other_columns=other_columns,
)
