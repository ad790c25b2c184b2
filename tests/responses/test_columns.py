"""Which column holds which item, and which rows belong to whom."""

from __future__ import annotations

import pytest

from tests.responses.conftest import ITEMS
from trustmeasure.errors import InstrumentError, ResponseError
from trustmeasure.instruments import load_instrument
from trustmeasure.responses import read_responses
from trustmeasure.responses.columns import match_columns


def how(names, items=("imag1", "imag2"), given=None):
    return [(match.item, match.how) for match in match_columns(names, items, given)]


def test_exact_then_ignoring_case_then_kept():
    assert how(["imag1", "IMAG2", "x"]) == [("imag1", "exact"), ("imag2", "ignoring case"), (None, "kept")]


def test_full_width_letters_and_spaces_are_the_same_name():
    assert how([" ＩＭＡＧ１ "]) == [("imag1", "ignoring case")]


def test_given_columns_go_first():
    assert how(["形象1", "imag2"], given={"形象1": "imag1"}) == [("imag1", "given"), ("imag2", "exact")]


def test_exact_name_wins_over_another_case():
    assert how(["IMAG1", "imag1"]) == [(None, "kept"), ("imag1", "exact")]


def test_two_columns_for_one_item_are_an_error():
    with pytest.raises(ResponseError, match="'IMAG1' and 'Imag1' both hold the item 'imag1'"):
        how(["IMAG1", "Imag1"])
    with pytest.raises(ResponseError, match="both hold the item 'imag1'"):
        how(["imag1", "other"], given={"other": "imag1"})


def test_given_names_are_checked():
    with pytest.raises(ResponseError, match=r"names 'IMAG9'.*Did you mean 'IMAG1'"):
        how(["IMAG1"], given={"IMAG9": "imag1"})
    with pytest.raises(ResponseError, match=r"names 'imag9' as the item.*Did you mean"):
        how(["IMAG1"], given={"IMAG1": "imag9"})
    with pytest.raises(ResponseError, match=r"Write \{'形象1': 'imag1'\}"):
        how(["形象1"], given={"imag1": "形象1"})


def test_nothing_is_matched_by_position(answers):
    renamed = answers.rename(columns=dict(zip(ITEMS, "abcd", strict=True)))
    with pytest.raises(ResponseError, match="items 'sat_1', 'sat_2', 'sat_3', 'sat_4' have no column"):
        read_responses(renamed, ["satisfaction"])


def test_a_missing_item_names_the_nearest_column(answers):
    with pytest.raises(ResponseError, match=r"item 'sat_3' \(nearest column: 'sat3'\) has no column"):
        read_responses(answers.rename(columns={"sat_3": "sat3"}), ["satisfaction"])


def test_missing_items_may_be_allowed(answers):
    responses = read_responses(answers.drop(columns="sat_3"), ["satisfaction"], require="any")
    assert responses.item_ids == ("sat_1", "sat_2", "sat_4")
    assert any("'sat_3' has no column" in note for note in responses.notes)
    with pytest.raises(ResponseError, match="have no column"):
        read_responses(answers[["city"]], ["satisfaction"], require="any")


def test_chinese_column_names(answers):
    names = dict(zip(ITEMS, ["满意1", "满意2", "满意3", "满意4"], strict=True))
    given = {chinese: item for item, chinese in names.items()}
    responses = read_responses(answers.rename(columns=names), ["satisfaction"], columns=given)
    assert responses.mapping["how"].tolist() == ["kept", *["given"] * 4, "kept"]
    assert responses.items().columns.tolist() == ITEMS


def test_duplicate_columns_are_an_error(answers):
    doubled = answers.set_axis(["respondent_id", "sat_1", "sat_2", "sat_3", "sat_4", "sat_1"], axis=1)
    with pytest.raises(ResponseError, match=r"2 columns named 'sat_1' \(columns 2, 6\)"):
        read_responses(doubled, ["satisfaction"])


def test_duplicate_columns_of_a_file_are_an_error(write_csv):
    with pytest.raises(ResponseError, match="2 columns named 'sat_1'"):
        read_responses(write_csv("sat_1,sat_1\n1,2\n"), ["satisfaction"])


def test_instruments_are_found_when_none_is_named(answers):
    frame = answers.assign(rep_1=5, rep_2=6, rep_3=7)[["rep_1", "rep_2", "rep_3", *ITEMS]]
    assert [i.id for i in read_responses(frame).instruments] == ["repurchase", "satisfaction"]
    with pytest.raises(ResponseError, match="No column has the name of an item"):
        read_responses(answers[["city"]])


def test_instruments_may_be_ids_or_values(answers):
    for choice in ("satisfaction", load_instrument("satisfaction"), [load_instrument("satisfaction")]):
        assert read_responses(answers, choice).n_rows == 5
    with pytest.raises(InstrumentError, match="Did you mean 'satisfaction'"):
        read_responses(answers, ["satisfactoin"])
    with pytest.raises(ResponseError, match="belongs to the instruments"):
        read_responses(answers, ["satisfaction", "satisfaction"])
    with pytest.raises(ResponseError, match="instruments is empty"):
        read_responses(answers, [])


def test_repeated_ids(answers):
    frame = answers.assign(respondent_id=["a", "b", "a", None, None])
    with pytest.raises(ResponseError, match=r"respondent id 'a' comes in rows 1, 3; 1 rows"):
        read_responses(frame, ["satisfaction"])
    first = read_responses(frame, ["satisfaction"], duplicates="first")
    assert first.data.index.tolist() == [0, 1, 3, 4]
    assert first.excluded["row"].tolist() == [3]
    assert "2 rows have no respondent id in column 'respondent_id'." in first.notes
    assert read_responses(frame, ["satisfaction"], duplicates="last").excluded["row"].tolist() == [1]
    assert read_responses(frame, ["satisfaction"], duplicates="keep").n_rows == 5


def test_id_column(answers):
    frame = answers.rename(columns={"respondent_id": "编号"})
    assert read_responses(frame, ["satisfaction"]).respondents.tolist() == [1, 2, 3, 4, 5]
    named = read_responses(frame, ["satisfaction"], id_column="编号")
    assert named.dropped["respondent"].tolist() == ["r-3", "r-3"]
    with pytest.raises(ResponseError, match=r"id_column='nummer' is not a column.*Allowed: 编号"):
        read_responses(frame, ["satisfaction"], id_column="nummer")
