"""Conditions held against the questionnaire: columns asked before, codes that platforms read alike."""

from __future__ import annotations

from collections.abc import Mapping

from trustmeasure.check import suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale
from trustmeasure.logic import AllOf, Answered, AnyOf, Expression, Is, Not, among, evaluate

Asked = Mapping[str, ResponseScale | None]
"""Column -> its answers; None for a number that is written."""


def resolved(expression: Expression, asked: Asked, where: str) -> Expression:
    """Return the condition in comparisons that no platform reads otherwise.

    Platforms compare a missing code such as 98 like any number. So a comparison with a scale becomes the list
    of the answers that fulfil it: missing codes fulfil only `==`.

    Parameters
    ----------
    expression : Expression
        The condition.
    asked : mapping
        The columns that are asked before, with their answers.
    where : str
        What the condition belongs to, for messages.

    Raises
    ------
    QuestionnaireError
        If a column is not asked before, or no answer fulfils a comparison.
    """
    if isinstance(expression, Not):
        return Not(resolved(expression.part, asked, where))
    if isinstance(expression, AllOf | AnyOf):
        return type(expression)(tuple(resolved(part, asked, where) for part in expression.parts))
    if expression.column not in asked:
        raise QuestionnaireError(
            f"The condition of {where} asks for '{expression.column}', which is not asked before it. "
            f"{suggestion(expression.column, list(asked))}"
        )
    return expression if isinstance(expression, Answered) else _listed(expression, asked, where)


def _listed(comparison: Is, asked: Asked, where: str) -> Expression:
    scale = asked[comparison.column]
    if scale is None:
        return comparison
    known = (*scale.codes, *scale.missing_codes) if comparison.op == "==" else scale.codes
    codes = tuple(code for code in known if evaluate(comparison, {comparison.column: code}))
    if codes:
        return among(comparison.column, codes)
    shown = f"{comparison.column} {comparison.op} {comparison.value}"
    raise QuestionnaireError(
        f"The condition of {where} holds '{shown}', which no answer fulfils. "
        f"The answers have the codes {', '.join(map(str, scale.codes))}."
    )
