"""Checks of the file of background questions that a schema cannot make."""

from __future__ import annotations

from collections.abc import Iterator

from trustmeasure.instruments import scales, wording
from trustmeasure.instruments.names import is_reserved
from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries, string

LOWEST_MISSING, HIGHEST_MISSING = 97, 99
BRAND = "brand"
_BELONGS = {
    "points": "choice",
    "missing": "choice",
    "minimum": "integer",
    "maximum": "integer",
    "longest": "text",
}


def problems(data: object) -> Iterator[Problem]:
    """Yield what does not fit together in a file of background questions."""
    questions = entries(data, "questions")
    tags = list(as_mapping(questions[0][1].get("text"))) if questions else []
    seen: set[str] = set()
    for where, question in questions:
        yield from _name_problems(where, question, seen)
        yield from wording.text_problems((*where, "text"), as_mapping(question.get("text")), tags, [BRAND])
        yield from _field_problems(where, question)
        yield from scales.answer_problems(question, where, tags)
        yield from _missing_problems(where, question)


def _name_problems(where: Where, question: Raw, seen: set[str]) -> Iterator[Problem]:
    id = string(question, "id") or ""
    if is_reserved(id):
        yield Problem((*where, "id"), f"'{id}' has a meaning of its own on some platform. Choose another.")
    if id and id.casefold() in seen:
        yield Problem((*where, "id"), f"'{id}' is already the id of a question. Choose another.")
    seen.add(id.casefold())


def _field_problems(where: Where, question: Raw) -> Iterator[Problem]:
    """Yield fields that do not belong to the kind of question."""
    kind = question.get("kind")
    for field, owner in _BELONGS.items():
        if field in question and kind in _BELONGS.values() and kind != owner:
            yield Problem((*where, field), f"belongs to the kind {owner}, not to {kind}. Remove it.")
    if kind == "choice" and "points" not in question:
        yield Problem((*where, "points"), "is missing. A choice needs its answers.")
    low, high = question.get("minimum"), question.get("maximum")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Problem((*where, "minimum"), f"is {low}, above the maximum {high}. Exchange them.")


def _missing_problems(where: Where, question: Raw) -> Iterator[Problem]:
    for at, code in entries(question, "missing"):
        number = code.get("code")
        if isinstance(number, int) and not LOWEST_MISSING <= number <= HIGHEST_MISSING:
            yield Problem((*where, *at, "code"), f"is {number}. Use a missing code from 97 to 99.")
