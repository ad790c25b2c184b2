"""Conditions on answers: read from text, held as a small tree, evaluated."""

from trustmeasure.logic.parse import among, parse_expression
from trustmeasure.logic.tree import (
    AllOf,
    Answered,
    AnyOf,
    Comparison,
    Expression,
    Is,
    Not,
    columns_of,
    evaluate,
)

__all__ = [
    "AllOf",
    "Answered",
    "AnyOf",
    "Comparison",
    "Expression",
    "Is",
    "Not",
    "among",
    "columns_of",
    "evaluate",
    "parse_expression",
]
