"""Item statistics: against psych and closed forms, ranges, groups, odd items."""

import numpy as np
import pandas as pd
import pytest

from tests.hostile import FRAMES, likert
from tests.screening.reference_data import SCALES, given, turned, values
from trustmeasure.errors import ArgumentError, DataError, TrustMeasureError
from trustmeasure.reliability_analysis import cronbach_alpha
from trustmeasure.responses import load_sample
from trustmeasure.screening import item_statistics

NUMBERS = (
    "n", "mean", "sd", "skew", "kurtosis", "least", "greatest", "item_rest", "floor", "ceiling", "easiness",
    "upper_lower",
)  # fmt: skip


def test_against_psych_and_definitions():
    wanted = pd.DataFrame(values("items")["items"])
    found = item_statistics(given("gaps"), codes=(1, 5)).items
    assert found["item"].tolist() == wanted["item"].tolist()
    for column in NUMBERS:
        np.testing.assert_allclose(found[column], wanted[column], rtol=1e-11, atol=1e-12, err_msg=column)


def test_item_rest_is_that_of_alpha():
    found = item_statistics(turned(), scales=SCALES).items.set_index("item")
    for items in SCALES.values():
        wanted = cronbach_alpha(turned()[items]).items.set_index("item")["item_total"]
        np.testing.assert_allclose(found.loc[items, "item_rest"], wanted, rtol=1e-11)


def test_a_worked_example():
    answers = pd.DataFrame({"a": [1.0, 1, 2, 5], "b": [1.0, 2, 3, 4]})
    found = item_statistics(answers, codes={"a": (1, 5), "b": (0, 4)}, groups=0.25)
    row = found.items.set_index("item").loc["a"]
    assert (row["floor"], row["ceiling"], row["easiness"]) == (0.5, 0.25, 0.3125)
    assert row["upper_lower"] == 1.0  # the best on b chose 5, the worst 1
    assert found.items.set_index("item").loc["b", ["lowest_code", "floor"]].tolist() == [0.0, 0.0]
    shares = found.distribution.query("item == 'a'").set_index("code")["share"]
    assert shares.to_dict() == {1.0: 0.5, 2.0: 0.25, 3.0: 0.0, 4.0: 0.0, 5.0: 0.25}


def test_people_with_the_same_mean_are_in_one_group():
    answers = pd.DataFrame({"a": [1.0, 2, 3, 4, 5], "b": [1.0, 1, 3, 5, 5]})
    found = item_statistics(answers, codes=(1, 5), groups=0.2).items.set_index("item")
    assert found.loc["a", "upper_lower"] == pytest.approx((4.5 - 1.5) / 4)


def test_responses_bring_scales_and_codes():
    found = item_statistics(load_sample("trust-survey")).items.set_index("item")
    assert found.loc["sat_1", ["scale", "lowest_code", "highest_code"]].tolist() == ["satisfaction", 1.0, 7.0]
    assert found.loc["rec_nps", ["lowest_code", "highest_code"]].tolist() == [0.0, 10.0]
    assert found["item_rest"].drop("rec_nps").between(0.1, 0.95).all()
    assert np.isnan(found.loc["rec_nps", "item_rest"])


@pytest.mark.parametrize("name", FRAMES)
def test_frames_that_real_surveys_contain(name):
    try:
        found = item_statistics(FRAMES[name]())
    except TrustMeasureError as problem:
        assert len(str(problem)) > 20  # noqa: PT017 - the message is what is looked at
    else:
        table = found.items
        assert table["item"].tolist() == list(FRAMES[name]().columns)
        assert not np.isinf(table.select_dtypes("number")).any().any()
        silent = table["mean"].isna() & (table["note"] == "")
        assert not silent.any()
        assert "easiness" in str(found.summary())


def test_arguments_that_make_no_sense():
    with pytest.raises(ArgumentError, match="groups"):
        item_statistics(likert(), groups=0.6)
    with pytest.raises(DataError, match="lies outside its codes 1 to 4"):
        item_statistics(likert(), codes=(1, 4))
    with pytest.raises(ArgumentError, match="must rise"):
        item_statistics(likert(), codes=(5, 1))
    with pytest.raises(ArgumentError, match="Did you mean 'a'"):
        item_statistics(likert(), codes={"A": (1, 5)})
