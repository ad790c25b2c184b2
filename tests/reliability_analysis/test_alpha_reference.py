"""Alpha with its interval and item statistics against psych (tests/reference/reliability/alpha.R)."""

import warnings

import numpy as np
import pandas as pd
import pytest

from tests.reliability_analysis.reference_data import cases, items_of
from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.reliability_analysis import cronbach_alpha, reliability

CASES = cases("alpha")
TOTALS = ("alpha", "ci_lower", "ci_upper", "standardized", "average_r", "score_mean", "score_sd", "n_obs")
COLUMNS = (
    "n",
    "mean",
    "sd",
    "item_total",
    "raw_r",
    "std_r",
    "alpha_if_dropped",
    "standardized_if_dropped",
)
TOLERANCE = 1e-9  # psych works with the same formulas; 1e-6 is what the project asks for


def fitted(case):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return cronbach_alpha(items_of(case), ci=case["ci"], missing=case["missing"])


def test_the_reference_covers_what_can_differ():
    assert {case["missing"] for case in CASES.values()} == {"pairwise", "listwise"}
    assert {len(case["columns"]) for case in CASES.values()} >= {2, 3, 5, 7, 8, 9}
    assert any(case["alpha"] < 0 for case in CASES.values())


@pytest.mark.parametrize("name", CASES)
def test_coefficients(name):
    found, case = fitted(CASES[name]), CASES[name]
    for total in TOTALS:
        assert getattr(found, total) == pytest.approx(case[total], rel=TOLERANCE, abs=TOLERANCE), total


@pytest.mark.parametrize("name", CASES)
def test_item_statistics(name):
    found, expected = fitted(CASES[name]).items, pd.DataFrame(CASES[name]["items"])
    assert found["item"].tolist() == expected["item"].tolist()
    for column in COLUMNS:
        wanted = expected[column].to_numpy(dtype=float)
        np.testing.assert_allclose(found[column], wanted, rtol=TOLERANCE, atol=TOLERANCE, err_msg=column)


@pytest.mark.parametrize("name", CASES)
def test_the_table_has_the_same_numbers(name):
    case = CASES[name]
    row = reliability({name: items_of(case)}, ci=case["ci"], missing=case["missing"]).iloc[0]
    pairs = {"alpha": "alpha", "ci_lower": "alpha_ci_lower", "ci_upper": "alpha_ci_upper"}
    pairs |= {"average_r": "average_r", "score_mean": "mean", "score_sd": "sd", "n_obs": "n_obs"}
    for theirs, ours in pairs.items():
        assert row[ours] == pytest.approx(case[theirs], rel=TOLERANCE, abs=TOLERANCE), ours
