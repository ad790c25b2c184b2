"""Model text: what is understood, and what every error says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ModelSyntaxError
from trustmeasure.sem import parse_model


def rows(text: str, **options: bool) -> dict[str, tuple[int, float, str]]:
    return {p.name: (p.free, p.value, p.label) for p in parse_model(text, **options).parameters}


def test_operators_comments_and_separators() -> None:
    table = parse_model("f =~ a + b + c  # comment\ng ~ f; a ~~ b ! other comment\ng ~ 1")
    written = [p.name for p in table.parameters if p.user]
    assert written == ["f=~a", "f=~b", "f=~c", "g~f", "a~~b", "g~1"]


@pytest.mark.parametrize(
    "text",
    [
        "f =~ a +\n b +\n c",
        "f =~ a\n + b\n + c",
        "f =~\n a + b + c",
        "f =~ a + # why\n b\n\n + c",
        "f=~a+b+c",
    ],
)
def test_continued_lines_mean_the_same(text: str) -> None:
    assert rows(text) == rows("f =~ a + b + c")


def test_names_in_any_script() -> None:
    table = parse_model("信任 =~ 诚信_1 + 能力.2 + été\nσ ~ 信任")
    assert table.latent == ("信任",)
    assert table.observed == ("诚信_1", "能力.2", "été", "σ")


def test_modifiers() -> None:
    found = rows("f =~ NA*a + 0.5*b + lab*c + -2*d + start(0.3)*e + 0.7?g + 'q'*h + label(\"r\")*i")
    assert found["f=~a"][0] > 0
    assert found["f=~b"][:2] == (0, 0.5)
    assert found["f=~c"][2] == "lab"
    assert found["f=~d"][1] == -2.0
    assert (found["f=~h"][2], found["f=~i"][2]) == ("q", "r")
    starts = {p.name: p.start for p in parse_model("f =~ a + start(0.3)*e + 0.7?g").parameters}
    assert (starts["f=~e"], starts["f=~g"]) == (0.3, 0.7)


@pytest.mark.parametrize("text", ["f =~ NA*a + start(0.7)*a + b", "f =~ start(0.7)*a + NA*a + b"])
def test_a_start_beside_na_leaves_the_parameter_free(text: str) -> None:
    first = parse_model(text).parameters[0]
    assert first.free > 0
    assert first.start == 0.7


def test_several_modifiers_on_one_term_merge() -> None:
    found = rows("f =~ NA*a + one*a + b\nf =~ start(2)*b")
    assert found["f=~a"] == (1, pytest.approx(float("nan"), nan_ok=True), "one")


def test_a_shared_label_is_one_parameter() -> None:
    table = parse_model("f =~ a + l*b + l*c")
    assert [p.free for p in table.parameters if p.label == "l"] == [1, 1]


def test_a_label_of_a_fixed_parameter_fixes_all() -> None:
    assert rows("f =~ l*a + l*b + c")["f=~b"] == (0, 1.0, "l")


def test_several_on_the_left() -> None:
    assert {"y~x", "z~x", "y~w", "z~w"} <= set(rows("y + z ~ x + w"))


def test_covariances_are_one_parameter_in_either_order() -> None:
    names = [p.name for p in parse_model("a ~ b\nf =~ c + d + e\nc ~~ d\nd ~~ l*c").parameters]
    assert "c~~d" in names
    assert "d~~c" not in names


ERRORS = {
    "f =~ a b": (1, 8, "missing before 'b'"),
    "f =~ a +": (1, 8, "missing beside '+'"),
    "f =~ a\ng = b": (2, 3, "'=' is no operator"),
    "f =～ a": (1, 3, "'=' is no operator"),
    "f ～ a": (1, 3, "full-width"),
    "f ~ 2x": (1, 5, "start with a digit"),
    "f ~ a:b": (1, 6, "interactions"),
    "f =~ f": (1, 6, "cannot be measured by itself"),
    "f ~ a ~ b": (1, 7, "second operator"),
    "~ a": (1, 1, "left of '~'"),
    "a ~~": (1, 3, "right of '~~'"),
    "lonely": (1, 1, "no operator"),
    "a ~ p*q*b": (1, 7, "two different"),
    "a ~ 1/0*b": (1, 5, "not a finite number"),
    "a ~ 1*b\na ~ 2*b": (2, 7, "two different"),
    "a ~ lower(1)*upper(0)*b": (1, 14, "lies above"),
    "a ~ lower(x)*b": (1, 5, "bound is one number"),
    "a ~ label(b)*b": (1, 5, "text in quotes"),
    "a ~ equal(b)*b": (1, 5, "relation in quotes"),
    "a ~ b + equal('a~d')*c": (1, 22, "Did you mean"),
    "a ~ b + equal('a~c')*c": (1, 22, "itself"),
    "a ~ p*b + q*equal('a~b')*c": (1, 26, "Leave one out"),
    "a ~ p*b\np == r": (2, 3, "Allowed: p"),
    "a ~ long*b\nlone == 2": (2, 6, "Did you mean 'long'"),
    "a ~ p*b\np == 1\n2*p == 1": (3, 5, "contradicts those above"),
    "a ~ p*b + q*c\np > q + 1\nq > p": (3, 3, "contradicts the others"),
    "a ~ lower(2)*p*b\np < 1": (2, 3, "contradict"),
    "a ~ b\n1 == 2": (2, 3, "does not hold"),
    "a ~ 2*p*b\np == 1": (2, 3, "does not hold"),
    "a ~ p*b\np => 2": (2, 3, "'=' is no operator"),
    "a ~ p*b\np >= 2": (2, 3, "write `>`"),
    "a ~ p*b\n.p1. == 2": (2, 1, "numbered parameters"),
    "a ~ p*b\np == 2*": (2, 8, "ends too early"),
    "f <~ f": (1, 6, "cannot be formed by itself"),
    "a ~ NA*1*b": (1, 8, "both fixed and free"),
    "a ~ *b": (1, 5, "missing beside '*'"),
    "a ~ start(b)*c": (1, 5, "starting value is one number"),
    "a ~ what(2)*c": (1, 5, "not known"),
    "a =~ 1": (1, 6, "cannot stand alone"),
    "a + 2 ~ b": (1, 5, "left side must be variable names"),
    "a ~ b\na := c*d": (2, 1, "'c' in the definition of 'a'"),
    "a ~ p*b\nq := p*(p": (2, 10, "closing parenthesis"),
    "a ~ p*b\nq := sqr(p)": (2, 6, "Did you mean 'sqrt'"),
    "a ~ p*b\np := p*2": (2, 1, "already the name"),
    "a ~ p*b\nq := p $ 2": (2, 8, "no meaning"),
    "a ~ p*b\nq + r := p": (2, 1, "must be one new name"),
    "": (1, 1, "no relation"),
}


@pytest.mark.parametrize("text", ERRORS)
def test_errors_name_the_place(text: str) -> None:
    line, column, words = ERRORS[text]
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in str(caught.value)


def test_an_error_shows_the_line_with_a_caret() -> None:
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model("ok =~ a + b\nf =~ a b")
    assert str(caught.value).splitlines()[1:] == ["  f =~ a b", "         ^"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("efa('b')*f =~ a", "efa"),
        ("f =~ a + b\ny ~ rv('r')*f", "rv"),
        ("y ~ prior('normal(0,1)')*x", "prior"),
        ("group: 1\nf =~ a", "group:"),
        ("f =~ a\nlevel: within\nf =~ a", "level:"),
        ("y ~ a:b", "interactions"),
        ("y ~ p*a\np <= 2", "<="),
    ],
)
def test_what_is_not_supported_says_so_by_name(text: str, named: str) -> None:
    with pytest.raises(ModelSyntaxError, match="not support") as caught:
        parse_model(text)
    assert named in str(caught.value)


def test_a_model_that_is_no_text() -> None:
    with pytest.raises(ModelSyntaxError, match="not a int"):
        parse_model(3)  # type: ignore[arg-type]  # what a wrong call says


def frame(text: str, **options: Any) -> pd.DataFrame:
    return parse_model(text, **options).to_frame()


def test_constraints_are_rows_of_the_table() -> None:
    table = parse_model("y ~ p*a + q*b\np == 2*q # twice\nd := p + q; d > 0\n1 > q")
    assert [(c.text, c.kind) for c in table.constraints] == [
        ("p == 2*q", "=="),
        ("d > 0", ">"),
        ("1 > q", ">"),
    ]
    shown = table.to_frame().tail(3)[["lhs", "op", "rhs", "free"]].to_numpy().tolist()
    assert shown == [["p", "==", "2*q", 0], ["d", ">", "0", 0], ["1", ">", "q", 0]]


@pytest.mark.parametrize(
    ("lines", "rank"),
    [
        ("p == q", 1),
        ("p == q\nq == p", 1),
        ("p == q\nq == r\np == r", 2),
        ("p == q^2\nq == r", 2),
        ("p > 0\nq < 3", 0),
        ("1 == 1", 0),
        ("d := p*q\nd == 0.3", 1),
    ],
)
def test_parameters_count_less_the_independent_equalities(lines: str, rank: int) -> None:
    table = parse_model(f"y ~ p*a + q*b + r*c\n{lines}")
    assert (table.n_free, table.npar) == (4, 4 - rank)


def test_a_constraint_may_stand_above_the_definition_that_it_uses() -> None:
    assert parse_model("y ~ p*a + q*b\nd == 1\nd := p + q").npar == 2


@pytest.mark.parametrize("value", ["1/2*", "2*0.25*", "(0.5)*", "sqrt(0.25)*", "5e-1*", "-(-0.5)*", "2^-1*"])
def test_a_fixed_value_may_be_arithmetic(value: str) -> None:
    assert rows(f"f =~ a + {value}b")["f=~b"][:2] == (0, 0.5)


def test_modifiers_of_one_parameter_in_several_places() -> None:
    table = parse_model("f =~ a + p*b + c\nf =~ start(0.7)*b + lower(0)*b + 0.5?c")
    by_name = {p.name: p for p in table.parameters}
    assert (by_name["f=~b"].label, by_name["f=~b"].start, by_name["f=~b"].lower) == ("p", 0.7, 0.0)
    assert by_name["f=~c"].start == 0.5


def test_bounds_are_columns_of_the_table_when_there_are_any() -> None:
    assert "lower" not in frame("y ~ a").columns
    found = frame("y ~ lower(0)*a + upper(1)*b\ny ~~ lower(0)*upper(9)*y").set_index(["lhs", "op", "rhs"])
    assert found.loc[("y", "~", "a"), ["lower", "upper"]].tolist() == [0.0, np.inf]
    assert found.loc[("y", "~~", "y"), ["lower", "upper"]].tolist() == [0.0, 9.0]


@pytest.mark.parametrize("text", ["f =~ a + b + equal('f=~b')*c", "f =~ a + equal('f =~ c')*b + c"])
def test_equal_is_the_same_parameter_as_the_one_it_names(text: str) -> None:
    found = rows(text)
    assert found["f=~b"][0] == found["f=~c"][0]


def test_equal_keeps_the_label_of_the_parameter_that_it_names() -> None:
    found = rows("f =~ a + p*b + equal('f=~b')*c")
    assert found["f=~b"] == found["f=~c"]
    assert found["f=~c"][2] == "p"


def test_equal_takes_a_fixed_value_too() -> None:
    assert rows("f =~ a + b + equal('f=~a')*c")["f=~c"][:2] == (0, 1.0)


def test_equal_in_groups_names_the_first_group_or_the_one_behind_it() -> None:
    one = frame("f =~ a + b + equal('f=~b')*c + d", n_groups=2).query("rhs == 'b' | rhs == 'c'")
    assert one.loc[one.op == "=~", "free"].tolist() == [1, 1, 12, 1]
    each = frame("f =~ a + b + equal(c('f=~b', 'f=~b.g2'))*c + d", n_groups=2)
    found = each[(each.op == "=~") & each.rhs.isin(["b", "c"])]["free"].tolist()
    assert found[0] == found[1] != found[2] == found[3]


def test_a_formative_construct_has_no_residual_and_its_causes_are_given() -> None:
    found = frame("f <~ 1*a + b\ny ~ f\nz ~ f").set_index(["lhs", "op", "rhs"])
    assert found.loc[("f", "~~", "f"), ["free", "value"]].tolist() == [0, 0.0]
    assert found.loc[[("a", "~~", "a"), ("a", "~~", "b"), ("b", "~~", "b")], "exogenous"].all()
    assert found.loc[("y", "~~", "z"), "free"] > 0
    assert (
        parse_model("f <~ a + b\ny ~ f", std_lv=True).to_frame().query("lhs == 'f' & op == '~~'").value.item()
        == 1
    )
    assert ("f", "~~", "g") in frame("f <~ a + b\ng <~ c + d\ny ~ f + g").set_index(
        ["lhs", "op", "rhs"]
    ).index
