"""LimeSurvey's own export shapes, made from answers under our columns."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

import pandas as pd

from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.elements import Choice, Entry, Matrix
from trustmeasure.questionnaires.limesurvey.codes import variables
from trustmeasure.questionnaires.writers import limesurvey

Heading = Literal["code", "full", "codetext", "em"]
BEFORE = {
    "id": ("Response ID", "{row}"),
    "submitdate": ("Date submitted", "2026-03-01 09:20:05"),
    "lastpage": ("Last page", "6"),
    "startlanguage": ("Start language", "zh-Hans"),
    "seed": ("Seed", "70010{row}"),
    "startdate": ("Date started", "2026-03-01 09:15:00"),
    "datestamp": ("Date last action", "2026-03-01 09:20:05"),
}
AFTER = {"interviewtime": ("Total time", "305.12"), "groupTime12": ("Group time: Part 1 of 6", "20.5")}


def records(
    questionnaire: Questionnaire, answers: pd.DataFrame, *, heading: Heading = "code", language: str = "en"
) -> list[list[str]]:
    """Return the records: one header row, then the respondents."""
    names = variables(questionnaire) if heading == "em" else limesurvey.columns(questionnaire)
    texts = _texts(questionnaire, language)

    def named(code: str, text: str) -> str:
        return {"code": code, "em": code, "full": text, "codetext": f"{code}. {text}"}[heading]

    header = [
        *(named(code, text) for code, (text, _) in BEFORE.items()),
        *(named(names[column], texts[column]) for column in answers.columns),
        named("questionnaire", "questionnaire"),
        *(named(code, text) for code, (text, _) in AFTER.items()),
    ]
    rows = [
        [
            *(value.format(row=row) for _, value in BEFORE.values()),
            *("" if pd.isna(value) else str(value) for value in record),
            questionnaire.hash,
            *(value for _, value in AFTER.values()),
        ]
        for row, record in enumerate(answers.itertuples(index=False))
    ]
    return [header, *rows]


def _texts(questionnaire: Questionnaire, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in questionnaire.elements:
        if isinstance(element, Matrix):
            stem = element.stem[language]
            found |= {question.id: f"{stem} [{question.text[language]}]" for question in element.questions}
        elif isinstance(element, Choice | Entry):
            found[element.id] = element.text[language]
    return found


def write_csv(found: list[list[str]], path: Path, *, delimiter: str = ",") -> Path:
    """Write the file as LimeSurvey does, every cell in quotes."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(found)
    return path
