"""The exports of 问卷星, made from answers: by option text, by the places of options, in the older form."""

from __future__ import annotations

import re

import pandas as pd

from tests.questionnaires.exports.answers import shown_codes
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.wenjuanxing.parts import columns


def by_text(words: pd.DataFrame, questionnaire: Questionnaire, *, score: bool = False) -> pd.DataFrame:
    """Return the export with words; what was left out is (空)."""
    named = words.rename(columns=dict(columns(questionnaire))).astype(object)
    return pd.concat([_own(len(words), score=score), named.where(named.notna(), "(空)")], axis=1)


def by_place(answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return the export with the places of the answers, counted from 1; what was left out is -3."""
    placed = answers.copy()
    for column, shown in shown_codes(questionnaire).items():
        places = {code: place for place, code in enumerate(shown, start=1)}
        placed[column] = [None if pd.isna(code) else places[code] for code in answers[column]]
    named = placed.rename(columns=dict(columns(questionnaire)))
    return pd.concat([_own(len(answers)), named.astype(object).where(named.notna(), -3)], axis=1)


def older(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with headers in the older form: `第2题(行1)`."""
    return table.rename(columns=lambda name: re.sub(r"^(\d+)、(?:.*—)?(.*)$", r"第\1题(\2)", name))


def _own(rows: int, *, score: bool = False) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "序号": range(1, rows + 1),
            "提交答卷时间": [f"2026/1/31 9:15:{i:02d}" for i in range(rows)],
            "所用时间": ["1分15秒", *["75秒"] * (rows - 1)],
            "来源": "微信",
            "来源详情": "N/A",
            "来自IP": "203.0.113.7(北京-北京)",
        }
    )
    return table.assign(总分=12) if score else table
