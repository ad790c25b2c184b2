"""A Google Apps Script that makes the questionnaire as Google forms, one a language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from trustmeasure.questionnaires.elements import Entry
from trustmeasure.questionnaires.google_forms.values import forms, headers
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.writers.base import Writer

_SCRIPT = Path(__file__).parent.parent / "templates" / "google_forms.gs"


def render(questionnaire: Questionnaire) -> bytes:
    """Return the script as UTF-8; refuse conditions that Google Forms cannot express."""
    values = {
        "version": questionnaire.version,
        "hash": questionnaire.hash,
        "forms": forms(questionnaire),
    }
    return f"{_script()}\nconst QUESTIONNAIRE = {_literal(values)};\n".encode()


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


def _literal(values: object) -> str:
    """Return JSON that is a JavaScript literal wherever it stands."""
    text = json.dumps(values, ensure_ascii=False, indent=1)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    return tuple(_limits(questionnaire))


def _limits(questionnaire: Questionnaire) -> Iterator[str]:
    first, *others = questionnaire.languages
    yield "Google Forms exports the wording of questions and answers instead of names and codes."
    if others:
        yield (
            "Each language is a form of its own with its own answers. The columns of this manifest are those "
            f"of the form in '{first}'; the others are known by their wording."
        )
    if questionnaire.order != "fixed":
        yield (
            "All respondents get the printed order: switch on 'Shuffle row order' in each grid; blocks "
            "cannot change places."
        )
    yield "Questions may be left without an answer, and are not asked for once more."
    if questionnaire.wave is not None:
        yield f"The form does not keep that it is the wave '{questionnaire.wave}'; this manifest does."
    entries = [field for field in questionnaire.fields if isinstance(field, Entry)]
    if any(entry.minimum is not None or entry.maximum is not None for entry in entries):
        yield "A number with a limit may be written with decimals."
    loose = [e.id for e in entries if e.pattern and e.longest is not None and e.role != "link"]
    if loose:
        yield f"The pattern of what is written is checked, but not how long it is, in: {', '.join(loose)}."


def columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> the heading of its answers in the form of the first language."""
    return headers(questionnaire, questionnaire.languages[0])


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the column that Google Forms adds."""
    return ("Timestamp",)


WRITER = Writer(
    name="google-forms",
    ending=".google.gs",
    title="Google Apps Script that makes Google forms, one a language",
    render=render,
    limits=limits,
    columns=columns,
    other_columns=other_columns,
)
