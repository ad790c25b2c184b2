"""Qualtrics' own export shapes, made from answers under our columns."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.elements import Choice, Entry, Matrix
from trustmeasure.questionnaires.writers import qualtrics

BEFORE = {
    "StartDate": ("Start Date", '{"ImportId":"startDate","timeZone":"Asia/Shanghai"}', "2026-03-01 09:15:00"),
    "EndDate": ("End Date", '{"ImportId":"endDate","timeZone":"Asia/Shanghai"}', "2026-03-01 09:20:05"),
    "Status": ("Response Type", '{"ImportId":"status"}', "0"),
    "IPAddress": ("IP Address", '{"ImportId":"ipAddress"}', "192.0.2.7"),
    "Progress": ("Progress", '{"ImportId":"progress"}', "100"),
    "Duration (in seconds)": ("Duration (in seconds)", '{"ImportId":"duration"}', "305"),
    "Finished": ("Finished", '{"ImportId":"finished"}', "1"),
    "RecordedDate": (
        "Recorded Date", '{"ImportId":"recordedDate","timeZone":"Asia/Shanghai"}', "2026-03-01 09:20:06"
    ),
    "ResponseId": ("Response ID", '{"ImportId":"_recordId"}', "R_{row}"),
    "DistributionChannel": ("Distribution Channel", '{"ImportId":"distributionChannel"}', "anonymous"),
    "UserLanguage": ("User Language", '{"ImportId":"userLanguage"}', "ZH-S"),
}  # fmt: skip


def records(questionnaire: Questionnaire, answers: pd.DataFrame, language: str = "en") -> list[list[str]]:
    """Return the CSV's records: tags, labels, import ids, then the respondents."""
    ids = qualtrics.columns(questionnaire)
    labels = _labels(questionnaire, language)
    orders = _orders(questionnaire, len(answers))
    tags = [*BEFORE, *answers.columns, *orders, "questionnaire"]
    shown = [
        *(label for label, _, _ in BEFORE.values()),
        *(labels[column] for column in answers.columns),
        *(f"Display Order: {name}" for name in orders),
        "questionnaire",
    ]
    imported = [
        *(id for _, id, _ in BEFORE.values()),
        *(json.dumps({"ImportId": ids[column]}, separators=(",", ":")) for column in answers.columns),
        *(json.dumps(about["import"], separators=(",", ":")) for about in orders.values()),
        '{"ImportId":"questionnaire"}',
    ]
    rows = [
        [
            *(value.format(row=row) for _, _, value in BEFORE.values()),
            *("" if pd.isna(value) else str(value) for value in record),
            *(str(about["places"][row]) for about in orders.values()),
            questionnaire.hash,
        ]
        for row, record in enumerate(answers.itertuples(index=False))
    ]
    return [tags, shown, imported, *rows]


def _labels(questionnaire: Questionnaire, language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in questionnaire.elements:
        if isinstance(element, Matrix):
            stem = element.stem[language]
            found |= {question.id: f"{stem} - {question.text[language]}" for question in element.questions}
        elif isinstance(element, Choice | Entry):
            found[element.id] = element.text[language]
    return found


def _orders(questionnaire: Questionnaire, rows: int) -> dict[str, dict[str, Any]]:
    """Return the columns that say where each row of a matrix stood: backwards for every second respondent."""
    found: dict[str, dict[str, Any]] = {}
    ids = qualtrics.columns(questionnaire)
    for matrix in (matrix for matrix in questionnaire.matrices if matrix.randomised):
        question = ids[matrix.columns[0]].rpartition("_")[0]
        size = len(matrix.columns)
        for row in range(1, size + 1):
            places = [row if person % 2 == 0 else size + 1 - row for person in range(rows)]
            about = {"ImportId": f"{question}_DO", "choiceId": str(row)}
            found[f"{matrix.id}_DO_{row}"] = {"import": about, "places": places}
    return found


def older(found: list[list[str]]) -> list[list[str]]:
    """Return the shape that Qualtrics exported before: two header rows, other names of the columns."""
    tags, shown, _, *rows = found
    names = {"ResponseId": "ResponseID", "Progress": "ResponseSet"}
    return [[names.get(tag, tag) for tag in tags], shown, *rows]


def write_csv(
    found: list[list[str]], path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(found)
    return path


def with_gaps(answers: pd.DataFrame, columns: list[str], seed: int = 5) -> pd.DataFrame:
    """Return the answers with some of them left out."""
    rng = np.random.default_rng(seed)
    gaps = {column: answers[column].astype(object).mask(rng.random(len(answers)) < 0.1) for column in columns}
    return answers.assign(**gaps)
