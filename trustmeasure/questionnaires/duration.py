"""How long a questionnaire takes, estimated from its words."""

from __future__ import annotations

import math
import re

from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice
from trustmeasure.questionnaires.model import Questionnaire

WORDS_A_MINUTE = 200.0
CHARACTERS_A_MINUTE = 300.0
SECONDS_AN_ANSWER = 4.0
SECONDS_A_WRITTEN_ANSWER = 10.0
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*")


def minutes(questionnaire: Questionnaire, language: str) -> int:
    """Return whole minutes, rounded up: reading everything once, and some seconds an answer.

    The rates are assumptions of this package, not measurements: 200 words or 300 Chinese characters a
    minute, 4 seconds to choose an answer, 10 to write one. Replace the estimate by the times of a pilot.
    """
    seconds = _reading(questionnaire.intro[language])
    seconds += sum(_element(element, language) for element in questionnaire.elements)
    return max(1, math.ceil(seconds / 60))


def _element(element: Element, language: str) -> float:
    if isinstance(element, Notice):
        texts = (f"{part.heading[language]} {part.text[language]}" for part in element.paragraphs)
        return sum(map(_reading, texts))
    if isinstance(element, Matrix):
        read = _reading(element.stem[language]) + sum(_reading(q.text[language]) for q in element.questions)
        return read + SECONDS_AN_ANSWER * len(element.questions)
    answer = SECONDS_A_WRITTEN_ANSWER if isinstance(element, Entry) else SECONDS_AN_ANSWER
    return _reading(element.text[language]) + _labels(element, language) + answer


def _labels(element: Choice | Entry, language: str) -> float:
    if isinstance(element, Entry):
        return 0.0
    return sum(_reading(label) for label in element.scale.labels(language, missing=True).values())


def _reading(text: str) -> float:
    """Return seconds to read a text."""
    words, characters = len(_WORD.findall(text)), len(_CHINESE.findall(text))
    return 60 * (words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE)
