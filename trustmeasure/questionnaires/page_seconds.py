"""Columns with the seconds that a respondent spent on each page."""

from __future__ import annotations

from trustmeasure.questionnaires.elements import Matrix, Page
from trustmeasure.questionnaires.model import Questionnaire

PREFIX = "seconds_"


def seconds_columns(questionnaire: Questionnaire) -> dict[str, str]:
    """Return id of a page -> its column, such as `seconds_cog`.

    The column is named after the block on the page, else after the page or its question.
    """
    return {page.id: PREFIX + _name(page) for page in questionnaire.pages}


def _name(page: Page) -> str:
    block = next((element.id for element in page.elements if isinstance(element, Matrix)), None)
    return block or (page.id.replace("/", "_") if "/" in page.id else page.elements[-1].id)
