"""The value itself: parts, subsets, summaries, and what it keeps to itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.responses.conftest import ITEMS
from trustmeasure.errors import ResponseError
from trustmeasure.frames import to_pandas
from trustmeasure.responses import read_responses


@pytest.fixture
def responses(answers):
    return read_responses(answers, ["satisfaction"])


def test_parts(responses):
    assert responses.item_ids == tuple(ITEMS)
    assert responses.complete.tolist() == [True, True, False, True, True]
    assert responses.item("sat_1").construct == "satisfaction"
    assert responses.scale_of("sat_1").codes == (1, 2, 3, 4, 5, 6, 7)
    assert responses.instrument_of("satisfaction").id == "satisfaction"
    assert [construct.id for construct in responses.constructs] == ["satisfaction"]
    assert responses.mapping["column"].tolist() == responses.raw.columns.tolist()


def test_unknown_names_get_the_nearest(responses):
    with pytest.raises(ResponseError, match="Did you mean 'satisfaction'"):
        responses.items("satisfacton")
    with pytest.raises(ResponseError, match="Did you mean 'sat_1'"):
        responses.item("sat1")


def test_it_cannot_be_changed(responses):
    with pytest.raises(dataclasses.FrozenInstanceError):
        responses.source = "other"
    items = responses.items("satisfaction")
    items.loc[0, "sat_1"] = 0.0
    assert responses.data["sat_1"].iloc[0] == 7.0


def test_other_rooms_take_it_as_a_frame(responses):
    pd.testing.assert_frame_equal(to_pandas(responses), responses.data)


def test_reading_responses_again_is_refused(responses):
    with pytest.raises(ResponseError, match="turn reversed items back"):
        read_responses(responses, ["satisfaction"])


def test_missing_by_reason(answers):
    frame = answers.assign(sat_4=[7, None, 4, 1, 9])
    missing = read_responses(frame, ["satisfaction"], out_of_range="missing").missing()
    assert dict(zip(missing["reason"], missing["answers"], strict=True)) == {
        "dont-know": 1,
        "empty": 1,
        "no-answer": 1,
        "out of range": 1,
    }
    assert missing["share"].sum() == pytest.approx(4 / 20)


def test_subset_keeps_a_record(responses):
    kept = responses.subset(responses.data["city"] == "北京", "another city")
    assert kept.data.index.tolist() == kept.raw.index.tolist() == [0, 4]
    assert kept.excluded.values.tolist() == [
        [2, "r-2", "another city"],
        [3, "r-3", "another city"],
        [4, "r-4", "another city"],
    ]
    assert kept.dropped.empty
    assert len(responses.dropped) == 2
    again = kept.subset([True, False], "too fast")
    assert again.excluded["reason"].tolist() == ["another city"] * 3 + ["too fast"]
    assert again.excluded["respondent"].tolist()[-1] == "r-5"


def test_a_series_is_matched_by_its_index(responses):
    mask = pd.Series([False, True, True, True, True]).sample(frac=1, random_state=1)
    assert responses.subset(mask, "first row").data.index.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        ([True, False], r"shape \(2,\); 5 values"),
        ([1, 0, 1, 1, 1], "True or False"),
        ([True, None, True, True, True], "True or False"),
        ([False] * 5, "No row is left"),
        (pd.Series([True] * 4, index=[0, 1, 2, 3]), "index does not hold"),
    ],
)
def test_masks_are_checked(responses, mask, message):
    with pytest.raises(ResponseError, match=message):
        responses.subset(mask, "reason")


def test_a_subset_needs_a_reason(responses):
    with pytest.raises(ResponseError, match="give the reason"):
        responses.subset([True] * 5, " ")


def test_summary_counts(answers):
    frame = answers.assign(respondent_id=["r-1", "r-2", "r-3", "r-4", "r-4"])
    text = str(read_responses(frame, ["satisfaction"], duplicates="first").summary())
    for line in ("rows read 5", "rows left out 1", "rows used 4", "items 4", "dont-know 1 6.2"):
        assert line in " ".join(text.split())
    assert "Columns kept as they came: respondent_id, city." in text
    assert "repeats an id (first row kept)" in text


def test_nothing_shown_tells_about_a_person(responses):
    shown = f"{responses!r} {responses} {responses.summary()._repr_html_()} {responses._repr_html_()}"
    for private in ("r-1", "r-3", "北京", "Berlin", "Łódź"):
        assert private not in shown


def test_simulated_is_written_in_every_summary(answers):
    simulated = read_responses(answers, ["satisfaction"], simulated=True)
    assert "simulated" in repr(simulated)
    assert "Simulated" in str(simulated)
    assert "Simulated" in simulated._repr_html_()


def test_items_without_answers_or_variation_are_noted(answers):
    frame = answers.assign(sat_1=[99] * 5, sat_2=4)
    notes = read_responses(frame, ["satisfaction"]).notes
    assert "Item sat_1 has no answers; analyses cannot use it." in notes
    assert "Item sat_2 has the same answer in every row; analyses cannot use it." in notes


def test_an_item_that_runs_against_the_others_is_noted():
    base = np.tile([1, 2, 4, 5, 7], 8)
    frame = pd.DataFrame(dict.fromkeys(ITEMS, base)).assign(sat_4=8 - base)
    notes = read_responses(frame, ["satisfaction"]).notes
    assert sum("runs against" in note for note in notes) == 1
    assert any("Item sat_4 runs against" in note and "other way round" in note for note in notes)


def test_an_item_turned_before_is_noted_with_the_remedy():
    names = [f"aff_{part}_{i}" for part in ("bond", "care") for i in range(1, 5)]
    frame = pd.DataFrame({name: np.tile([1, 2, 4, 5, 7], 8) for name in names})
    assert any("already_reversed=['aff_care_4']" in n for n in read_responses(frame).notes)
    assert not any(
        "runs against" in note for note in read_responses(frame, already_reversed=["aff_care_4"]).notes
    )


def test_a_file_that_is_not_there(tmp_path, write_csv):
    write_csv("sat_1\n1\n")
    with pytest.raises(ResponseError, match=r"File not found: .*answer\.csv.*Did you mean '.*answers\.csv'"):
        read_responses(tmp_path / "answer.csv")
    with pytest.raises(ResponseError, match="is a folder"):
        read_responses(tmp_path)


@pytest.mark.parametrize("name", ["a.docx", "a.xls", "a.cvs", "a"])
def test_an_ending_without_a_reader(tmp_path, name):
    (tmp_path / name).write_text("x")
    with pytest.raises(ResponseError, match=r"\.csv|\.xlsx") as error:
        read_responses(tmp_path / name)
    if name == "a.cvs":
        assert "Did you mean '.csv'" in str(error.value)


@pytest.mark.parametrize("source", [3, ["sat_1"], None])
def test_a_source_that_is_no_frame(source):
    with pytest.raises(ResponseError, match="give a frame"):
        read_responses(source, ["satisfaction"])


def test_arguments_of_another_kind(answers):
    with pytest.raises(ResponseError, match=r"makes no frame: .*same length"):
        read_responses({"sat_1": [1, 2], "sat_2": [1]}, ["satisfaction"])
    with pytest.raises(ResponseError, match="instruments holds 3; give ids"):
        read_responses(answers, 3)
    with pytest.raises(ResponseError, match="columns must be a mapping"):
        read_responses(answers, ["satisfaction"], columns=["sat_1"])


def test_frames_without_rows_or_columns():
    with pytest.raises(ResponseError, match="no rows of answers"):
        read_responses(pd.DataFrame({item: [] for item in ITEMS}), ["satisfaction"])
    with pytest.raises(ResponseError, match="has no columns"):
        read_responses(pd.DataFrame(), ["satisfaction"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(rows=st.permutations(range(5)), columns=st.permutations(range(6)))
def test_the_order_of_rows_and_columns_does_not_matter(answers, rows, columns):
    expected = read_responses(answers, ["satisfaction"])
    responses = read_responses(answers.iloc[rows, columns], ["satisfaction"])
    by_id = responses.data.set_index("respondent_id").loc[answers["respondent_id"]]
    pd.testing.assert_frame_equal(by_id[ITEMS], expected.data.set_index("respondent_id")[ITEMS])
    assert sorted(responses.dropped["value"]) == sorted(expected.dropped["value"])
