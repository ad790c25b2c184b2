"""Scores of people and of sums, against rpf and base R (graded.R), and what they must do anyway."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from tests.item_response.reference_data import cases, fitted, read
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.item_response import graded_response, person_scores, sum_scores
from trustmeasure.item_response.curves import curves_at
from trustmeasure.item_response.lord_wingersky import sum_score_likelihoods

CASES = cases("graded")
# The scores rest on OpenMx's estimates, which have about seven digits.
TOLERANCE = 1e-6


@pytest.mark.parametrize("method", ["eap", "map", "wle", "ml"])
@pytest.mark.parametrize("name", CASES)
def test_scores_of_people(name, method):
    case = CASES[name]
    found = person_scores(fitted(case["data"], case["equal_slopes"]), method).scores.iloc[:40]
    expected = np.array(case[method], dtype=float)  # NaN where the likelihood has no maximum
    assert_allclose(found["score"], expected, atol=TOLERANCE)
    if method == "eap":
        assert_allclose(found["se"], case["eap_se"], atol=TOLERANCE)


@pytest.mark.parametrize("name", [n for n in CASES if "sum_scores" in CASES[n]])
def test_sum_scores(name):
    case = CASES[name]
    found = sum_scores(fitted(case["data"], case["equal_slopes"]))
    expected = pd.DataFrame(case["sum_scores"])
    assert_allclose(found["probability"], expected["p"], rtol=1e-5)
    assert_allclose(found["score"], expected["eap"], atol=TOLERANCE)
    assert_allclose(found["se"], expected["se"], atol=TOLERANCE)


def test_sum_scores_start_at_the_lowest_sum_of_codes():
    assert sum_scores(fitted("five"))["sum_score"].tolist() == list(range(6, 31))
    shifted = graded_response(read("five").replace({"f1": {2: 1}}))
    with pytest.raises(DataError, match="'f1' \\(1, 3, 4, 5\\) do not go up in steps of 1"):
        sum_scores(shifted)


def test_the_distribution_of_sums_is_that_of_all_patterns():
    model = graded_response(read("five"), ["f1", "f2", "f3"])
    layout = model.layout
    theta = np.array([-0.7, 1.1])
    p = curves_at(model.slopes, model.intercepts, layout, theta).probability
    each = [p[layout.cells_of(i)] for i in range(3)]
    by_hand = np.zeros((13, 2))
    without_second = np.zeros((13, 2))
    for x in range(5):
        for z in range(5):
            without_second[x + z] += each[0][x] * each[2][z]
            for y in range(5):
                by_hand[x + y + z] += each[0][x] * each[1][y] * each[2][z]
    found = sum_score_likelihoods(p, layout.counts, [-1, 1])
    assert_allclose(found, [by_hand, without_second], atol=1e-15)


def test_people_without_answers_or_with_extreme_ones_get_a_note_and_no_number():
    extra = pd.DataFrame(
        [[np.nan] * 6, [5] * 6, [1] * 6], columns=read("five").columns, index=["x", "y", "z"]
    )
    model = fitted("five")
    ml = person_scores(model, "ml", data=extra).scores
    assert ml["score"].isna().all()
    assert ml.loc["x", "note"] == "no answers"
    assert ml.loc["y", "note"].startswith("all answers at one end")
    for method in ("eap", "map", "wle"):
        scored = person_scores(model, method, data=extra).scores["score"]
        assert np.isnan(scored["x"])
        assert scored["z"] < -1.5 < 1.5 < scored["y"]


def test_scores_go_with_the_trait_and_their_errors_with_the_misses():
    rng = np.random.default_rng(2)
    theta = rng.normal(size=3000)
    answers = np.digitize(1.7 * theta[:, None] + rng.logistic(size=(3000, 12)), [-2.0, -0.7, 0.7, 2.0])
    model = graded_response(answers)
    for method in ("eap", "map", "wle", "ml"):
        found = person_scores(model, method)
        frame = found.scores.assign(theta=theta).dropna()
        misses = frame["score"] - frame["theta"]
        assert np.mean(misses**2) == pytest.approx(np.mean(frame["se"] ** 2), rel=0.2), method
        r2 = np.corrcoef(frame["score"], frame["theta"])[0, 1] ** 2
        assert found.reliability == pytest.approx(r2, abs=0.03), method


def test_warms_scores_are_less_biased_than_maximum_likelihood():
    rng = np.random.default_rng(4)
    model = fitted("five")
    cut = -model.to_frame()[["b1", "b2", "b3", "b4"]].to_numpy()
    at = 1.2
    chance = 1 / (1 + np.exp(-model.slopes[:, None] * (at + cut)))
    answers = 1 + (rng.random((4000, 6, 1)) < chance).sum(axis=2)
    frame = pd.DataFrame(answers, columns=model.names)
    bias = {
        m: person_scores(model, m, data=frame).scores["score"].dropna().mean() - at for m in ("wle", "map")
    }
    assert abs(bias["wle"]) < 0.03
    assert bias["map"] < -0.1


def test_other_answers_must_fit_the_model():
    model = fitted("five")
    with pytest.raises(DataError, match="'f2' holds 7, which nobody answered"):
        person_scores(model, data=read("five").replace({"f2": {5: 7}}))
    with pytest.raises(DataError, match="'f6' is not a column"):
        person_scores(model, data=read("five").drop(columns="f6"))
    with pytest.raises(ArgumentError, match="Did you mean 'eap'"):
        person_scores(model, "eab")


def test_rows_keep_their_names_and_the_summary_shows_no_person():
    frame = read("five").set_axis([f"p{i}" for i in range(500)])
    found = person_scores(graded_response(frame))
    assert found.scores.index[0] == "p0"
    assert "p0" not in str(found)
    assert "EAP" in str(found)
