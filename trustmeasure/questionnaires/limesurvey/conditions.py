"""Conditions as LimeSurvey's relevance equations.

An empty answer must fulfil no comparison. `.NAOK` keeps LimeSurvey from giving up on it, codes are compared
as text (where empty and 0 differ), and a number is looked at only where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping

from trustmeasure.logic import Expression, Is
from trustmeasure.questionnaires.elements import Entry
from trustmeasure.questionnaires.limesurvey.codes import variables
from trustmeasure.questionnaires.logic import Dialect, said_in
from trustmeasure.questionnaires.model import Questionnaire

ALWAYS = "1"


def dialect(questionnaire: Questionnaire) -> Dialect:
    """Return how this questionnaire's conditions are written."""
    names = variables(questionnaire)
    numbers = frozenset(field.id for field in questionnaire.fields if isinstance(field, Entry))
    return Dialect(
        compare=lambda comparison: _compared(comparison, names, numbers),
        answered=lambda column: f"!is_empty({names[column]}.NAOK)",
        negate=lambda part: f"!({part})",
    )


def relevance(condition: Expression | None, said: Dialect) -> str:
    """Return the equation; `1` for always."""
    return ALWAYS if condition is None else said_in(condition, said)


def _compared(comparison: Is, names: Mapping[str, str], numbers: frozenset[str]) -> str:
    name = f"{names[comparison.column]}.NAOK"
    if comparison.column in numbers:
        return f"(!is_empty({name}) and {name} {comparison.op} {comparison.value})"
    return f'{name} {comparison.op} "{comparison.value}"'
