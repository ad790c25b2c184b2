"""XLSForm: the workbook that ODK Central, KoboToolbox and other OpenRosa servers take.

A page is a group that is shown on one screen. In a matrix the first row shows the words of the answers, and
each question its buttons. Conditions, required answers and limits of what is written are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from trustmeasure.questionnaires.elements import Matrix, Notice
from trustmeasure.questionnaires.identity import content
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import choosable
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.questionnaires.xlsform.names import names

MOST_BESIDE = 5
"""Most answers that a matrix shows in full on a phone."""
NARROW = (
    "On a phone the last answers of a matrix may stand beyond the edge of the screen: for phones write it "
    "to='xlsform-list', where they stand below each question."
)
_CURLY = "‘’“”"


def render(questionnaire: Questionnaire) -> bytes:
    """Return the workbook."""
    from trustmeasure.questionnaires.xlsform.workbook import render as workbook

    return workbook(questionnaire)


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that the form adds: times, identity, wave, and the rows that nobody answers."""
    known = names(questionnaire)
    own = [known.own[key] for key in ("start", "end", "questionnaire", "intro")]
    wave = [] if questionnaire.wave is None else [known.own["wave"]]
    refused = [known.own["refused"]] if "consent" in questionnaire.columns else []
    elements = questionnaire.elements
    heads = [known.heads[element.id] for element in elements if isinstance(element, Matrix)]
    notes = [known.notes[element.id] for element in elements if isinstance(element, Notice)]
    return (*own, *wave, *refused, *notes, *heads)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep of the questionnaire."""
    wide = any(len(choosable(matrix.scale)) > MOST_BESIDE for matrix in questionnaire.matrices)
    return (*shared_limits(questionnaire), *((NARROW,) if wide else ()))


def shared_limits(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield what no XLSForm can keep of the questionnaire."""
    yield "A question left out is saved empty, not under its scale's code for no answer."
    drawn = any(matrix.randomised for matrix in questionnaire.matrices)
    if drawn or any(page.shuffled for page in questionnaire.pages):
        yield (
            f"XLSForm cannot draw an order for each respondent: all see the one drawn with seed "
            f"{questionnaire.seed}. For several orders write a form for each of several seeds; their columns "
            "are the same."
        )
    if len(questionnaire.languages) > 1:
        yield "The language that a respondent chose is not saved; the form's title is in the first one only."
    if any(sign in str(content(questionnaire)) for sign in _CURLY):
        yield "Curly quotation marks are shown as straight ones."


WRITER = Writer(
    name="xlsform",
    ending=".xlsx",
    title="XLSForm for ODK and KoboToolbox, answers beside the questions",
    render=render,
    limits=limits,
    other_columns=other_columns,
)
