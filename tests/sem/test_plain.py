"""Plain model texts are read by one pattern: what it reads is what the tokens say."""

from __future__ import annotations

import random

import pytest

from benchmarks.models import TRUST
from trustmeasure.errors import ModelSyntaxError
from trustmeasure.sem.plain import plain_lines
from trustmeasure.sem.syntax import ModelText, _of_tokens, parse
from trustmeasure.sem.tokens import Source

PLAIN = {
    "continued": "f =~ a +\n\n  b\n+ l*c\nf ~\ng\nh\n~~ l *\n h",
    "comments": "# model\nf =~ a + b # two items\n! end\nx := a*b + c ! product\n",
    "definitions": "f =~ l*a + b\nx := l\ny := (x + 1) / 2 - exp(-x)^2\n",
    "names": "_f.1 =~ é + NA*b + NA\nc ~ efa*start",
    "twice": "f =~ a\nf =~ l*a\na ~~ b\nb ~~ m*a",
}
NOT_PLAIN = {
    "none": " \n",
    "intercept": "x ~ 1",
    "number": "f =~ 1*a",
    "function": "f =~ start(1)*a",
    "semicolon": "f =~ a; g =~ b",
    "two operators": "f =~ a g =~ b",
    "definition goes on": "f =~ a\nx := a\n+ b",
    "definition on the next line": "f =~ a\nx :=\n a",
    "constraint": "f =~ a\na == b",
    "string": 'f =~ "a#b"*x',
    "plus first": "+ a",
    "two labels": "f =~ a*b*c",
}
PIECES = (
    *("f", "x1", "a.b", "_y", "NA", "c", "é", "=~", "~", "~~", "<~", ":=", "+", "*", "\n", "\n", " ", "\t"),
    *("# c\n", "! d", "(", ")", "-", "/", "^", "2", ".5", ";", "==", "|", "'q'", '"#"', ",", "exp(", "\r\n"),
    *("x =~ ", "g =~ y", "\n a := b*c", "\nh ~ l*m + n", "\n+ k", "f ~~ f", "\u3000", "?", "=", "~ 1"),
)


def _read(text: str) -> ModelText | str:
    try:
        return parse(text)
    except ModelSyntaxError as error:
        return str(error)


def _by_tokens(text: str) -> ModelText | str:
    try:
        return _of_tokens(Source(text.replace("\r\n", "\n").replace("\r", "\n")))
    except ModelSyntaxError as error:
        return str(error)


@pytest.mark.parametrize("text", [*PLAIN.values(), TRUST], ids=[*PLAIN, "trust"])
def test_plain_texts_say_what_their_tokens_say(text: str) -> None:
    assert plain_lines(text) is not None
    assert isinstance(_by_tokens(text), ModelText)
    assert _read(text) == _by_tokens(text)


@pytest.mark.parametrize("text", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_other_texts_are_left_to_the_tokens(text: str) -> None:
    found = plain_lines(text)
    assert found is None or not found[0]
    assert _read(text) == _by_tokens(text)


def test_any_text_is_read_the_same_both_ways() -> None:
    draw, plain = random.Random(1), 0  # noqa: S311 - no secret
    for _ in range(4000):
        start = draw.choice(("", "f =~ x + y\n"))
        text = start + "".join(draw.choices(PIECES, k=draw.randint(1, 12)))
        plain += plain_lines(text) is not None
        assert _read(text) == _by_tokens(text), text
    assert plain > 50
