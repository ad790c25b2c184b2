"""A condition said to people, with the printed numbers of the questions and the words of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustmeasure.logic import AllOf, Answered, AnyOf, Expression, Is, Not
from trustmeasure.questionnaires.texts import words

Labels = Mapping[str, Mapping[int, str]]
"""Column -> code -> words of the answer, for the questions with a list of answers."""

_COMPARISONS = {
    "==": "equal",
    "!=": "unequal",
    "<": "less",
    "<=": "less_or_equal",
    ">": "greater",
    ">=": "greater_or_equal",
}


@dataclass(frozen=True, slots=True)
class Speech:
    """How conditions are said.

    Attributes
    ----------
    language : str
        Tag of the language.
    numbers : mapping
        Column -> printed number of the question.
    labels : mapping
        Column -> code -> words of the answer; columns without are numbers that are written.
    """

    language: str
    numbers: Mapping[str, int]
    labels: Labels


def said(expression: Expression, speech: Speech) -> str:
    """Return a condition as a clause, such as `you answered "Yes" to question 3`.

    Parameters
    ----------
    expression : Expression
        The condition.
    speech : Speech
        Language, printed numbers and words of the answers.

    Examples
    --------
    >>> from trustmeasure.logic import parse_expression
    >>> from trustmeasure.questionnaires.logic.words import Speech, said
    >>> speech = Speech("en", {"customer": 3, "visits": 4}, {"customer": {1: "Yes", 2: "I was", 3: "No"}})
    >>> said(parse_expression("customer in (1, 2) and visits > 2"), speech)
    'you answered "Yes" or "I was" to question 3 and your answer to question 4 is more than 2'
    """
    one = _one_question(expression)
    if one is not None:
        return _answer(*one, speech, "if_is", "if_written")
    if isinstance(expression, Is):
        return _compared(expression, speech)
    if isinstance(expression, Answered):
        return words("if_answered", speech.language, number=speech.numbers[expression.column])
    if isinstance(expression, Not):
        return _denied(expression.part, speech)
    sign = words("if_and" if isinstance(expression, AllOf) else "if_or", speech.language)
    return sign.join(_inside(part, speech) for part in expression.parts)


def only_if(expression: Expression, speech: Speech) -> str:
    """Return a condition as the line above what is asked on it."""
    return words("only_if", speech.language, condition=said(expression, speech))


def without(expression: Expression | None, part: Expression | None) -> Expression | None:
    """Return a condition without a part that holds anyway, such as consent; None when nothing is left."""
    if part is None or expression is None:
        return expression
    if expression == part:
        return None
    if not isinstance(expression, AllOf):
        return expression
    left = tuple(rest for rest in (without(one, part) for one in expression.parts) if rest is not None)
    if len(left) < 2:
        return left[0] if left else None
    return AllOf(left)


def _one_question(expression: Expression) -> tuple[str, tuple[int, ...]] | None:
    """Return column and codes of a condition that says: one of these answers to one question."""
    parts = expression.parts if isinstance(expression, AnyOf) else (expression,)
    equal = [part for part in parts if isinstance(part, Is) and part.op == "=="]
    columns = {part.column for part in equal}
    if len(equal) != len(parts) or len(columns) != 1:
        return None
    return columns.pop(), tuple(part.value for part in equal)


def _answer(column: str, codes: tuple[int, ...], speech: Speech, chosen: str, written: str) -> str:
    """Say one of several answers: `chosen` is the text for answers of a list, `written` for numbers."""
    number, known = speech.numbers[column], speech.labels.get(column)
    if known is None:
        values = listed([str(code) for code in codes], speech.language)
        return words(written, speech.language, number=number, values=values)
    quoted = [words("quoted", speech.language, label=known.get(code, str(code))) for code in codes]
    return words(chosen, speech.language, number=number, labels=listed(quoted, speech.language))


def _compared(comparison: Is, speech: Speech) -> str:
    known = speech.labels.get(comparison.column, {})
    value = str(comparison.value)
    if comparison.value in known:
        value = words("quoted", speech.language, label=known[comparison.value])
    return words(
        "if_compare",
        speech.language,
        number=speech.numbers[comparison.column],
        comparison=words(_COMPARISONS[comparison.op], speech.language),
        value=value,
    )


def _denied(part: Expression, speech: Speech) -> str:
    one = _one_question(part)
    if one is not None:
        return _answer(*one, speech, "if_is_not", "if_written_not")
    if isinstance(part, Answered):
        return words("if_not_answered", speech.language, number=speech.numbers[part.column])
    if isinstance(part, Not):
        return said(part.part, speech)
    return words("if_not", speech.language, part=said(part, speech))


def _inside(part: Expression, speech: Speech) -> str:
    text = said(part, speech)
    joined = isinstance(part, AllOf | AnyOf) and _one_question(part) is None
    return words("if_group", speech.language, part=text) if joined else text


def listed(entries: Sequence[str], language: str) -> str:
    """Return entries as a list with `or` before the last."""
    *others, last = entries
    if not others:
        return last
    return words("list_comma", language).join(others) + words("list_or", language) + last
