"""What neither file for 问卷星 can keep, and where it is set by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trustmeasure.logic import Expression, columns_of
from trustmeasure.questionnaires.composing.consent import CONSENT, agreed
from trustmeasure.questionnaires.elements import Choice, Entry, Matrix
from trustmeasure.questionnaires.identity import content
from trustmeasure.questionnaires.logic.words import Speech, said as clause, without
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import choosable
from trustmeasure.questionnaires.signs import one_line
from trustmeasure.questionnaires.texts import form_texts
from trustmeasure.questionnaires.wenjuanxing.parts import chinese, parts
from trustmeasure.questionnaires.wenjuanxing.wording import said


def limits(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield a sentence for each thing that 问卷星 has to be told by hand or cannot keep."""
    tag = chinese(questionnaire)
    others = [form_texts(other)["name"] for other in questionnaire.languages if other != tag]
    if others:
        yield f"The file holds the Chinese wording only; {', '.join(others)} is left out."
    yield from _conditions(questionnaire, tag)
    drawn = any(matrix.randomised for matrix in questionnaire.matrices)
    if drawn or any(page.shuffled for page in questionnaire.pages):
        yield (
            f"The order is the one drawn with seed {questionnaire.seed}. To draw one for each respondent set "
            "it in 问卷星 (随机设置); its export keeps the order of the file."
        )
    checked = [e for e in questionnaire.fields if isinstance(e, Entry) and (e.kind != "text" or e.pattern)]
    if checked:
        numbers = _numbers(questionnaire)
        which = ", ".join(str(numbers[entry.id]) for entry in checked)
        yield f"Limits of what is written are not checked until they are set in 问卷星 (questions {which})."
    if any(said(text) != one_line(text) for text in _texts(content(questionnaire), tag)):
        yield "Signs that 问卷星 would obey are written as wide ones, such as ＜ 〔 （ ＿ ＆."
    yield "The form's version and wave are in no column: keep the manifest with the answers."
    yield (
        "Questions left out or not shown are exported as -2, -3, (空) or (跳过), not under their scale's "
        "code for no answer."
    )


def _texts(value: Any, tag: str) -> Iterator[str]:
    """Yield all words of a language in the plain values of a questionnaire."""
    if isinstance(value, dict):
        if isinstance(value.get(tag), str):
            yield value[tag]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _texts(part, tag)


def _conditions(questionnaire: Questionnaire, tag: str) -> Iterator[str]:
    consent = agreed() if CONSENT in questionnaire.columns else None
    numbers = _numbers(questionnaire)
    speech, rows = Speech("en", numbers, _labels(questionnaire, tag)), _rows(questionnaire)
    if consent is not None:
        yield (
            f"That refusing in question {numbers[CONSENT]} ends the questionnaire must be set in 问卷星 "
            "(跳题逻辑, the second answer: 结束作答)."
        )
    for page in questionnaire.pages:
        for element in page.elements:
            asked = [numbers[column] for column in element.columns[:1]]
            for condition in (page.shown_if, element.shown_if):
                left = without(condition, consent)
                if left is not None and asked:
                    yield _set_by_hand(asked[0], left, speech, rows)


def _set_by_hand(number: int, condition: Expression, speech: Speech, rows: Mapping[str, int]) -> str:
    told = clause(condition, speech)
    which = [
        f"; in question {speech.numbers[column]} row {rows[column]} is meant"
        for column in columns_of(condition)
        if column in rows
    ]
    row = "".join(which)
    return f"Set in 问卷星 (题目关联 or 跳题逻辑) that question {number} is asked only if {told}{row}."


def _rows(questionnaire: Questionnaire) -> dict[str, int]:
    """Return column -> its row in its matrix, counted from 1."""
    return {
        column: row for matrix in questionnaire.matrices for row, column in enumerate(matrix.columns, start=1)
    }


def _numbers(questionnaire: Questionnaire) -> dict[str, int]:
    """Return our column -> the number that 问卷星 gives the question or matrix."""
    return {column: part.number for part in parts(questionnaire) for column in part.columns}


def _labels(questionnaire: Questionnaire, tag: str) -> dict[str, dict[int, str]]:
    return {
        column: {entry.code: entry.label[tag] for entry in choosable(element.scale)}
        for element in questionnaire.elements
        if isinstance(element, Matrix | Choice)
        for column in element.columns
    }
