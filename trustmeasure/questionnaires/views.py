"""A questionnaire shown as tables."""

from __future__ import annotations

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.questionnaires.model import Element, Questionnaire


def question_frame(questionnaire: Questionnaire) -> pd.DataFrame:
    """Return one row a question: number, item, instrument, block, scale, `text_<language>`."""
    rows = [row for element in questionnaire.elements for row in _rows(element, questionnaire.languages)]
    frame = pd.DataFrame(rows)
    frame.insert(0, "number", range(1, len(frame) + 1))
    return frame


def _rows(element: Element, languages: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {
            "item": question.id,
            "instrument": question.instrument,
            "block": element.id,
            "scale": element.scale.id,
            **{f"text_{language}": question.text[language] for language in languages},
        }
        for question in element.questions
    ]


def summary(questionnaire: Questionnaire) -> Summary:
    """Return the instruments, the way of asking and the wording."""
    first = questionnaire.languages[0]
    frame = question_frame(questionnaire)
    sources = pd.DataFrame([{"instrument": s.id, "version": s.version} for s in questionnaire.sources])
    words = frame[["number", "item", *(f"text_{language}" for language in questionnaire.languages)]]
    facts = (
        f"Languages: {', '.join(questionnaire.languages)}. Order: {_order(questionnaire)}. "
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
