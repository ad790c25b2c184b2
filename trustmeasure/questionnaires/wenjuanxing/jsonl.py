"""The JSONL of 问卷星: one object a line, the first one about the questionnaire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.texts import form_texts
from trustmeasure.questionnaires.wenjuanxing.parts import Kind, Part, chinese, parts
from trustmeasure.questionnaires.wenjuanxing.wording import said

TYPES: dict[Kind, str] = {
    "page": "分页栏",
    "words": "段落说明",
    "single": "单选",
    "scale_matrix": "矩阵量表",
    "matrix": "矩阵单选",
    "line": "单项填空",
    "text": "简答题",
    "date": "日期",
}
_SURVEY = 1
"""问卷星's number for a questionnaire that is a survey."""


def render(questionnaire: Questionnaire) -> bytes:
    """Return the lines as UTF-8."""
    lines = [json.dumps(line, ensure_ascii=False) for line in _lines(questionnaire)]
    return ("\n".join(lines) + "\n").encode()


def _lines(questionnaire: Questionnaire) -> Iterator[dict[str, Any]]:
    tag = chinese(questionnaire)
    yield {
        "qtype": "问卷基础信息",
        "title": said(questionnaire.title[tag]),
        "introduction": said(questionnaire.intro[tag]),
        "endpageinformation": form_texts(tag)["thanks"],
        "language": "zh",
        "atype": _SURVEY,
    }
    for part in parts(questionnaire):
        yield _line(part)


def _line(part: Part) -> dict[str, Any]:
    line: dict[str, Any] = {"qtype": TYPES[part.kind]}
    if part.title:
        line["title"] = part.title
    if part.rows:
        line["rowtitle"] = list(part.rows)
    if part.answers:
        line["select"] = list(part.answers)
    if part.columns:
        line["requir"] = part.required
    return line
