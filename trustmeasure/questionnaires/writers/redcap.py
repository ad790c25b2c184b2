"""REDCap: the data dictionary, a CSV file of 18 columns that makes the form.

The blocks become matrix fields, each page begins with a section header, so that a survey in REDCap shows one
at a time when its setting for several pages is on. A dictionary has one language: the first one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from trustmeasure.questionnaires.elements import Entry
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.redcap.fields import COLUMNS, RECORD, field_rows, names
from trustmeasure.questionnaires.texts import form_texts
from trustmeasure.questionnaires.writers.base import Writer


def render(questionnaire: Questionnaire) -> bytes:
    """Return the dictionary as UTF-8 with the mark that Excel needs to read Chinese."""
    form = names(questionnaire).form
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in field_rows(questionnaire, questionnaire.languages[0]):
        writer.writerow(row.cells(form))
    return text.getvalue().encode("utf-8-sig")


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that REDCap and the dictionary add, some in surveys or longitudinal ones only."""
    known = names(questionnaire)
    wave = () if questionnaire.wave is None else (known.own["wave"],)
    ours = (RECORD, *wave, known.own["questionnaire"], f"{known.form}_complete")
    theirs = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
    return (*ours, *theirs, "redcap_survey_identifier", f"{known.form}_timestamp")


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep of the questionnaire."""
    return tuple(_limits(questionnaire))


def _limits(questionnaire: Questionnaire) -> Iterator[str]:
    first, *others = questionnaire.languages
    if others:
        names = ", ".join(form_texts(tag)["name"] for tag in others)
        yield (
            f"A dictionary has one language; this one is in {form_texts(first)['name']}. For {names} compose "
            "the questionnaire in that language alone and write another, or translate the form in REDCap's "
            "multi-language management. Names and codes are the same."
        )
    yield "A question left out is saved empty, not under its scale's code for no answer."
    drawn = any(matrix.randomised for matrix in questionnaire.matrices)
    if drawn or any(page.shuffled for page in questionnaire.pages):
        yield (
            "REDCap cannot draw an order of questions for each respondent: all see the one drawn with seed "
            f"{questionnaire.seed}."
        )
    unchecked = [e.id for e in questionnaire.fields if isinstance(e, Entry) and e.pattern]
    if unchecked:
        yield f"The form of what is written is not checked in: {', '.join(unchecked)}."


WRITER = Writer(
    name="redcap",
    ending=".redcap.csv",
    title="Data dictionary for REDCap, one language",
    render=render,
    limits=limits,
    other_columns=other_columns,
)
