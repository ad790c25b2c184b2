from __future__ import annotations

import pytest

from trustmeasure.logic import AllOf, AnyOf, Expression, Is, parse_expression
from trustmeasure.questionnaires.logic.words import Speech, only_if, said, without

NUMBERS = {"customer": 3, "visits": 4, "first_1": 12}
LABELS = {
    "en": {
        "customer": {1: "Yes", 2: "I was", 3: "No", 98: "Prefer not to say"},
        "first_1": {1: "Bad", 2: "Good"},
    },
    "zh": {"customer": {1: "是", 2: "曾经是", 3: "否", 98: "不便透露"}, "first_1": {1: "差", 2: "好"}},
}
CASES = [
    ("customer == 1", 'you answered "Yes" to question 3', "第 3 题选择“是”"),
    ("customer in (1, 2)", 'you answered "Yes" or "I was" to question 3', "第 3 题选择“是”或“曾经是”"),
    (
        "customer in (1, 2, 98)",
        'you answered "Yes", "I was" or "Prefer not to say" to question 3',
        "第 3 题选择“是”、“曾经是”或“不便透露”",
    ),
    ("visits >= 2", "your answer to question 4 is at least 2", "第 4 题的回答不小于 2"),
    ("visits in (1, 2, 3)", "you wrote 1, 2 or 3 for question 4", "第 4 题填写 1、2或3"),
    ("not visits == 1", "you did not write 1 for question 4", "第 4 题没有填写 1"),
    ("answered(visits)", "you answered question 4", "已回答第 4 题"),
    ("not answered(visits)", "you did not answer question 4", "没有回答第 4 题"),
    (
        "not customer in (1, 2)",
        'you did not answer "Yes" or "I was" to question 3',
        "第 3 题没有选择“是”或“曾经是”",
    ),
    ("not (not customer == 1)", 'you answered "Yes" to question 3', "第 3 题选择“是”"),
    (
        "customer == 1 and (visits > 2 or first_1 == 2)",
        'you answered "Yes" to question 3 and (your answer to question 4 is more than 2 or '
        'you answered "Good" to question 12)',
        "第 3 题选择“是”，并且（第 4 题的回答大于 2，或者第 12 题选择“好”）",
    ),
    (
        "not (customer == 1 and visits > 2)",
        'it is not the case that (you answered "Yes" to question 3 and '
        "your answer to question 4 is more than 2)",
        "并非（第 3 题选择“是”，并且第 4 题的回答大于 2）",
    ),
]


@pytest.mark.parametrize(("condition", "english", "chinese"), CASES)
def test_a_condition_is_a_clause_in_both_languages(condition: str, english: str, chinese: str):
    expression = parse_expression(condition)
    assert said(expression, Speech("en", NUMBERS, LABELS["en"])) == english
    assert said(expression, Speech("zh", NUMBERS, LABELS["zh"])) == chinese


def test_the_line_above_what_is_asked():
    expression = parse_expression("customer == 1")
    assert (
        only_if(expression, Speech("en", NUMBERS, LABELS["en"]))
        == 'Only if you answered "Yes" to question 3:'
    )
    assert only_if(expression, Speech("zh", NUMBERS, LABELS["zh"])) == "仅在以下情况作答：第 3 题选择“是”。"


def test_words_with_braces_are_words():
    speech = Speech("en", {"a": 1}, {"a": {1: "{number} {x}"}})
    assert said(Is("a", "==", 1), speech) == 'you answered "{number} {x}" to question 1'


CONSENT, OTHER, THIRD = Is("consent", "==", 1), Is("a", "==", 1), Is("b", "==", 2)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (None, None),
        (CONSENT, None),
        (OTHER, OTHER),
        (AllOf((CONSENT, OTHER)), OTHER),
        (AllOf((CONSENT, AllOf((OTHER, THIRD)))), AllOf((OTHER, THIRD))),
        (AllOf((CONSENT, OTHER, THIRD)), AllOf((OTHER, THIRD))),
        (AnyOf((CONSENT, OTHER)), AnyOf((CONSENT, OTHER))),
    ],
)
def test_what_holds_anyway_is_left_out_of_a_join_only(given: Expression | None, left: Expression | None):
    assert without(given, CONSENT) == left
    assert without(given, None) == given
