"""Little's test: against the formula in R, its level and its power, and what it cannot do."""

import numpy as np
import pandas as pd
import pytest

from tests.hostile import FRAMES
from tests.screening.reference_data import given, values
from trustmeasure.errors import DataError, TrustMeasureError
from trustmeasure.responses import load_sample
from trustmeasure.screening import little_mcar

CASES = values("little")["cases"]


@pytest.mark.parametrize("name", CASES)
def test_the_statistic_is_that_of_the_formula(name):
    case = CASES[name]
    found = little_mcar(given("gaps"), case["columns"])
    assert found.chisq == pytest.approx(case["chisq"], rel=1e-9)
    assert found.p_value == pytest.approx(case["p_value"], rel=1e-8)
    assert (found.df, len(found.patterns), found.n_obs) == (case["df"], case["patterns"], case["n_obs"])
    assert abs(found.chisq - case["chisq_ml_covariance"]) > 1e-3


def test_parts_add_up_and_empty_rows_are_counted():
    found = little_mcar(given("gaps"))
    assert found.patterns["chisq"].sum() == pytest.approx(found.chisq, rel=1e-12)
    assert found.patterns["rows"].sum() == found.n_obs == 139
    assert found.n_dropped == 1


def test_level_and_power():
    rejected = {"random": 0, "depending": 0}
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.multivariate_normal([0, 0, 0], 0.5 + 0.5 * np.eye(3), 250)
        holes = {"random": rng.random(250) < 0.25, "depending": x[:, 0] + rng.normal(size=250) > 0.95}
        for how, gone in holes.items():
            y = x.copy()
            y[gone, 2] = np.nan
            rejected[how] += little_mcar(y).p_value < 0.05
    assert rejected["random"] <= 9  # 3 expected at 5 %; more than 9 have probability 0.001
    assert rejected["depending"] >= 54


def test_nothing_missing_is_no_test():
    found = little_mcar(given())
    assert found.chisq == 0.0
    assert found.df == 0
    assert np.isnan(found.p_value)
    assert "No test" in found.notes[0]


def test_units_do_not_matter():
    data = given("gaps")[["a1", "a2", "b1"]]
    scaled = data.assign(a2=1e4 * data["a2"] - 3e5, b1=-1e-3 * data["b1"])
    assert little_mcar(scaled).chisq == pytest.approx(little_mcar(data).chisq, rel=1e-8)


def test_responses_bring_their_items():
    found = little_mcar(load_sample("trust-survey"))
    assert found.n_items == 49
    assert "completely at random" in str(found.summary())


@pytest.mark.parametrize("name", FRAMES)
def test_frames_that_real_surveys_contain(name):
    try:
        found = little_mcar(FRAMES[name]())
    except TrustMeasureError as problem:
        assert len(str(problem)) > 20  # noqa: PT017 - the message is what is looked at
    else:
        assert found.df >= 0
        assert found.chisq >= 0


def test_two_items_that_nobody_answers_both():
    data = pd.DataFrame({"x": [1.0, 2, 3, np.nan, np.nan, np.nan], "y": [np.nan] * 3 + [1.0, 3, 2]})
    with pytest.raises(DataError, match="No respondent answered both"):
        little_mcar(data)
