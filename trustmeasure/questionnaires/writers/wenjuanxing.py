"""问卷星 (Wenjuanxing), JSONL: what its interfaces take; one object a line."""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.wenjuanxing.limits import limits as shared
from trustmeasure.questionnaires.wenjuanxing.parts import columns
from trustmeasure.questionnaires.writers.base import Writer

OTHER = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "总分")
"""The columns that every export of 问卷星 begins with; the last one only where something has scores."""


def render(questionnaire: Questionnaire) -> bytes:
    """Return the lines."""
    from trustmeasure.questionnaires.wenjuanxing.jsonl import render as jsonl

    return jsonl(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep of the questionnaire."""
    optional = (
        "All but required questions are optional (requir false); 问卷星's command line wants their titles in "
        "--optional_titles besides."
    )
    return (*shared(questionnaire), optional)


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that 问卷星 adds."""
    return OTHER


WRITER = Writer(
    name="wenjuanxing",
    ending=".wjx.jsonl",
    title="问卷星 (Wenjuanxing), JSONL for its interfaces; Chinese",
    render=render,
    limits=limits,
    columns=columns,
    other_columns=other_columns,
)
