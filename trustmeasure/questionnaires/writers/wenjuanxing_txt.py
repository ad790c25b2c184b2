"""问卷星 (Wenjuanxing), text: what is pasted where it imports questions from text."""

from __future__ import annotations

from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.wenjuanxing.limits import limits as shared
from trustmeasure.questionnaires.wenjuanxing.parts import columns
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.questionnaires.writers.wenjuanxing import other_columns


def render(questionnaire: Questionnaire) -> bytes:
    """Return the text."""
    from trustmeasure.questionnaires.wenjuanxing.pasted import render as pasted

    return pasted(questionnaire)


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep of the questionnaire."""
    return (
        *shared(questionnaire),
        "Blanks beside Chinese characters are left out of answers, because blanks may separate answers.",
        "Imported questions may all be required: make optional ones optional in 问卷星.",
    )


WRITER = Writer(
    name="wenjuanxing-txt",
    ending=".wjx.txt",
    title="问卷星 (Wenjuanxing), text to paste; Chinese",
    render=render,
    limits=limits,
    columns=columns,
    other_columns=other_columns,
)
