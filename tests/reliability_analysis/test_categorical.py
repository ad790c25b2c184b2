"""Categorical omega of a set of items, and the columns it brings to the table of scales."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.reliability_analysis.ordinal_data import CASES, survey
from trustmeasure.errors import ArgumentError, DataError, InadmissibleWarning

FIVE = ["a1", "a2", "a3", "a4"]
NAMES = {
    "five-categories": ("fa", FIVE),
    "three-categories": ("fb", ["b1", "b2", "b3", "b4"]),
    "binary": ("fc", ["c1", "c2", "c3", "c4"]),
    "seven-categories": ("fd", ["d1", "d2", "d3"]),
    "mixed-categories": ("f", ["a1", "a2", "b1", "b2", "c1", "c2"]),
}


@pytest.mark.parametrize("name", NAMES)
def test_coefficients(name: str) -> None:
    factor, items = NAMES[name]
    stored = CASES[name]["delta"]["groups"][0]
    found = tm.omega_categorical(survey()[items])
    assert found.omega == pytest.approx(stored["omega"][factor], rel=1e-7)
    assert found.omega_latent == pytest.approx(stored["omega_latent"][factor], rel=1e-7)
    assert found.alpha_ordinal == pytest.approx(stored["alpha"][factor], rel=1e-7)
    assert found.ci_lower < found.omega < found.ci_upper
    assert found.alpha_ci_lower < found.alpha_ordinal < found.alpha_ci_upper


def test_it_is_that_of_the_fitted_model() -> None:
    fit = tm.fit_sem("f =~ a1 + a2 + a3 + a4", survey(), ordered=True)
    row = tm.ordinal_reliability(fit, ci=0.9).frame.iloc[0]
    found = tm.omega_categorical(survey()[FIVE], ci=0.9)
    for name in ("omega", "se", "ci_lower", "ci_upper", "omega_latent", "alpha_ordinal", "alpha_se"):
        assert getattr(found, name) == pytest.approx(row[name], rel=1e-5)
    assert found.fit["chisq_scaled"] == pytest.approx(fit.fit_measures["chisq_scaled"], rel=1e-6)


def test_omega_is_near_that_of_the_codes_taken_as_numbers() -> None:
    """Five categories are nearly continuous; the reliability of the same sum is nearly the same."""
    found = tm.omega_categorical(survey()[FIVE])
    assert found.omega == pytest.approx(tm.omega_total(survey()[FIVE]).omega, abs=0.005)


def test_what_is_shown() -> None:
    items = survey()[FIVE].rename(columns={"a1": "first item"})
    found = tm.omega_categorical(items)
    assert "500 of 500 rows used (listwise)" in str(found)
    assert "hypothetical continuous answers" in str(found)
    assert found.items["item"].tolist() == ["first item", "a2", "a3", "a4"]
    assert found.items["n_categories"].tolist() == [5] * 4
    assert (found.items["loading"] > 0).all()
    assert "<table" in found._repr_html_()
    assert found.to_frame().shape == (1, 11)


def test_incomplete_rows_are_left_out_or_used_where_they_answer() -> None:
    items = survey()[FIVE].astype(float)
    items.iloc[:60, 0] = np.nan
    listwise, pairwise = (tm.omega_categorical(items, missing=m) for m in ("listwise", "pairwise"))
    assert (listwise.n_obs, pairwise.n_obs, listwise.n_rows) == (440, 500, 500)
    assert listwise.omega == pytest.approx(tm.omega_categorical(items.dropna()).omega, rel=1e-9)
    assert pairwise.omega != listwise.omega


def test_an_item_turned_round_is_named() -> None:
    found = tm.omega_categorical(survey()[FIVE].assign(a3=lambda x: 6 - x["a3"]))
    assert any("Loading against the rest: 'a3'." in note for note in found.notes)


def test_a_negative_residual_variance_is_told() -> None:
    """With one correlation much too high the model gives an item more than all of its variance."""
    rng = np.random.default_rng(5)
    y = rng.multivariate_normal(np.zeros(3), [[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]], 600)
    answers = np.digitize(y, [-0.5, 0.5])
    with pytest.warns(InadmissibleWarning, match="One-factor model"):
        found = tm.omega_categorical(answers)
    assert np.isnan(found.omega)
    assert any("No omega of factor" in note for note in found.notes)


def test_a_column_with_too_many_codes_keeps_its_own_name() -> None:
    items = survey()[["a1", "a2"]].assign(income=np.arange(500))
    with pytest.raises(DataError, match=r"^'income' has more than 11 different values"):
        tm.omega_categorical(items)


@pytest.mark.parametrize(
    ("items", "options", "said"),
    [
        (["a1", "a2"], {}, "at least 3 items; with 'a1' and 'a2' alone"),
        (FIVE, {"ci": 2}, "ci=2"),
        (FIVE, {"missing": "fiml"}, "missing='fiml' is not known"),
    ],
)
def test_what_is_refused(items: list[str], options: dict[str, object], said: str) -> None:
    with pytest.raises((ArgumentError, DataError), match=said):
        tm.omega_categorical(survey()[items], **options)


SCALES = {"care": FIVE, "two": ["b1", "b2"], "speed": ["v1", "v2", "v3"]}


def test_the_table_of_scales() -> None:
    frames = {name: survey()[items] for name, items in SCALES.items()}
    table = tm.reliability(frames, ordered=["care", "two"]).set_index("construct")
    found = tm.omega_categorical(frames["care"])
    row = table.loc["care"]
    assert row["omega_categorical"] == found.omega
    assert row["alpha_ordinal_ci_upper"] == found.alpha_ci_upper
    assert table.loc[["two", "speed"], "omega_categorical"].isna().all()
    assert table.columns[-1] == "note"
    assert table["omega"].notna().tolist() == [True, False, True]
    plain = tm.reliability(frames).set_index("construct")
    pd.testing.assert_frame_equal(plain, table[plain.columns])


def test_a_scale_that_is_continuous_is_a_note_in_the_table() -> None:
    frames = {name: survey()[items] for name, items in SCALES.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = tm.reliability(frames, ordered=True).set_index("construct")
    assert "No categorical omega: 'v1' has more than 11" in table.loc["speed", "note"]


def test_an_unknown_scale_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"ordered: 'cair' is no scale\. Did you mean 'care'"):
        tm.reliability({"care": survey()[FIVE]}, ordered=["cair"])
