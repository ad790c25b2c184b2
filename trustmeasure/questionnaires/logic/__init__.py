"""Skip logic: a small tree of conditions that every writer says in its platform's words."""

from trustmeasure.logic import (
    AllOf,
    Answered,
    AnyOf,
    Comparison,
    Expression,
    Is,
    Not,
    columns_of,
    evaluate,
    parse_expression,
)
from trustmeasure.questionnaires.logic.dialect import Dialect, said_in

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
