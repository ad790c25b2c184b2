"""The language of rules: what it says, what it refuses, and what a missing index does."""

import itertools

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError
from trustmeasure.screening.rule import parse_rule

PERSONS = pd.DataFrame(
    {"irv": [0.0, 0.5, np.nan, 2.0], "flags": [0, 3, 2, np.nan], "flag_irv": [True, False, False, True]}
)


def answer(text, persons=PERSONS):
    true, is_open = parse_rule(text, list(persons.columns)).of(persons)
    return ["?" if o else "yes" if t else "no" for t, o in zip(true, is_open, strict=True)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("irv < 1", ["yes", "yes", "?", "no"]),
        ("1 > irv", ["yes", "yes", "?", "no"]),
        ("irv >= 0.5", ["no", "yes", "?", "yes"]),
        ("irv != 0", ["no", "yes", "?", "yes"]),
        ("irv == 2e0", ["no", "no", "?", "yes"]),
        ("not irv < 1", ["no", "no", "?", "yes"]),
        ("irv < 1 and flags >= 2", ["no", "yes", "?", "no"]),
        ("irv < 1 or flags >= 2", ["yes", "yes", "yes", "?"]),
        ("flag_irv", ["yes", "no", "no", "yes"]),
        ("not flag_irv and not irv > 1", ["no", "yes", "?", "no"]),
        ("flags >= 2 or irv < 1 and flags == 0", ["yes", "yes", "yes", "?"]),
        ("(flags >= 2 or irv < 1) and flags == 0", ["yes", "no", "no", "?"]),
        ("irv > -1", ["yes", "yes", "?", "yes"]),
        ("irv>=.5 and not(flags<2)", ["no", "yes", "?", "?"]),
    ],
)
def test_what_a_rule_says(text, wanted):
    assert answer(text) == wanted


def test_missing_values_follow_kleene():
    """Every combination of true, false and open against the table of three-valued logic."""
    numbers = {"yes": 1.0, "no": 0.0, "?": np.nan}
    rank = {"no": 0, "?": 1, "yes": 2}
    for a, b in itertools.product(numbers, repeat=2):
        frame = pd.DataFrame({"x": [numbers[a]], "y": [numbers[b]]})
        assert answer("x == 1 and y == 1", frame) == [min(a, b, key=rank.get)]
        assert answer("x == 1 or y == 1", frame) == [max(a, b, key=rank.get)]
        assert answer("not x == 1", frame) == [{"yes": "no", "no": "yes", "?": "?"}[a]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "rule is empty"),
        ("irv <", "compared with a number"),
        ("irv < flags", "compared with a number"),
        ("1 < 2", "compared with a number"),
        ("irv", "compared with nothing"),
        ("3", "compared with nothing"),
        ("irv < 1 flags > 2", "not expected here"),
        ("(irv < 1", "bracket is not closed"),
        ("irv < 1 and", "a column or a number is expected"),
        ("irvv < 1", "Did you mean 'irv'"),
        ("irv < 1; import os", "';' is not understood"),
        ("__import__('os') == 1", "is not understood"),
        ("0 < irv < 1", "not expected here"),
    ],
)
def test_what_is_refused(text, said):
    with pytest.raises(ArgumentError, match=said):
        parse_rule(text, ["irv", "flags", "flag_irv"])


def test_the_place_of_a_mistake_is_shown():
    with pytest.raises(ArgumentError, match=r"position 9: .*\n  irv < 1 \$ flags > 2\n          \^"):
        parse_rule("irv < 1 $ flags > 2", ["irv", "flags"])


def test_the_columns_that_a_rule_names():
    assert parse_rule("irv < 1 or flags > 2 and irv > 0", ["irv", "flags"]).names == ("irv", "flags")
