"""HTMT and HTMT2 beside semTools, by hand, and their bootstrap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustmeasure as tm
from tests.hostile import likert
from tests.validity.validity_data import CONSTRUCTS, FOUR, holzinger, stored, survey, with_gaps
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.validity.correlation_draws import PearsonRows, PolychoricRows
from trustmeasure.validity.ratios import Averages, htmt2_of, htmt_of

REFERENCE = stored("discriminant")["htmt"]
TWO = {"a": ["a", "b", "c"], "b": ["d", "e", "f"]}


def plain(data: pd.DataFrame, constructs: dict[str, list[str]], **how: Any) -> pd.DataFrame:
    return tm.htmt(data, constructs, n_bootstrap=0, seed=1, **how).frame


def held(frame: pd.DataFrame, case: dict[str, Any], kind: str, tolerance: float) -> None:
    assert frame["construct_1"].tolist() == case["first"]
    assert frame["construct_2"].tolist() == case["second"]
    np.testing.assert_allclose(frame[kind], case["value"], rtol=tolerance)


@pytest.mark.parametrize("name", ["holzinger", "turned", "gaps_listwise", "survey"])
def test_ratios_are_those_of_semtools(name: str) -> None:
    data, constructs = (survey(), FOUR) if name == "survey" else (holzinger(), CONSTRUCTS)
    data = data.assign(x3=-data["x3"]) if name == "turned" else data
    data = with_gaps(data) if name == "gaps_listwise" else data
    frame = plain(data, constructs, missing="listwise")
    # lavCor estimates the correlations and stops at about seven digits of them with missing values aside
    held(frame, REFERENCE[name]["htmt"], "htmt", 1e-10)
    held(frame, REFERENCE[name]["htmt2"], "htmt2", 1e-10)
    signed = plain(data, constructs, missing="listwise", absolute=False)
    expected = np.array(REFERENCE[name]["signed"]["value"], dtype=float)
    np.testing.assert_allclose(signed["htmt"], expected, rtol=1e-10)


def test_ratios_from_pairwise_correlations() -> None:
    frame = plain(with_gaps(holzinger()), CONSTRUCTS)
    held(frame, REFERENCE["gaps"]["htmt"], "htmt", 1e-10)
    held(frame, REFERENCE["gaps"]["htmt2"], "htmt2", 1e-10)


def test_ratios_of_polychoric_correlations() -> None:
    frame = plain(survey(), FOUR, correlation="polychoric")
    held(frame, REFERENCE["ordinal"]["htmt"], "htmt", 1e-6)  # lavaan's polychoric search stops there
    held(frame, REFERENCE["ordinal"]["htmt2"], "htmt2", 1e-6)


def test_the_formula_by_hand() -> None:
    r = np.array([[1, 0.5, 0.3, 0.2], [0.5, 1, 0.4, 0.1], [0.3, 0.4, 1, 0.8], [0.2, 0.1, 0.8, 1]])
    averages = Averages.of(4, [np.array([0, 1]), np.array([2, 3])])
    lower = r[np.tril_indices(4, -1)][None]
    assert htmt_of(lower, averages, absolute=True)[0, 0] == pytest.approx(0.25 / np.sqrt(0.4))
    geometric = (0.3 * 0.2 * 0.4 * 0.1) ** 0.25
    assert htmt2_of(lower, averages, absolute=True)[0, 0] == pytest.approx(geometric / np.sqrt(0.4))


def test_a_correlation_of_zero_makes_the_geometric_mean_zero() -> None:
    averages = Averages.of(4, [np.array([0, 1]), np.array([2, 3])])
    lower = np.array([[0.5, 0.0, 0.4, 0.2, 0.1, 0.8]])
    assert htmt2_of(lower, averages, absolute=True)[0, 0] == 0.0


def test_a_negative_correlation_leaves_no_htmt2_without_absolute_values() -> None:
    frame = plain(holzinger(), CONSTRUCTS, absolute=False)
    lost = frame["htmt2"].isna()
    assert lost.tolist() == [False, True, False]
    assert frame.loc[lost, "note"].str.contains("negative correlation").all()
    found = tm.htmt(holzinger(), CONSTRUCTS, n_bootstrap=0, seed=1)
    assert any("absolute values are averaged" in note for note in found.notes)


def test_draws_are_those_of_resampled_rows() -> None:
    values = likert(rows=60).to_numpy()
    counts = np.random.default_rng(1).multinomial(60, np.full(60, 1 / 60), size=3).astype(float)
    found = PearsonRows.of(values).counted(counts)
    low = np.tril_indices(6, -1)
    expected = [np.corrcoef(np.repeat(values, c.astype(int), axis=0).T)[low] for c in counts]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_draws_with_gaps_are_those_of_resampled_rows() -> None:
    frame = likert(rows=60).mask(np.random.default_rng(3).random((60, 6)) < 0.1)
    counts = np.random.default_rng(1).multinomial(60, np.full(60, 1 / 60), size=3).astype(float)
    found = PearsonRows.of(frame.to_numpy()).counted(counts)
    low = np.tril_indices(6, -1)
    expected = [frame.loc[np.repeat(np.arange(60), c.astype(int))].corr().to_numpy()[low] for c in counts]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_rows_left_out_are_those_of_shorter_data() -> None:
    frame = likert(rows=40)
    left = np.concatenate(list(PearsonRows.of(frame.to_numpy()).left_out()))
    low = np.tril_indices(6, -1)
    np.testing.assert_allclose(left[7], np.corrcoef(frame.drop(7).to_numpy().T)[low], atol=1e-12)
    ordinal = PolychoricRows.of(frame.to_numpy(), list(frame.columns), "listwise")
    again = PolychoricRows.of(frame.drop(7).to_numpy(), list(frame.columns), "listwise")
    np.testing.assert_allclose(next(ordinal.left_out())[7], again.whole()[0], atol=1e-6)


def test_the_same_seed_gives_the_same_limits_with_any_number_of_workers() -> None:
    one, two = (
        tm.htmt(likert(), TWO, seed=5, n_bootstrap=250, workers=w, progress=False).frame for w in (1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
    other = tm.htmt(likert(), TWO, seed=6, n_bootstrap=250, progress=False).frame
    assert other["htmt_upper"].iloc[0] != one["htmt_upper"].iloc[0]


def test_a_seed_is_kept() -> None:
    first = tm.htmt(likert(), TWO, n_bootstrap=100, progress=False)
    again = tm.htmt(likert(), TWO, n_bootstrap=100, seed=first.seed, progress=False)
    pd.testing.assert_frame_equal(first.frame, again.frame)


@pytest.mark.parametrize("interval", ["percentile", "bc", "bca"])
def test_limits_lie_around_the_ratio(interval: str) -> None:
    row = tm.htmt(holzinger(), CONSTRUCTS, interval=interval, seed=1, progress=False).frame.iloc[0]
    assert row["htmt_ci_lower"] < row["htmt"] < row["htmt_upper"] < row["htmt_ci_upper"]


def test_limits_cover_the_correlation_of_the_constructs() -> None:
    text = "a =~ .8*a1 + .8*a2 + .8*a3\nb =~ .7*b1 + .7*b2 + .7*b3\na ~~ .6*b"
    items = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3"]}
    covered = 0
    for seed in range(50):
        row = tm.htmt(tm.simulate(text, 200, seed=seed), items, n_bootstrap=150, seed=seed).frame.iloc[0]
        covered += bool(row["htmt_ci_lower"] < 0.6 < row["htmt_ci_upper"])
    assert 43 <= covered <= 50


def test_rows_columns_and_units_do_not_matter() -> None:
    data = holzinger()
    moved = data.sample(frac=1, random_state=1)[list(data.columns)[::-1]].assign(x1=lambda d: 7 * d["x1"] - 3)
    for kind in ("htmt", "htmt2"):
        np.testing.assert_allclose(plain(moved, CONSTRUCTS)[kind], plain(data, CONSTRUCTS)[kind], rtol=1e-10)


def test_responses_bring_their_constructs() -> None:
    responses = tm.load_sample("trust-survey")
    found = tm.htmt(responses, n_bootstrap=0)
    assert "loyalty" not in found.constructs
    assert any("higher order" in note for note in found.notes)
    some = tm.htmt(responses, ["integrity", "competence"], n_bootstrap=0)
    assert some.constructs == ("integrity", "competence")


def test_the_matrix_is_symmetric() -> None:
    found = tm.htmt(holzinger(), CONSTRUCTS, n_bootstrap=0)
    matrix = found.matrix("htmt2")
    assert matrix.loc["speed", "visual"] == matrix.loc["visual", "speed"] == found.frame["htmt2"].iloc[1]
    with pytest.raises(ArgumentError, match="Did you mean 'htmt'"):
        found.matrix("htm")


def test_criteria_name_their_sources() -> None:
    rules = tm.htmt(holzinger(), CONSTRUCTS, seed=1, n_bootstrap=200).criteria()
    assert set(rules["metric"]) == {"htmt", "htmt2"}
    assert rules["met"].all()
    assert rules["citation"].str.contains("2015|2021").all()


def test_a_single_item_has_no_ratio() -> None:
    frame = plain(holzinger(), {"visual": ["x1", "x2"], "one": ["x4"]})
    assert frame["htmt"].isna().all()
    assert "one item" in frame["note"].iloc[0]


def test_a_constant_item_is_named() -> None:
    frame = plain(likert().assign(c=3.0), TWO)
    assert frame["htmt"].isna().all()
    assert "no correlation of c," in frame["note"].iloc[0]


@pytest.mark.parametrize(
    ("constructs", "error", "message"),
    [
        ({"a": ["a", "b"]}, ArgumentError, "2 or more"),
        ({"a": ["a", "x"], "b": ["c"]}, DataError, "'x' is not a column"),
        ({"a": ["a", "a"], "b": ["c"]}, ArgumentError, "twice"),
        (None, ArgumentError, "constructs must say"),
    ],
)
def test_errors_say_what_to_do(constructs: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        tm.htmt(likert(), constructs)


def test_unknown_arguments_are_named() -> None:
    for wrong in ({"correlation": "persson"}, {"interval": "perc"}, {"missing": "fiml"}, {"ci": 1.2}):
        with pytest.raises(ArgumentError):
            tm.htmt(likert(), TWO, **wrong)
    with pytest.raises(ArgumentError, match="'atitude' is no construct"):
        tm.htmt({"attitude": likert()[["a", "b"]], "b": likert()[["c"]]}, ["atitude", "b"])
    with pytest.raises(DataError, match="different numbers of rows"):
        tm.htmt({"x": likert()[["a", "b"]], "y": likert(rows=20)[["c", "d"]]})


def test_items_of_the_same_name_stay_apart() -> None:
    frame = likert()
    first, second = frame[["a", "b", "c"]], frame[["d", "e", "f"]].set_axis(["a", "b", "c"], axis=1)
    apart = tm.htmt({"one": first, "two": second}, n_bootstrap=0).frame["htmt"].iloc[0]
    assert apart == pytest.approx(plain(frame, TWO)["htmt"].iloc[0])


def test_it_can_be_read() -> None:
    found = tm.htmt(holzinger(), CONSTRUCTS, seed=1, n_bootstrap=100)
    assert "one-sided upper" in str(found)
    assert "HTMT2" in found._repr_html_()
