"""Comparing models of ordinal data: which are nested, and that the order of variables does not matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError
from trustmeasure.moments.layout import Layout

FOLDER = Path(__file__).parents[1] / "reference" / "ordinal_invariance"
NUMBERS = ["chisq_difference", "df_difference", "p_value", "scaling_factor", "shift"]


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "data" / "mixed.csv")


def fit(text: str, data: pd.DataFrame, **options: Any) -> tm.SemResult:
    return tm.fit_sem(text, data, ordered=["m1", "m3", "m4", "m5"], **options)


def test_the_order_of_variables_does_not_matter(data: pd.DataFrame) -> None:
    restricted = fit("f =~ m7 + m5 + m4 + m3 + m1\nf ~ m8\nf =~ a*m5 + a*m4 + a*m3", data)
    frames = [
        tm.compare(fit(text, data, std_lv=how), restricted, names=["free", "equal"]).frame.set_index("model")
        for text, how in (
            ("f =~ m7 + m5 + m4 + m3 + m1\nf ~ m8", False),
            ("f =~ m1 + m3 + m4 + m5 + m7\nf ~ m8", True),
        )
    ]
    assert [f.loc["equal", "against"] for f in frames] == ["free", "free"]
    assert frames[0].loc["equal", "df_difference"] == 2
    first, second = (f.loc["equal", NUMBERS].astype(float) for f in frames)
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_models_that_are_not_nested_have_no_test(data: pd.DataFrame) -> None:
    one = fit("f =~ m1 + m3 + m4 + m5\nm1 ~~ m3", data)
    other = fit("f =~ m1 + m3 + m4 + m5\nm1 ~~ 0.3*m4", data)
    found = tm.compare(one, other, names=["one", "other"])
    assert found.frame["against"].tolist() == ["", ""]
    assert "'other' is nested in none" in found.notes[0]


def test_both_parameterisations_are_the_same_model(data: pd.DataFrame) -> None:
    fits = [fit("f =~ m1 + m3 + m4 + m5", data, parameterization=how) for how in ("delta", "theta")]
    found = tm.compare(*fits, names=["delta", "theta"])
    assert "'theta' and 'delta' are equivalent" in found.notes[0]


def test_other_ordered_variables_are_named(data: pd.DataFrame) -> None:
    text = "f =~ m1 + m3 + m4 + m5"
    with pytest.raises(ArgumentError, match="only one of them takes m5 as ordered"):
        tm.compare(fit(text, data), tm.fit_sem(text, data, ordered=["m1", "m3", "m4"]))


def test_places_of_another_order() -> None:
    own = Layout(("a", "x", "b"), (2, 0, 1), ("p", "q"))
    other = Layout(("b", "a", "x"), (1, 2, 0), ("q", "p"))
    names = np.array([str(sorted(map(str, key))) for key in own.keys])
    assert names[own.places_of(other)].tolist() == [str(sorted(map(str, key))) for key in other.keys]
    assert sorted(own.places_of(other)) == list(range(own.size))
