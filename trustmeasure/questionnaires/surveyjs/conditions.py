"""Conditions in the expression language of SurveyJS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trustmeasure.logic import AllOf, Answered, Expression, Is, Not
from trustmeasure.questionnaires.composing.consent import agreed
from trustmeasure.questionnaires.elements import Element, Page
from trustmeasure.questionnaires.logic import Dialect, said_in
from trustmeasure.questionnaires.model import Questionnaire

Condition = dict[str, str]
"""`visibleIf` of a page or element, or nothing."""

_SIGNS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Routes:
    """What conditions need to know of the questionnaire they stand in.

    Attributes
    ----------
    named : mapping
        Column -> SurveyJS's name of it.
    asked_if : mapping
        Column -> the condition on which it is asked, beside consent; only columns that have one.
    """

    named: Mapping[str, str]
    asked_if: Mapping[str, Expression]


def names(questionnaire: Questionnaire) -> dict[str, str]:
    """Return column -> SurveyJS's name of it: a row of a matrix is `matrix.row`."""
    inside = {
        column: f"{matrix.id}.{column}" for matrix in questionnaire.matrices for column in matrix.columns
    }
    return {column: inside.get(column, column) for column in questionnaire.columns}


def routes(questionnaire: Questionnaire) -> Routes:
    """Return what the conditions of a questionnaire need to know."""
    asked_if: dict[str, Expression] = {}
    for page in questionnaire.pages:
        for element in page.elements:
            condition = _joined(page, element)
            if condition is not None:
                closed = _closed(condition, asked_if)
                asked_if |= dict.fromkeys(element.columns, closed)
    return Routes(names(questionnaire), asked_if)


def _joined(page: Page, element: Element) -> Expression | None:
    """Return the condition of an element and its page, without consent: every page has that one itself."""
    parts = tuple(part for part in (*_parts(page.shown_if), *_parts(element.shown_if)) if part != agreed())
    return parts[0] if len(parts) == 1 else AllOf(parts) if parts else None


def _parts(condition: Expression | None) -> tuple[Expression, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, AllOf) else (condition,)


def _closed(condition: Expression, asked_if: Mapping[str, Expression]) -> Expression:
    """Return a condition that an answer to a question which is no longer asked does not fulfil.

    SurveyJS empties hidden questions, but does not look at other conditions again when it does.
    """
    if isinstance(condition, Is | Answered):
        asked = asked_if.get(condition.column)
        return condition if asked is None else AllOf((asked, condition))
    if isinstance(condition, Not):
        return Not(_closed(condition.part, asked_if))
    return type(condition)(tuple(_closed(part, asked_if) for part in condition.parts))


def visible_if(condition: Expression | None, known: Routes) -> Condition:
    """Return the property that shows something on a condition; nothing for no condition.

    SurveyJS finds an empty answer unequal to every number, so each comparison asks for an answer too.
    """
    if condition is None:
        return {}

    def answered(column: str) -> str:
        return f"{{{known.named[column]}}} notempty"

    def compare(comparison: Is) -> str:
        holds = f"{{{known.named[comparison.column]}}} {_SIGNS[comparison.op]} {comparison.value}"
        return f"({answered(comparison.column)} and {holds})"

    dialect = Dialect(compare=compare, answered=answered, negate=lambda part: f"!({part})")
    return {"visibleIf": said_in(_closed(condition, known.asked_if), dialect)}
