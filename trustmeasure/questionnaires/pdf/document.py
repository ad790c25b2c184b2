"""The printed form as PDF, one language after the other; typst lays it out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.pdf.fonts import FAMILIES, folders, require_shown
from trustmeasure.questionnaires.printing import Sheet, sheet

TEMPLATE = Path(__file__).with_name("form.typ")
STANDARD: Literal["ua-1"] = "ua-1"


def render(questionnaire: Questionnaire) -> bytes:
    """Return the document; raise QuestionnaireError where typst is missing or a character has no font."""
    form = data(questionnaire)
    require_shown(_texts(form))
    return _typeset(form)


def data(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return everything that the template shows, as plain values."""
    return {
        "title": questionnaire.title[questionnaire.languages[0]],
        "description": f"Questionnaire version {questionnaire.version}, hash {questionnaire.hash}",
        "fonts": list(FAMILIES),
        "sheets": [_sheet(sheet(questionnaire, language)) for language in questionnaire.languages],
    }


def _sheet(form: Sheet) -> dict[str, Any]:
    language, _, region = form.html.partition("-")
    return {**asdict(form), "lang": language, "region": region or None}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _typeset(form: dict[str, Any]) -> bytes:
    try:
        import typst
    except ModuleNotFoundError:
        raise QuestionnaireError(
            "Writing PDF needs the package typst. Install it with: pip install 'trustmeasure[pdf]'. "
            "Or write a Word file (to='docx') and save that as PDF."
        ) from None
    made = typst.compile(
        TEMPLATE,
        font_paths=list(folders()),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"form": json.dumps(form, ensure_ascii=False)},
        pdf_standards=STANDARD,
    )
    return bytes(made)
