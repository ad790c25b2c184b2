"""The table over all scales: one row a scale, and a reason for every number that is not there."""

import dataclasses
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from trustmeasure.errors import ArgumentError
from trustmeasure.instruments import load_instrument
from trustmeasure.reliability_analysis import cronbach_alpha, omega_total, reliability
from trustmeasure.reliability_analysis.table import COLUMNS, NUMBERS
from trustmeasure.responses import load_sample, read_responses

RNG = np.random.default_rng(4)
GOOD = pd.DataFrame(
    RNG.normal(size=(80, 1)) * [0.9, 0.7, 0.8, 0.6] + RNG.normal(size=(80, 4)) * 0.6, columns=list("abcd")
)
BAD = {
    "one item": GOOD[["a"]],
    "two items": GOOD[["a", "b"]],
    "constant": GOOD.assign(b=1.0),
    "empty item": GOOD.assign(b=np.nan),
    "all missing": GOOD * np.nan,
    "no rows": GOOD.head(0),
    "no items": GOOD[[]],
    "text": GOOD.assign(b="agree"),
    "the same twice": GOOD.assign(b=GOOD["a"]),
    "against": GOOD.assign(b=-GOOD["b"]),
    "cancelling": pd.DataFrame({"a": GOOD["a"], "b": -GOOD["a"]}),
    "ten rows": GOOD.head(10),
    "three rows": GOOD.head(3),
    "not a frame": [1, 2, 3],
}


@pytest.fixture(scope="module")
def bad():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return reliability(BAD).set_index("construct")


def test_every_scale_has_a_row_whatever_it_holds(bad):
    assert bad.index.tolist() == list(BAD)
    assert (bad.dtypes[list(NUMBERS)] == "float64").all()


@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_nothing_raises(missing):
    table = reliability(BAD, missing=missing)
    assert len(table) == len(BAD)


def test_a_number_that_is_missing_has_a_reason(bad):
    gaps = bad[["alpha", "omega"]].isna().any(axis=1)
    assert (bad.loc[gaps, "note"] != "").all()
    assert gaps.sum() == 12


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        ("one item", "at least 2 items; there is only one item, 'a'"),
        ("two items", "No omega: with 2 items the one-factor model is not identified."),
        ("constant", "Item 'b' has the same answer (1)"),
        ("empty item", "Item 'b' has no answer at all"),
        ("all missing", "Items 'a', 'b', 'c', 'd' have no answer at all"),
        ("no items", "there is no item"),
        ("text", "'b' holds 'agree' in row 1"),
        ("the same twice", "No omega: The sample covariance matrix is not positive definite: 'a', 'b'"),
        ("against", "Negative correlation with the sum of the other items: b."),
        ("cancelling", "cancel each other out"),
        ("three rows", "No omega: 3 complete rows are too few for 4 variables"),
        ("not a frame", "give a frame"),
    ],
)
def test_reasons(bad, scale, said):
    assert said in bad.loc[scale, "note"]


def test_what_can_be_given_is_given(bad):
    assert bad.loc["one item", ["n_items", "n_obs"]].tolist() == [1, 80]
    assert bad.loc["one item", "mean"] == pytest.approx(GOOD["a"].mean())
    assert bad.loc["two items", "alpha"] == pytest.approx(cronbach_alpha(GOOD[["a", "b"]]).alpha)
    assert bad.loc["the same twice", "alpha"] > 0.8
    assert bad.loc["ten rows", ["alpha", "omega"]].notna().all()


def test_a_good_scale_has_all_numbers_and_no_note():
    table = reliability({"care": pl.from_pandas(GOOD)}, ci=0.9)
    assert table.columns.tolist() == list(COLUMNS)
    row, alpha, omega = table.iloc[0], cronbach_alpha(GOOD, ci=0.9), omega_total(GOOD, ci=0.9)
    wanted = [alpha.alpha, alpha.ci_lower, alpha.ci_upper, omega.omega, omega.ci_lower, omega.ci_upper]
    assert row[list(NUMBERS[2:8])].tolist() == pytest.approx(wanted, rel=1e-12)
    assert (row["note"], row["label"], row["higher_order"]) == ("", "care", False)


def test_the_sample_survey():
    sample = load_sample("trust-survey")
    table = reliability(sample).set_index("construct")
    assert "recommendation_likelihood" not in table.index
    assert len(table) == len(sample.constructs) - 1
    first_order = table[~table["higher_order"]]
    assert first_order[list(NUMBERS)].notna().all().all()
    assert (first_order["note"] == "").all()
    assert (first_order["omega"] - first_order["alpha"]).abs().max() < 0.02
    assert first_order["alpha"].between(0.7, 0.95).all()  # no reversed item was forgotten
    whole = table.loc["cognitive_trust"]
    assert whole["alpha"] == pytest.approx(cronbach_alpha(sample.items("cognitive_trust")).alpha)
    assert np.isnan(whole["omega"])
    assert whole["note"].startswith("Higher-order (Competence, Integrity, Reliability): alpha over all items")
    assert (table["n_complete"] < table["n_obs"]).all()


def test_an_item_without_a_column_is_named():
    frame = GOOD.round().clip(-3, 3) + 4
    given = frame.set_axis(["sat_1", "sat_2", "sat_4", "other"], axis=1)
    row = reliability(read_responses(given, instruments=["satisfaction"], require="any")).iloc[0]
    assert row["n_items"] == 3
    assert row["note"].startswith("Not in the data: sat_3.")
    assert np.isfinite(row["omega"])


def test_constructs_without_any_column_get_a_reason():
    frame = (GOOD.round().clip(-3, 3) + 4).set_axis([f"cog_com_{i}" for i in range(1, 5)], axis=1)
    given = read_responses(frame, instruments=["cognitive-trust"], require="any")
    table = reliability(given).set_index("construct")
    assert "None of the items of 'integrity'" in table.loc["integrity", "note"]
    assert table.loc["integrity", "n_items"] == 0


def test_formative_constructs_have_no_internal_consistency():
    instrument = load_instrument("satisfaction")
    constructs = tuple(dataclasses.replace(c, measurement="formative") for c in instrument.constructs)
    frame = (GOOD.round().clip(-3, 3) + 4).set_axis([f"sat_{i}" for i in range(1, 5)], axis=1)
    given = read_responses(frame, instruments=[dataclasses.replace(instrument, constructs=constructs)])
    row = reliability(given).iloc[0]
    assert row["note"].startswith("Formative")
    assert np.isnan(row["alpha"])
    assert np.isfinite(row["mean"])


def test_heywood_is_a_note():
    corr = np.array([[1, 0.9, 0.8], [0.9, 1, 0.5], [0.8, 0.5, 1]])
    values = np.random.default_rng(1).normal(size=(200, 3))
    white = np.linalg.cholesky(np.cov(values, rowvar=False))
    exact = (values - values.mean(axis=0)) @ np.linalg.inv(white).T @ np.linalg.cholesky(corr).T
    row = reliability({"x": pd.DataFrame(exact, columns=["warm", "open", "true"])}).iloc[0]
    assert "items: The variance 'warm' ~~ 'warm' is negative" in row["note"]


def test_nothing_to_do():
    table = reliability({})
    assert (len(table), table.columns.tolist()) == (0, list(COLUMNS))


def test_arguments():
    with pytest.raises(ArgumentError, match="One frame alone goes to cronbach_alpha"):
        reliability(GOOD)
    with pytest.raises(ArgumentError, match="ci=2"):
        reliability({"a": GOOD}, ci=2)
    with pytest.raises(ArgumentError, match="missing='fiml'"):
        reliability({"a": GOOD}, missing="fiml")
