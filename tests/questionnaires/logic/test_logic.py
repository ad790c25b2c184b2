from __future__ import annotations

import itertools

import pytest
from hypothesis import given, strategies as st

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires.logic import (
    AllOf,
    Answered,
    AnyOf,
    Dialect,
    Expression,
    Is,
    Not,
    columns_of,
    evaluate,
    parse_expression,
    said_in,
)
from trustmeasure.questionnaires.logic.resolve import resolved

PYTHON = Dialect(lambda node: f"{node.column} {node.op} {node.value}", lambda column: f"answered({column})")
SCALE = ResponseScale(
    "often",
    tuple(ScalePoint(code, {"en": str(code)}) for code in (1, 2, 3)),
    (MissingCode(98, {"en": "Prefer not to say"}, "refused"),),
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a == 1", Is("a", "==", 1)),
        (" a != -3 ", Is("a", "!=", -3)),
        ("answered(a)", Answered("a")),
        ("not a >= 2", Not(Is("a", ">=", 2))),
        ("a in (1, 2, 1)", AnyOf((Is("a", "==", 1), Is("a", "==", 2)))),
        ("a in [4]", Is("a", "==", 4)),
        (
            "a == 1 and (b < 2 or answered(c))",
            AllOf((Is("a", "==", 1), AnyOf((Is("b", "<", 2), Answered("c"))))),
        ),
    ],
)
def test_text_becomes_a_tree(text: str, tree: Expression):
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be understood"),
        ("a = 1", "cannot be understood"),
        ("a == ", "cannot be understood"),
        ("a == 'x'", "holds \"'x'\", which is not allowed"),
        ("a == 1.5", "holds '1.5'"),
        ("a == True", "holds 'True'"),
        ("1 < a < 3", "holds '1 < a < 3'"),
        ("a", "holds 'a'"),
        ("a in ()", "holds '()'"),
        ("a == b", "holds 'b'"),
        ("__import__('os').system('true')", "which is not allowed"),
        ("open(a)", "holds 'open(a)'"),
        ("a.b == 1", "holds 'a.b == 1'"),
        ("a == 1" + " and a == 1" * 200, "at most 1000 signs"),
        ("(" * 300 + "a == 1" + ")" * 300, "cannot be understood"),
        ("a\x00 == 1", "cannot be understood"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, message: str):
    with pytest.raises(QuestionnaireError) as raised:
        parse_expression(text)
    assert message in str(raised.value)
    assert "Write comparisons" in str(raised.value)


def test_columns_are_named_once_in_their_order():
    tree = parse_expression("b == 1 and (a == 2 or not b > 3) and answered(c)")
    assert columns_of(tree) == ("b", "a", "c")
    assert columns_of(None) == ()


def test_without_an_answer_every_comparison_is_false():
    for op in ("==", "!=", "<", "<=", ">", ">="):
        assert not evaluate(parse_expression(f"a {op} 1"), {})
        assert not evaluate(parse_expression(f"a {op} 1"), {"a": None})
    assert evaluate(None, {})
    assert evaluate(parse_expression("not answered(a)"), {})


trees = st.recursive(
    st.builds(
        Is, st.sampled_from("abc"), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(-3, 9)
    )
    | st.builds(Answered, st.sampled_from("abc")),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@given(trees)
def test_said_in_python_and_read_again_it_means_the_same(tree: Expression):
    again = parse_expression(said_in(tree, PYTHON))
    for values in itertools.product((None, 1, 2, 98), repeat=3):
        answers = dict(zip("abc", values, strict=True))
        assert evaluate(again, answers) == evaluate(tree, answers)


@given(trees)
def test_resolved_conditions_differ_only_where_a_missing_code_was_compared_as_a_number(tree: Expression):
    scales = dict.fromkeys("abc", SCALE)
    try:
        found = resolved(tree, scales, "page")
    except QuestionnaireError as error:
        assert "which no answer fulfils" in str(error)  # noqa: PT017  either outcome is right
        return
    for values in itertools.product((None, 1, 2, 3), repeat=3):
        answers = dict(zip("abc", values, strict=True))
        assert evaluate(found, answers) == evaluate(tree, answers)


def test_a_missing_code_is_larger_than_nothing():
    found = resolved(parse_expression("a >= 2"), {"a": SCALE}, "page")
    assert found == AnyOf((Is("a", "==", 2), Is("a", "==", 3)))
    assert not evaluate(found, {"a": 98})
    assert resolved(parse_expression("a == 98"), {"a": SCALE}, "page") == Is("a", "==", 98)
    assert resolved(parse_expression("n > 2"), {"n": None}, "page") == Is("n", ">", 2)


def test_a_condition_that_nothing_fulfils_or_that_asks_too_early_is_refused():
    with pytest.raises(QuestionnaireError, match=r"'a > 3', which no answer fulfils.*codes 1, 2, 3"):
        resolved(parse_expression("a > 3"), {"a": SCALE}, "page")
    with pytest.raises(
        QuestionnaireError, match=r"asks for 'aa', which is not asked before it. Did you mean 'a'"
    ):
        resolved(parse_expression("aa > 3"), {"a": SCALE}, "page")
