"""What a cell may hold, and what is said about a cell that may not."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from trustmeasure.errors import ArgumentError, ResponseError
from trustmeasure.instruments import load_instrument
from trustmeasure.responses import read_responses
from trustmeasure.responses.cells import read_cell, rules_for
from trustmeasure.responses.raw import RawTable

EMPTY = RawTable(pd.DataFrame(), "test")


def rules(item: str = "sat_1", instrument: str = "satisfaction", missing_codes=None):
    owner = load_instrument(instrument)
    return rules_for(item, item, owner.scale_of(item), EMPTY, missing_codes or {})


@pytest.fixture
def column(answers):
    """Read the answers with another column sat_1."""

    def read(values, **options):
        frame = answers.assign(sat_1=pd.Series(values, dtype=object))
        return read_responses(frame, ["satisfaction"], **options)

    return read


@pytest.mark.parametrize("value", [5, 5.0, "5", "5 ", " 5.0", "５", np.int8(5), np.float32(5), Decimal(5)])
def test_ways_to_write_five(value):
    cell = read_cell(value, rules())
    assert (cell.kind, cell.value) == ("answer", 5)


@pytest.mark.parametrize("value", [None, np.nan, pd.NA, pd.NaT, "", "  ", "NA", "NaN", "#N/A", "#NULL!", "."])
def test_ways_to_write_nothing(value):
    assert read_cell(value, rules()).kind == "empty"


@pytest.mark.parametrize("value", ["N/A", "n/a ", "n.a."])
def test_not_applicable_is_recorded_among_codes_and_labels(value, column):
    cell = read_cell(value, rules())
    assert (cell.kind, cell.reason) == ("missing", "not applicable")
    for others in ([5, 6, 7], ["5", "6", "7"], ["Agree", "Agree", "Strongly agree"]):
        found = column([value, *others])
        assert found.data["sat_1"].isna().tolist()[:4] == [True, False, False, False]
        assert found.dropped.query("column == 'sat_1'")["reason"].tolist()[0] == "not applicable"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (8, "outside"),
        (0, "outside"),
        (-99, "outside"),
        (math.inf, "outside"),
        (5.5, "fraction"),
        ("5.5", "fraction"),
        ("five", "text"),
        ("1_0", "text"),
        (True, "text"),
        (datetime.date(2025, 5, 1), "text"),
    ],
)
def test_what_is_not_allowed(value, kind):
    assert read_cell(value, rules()).kind == kind


@pytest.mark.parametrize("label", ["Strongly agree", "strongly  AGREE ", "非常同意"])
def test_labels_in_either_language(label):
    cell = read_cell(label, rules())
    assert (cell.kind, cell.value, cell.form) == ("answer", 7, "label")


def test_missing_codes_and_labels_keep_their_reason():
    assert read_cell(98, rules()).reason == "dont-know"
    assert read_cell("Don’t know", rules()).reason == "dont-know"
    assert read_cell("不适用", rules()).reason == "not-applicable"


def test_missing_codes_of_the_caller_never_hide_an_answer():
    declared = {0: "not shown", -99: "not shown"}
    assert read_cell(0, rules(missing_codes=declared)).reason == "not shown"
    assert read_cell(0, rules("rec_nps", "recommendation", declared)).kind == "answer"
    assert read_cell(-99, rules("rec_nps", "recommendation", declared)).kind == "missing"


def test_out_of_range_names_everything(column):
    message = (
        r"Column 'sat_1' \(item sat_1\), row 2: 9 is out of range. "
        r"Allowed: codes 1 to 7, and 97, 98, 99 for no answer. .*"
        r"out_of_range='missing'.* The column has 2 such cells."
    )
    with pytest.raises(ResponseError, match=message):
        column([1, 9, 3, -4, 5])


def test_out_of_range_as_missing_is_recorded(column):
    responses = column([1, 9, 3, -4, 5], out_of_range="missing")
    lost = responses.dropped[responses.dropped["reason"] == "out of range"]
    assert lost[["row", "respondent", "column", "value"]].values.tolist() == [
        [2, "r-2", "sat_1", 9],
        [4, "r-4", "sat_1", -4],
    ]
    assert responses.data["sat_1"].isna().tolist() == [False, True, False, True, False]


def test_fractions_and_text_are_errors_in_any_case(column):
    with pytest.raises(ResponseError, match=r"row 3: 3.5 is not a whole number"):
        column([1, 2, 3.5, 4, 5], out_of_range="missing")
    with pytest.raises(ResponseError, match=r"row 4: 'maybe' is neither a code nor a label of the scale"):
        column([1, 2, 3, " maybe ", 5], out_of_range="missing")


def test_several_answers_in_a_cell_are_an_error(column):
    with pytest.raises(ResponseError, match="several answers in a cell"):
        column([[1, 2], 1, 2, 3, 4])


def test_labels_and_codes_do_not_mix(column):
    with pytest.raises(ResponseError, match=r"mixes codes and labels: row 1 holds 7, row 2 holds 'Agree'"):
        column([7, "Agree", "Agree", "Disagree", "同意"])


def test_a_column_of_labels(column):
    responses = column(["Agree", "同意", None, "Don't know", "Strongly disagree"])
    assert responses.data["sat_1"].dropna().tolist() == [6.0, 6.0, 1.0]
    assert responses.dropped.loc[responses.dropped["column"] == "sat_1", "value"].tolist() == [98]


def test_numbers_that_are_labels_mix_with_labels_and_with_codes():
    frame = pd.DataFrame({"rec_1": [5, 6], "rec_2": [5, 6], "rec_3": [5, 6]})
    labelled = frame.assign(rec_nps=["Not at all likely", "7"])
    assert read_responses(labelled, ["recommendation"]).data["rec_nps"].tolist() == [0.0, 7.0]
    coded = frame.assign(rec_nps=["0", "7"])
    assert read_responses(coded, ["recommendation"]).data["rec_nps"].tolist() == [0.0, 7.0]


def test_reverse_worded_items_are_turned(column):
    names = [item.id for item in load_instrument("cognitive-trust").items]
    frame = pd.DataFrame({name: [1, 6, 99] for name in names})
    responses = read_responses(frame, ["cognitive-trust"])
    assert responses.data["cog_rel_4"].tolist()[:2] == [7.0, 2.0]
    assert responses.data["cog_rel_3"].tolist()[:2] == [1.0, 6.0]
    assert responses.raw["cog_rel_4"].tolist() == [1, 6, 99]
    before = read_responses(frame, ["cognitive-trust"], already_reversed=["cog_rel_4"])
    assert before.data["cog_rel_4"].tolist()[:2] == [1.0, 6.0]
    with pytest.raises(ResponseError, match=r"'cog_rel_3' is no reverse-worded item.*cog_rel_4"):
        read_responses(frame, ["cognitive-trust"], already_reversed=["cog_rel_3"])


@pytest.mark.parametrize("option", ["require", "out_of_range", "duplicates"])
def test_options_are_checked(answers, option):
    with pytest.raises(ArgumentError, match=f"{option}='sometimes' is not known"):
        read_responses(answers, ["satisfaction"], **{option: "sometimes"})
