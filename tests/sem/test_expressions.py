"""Arithmetic of defined parameters and its derivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from trustmeasure.errors import ModelSyntaxError
from trustmeasure.sem.expressions import evaluate, gradient, parse_expression

NAMES = {"a": 0.7, "b": -1.3, "c_1": 2.5, "间接": 0.4}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a*b + c_1", 0.7 * -1.3 + 2.5),
        ("a - b - c_1", 0.7 + 1.3 - 2.5),
        ("a/b/c_1", 0.7 / -1.3 / 2.5),
        ("-a^2", -(0.7**2)),
        ("(-a)^2", 0.7**2),
        ("2^3^2", 512.0),
        ("c_1**-1", 1 / 2.5),
        ("exp(a)*log(c_1) - sqrt(c_1)", math.exp(0.7) * math.log(2.5) - math.sqrt(2.5)),
        ("abs(b) + +a", 1.3 + 0.7),
        ("间接*1e-2 + .5", 0.504),
    ],
)
def test_values(text: str, value: float) -> None:
    assert evaluate(parse_expression(text), NAMES) == pytest.approx(value, rel=1e-14)


@given(st.floats(0.1, 3), st.floats(-3, 3).filter(lambda x: abs(x) > 0.1))
def test_derivatives_agree_with_finite_differences(a: float, b: float) -> None:
    tree = parse_expression("a*b^2/(1 + exp(-a)) + abs(b)*log(a)")

    def function(theta: np.ndarray) -> np.ndarray:
        return np.stack([evaluate(tree, {"a": theta[..., 0], "b": theta[..., 1]})], axis=-1)

    theta, h = np.array([a, b]), 1e-6
    moved = theta + h * np.vstack([np.eye(2), -np.eye(2)])
    values = function(moved)[:, 0]
    central = (values[:2] - values[2:]) / (2 * h)
    assert gradient(function, theta)[0] == pytest.approx(central, rel=1e-6, abs=1e-7)


def test_names_in_order_of_appearance() -> None:
    assert parse_expression("b*a + exp(b) - c").names() == ("b", "a", "c")


@pytest.mark.parametrize("text", ["a +", "(a", "a)", "a b", "foo(a)", "a $ b", "", "__import__('os')"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ModelSyntaxError):
        parse_expression(text)
