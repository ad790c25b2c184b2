"""Skip logic: a small tree of conditions that every writer says in its platform's words."""

from trustmeasure.questionnaires.logic.dialect import Dialect, said_in
from trustmeasure.questionnaires.logic.parse import parse_expression
from trustmeasure.questionnaires.logic.tree import (
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
    "Dialect",
    "Expression",
    "Is",
    "Not",
    "columns_of",
    "evaluate",
    "parse_expression",
    "said_in",
]
