"""Scores by hand, and the number of answers that they need."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from trustmeasure.errors import ArgumentError, ResponseError
from trustmeasure.instruments import load_instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import read_responses, score_rows
from trustmeasure.responses.scoring import needed_answers

NAN = np.nan


@pytest.mark.parametrize(
    ("min_valid", "n_items", "needed"),
    [(0.5, 4, 2), (0.5, 3, 2), (0.5, 1, 1), (1.0, 4, 4), (0.01, 4, 1), (0.75, 4, 3), (1, 4, 1), (3, 2, 2)],
)
def test_needed_answers(min_valid, n_items, needed):
    assert needed_answers(n_items, min_valid) == needed


@pytest.mark.parametrize("min_valid", [0, -1, 0.0, 1.5, -0.5, True, NAN])
def test_min_valid_is_checked(min_valid):
    with pytest.raises(ArgumentError, match="min_valid"):
        needed_answers(4, min_valid)


def test_scores_by_hand():
    answers = np.array([[1.0, 2, 3, 6], [1, NAN, 3, NAN], [4, NAN, NAN, NAN], [NAN] * 4])
    np.testing.assert_array_equal(score_rows(answers, 4), [3.0, 2.0, NAN, NAN])
    np.testing.assert_array_equal(score_rows(answers, 4, "sum"), [12.0, 8.0, NAN, NAN])
    np.testing.assert_array_equal(score_rows(answers, 4, "mean", 1), [3.0, 2.0, 4.0, NAN])
    np.testing.assert_array_equal(score_rows(answers, 4, "sum", 1.0), [12.0, NAN, NAN, NAN])


def test_unknown_method():
    with pytest.raises(ArgumentError, match=r"method='median' is not known.*Allowed: mean, sum"):
        score_rows(np.ones((1, 2)), 2, "median")


@settings(deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=8), st.randoms())
def test_the_order_of_items_does_not_matter(answers, random):
    shuffled = random.sample(answers, len(answers))
    both = [score_rows(np.array([row], dtype=float), len(answers), "sum") for row in (answers, shuffled)]
    assert both[0] == pytest.approx(both[1])
    assert both[0] == pytest.approx(sum(answers))


@pytest.fixture
def trust():
    """Three respondents: complete, half of integrity missing, only competence answered."""
    names = [item.id for item in load_instrument("cognitive-trust").items]
    frame = pd.DataFrame(np.tile([2.0, 4.0, 6.0], (12, 1)).T, columns=names)
    frame["cog_rel_4"] = 8 - frame["cog_rel_4"]
    frame.loc[0, "cog_com_1"] = 6
    frame.loc[1, ["cog_int_1", "cog_int_2"]] = 98
    frame.loc[2, names[4:]] = np.nan
    return read_responses(frame, ["cognitive-trust"])


def test_scores_of_first_and_higher_order_constructs(trust):
    scores = trust.scores()
    assert scores.columns.tolist() == ["cognitive_trust", "competence", "integrity", "reliability"]
    assert scores["competence"].tolist() == [3.0, 4.0, 6.0]
    assert scores["cognitive_trust"].tolist()[:2] == [pytest.approx((2 * 11 + 6) / 12), 4.0]
    assert np.isnan(scores.loc[2, ["cognitive_trust", "integrity", "reliability"]].to_list()).all()
    assert trust.scores(min_valid=3)["integrity"].isna().tolist() == [False, True, True]


def test_sums_are_prorated(trust):
    assert trust.scores("sum")["integrity"].tolist()[:2] == [8.0, 16.0]
    assert trust.scores("sum", min_valid=1)["cognitive_trust"].tolist()[2] == 72.0


def test_items_without_a_column_count_as_missing(trust):
    frame = trust.raw.drop(columns=["cog_int_1", "cog_int_2", "cog_int_3"])
    scores = read_responses(frame, ["cognitive-trust"], require="any").scores()
    assert scores["integrity"].isna().all()
    assert scores["cognitive_trust"].notna().tolist() == [True, True, False]


def test_chosen_constructs(trust):
    assert trust.scores(constructs=["integrity"]).columns.tolist() == ["integrity"]
    with pytest.raises(ResponseError, match=r"'integrty'.*Did you mean 'integrity'"):
        trust.scores(constructs=["integrty"])


def test_a_short_form_is_scored_by_the_items_that_it_asks():
    form = Questionnaire.compose("satisfaction", form="short", languages=["en"])
    frame = pd.DataFrame({column: [7.0, 5.0] for column in form.columns})
    frame.iloc[1, 0] = float("nan")
    known, unknown = (read_responses(frame, manifest=told, require="any") for told in (form, None))
    assert len(form.columns) == 2
    assert known.scores().loc[1, "satisfaction"] == 5.0
    assert known.scores("sum").loc[0, "satisfaction"] == 14.0
    assert np.isnan(unknown.scores().loc[1, "satisfaction"])
    assert unknown.scores("sum").loc[0, "satisfaction"] == 28.0
