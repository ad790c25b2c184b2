"""JSON for SurveyJS: for its form library, its creator, and services that run it."""

from __future__ import annotations

from collections.abc import Mapping

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import offered
from trustmeasure.questionnaires.surveyjs.conditions import names
from trustmeasure.questionnaires.surveyjs.survey import survey_bytes
from trustmeasure.questionnaires.writers.base import Writer


def columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> its name in a flat table of the results: a row of a matrix is `matrix.row`."""
    return names(questionnaire)


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the values that are saved with the answers."""
    wave = () if questionnaire.wave is None else ("wave",)
    return ("questionnaire", *wave, "language")


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what SurveyJS cannot keep of this questionnaire."""
    found = ["A question left without an answer is not in the results; it has no code of its own."]
    if any(offered(matrix.scale) for matrix in questionnaire.matrices):
        found.append(
            "Rows of a matrix need an answer where one such as 'Not applicable' is offered; SurveyJS cannot "
            "remind and then let go on."
        )
    if any(page.shuffled for page in questionnaire.pages):
        found.append(
            f"SurveyJS does not shuffle pages: all have the order drawn with seed {questionnaire.seed}. "
            "The offline form (html) draws one for each respondent."
        )
    if any(matrix.randomised for matrix in questionnaire.matrices):
        found.append("SurveyJS draws the order of the rows for each respondent, but does not save it.")
    return tuple(found)


WRITER = Writer(
    name="surveyjs",
    ending=".surveyjs.json",
    title="SurveyJS JSON, for a site of your own that runs the SurveyJS form library",
    render=survey_bytes,
    limits=limits,
    columns=columns,
    other_columns=other_columns,
)
