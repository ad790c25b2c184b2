"""Respondents are left out by a rule, on record, and never silently."""

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError, ResponseError
from trustmeasure.responses import load_sample, read_responses
from trustmeasure.screening import exclude, screen


@pytest.fixture(scope="module")
def survey():
    responses = load_sample("trust-survey")
    return responses, screen(responses)


def test_rule_reason_and_counts_are_recorded(survey):
    responses, found = survey
    rule = "long_string >= 25 or mahalanobis_p < 0.0001"
    kept = exclude(responses, found, rule)
    gone = found.where(rule)
    assert kept.n_rows == responses.n_rows - gone.sum()
    assert 0 < gone.sum() < 60
    assert kept.excluded["respondent"].tolist() == responses.respondents[gone].tolist()
    assert set(kept.excluded["reason"]) == {f"screening: {rule}"}
    assert kept.notes[-1] == f"Screening rule '{rule}': {gone.sum()} of 1,200 rows left out."
    assert responses.n_rows == 1200


def test_a_missing_index_leaves_nobody_out_silently(survey):
    responses, found = survey
    none = int(found.persons["even_odd"].isna().sum())
    low = int((found.persons["even_odd"] < 0.3).sum())
    assert none > 0
    kept = exclude(responses, found, "even_odd < 0.3")
    assert kept.n_rows == 1200 - low
    assert f"{none} rows for which a missing index leaves the rule open stay in" in kept.notes[-1]
    strict = exclude(responses, found, "even_odd < 0.3", unknown="exclude")
    assert strict.n_rows == 1200 - low - none
    assert "are among them" in strict.notes[-1]


def test_a_number_of_flags_and_a_series(survey):
    responses, found = survey
    assert exclude(responses, found, 2).n_rows == int((found.persons["flags"] < 2).sum())
    gone = found.persons["long_string"] > 20
    kept = exclude(responses, found, gone, reason="straight lines")
    assert kept.n_rows == int((~gone).sum())
    assert set(kept.excluded["reason"]) == {"straight lines"}


def test_a_rule_that_meets_nobody_is_on_record(survey):
    responses, found = survey
    kept = exclude(responses, found, "long_string > 100")
    assert kept.n_rows == 1200
    assert kept.notes[-1].endswith("0 of 1,200 rows left out.")


def test_rows_left_out_before_are_no_obstacle(survey):
    responses, found = survey
    part = responses.subset(responses.data["sector"] == "finance", "another sector")
    kept = exclude(part, found, "long_string >= 25")
    assert kept.n_rows == part.n_rows - int(found.where("long_string >= 25")[part.data.index].sum())
    assert f"of {part.n_rows} rows" in kept.notes[-1]


def test_mistakes_are_named(survey):
    responses, found = survey
    with pytest.raises(ArgumentError, match="Give reason="):
        exclude(responses, found, found.persons["long_string"] > 20)
    with pytest.raises(ArgumentError, match="missing for 1 rows"):
        exclude(responses, found, pd.Series([None, *[True] * 1199], dtype="boolean"), reason="x")
    with pytest.raises(ArgumentError, match="True or False for every row"):
        exclude(responses, found, pd.Series(np.ones(1200)), reason="x")
    with pytest.raises(ArgumentError, match="at least 1"):
        exclude(responses, found, 0)
    with pytest.raises(ArgumentError, match="give a text"):
        exclude(responses, found, 1.5)
    with pytest.raises(ArgumentError, match="Did you mean 'keep'"):
        exclude(responses, found, 1, unknown="keeps")
    with pytest.raises(ArgumentError, match=r"frame\[~screening.where"):
        exclude(responses.data, found, 1)
    with pytest.raises(ResponseError, match="No row is left"):
        exclude(responses, found, "long_string >= 1")


def test_the_screening_of_other_responses_is_refused(survey):
    _, found = survey
    frame = pd.DataFrame({"sat_1": [1, 2], "sat_2": [2, 2], "sat_3": [3, 4], "sat_4": [1, 1]})
    with pytest.raises(ArgumentError, match="of other responses"):
        exclude(read_responses(frame, "satisfaction"), found, 1)
