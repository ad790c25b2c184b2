"""Where everything stands in a Qualtrics survey: ids that are the same whenever the questionnaire is."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from dataclasses import dataclass

from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice
from trustmeasure.questionnaires.model import Questionnaire

_SIGNS = string.digits + string.ascii_letters


def made_id(seed: str, kind: str, name: str = "") -> str:
    """Return an id in Qualtrics' form, such as `BL_` and 15 letters or digits, drawn from the hash `seed`."""
    digest = hashlib.sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    number, signs = int.from_bytes(digest, "big"), ""
    for _ in range(15):
        number, place = divmod(number, len(_SIGNS))
        signs += _SIGNS[place]
    return f"{kind}_{signs}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answers of one column come from.

    Attributes
    ----------
    question : str
        Id of the question, such as `"QID3"`.
    element : Matrix, Choice or Entry
        The question.
    row : int
        Number of the matrix's row, counted from 1; 0 outside a matrix.
    """

    question: str
    element: Matrix | Choice | Entry
    row: int = 0

    @property
    def answers(self) -> Mapping[int, int]:
        """Code -> number of the answer, counted from 1; empty for what is written."""
        if isinstance(self.element, Entry):
            return {}
        return answer_numbers(self.element)


def answer_numbers(element: Matrix | Choice) -> dict[int, int]:
    """Return code -> number of the answer that can be chosen, counted from 1."""
    return {entry.code: number for number, entry in enumerate(answers(element.scale), start=1)}


def question_ids(questionnaire: Questionnaire) -> dict[str, str]:
    """Return element id -> question id; what is answered is numbered first, so notices shift no number."""
    answered = [element for element in questionnaire.elements if not isinstance(element, Notice)]
    notices = [element for element in questionnaire.elements if isinstance(element, Notice)]
    return {element.id: f"QID{number}" for number, element in enumerate([*answered, *notices], start=1)}


def places(questionnaire: Questionnaire) -> dict[str, Place]:
    """Return column -> where its answers come from."""
    ids = question_ids(questionnaire)
    found: dict[str, Place] = {}
    for element in questionnaire.elements:
        found |= _of(element, ids[element.id])
    return found


def _of(element: Element, id: str) -> dict[str, Place]:
    if isinstance(element, Matrix):
        return {column: Place(id, element, row) for row, column in enumerate(element.columns, start=1)}
    return {} if isinstance(element, Notice) else {element.id: Place(id, element)}
