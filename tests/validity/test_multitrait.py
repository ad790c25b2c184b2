"""Traits by methods: kinds of correlations, and the CT-C(M-1) model."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError, DataError

WAYS = {"ask": (1, 2), "see": (3, 4), "count": (5, 6)}
UNITS = {(trait, way): [f"{trait}{i}" for i in at] for trait in "abc" for way, at in WAYS.items()}
POPULATION = "\n".join(
    [
        *(f"{t} =~ " + " + ".join(f".7*{t}{i}" for i in range(1, 7)) for t in "abc"),
        "see =~ " + " + ".join(f".4*{t}{i}" for t in "abc" for i in (3, 4)),
        "count =~ " + " + ".join(f".5*{t}{i}" for t in "abc" for i in (5, 6)),
        "a ~~ .5*b + .3*c + 0*see + 0*count\nb ~~ .4*c + 0*see + 0*count",
        "c ~~ 0*see + 0*count\nsee ~~ .3*count",
        *(f"{t}{i} ~~ .35*{t}{i}" for t in "abc" for i in range(1, 7)),
    ]
)
BY_HAND = """
a =~ a1 + a2 + a3 + a4 + a5 + a6
b =~ b1 + b2 + b3 + b4 + b5 + b6
c =~ c1 + c2 + c3 + c4 + c5 + c6
see =~ a3 + a4 + b3 + b4 + c3 + c4
count =~ a5 + a6 + b5 + b6 + c5 + c6
a ~~ 0*see + 0*count
b ~~ 0*see + 0*count
c ~~ 0*see + 0*count
"""


@cache
def people() -> pd.DataFrame:
    return tm.simulate(POPULATION, 800, seed=4)


@cache
def found() -> tm.validity.MultitraitMultimethod:
    return tm.multitrait_multimethod(people(), UNITS)


def test_the_model_is_that_written_by_hand() -> None:
    fit = tm.fit_sem(BY_HAND, people(), std_lv=True)
    own = found().result
    assert own is not None
    assert own.df == fit.df
    assert own.chisq == pytest.approx(fit.chisq, rel=1e-8)
    std = tm.standardized_solution(fit).query("op == '=~'").set_index(["lhs", "rhs"])["estimate"]
    row = found().indicators.set_index("indicator").loc["b5"]
    assert row["consistency"] == pytest.approx(std["b", "b5"] ** 2, rel=1e-6)
    assert row["specificity"] == pytest.approx(std["count", "b5"] ** 2, rel=1e-6)
    assert row["reliability"] == pytest.approx(fit.r_squared["b5"], rel=1e-6)
    assert row["specificity_ci_lower"] < row["specificity"] < row["specificity_ci_upper"]


def test_factors_correlate_as_in_the_population() -> None:
    rows = found().factors.set_index(["factor_1", "factor_2"])
    assert rows["kind"].tolist() == ["traits"] * 3 + ["methods"]
    assert rows.loc[("a", "b"), "correlation"] == pytest.approx(0.5, abs=0.1)
    assert rows.loc[("see", "count"), "correlation"] == pytest.approx(0.3, abs=0.15)


def test_the_reference_has_no_method() -> None:
    frame = found().indicators.set_index("indicator")
    assert frame.loc["a1", "specificity"] == 0.0
    assert np.isnan(frame.loc["a1", "specificity_ci_lower"])
    other = tm.multitrait_multimethod(people(), UNITS, reference="count")
    assert other.reference == "count"
    assert other.indicators.set_index("indicator").loc["a5", "specificity"] == 0.0


def test_correlations_have_their_kinds() -> None:
    frame = found().correlations
    assert len(frame) == 36
    assert frame["kind"].value_counts().to_dict() == {
        "heterotrait-heteromethod": 18,
        "monotrait-heteromethod": 9,
        "heterotrait-monomethod": 9,
    }
    row = frame.query("trait_1 == 'a' and method_1 == 'ask' and trait_2 == 'a' and method_2 == 'see'").iloc[0]
    expected = np.corrcoef(people()[["a1", "a2"]].mean(axis=1), people()[["a3", "a4"]].mean(axis=1))[0, 1]
    assert row["r"] == pytest.approx(expected)
    means = found().kinds().set_index("kind")["mean"]
    assert means["monotrait-heteromethod"] > means["heterotrait-heteromethod"]
    assert "Reference method: ask" in str(found())


def test_a_model_without_a_solution_leaves_the_correlations() -> None:
    few = {unit: own[:1] for unit, own in UNITS.items() if unit[0] != "c" and unit[1] != "count"}
    alone = tm.multitrait_multimethod(people(), few)
    assert alone.result is None
    assert len(alone.correlations) == 6
    assert any("no solution" in note for note in alone.notes)
    assert "Correlations by kind" in str(alone)


@pytest.mark.parametrize(
    ("units", "error", "message"),
    [
        ({"a": ["a1"]}, ArgumentError, "must map"),
        ({("a", "ask"): ["a1"], ("b", "ask"): ["b1"]}, ArgumentError, "2 traits and 1 methods"),
        ({("a", "ask"): ["a1"], ("b", "see"): []}, ArgumentError, "has no column"),
        ({("a", "ask"): ["a9"], ("b", "see"): ["b1"]}, DataError, "'a9' is not a column"),
    ],
)
def test_units_that_are_none(units: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        tm.multitrait_multimethod(people(), units)
    with pytest.raises(ArgumentError, match="reference"):
        tm.multitrait_multimethod(people(), UNITS, reference="look")
