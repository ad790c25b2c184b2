"""Google Forms' own export shape, made from answers under our columns."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.google_forms.values import headers

TIMES = {
    "en": ("Timestamp", "2026/03/01 9:15:00 AM GMT+8"),
    "zh": ("时间戳记", "2026/03/01 上午9:15:00 GMT+8"),
}


def records(questionnaire: Questionnaire, said: pd.DataFrame, language: str) -> list[list[str]]:
    """Return the records of the form in one language; `said` holds labels."""
    named = headers(questionnaire, language)
    name, when = TIMES[language]
    header = [name, *(named[column] for column in said.columns)]
    rows = [["" if pd.isna(v) else str(v) for v in record] for record in said.itertuples(index=False)]
    return [header, *([when, *row] for row in rows)]


def write_csv(found: list[list[str]], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(found)
    return path


def write_excel(found: list[list[str]], path: Path) -> Path:
    pd.DataFrame(found[1:], columns=found[0]).to_excel(path, index=False)
    return path
