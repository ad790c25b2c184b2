"""S-X2 against rpf (graded.R), and what it must do anyway."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from tests.item_response.reference_data import cases, fitted, read
from trustmeasure.errors import DataError
from trustmeasure.item_response import graded_response, item_fit
from trustmeasure.item_response.s_x2 import _collapsed

CASES = {name: case for name, case in cases("graded").items() if "s_x2" in case}


@pytest.mark.parametrize("name", CASES)
def test_expected_counts(name):
    case = CASES[name]
    found = item_fit(fitted(case["data"], case["equal_slopes"])).tables
    for item, expected in case["s_x2"].items():
        mine = found[item].pivot_table(index="sum_score", columns="category", values="expected").fillna(0.0)
        assert_allclose(mine, expected["expected"], atol=1e-5)


@pytest.mark.parametrize("item", ["y1", "y2", "y3", "y4", "y5", "y7"])
def test_statistics_where_rpf_puts_the_same_cells_together(item):
    """rpf collapses in another order; y6 and items with more categories end in other cells."""
    found = item_fit(fitted("binary")).frame.set_index("item").loc[item]
    expected = CASES["binary"]["s_x2"][item]
    assert found["s_x2"] == pytest.approx(expected["statistic"], rel=1e-5)
    assert found["df"] == expected["df"]
    assert np.log(found["p_value"]) == pytest.approx(expected["log_p"], rel=1e-4)


def test_the_smallest_cell_joins_its_smaller_neighbour():
    observed, expected = _collapsed([5.0, 1.0, 0.0, 2.0], [6.0, 1.5, 0.3, 0.2], 1.0)
    assert (observed, expected) == ([5.0, 3.0], [6.0, 2.0])
    assert _collapsed([1.0, 0.0], [0.6, 0.3], 1.0) == ([1.0], pytest.approx([0.9]))


def test_the_error_rate_is_about_what_it_says():
    rng = np.random.default_rng(8)
    below = []
    for _ in range(12):
        theta = rng.normal(size=(700, 1))
        answers = np.digitize(1.5 * theta + rng.logistic(size=(700, 8)), [-1.5, 0.0, 1.5])
        below += list(item_fit(graded_response(answers)).frame["p_value"] < 0.05)
    assert 0.005 < np.mean(below) < 0.12  # 96 tests; 0.05 +- 3 standard errors


def test_an_item_that_turns_back_is_found():
    rng = np.random.default_rng(9)
    theta = rng.normal(size=(1500, 1))
    answers = np.digitize(1.5 * theta + rng.logistic(size=(1500, 8)), [-1.5, 0.0, 1.5])
    answers[:, 3] = np.digitize(2.0 * np.abs(theta[:, 0]) + 0.5 * theta[:, 0], [0.5, 1.2, 2.0])
    frame = item_fit(graded_response(answers)).frame
    assert frame["p_value_corrected"].idxmin() == 3
    assert frame.loc[3, "p_value_corrected"] < 1e-6
    assert frame.loc[3, "rmsea"] > 0.05


def test_incomplete_answers_are_left_out_and_counted():
    frame = read("five").astype(float)
    frame.iloc[:50, 2] = np.nan
    assert item_fit(graded_response(frame)).n_obs == 450
    gaps = frame.mask(np.eye(500, 6, dtype=bool) | (np.arange(500)[:, None] % 6 == np.arange(6)))
    with pytest.raises(DataError, match="0 people answered every item"):
        item_fit(graded_response(gaps))


def test_too_few_cells_give_a_note_and_no_number():
    found = item_fit(graded_response(pd.DataFrame(read("binary").iloc[:, 3:6]))).frame
    assert found["p_value"].isna().all()
    assert found["note"].str.contains("nothing is left to test").all()


def test_the_summary_says_how_cells_were_collapsed():
    assert "until each cell expects at least 1" in str(item_fit(fitted("five")))
