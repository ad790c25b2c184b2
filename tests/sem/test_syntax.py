"""Model text: what is understood, and what every error says."""

from __future__ import annotations

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
    "a ~ 1*2*b": (1, 7, "two different"),
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
        ("f <~ a + b", "<~"),
        ("f =~ a + b\np == 2", "=="),
        ("f =~ p*a + q*b\np > 0", ">"),
        ("a | t1", "|"),
        ("a ~*~ a", "~*~"),
        ("f =~ equal('x')*a", "equal"),
        ("efa('b')*f =~ a", "left side"),
    ],
)
def test_what_is_not_supported_says_so_by_name(text: str, named: str) -> None:
    with pytest.raises(ModelSyntaxError, match=r"support|left side") as caught:
        parse_model(text)
    assert named in str(caught.value)


def test_a_model_that_is_no_text() -> None:
    with pytest.raises(ModelSyntaxError, match="not a int"):
        parse_model(3)  # type: ignore[arg-type]
