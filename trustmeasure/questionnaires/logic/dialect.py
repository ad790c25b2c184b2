"""A condition said in the language of a platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trustmeasure.logic import AllOf, Answered, AnyOf, Expression, Is, Not


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a platform writes conditions.

    Attributes
    ----------
    compare : function
        Is -> text.
    answered : function
        Column -> text that is true when the question was answered.
    both, either : str
        What joins parts, with the blanks around it.
    negate : function
        Text of a part (in parentheses where it is joined) -> text.
    """

    compare: Callable[[Is], str]
    answered: Callable[[str], str]
    both: str = " and "
    either: str = " or "
    negate: Callable[[str], str] = lambda part: f"not({part})"


def said_in(expression: Expression, dialect: Dialect) -> str:
    """Return the condition as text in a dialect; parts of a join that are joins stand in parentheses."""
    if isinstance(expression, Is):
        return dialect.compare(expression)
    if isinstance(expression, Answered):
        return dialect.answered(expression.column)
    if isinstance(expression, Not):
        return dialect.negate(said_in(expression.part, dialect))
    sign = dialect.both if isinstance(expression, AllOf) else dialect.either
    return sign.join(_inside(part, dialect) for part in expression.parts)


def _inside(part: Expression, dialect: Dialect) -> str:
    text = said_in(part, dialect)
    return f"({text})" if isinstance(part, AllOf | AnyOf) else text
