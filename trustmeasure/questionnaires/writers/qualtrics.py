"""A Qualtrics survey file (QSF), which Qualtrics imports as a whole survey with all its languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby

from trustmeasure.questionnaires.elements import Choice, Matrix
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.qualtrics.places import Place, places
from trustmeasure.questionnaires.qualtrics.questions import TIMER
from trustmeasure.questionnaires.qualtrics.survey import stored_fields, survey
from trustmeasure.questionnaires.writers.base import Writer

ADDED = (
    "StartDate",
    "EndDate",
    "Status",
    "IPAddress",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "ExternalReference",
    "LocationLatitude",
    "LocationLongitude",
    "DistributionChannel",
    "UserLanguage",
)
"""The columns that Qualtrics puts before the answers."""


def render(questionnaire: Questionnaire) -> bytes:
    """Return the file as UTF-8."""
    return (json.dumps(survey(questionnaire), ensure_ascii=False, indent=1) + "\n").encode()


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    always = (
        "The columns of this manifest are Qualtrics' import ids, the third header row of its CSV; the first "
        "row holds our own names.",
        "A question left without an answer is asked for once more, then the respondent may go on; its cell "
        "is empty.",
        "The words of Qualtrics' last page are Qualtrics' own.",
    )
    runs = [shuffled for shuffled, _ in groupby(page.shuffled for page in questionnaire.pages)]
    parted = "Blocks change places only with those beside them, not across one that keeps its place."
    return (*always, parted) if runs.count(True) > 1 else always


def columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> its import id in Qualtrics' export; the export tags are our own names."""
    return {column: import_id(place) for column, place in places(questionnaire).items()}


def import_id(place: Place) -> str:
    """Return the id of a column in the third header row."""
    if isinstance(place.element, Matrix):
        return f"{place.question}_{place.row}"
    return place.question if isinstance(place.element, Choice) else f"{place.question}_TEXT"


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that Qualtrics adds to its export."""
    stored = (str(field["Field"]) for field in stored_fields(questionnaire))
    timed = (f"{TIMER}{page.elements[0].id}_Page Submit" for page in questionnaire.pages)
    return (*ADDED, *stored, *timed)


WRITER = Writer(
    name="qualtrics",
    ending=".qsf",
    title="Qualtrics survey file, all languages in one survey",
    render=render,
    limits=limits,
    columns=columns,
    other_columns=other_columns,
)
