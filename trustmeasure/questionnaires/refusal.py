"""Who does not agree gets no further question: for platforms that can end a survey themselves."""

from __future__ import annotations

from trustmeasure.logic import AllOf, Expression, Not
from trustmeasure.questionnaires.composing.consent import CONSENT, agreed
from trustmeasure.questionnaires.model import Questionnaire


def asks_for_consent(questionnaire: Questionnaire) -> bool:
    """Return whether the questionnaire begins with the question of consent."""
    return CONSENT in questionnaire.columns


def after_agreeing(condition: Expression | None) -> Expression | None:
    """Return what a page's condition still asks of somebody who agreed; None for nothing.

    Examples
    --------
    >>> from trustmeasure.logic import parse_expression
    >>> after_agreeing(parse_expression("consent == 1 and visits > 2"))
    Is(column='visits', op='>', value=2)
    >>> after_agreeing(parse_expression("consent == 1")) is None
    True
    """
    if condition is None or condition == agreed():
        return None
    if not isinstance(condition, AllOf) or agreed() not in condition.parts:
        return condition
    others = tuple(part for part in condition.parts if part != agreed())
    return others[0] if len(others) == 1 else AllOf(others)


def refused() -> Expression:
    """Return the condition that the respondent did not agree."""
    return Not(agreed())
