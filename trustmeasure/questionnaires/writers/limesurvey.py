"""LimeSurvey's survey structure: a tab-separated file that LimeSurvey imports as a whole survey."""

from __future__ import annotations

from collections.abc import Mapping

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.limesurvey.cells import table
from trustmeasure.questionnaires.limesurvey.codes import MOST, column_names
from trustmeasure.questionnaires.limesurvey.rows import rows
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer

ADDED = ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp")
"""The columns that LimeSurvey puts before the answers."""

MOST_CODE = 5


def render(questionnaire: Questionnaire) -> bytes:
    """Return the file as UTF-8 with a mark of the byte order; refuse codes that LimeSurvey cannot hold."""
    _require_codes(questionnaire)
    return table(list(rows(questionnaire))).encode("utf-8-sig")


def _require_codes(questionnaire: Questionnaire) -> None:
    for scale in questionnaire.scales:
        for code in (*scale.codes, *scale.missing_codes):
            if code < 0 or len(str(code)) > MOST_CODE:
                raise QuestionnaireError(
                    f"The scale '{scale.id}' has the code {code}. LimeSurvey holds codes from 0 to "
                    f"{'9' * MOST_CODE}. Give the scale other codes."
                )
    for column in questionnaire.columns:
        if len(column) > MOST:
            raise QuestionnaireError(f"'{column}' is longer than LimeSurvey's {MOST} signs. Rename it.")


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    always = (
        "LimeSurvey's question codes hold letters and digits only: underscores go from the names of "
        "questions that stand alone, and in some versions from the rows of a matrix; answers are found again "
        "either way.",
        "A question left without an answer is asked for once more, then the respondent may go on; its cell "
        "is empty.",
        "The order that a respondent saw is known to LimeSurvey only through the column seed.",
    )
    return (*always, *_braces(questionnaire))


def _braces(questionnaire: Questionnaire) -> tuple[str, ...]:
    shown = any("{" in row.get("text", "") for row in rows(questionnaire))
    return ("A blank follows each opening brace, so that LimeSurvey does not run it.",) if shown else ()


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that LimeSurvey adds to its export."""
    return (*ADDED, "questionnaire", *(() if questionnaire.wave is None else ("wave",)))


def columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> its name in LimeSurvey's export with question codes."""
    return column_names(questionnaire)


WRITER = Writer(
    name="limesurvey",
    ending=".limesurvey.txt",
    title="LimeSurvey survey structure, all languages in one survey",
    render=render,
    limits=limits,
    columns=columns,
    other_columns=other_columns,
)
