"""Conditions in Qualtrics' form: sets of expressions, joined by And inside a set and by OrIf between sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustmeasure.errors import QuestionnaireError
from trustmeasure.logic import Expression, columns_of
from trustmeasure.questionnaires.elements import Entry, Matrix
from trustmeasure.questionnaires.logic.alternatives import Test, alternatives
from trustmeasure.questionnaires.qualtrics.places import Place

Places = Mapping[str, Place]

_NUMBERS = {
    "==": "EqualTo",
    "!=": "NotEqualTo",
    "<": "LessThan",
    "<=": "LessThanOrEqual",
    ">": "GreaterThan",
    ">=": "GreaterThanOrEqual",
    "answered": "NotEmpty",
    "unanswered": "Empty",
}
_COUNTS = {"answered": "GreaterThan", "unanswered": "EqualTo"}


def boolean_expression(condition: Expression, places: Places) -> dict[str, Any]:
    """Return the condition for a branch of the survey flow."""
    numbers = frozenset(column for column, place in places.items() if isinstance(place.element, Entry))
    sets = [
        _set([expression(test, places) for test in tests], first=number == 0)
        for number, tests in enumerate(alternatives(condition, numbers))
    ]
    return {**{str(number): one for number, one in enumerate(sets)}, "Type": "BooleanExpression"}


def display_logic(condition: Expression, places: Places, page: tuple[str, ...]) -> dict[str, Any]:
    """Return the condition of one question; `page` holds the columns that are asked on the same page."""
    on_page = any(column in page for column in columns_of(condition))
    return {**boolean_expression(condition, places), "inPage": on_page}


def _set(expressions: list[dict[str, Any]], *, first: bool) -> dict[str, Any]:
    joined = [
        one if number == 0 else {**one, "Conjuction": "And"} for number, one in enumerate(expressions)
    ]  # "Conjuction" is how Qualtrics spells it
    return {
        **{str(number): one for number, one in enumerate(joined)},
        "Type": "If" if first else "OrIf",
    }


def expression(test: Test, places: Places) -> dict[str, Any]:
    """Return one test as Qualtrics' expression."""
    place = places[test.column]
    said = _written if isinstance(place.element, Entry) else _chosen
    locator, operator, right = said(test, place)
    return question_expression(place.question, locator, operator, right)


def question_expression(question: str, locator: str, operator: str, right: str | None) -> dict[str, Any]:
    """Return an expression about a question; `right` is None where nothing is compared."""
    where = f"q://{question}/{locator}"
    compared = {} if right is None else {"RightOperand": right}
    return {
        "LogicType": "Question",
        "QuestionID": question,
        "QuestionIsInLoop": "no",
        "ChoiceLocator": where,
        "Operator": operator,
        "QuestionIDFromLocator": question,
        "LeftOperand": where,
        **compared,
        "Type": "Expression",
        "Description": f"If {question} {operator} {right or ''}".rstrip(),
    }


def _written(test: Test, place: Place) -> tuple[str, str, str | None]:
    compared = None if test.operator in _COUNTS else str(test.value)
    return "ChoiceTextEntryValue", _NUMBERS[test.operator], compared


def _chosen(test: Test, place: Place) -> tuple[str, str, str | None]:
    if test.operator in _COUNTS:
        counter = f"SelectedAnswerCount/{place.row}" if place.row else "SelectedChoicesCount"
        return counter, _COUNTS[test.operator], "0"
    if test.value not in place.answers:
        raise QuestionnaireError(
            f"A condition asks whether '{test.column}' is {test.value}, which nobody can choose. "
            f"Ask for one of {', '.join(map(str, place.answers))}, or for 'not answered({test.column})'."
        )
    answer = place.answers[test.value]
    cell = f"{place.row}/{answer}" if isinstance(place.element, Matrix) else str(answer)
    return f"SelectableChoice/{cell}", "Selected" if test.operator == "==" else "NotSelected", None
