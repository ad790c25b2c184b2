"""A questionnaire shown as tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.questionnaires.elements import Choice, Element, Matrix, Notice
from trustmeasure.questionnaires.model import Questionnaire


def question_frame(questionnaire: Questionnaire) -> pd.DataFrame:
    """Return one row a question: number, column, kind, instrument, block, scale, `text_<language>`."""
    rows = [row for element in questionnaire.elements for row in _rows(element)]
    frame = pd.DataFrame([_with_words(row, questionnaire.languages) for row in rows])
    frame.insert(0, "number", range(1, len(frame) + 1))
    return frame


def _with_words(row: dict[str, Any], languages: tuple[str, ...]) -> dict[str, str]:
    text = row.pop("text")
    return {**row, **{f"text_{language}": text[language] for language in languages}}


def _rows(element: Element) -> list[dict[str, Any]]:
    if isinstance(element, Notice):
        return []
    if isinstance(element, Matrix):
        return [
            {
                "column": question.id,
                "kind": "item" if question.expected is None else "check",
                "instrument": question.instrument,
                "block": element.id,
                "scale": element.scale.id,
                "text": question.text,
            }
            for question in element.questions
        ]
    scale = element.scale.id if isinstance(element, Choice) else element.kind
    lone = {"column": element.id, "kind": element.role, "instrument": "", "block": ""}
    return [{**lone, "scale": scale, "text": element.text}]


def summary(questionnaire: Questionnaire) -> Summary:
    """Return the instruments, the way of asking and the wording."""
    first = questionnaire.languages[0]
    frame = question_frame(questionnaire)
    sources = pd.DataFrame(
        [
            {"instrument": s.id, "version": s.version, "form": s.form, "wording": s.context or "general"}
            for s in questionnaire.sources
        ]
    )
    words = frame[["number", "column", *(f"text_{language}" for language in questionnaire.languages)]]
    facts = (
        f"Languages: {', '.join(questionnaire.languages)}. Order: {_order(questionnaire)}. "
        f"About {questionnaire.minutes(first)} minutes (an estimate). "
        f"Version {questionnaire.version}, hash {questionnaire.hash}."
    )
    return Summary(
        questionnaire.title[first],
        [facts, Table("Instruments", sources), Table("Questions", words)],
    )


def _order(questionnaire: Questionnaire) -> str:
    if questionnaire.seed is None:
        return questionnaire.order
    return f"{questionnaire.order}, printed order drawn with seed {questionnaire.seed}"
