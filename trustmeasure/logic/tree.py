"""The nodes of a condition, and whether it holds for given answers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]

_HOLDS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Is:
    """The answer compared with a number; false for everybody who gave no answer.

    Attributes
    ----------
    column : str
        Name of the question's column.
    op : {"==", "!=", "<", "<=", ">", ">="}
        The comparison.
    value : int
        A code, or a number that was written.
    """

    column: str
    op: Comparison
    value: int


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer was given, whichever.

    Attributes
    ----------
    column : str
        Name of the question's column.
    """

    column: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds.

    Attributes
    ----------
    parts : tuple of Expression
        Two or more.
    """

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds.

    Attributes
    ----------
    parts : tuple of Expression
        Two or more.
    """

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold.

    Attributes
    ----------
    part : Expression
        What must not hold.
    """

    part: Expression


Expression: TypeAlias = Is | Answered | AllOf | AnyOf | Not


def columns_of(expression: Expression | None) -> tuple[str, ...]:
    """Return the columns that a condition asks about, each once; none for no condition."""
    if expression is None:
        return ()
    if isinstance(expression, Is | Answered):
        return (expression.column,)
    parts = (expression.part,) if isinstance(expression, Not) else expression.parts
    return tuple(dict.fromkeys(column for part in parts for column in columns_of(part)))


def evaluate(expression: Expression | None, answers: Mapping[str, int | None]) -> bool:
    """Return whether a condition holds; no condition always holds.

    Parameters
    ----------
    expression : Expression or None
        The condition.
    answers : mapping
        Column -> code or number; None, or no entry, where nothing was answered.
    """
    if expression is None:
        return True
    if isinstance(expression, Is):
        given = answers.get(expression.column)
        return given is not None and _HOLDS[expression.op](given, expression.value)
    if isinstance(expression, Answered):
        return answers.get(expression.column) is not None
    if isinstance(expression, Not):
        return not evaluate(expression.part, answers)
    held = (evaluate(part, answers) for part in expression.parts)
    return all(held) if isinstance(expression, AllOf) else any(held)
