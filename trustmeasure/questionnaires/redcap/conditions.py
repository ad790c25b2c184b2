"""Conditions as REDCap's branching logic.

An answer that was not given is empty, and compared with a number it would count as 0. So only `=` stands
alone; all other comparisons ask first whether there is an answer. There is no `not`: it is carried inwards.
"""

from __future__ import annotations

from trustmeasure.logic import AllOf, Answered, Comparison, Expression, Is, Not

_OPPOSITE: dict[Comparison, Comparison] = {"!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def branching(expression: Expression | None) -> str:
    """Return a condition as branching logic; empty for no condition."""
    return "" if expression is None else _said(expression, negated=False)


def _said(expression: Expression, *, negated: bool) -> str:
    if isinstance(expression, Not):
        return _said(expression.part, negated=not negated)
    if isinstance(expression, Is):
        return _unlike(expression) if negated else _like(expression)
    if isinstance(expression, Answered):
        return f'[{expression.column}] {"=" if negated else "<>"} ""'
    sign = " and " if isinstance(expression, AllOf) != negated else " or "
    return sign.join(_inside(part, negated=negated) for part in expression.parts)


def _inside(part: Expression, *, negated: bool) -> str:
    said = _said(part, negated=negated)
    bare = part.part if isinstance(part, Not) else part
    return said if isinstance(bare, Is | Answered) else f"({said})"


def _like(comparison: Is) -> str:
    """Return a comparison that is false where nothing was answered."""
    column, value = comparison.column, comparison.value
    if comparison.op == "==":
        return f"[{column}] = '{value}'"
    sign = "<>" if comparison.op == "!=" else comparison.op
    return f'([{column}] <> "" and [{column}] {sign} {value})'


def _unlike(comparison: Is) -> str:
    """Return the opposite of a comparison, which is true where nothing was answered."""
    column, value = comparison.column, comparison.value
    if comparison.op == "==":
        return f"[{column}] <> '{value}'"
    opposite = Is(column, _OPPOSITE[comparison.op], value)
    return f'([{column}] = "" or {_like(opposite)})'
