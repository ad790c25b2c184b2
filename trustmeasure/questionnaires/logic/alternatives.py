"""A condition as alternatives of tests that must all hold, for platforms that know no other form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

from trustmeasure.errors import QuestionnaireError
from trustmeasure.logic import AllOf, Answered, Expression, Is, Not

MOST = 100
"""More alternatives than this are refused: nobody could check them on the platform."""

Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">=", "answered", "unanswered"]

_OPPOSITE: dict[str, Operator] = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Test:
    """One thing that is looked at.

    Attributes
    ----------
    column : str
        Name of the question's column.
    operator : str
        The comparison, or whether the question was answered. A comparison with a number stands beside
        `"answered"`. On a scale `"!="` also holds where no answer was given.
    value : int
        The code or number; 0 where there is none.
    """

    column: str
    operator: Operator
    value: int = 0


Alternatives: TypeAlias = tuple[tuple[Test, ...], ...]


def alternatives(expression: Expression, numbers: frozenset[str]) -> Alternatives:
    """Return alternatives, one of which must hold; in each all tests must hold.

    Parameters
    ----------
    expression : Expression
        The condition; comparisons with scales are lists of answers already.
    numbers : frozenset of str
        The columns that hold numbers; all others hold answers of a scale.

    Raises
    ------
    QuestionnaireError
        If there are more alternatives than anybody could check.

    Examples
    --------
    >>> from trustmeasure.logic import parse_expression
    >>> [found] = alternatives(parse_expression("a == 1 and not (b == 2 or b == 3)"), frozenset())
    >>> [(test.column, test.operator, test.value) for test in found]
    [('a', '==', 1), ('b', '!=', 2), ('b', '!=', 3)]
    """
    return _of(expression, True, numbers)


def _of(expression: Expression, holds: bool, numbers: frozenset[str]) -> Alternatives:
    if isinstance(expression, Not):
        return _of(expression.part, not holds, numbers)
    if isinstance(expression, Is):
        return _number(expression, holds) if expression.column in numbers else _answer(expression, holds)
    if isinstance(expression, Answered):
        return ((Test(expression.column, "answered" if holds else "unanswered"),),)
    parts = [_of(part, holds, numbers) for part in expression.parts]
    if isinstance(expression, AllOf) is holds:
        return _joined(parts)
    return tuple(alternative for part in parts for alternative in part)


def _joined(parts: list[Alternatives]) -> Alternatives:
    found: Alternatives = ((),)
    for part in parts:
        found = tuple(tuple(dict.fromkeys((*one, *other))) for one, other in product(found, part))
        if len(found) > MOST:
            raise QuestionnaireError(
                f"A condition has more than {MOST} alternatives, which this format would have to list one by "
                "one. Make it simpler, or use another format."
            )
    return found


def _answer(comparison: Is, holds: bool) -> Alternatives:
    return ((Test(comparison.column, "==" if holds else "!=", comparison.value),),)


def _number(comparison: Is, holds: bool) -> Alternatives:
    column, value = comparison.column, comparison.value
    if holds:
        return ((Test(column, "answered"), Test(column, comparison.op, value)),)
    opposite = _OPPOSITE[comparison.op]
    return (Test(column, "unanswered"),), (Test(column, "answered"), Test(column, opposite, value))
