"""A condition from text such as `customer == 1 and (visits > 2 or answered(complaint))`."""

from __future__ import annotations

import ast

from trustmeasure.errors import QuestionnaireError
from trustmeasure.logic.tree import AllOf, Answered, AnyOf, Comparison, Expression, Is, Not

_OPERATORS: dict[type[ast.cmpop], Comparison] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_HELP = (
    "Write comparisons of a column with a whole number (==, !=, <, <=, >, >=), 'column in (1, 2)', "
    "'answered(column)', joined by and, or, not and parentheses."
)
MOST_SIGNS = 1000


def parse_expression(text: str) -> Expression:
    """Return the condition that a text says.

    Parameters
    ----------
    text : str
        Comparisons of a column with a whole number, `column in (1, 2)`, `answered(column)`, joined by `and`,
        `or`, `not` and parentheses. It is read as a formula and never run.

    Returns
    -------
    Expression
        The tree.

    Raises
    ------
    QuestionnaireError
        If the text is no such formula.

    Examples
    --------
    >>> from trustmeasure.logic import parse_expression
    >>> parse_expression("customer == 1")
    Is(column='customer', op='==', value=1)
    """
    if not isinstance(text, str) or len(text) > MOST_SIGNS:
        raise QuestionnaireError(f"A condition must be text of at most {MOST_SIGNS} signs. {_HELP}")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise QuestionnaireError(f"The condition {text!r} cannot be understood. {_HELP}") from None
    return _node(body, text)


def _node(node: ast.expr, text: str) -> Expression:
    if isinstance(node, ast.BoolOp):
        parts = tuple(_node(part, text) for part in node.values)
        return AllOf(parts) if isinstance(node.op, ast.And) else AnyOf(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Not(_node(node.operand, text))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.left, ast.Name):
        return _comparison(node.left.id, node.ops[0], node.comparators[0], text)
    if isinstance(node, ast.Call):
        return _call(node, text)
    raise _refused(node, text)


def _comparison(column: str, op: ast.cmpop, right: ast.expr, text: str) -> Expression:
    if type(op) in _OPERATORS:
        return Is(column, _OPERATORS[type(op)], _number(right, text))
    if isinstance(op, ast.In) and isinstance(right, ast.Tuple | ast.List | ast.Set) and right.elts:
        codes = tuple(dict.fromkeys(_number(entry, text) for entry in right.elts))
        return among(column, codes)
    raise _refused(right, text)


def among(column: str, codes: tuple[int, ...]) -> Expression:
    """Return the condition that the answer is one of `codes` (at least one)."""
    parts: tuple[Expression, ...] = tuple(Is(column, "==", code) for code in codes)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _call(node: ast.Call, text: str) -> Expression:
    named = isinstance(node.func, ast.Name) and node.func.id == "answered"
    if named and len(node.args) == 1 and not node.keywords and isinstance(node.args[0], ast.Name):
        return Answered(node.args[0].id)
    raise _refused(node, text)


def _number(node: ast.expr, text: str) -> int:
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if isinstance(node, ast.UnaryOp) and negative else node
    if isinstance(inner, ast.Constant) and type(inner.value) is int:
        return -inner.value if negative else inner.value
    raise _refused(node, text)


def _refused(node: ast.expr, text: str) -> QuestionnaireError:
    part = ast.get_source_segment(text.strip(), node) or text
    return QuestionnaireError(f"The condition {text!r} holds {part!r}, which is not allowed. {_HELP}")
