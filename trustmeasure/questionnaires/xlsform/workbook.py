"""The workbook: three sheets of text, written the same each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.writer.excel import ExcelWriter

from trustmeasure.errors import QuestionnaireError
from trustmeasure.files import safe_cell
from trustmeasure.questionnaires.archive import without_times
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.xlsform.names import names
from trustmeasure.questionnaires.xlsform.sheets import (
    TRANSLATED,
    Form,
    Row,
    choice_rows,
    language_name,
    settings,
    survey_rows,
)

SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "appearance",
    "relevant",
    "required",
    "constraint",
    "constraint_message",
    "calculation",
)
CHOICES = ("list_name", "name", "label")
MOST_SIGNS = 32767
"""What a cell of Excel holds."""
_MADE = datetime(2000, 1, 1)
_WRAPPED, _BOLD = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
_WIDTHS = {"label": 60, "constraint": 30, "relevant": 40, "type": 24, "name": 24}


def render(questionnaire: Questionnaire, *, stacked: bool = False) -> bytes:
    """Return the workbook; `stacked` puts the answers of a matrix below each question."""
    form = Form(questionnaire, names(questionnaire), stacked)
    book = Workbook()
    book.properties.title = questionnaire.title[questionnaire.languages[0]][:255]
    book.properties.creator = book.properties.lastModifiedBy = "trustmeasure"
    survey = book.active
    survey.title = "survey"
    _fill(survey, _columns(SURVEY, questionnaire), survey_rows(form))
    _fill(book.create_sheet("choices"), _columns(CHOICES, questionnaire), choice_rows(form))
    given = dict(settings(questionnaire))
    _fill(book.create_sheet("settings"), tuple(given), [given])
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """Return the workbook without the moment at which it was written."""
    written = io.BytesIO()
    book.properties.created = book.properties.modified = _MADE
    with zipfile.ZipFile(written, "w") as archive:
        ExcelWriter(book, archive).write_data()
    return without_times(written.getvalue())


def _columns(names: Sequence[str], questionnaire: Questionnaire) -> tuple[str, ...]:
    languages = [language_name(tag) for tag in questionnaire.languages]
    return tuple(
        column
        for name in names
        for column in ([f"{name}::{language}" for language in languages] if name in TRANSLATED else [name])
    )


def _fill(sheet: Any, columns: Sequence[str], rows: Iterable[Row]) -> None:
    for place, name in enumerate(columns, start=1):
        cell = sheet.cell(1, place, name)
        cell.font = _BOLD
        sheet.column_dimensions[cell.column_letter].width = _WIDTHS.get(name.partition("::")[0], 16)
    for number, row in enumerate(rows, start=2):
        for place, name in enumerate(columns, start=1):
            if name in row:
                _put(sheet.cell(number, place), row[name])
    sheet.freeze_panes = "C2" if len(columns) > 3 else "A2"


def _put(cell: Any, text: str) -> None:
    """Write text that is text, whatever it begins with: never a formula."""
    if len(text) > MOST_SIGNS:
        raise QuestionnaireError(
            f"The text that begins with {text[:40]!r} has {len(text)} characters; a cell of a workbook holds "
            f"{MOST_SIGNS}. Make it shorter."
        )
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = safe_cell(text) != text
    cell.alignment = _WRAPPED
