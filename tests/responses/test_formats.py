"""Every format gives the same answers; labels and missing values of a file are understood."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from tests.responses.conftest import ITEMS
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import load_instrument
from trustmeasure.responses import read_responses


def write(frame: pd.DataFrame, path):
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif path.suffix in (".sav", ".zsav"):
        pyreadstat.write_sav(frame, str(path), compress=path.suffix == ".zsav")
    elif path.suffix == ".dta":
        pyreadstat.write_dta(frame, str(path))
    else:
        frame.to_parquet(path)
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".sav", ".zsav", ".dta", ".parquet"])
def test_every_format_gives_the_same_answers(answers, tmp_path, ending):
    expected = read_responses(answers, ["satisfaction"])
    responses = read_responses(write(answers, tmp_path / f"a{ending}"), ["satisfaction"])
    pd.testing.assert_frame_equal(responses.data, expected.data)
    pd.testing.assert_frame_equal(responses.dropped, expected.dropped)
    assert responses.source == f"a{ending}"
    assert responses.data["city"].tolist() == ["北京", "Berlin", "NA", "Łódź", "北京"]


def test_polars_and_dicts_give_the_same_answers(answers):
    expected = read_responses(answers, ["satisfaction"])
    for frame in (pl.from_pandas(answers), pl.from_pandas(answers).lazy(), answers.to_dict("list")):
        pd.testing.assert_frame_equal(read_responses(frame, ["satisfaction"]).data, expected.data)


def test_the_frame_of_the_caller_is_not_changed(answers):
    before = answers.copy(deep=True)
    read_responses(answers, ["satisfaction"])
    pd.testing.assert_frame_equal(answers, before)


def test_an_index_with_a_name_is_a_column(answers):
    responses = read_responses(answers.set_index("respondent_id"), ["satisfaction"])
    assert responses.id_column == "respondent_id"
    filtered = read_responses(answers.iloc[[4, 0]], ["satisfaction"])
    assert filtered.data.index.tolist() == [0, 1]


def test_categorical_and_nullable_columns(answers):
    frame = answers.assign(sat_1=answers["sat_1"].astype("Int64"), sat_2=answers["sat_2"].astype("category"))
    frame.loc[0, "sat_1"] = pd.NA
    responses = read_responses(frame, ["satisfaction"])
    assert np.isnan(responses.data["sat_1"].iloc[0])
    assert responses.data["sat_2"].tolist()[:2] == [7.0, 5.0]


@pytest.mark.parametrize("ending", [".xlsx", ".sav", ".dta", ".parquet"])
def test_a_damaged_file_is_an_error(tmp_path, ending):
    path = tmp_path / f"broken{ending}"
    path.write_bytes(b"this is no such file")
    with pytest.raises(ResponseError, match=rf"broken\{ending} cannot be read"):
        read_responses(path, ["satisfaction"])


def test_excel_sheets(answers, tmp_path):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"about": ["made by hand"]}).to_excel(book, sheet_name="关于", index=False)
        answers.to_excel(book, sheet_name="答卷", index=False, startrow=2)
    assert read_responses(path, ["satisfaction"], sheet="答卷").n_rows == 5
    assert read_responses(path, ["satisfaction"], sheet=1).n_rows == 5
    with pytest.raises(ResponseError, match=r"no sheet '答案'.*Allowed: 关于, 答卷"):
        read_responses(path, ["satisfaction"], sheet="答案")
    with pytest.raises(ResponseError, match="sheet=7, but there are 2 sheets"):
        read_responses(path, ["satisfaction"], sheet=7)


def test_excel_notes_the_sheets_that_were_not_read(answers, tmp_path):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        answers.to_excel(book, sheet_name="one", index=False)
        answers.to_excel(book, sheet_name="two", index=False)
    assert "Sheet 'one' was read; not read: two." in read_responses(path, ["satisfaction"]).notes


def test_excel_without_content(tmp_path):
    pd.DataFrame().to_excel(tmp_path / "empty.xlsx", index=False)
    with pytest.raises(ResponseError, match="is empty"):
        read_responses(tmp_path / "empty.xlsx", ["satisfaction"])


def test_excel_numbers_stored_as_text(answers, tmp_path):
    frame = answers.assign(sat_1=["7", "6 ", "99", "2.0", "４"])
    responses = read_responses(write(frame, tmp_path / "a.xlsx"), ["satisfaction"])
    assert responses.data["sat_1"].tolist()[:2] == [7.0, 6.0]
    assert responses.data["sat_1"].tolist()[3:] == [2.0, 4.0]


def test_spss_user_missing_values_keep_their_label(answers, tmp_path):
    frame = answers.assign(sat_3=[6.0, 6, -1, 2, np.nan])
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "a.sav"),
        variable_value_labels={"sat_3": {-1: "Not seen", 7: "Strongly agree"}},
        missing_ranges={"sat_3": [-1]},
    )
    responses = read_responses(tmp_path / "a.sav", ["satisfaction"])
    lost = responses.dropped[responses.dropped["column"] == "sat_3"]
    assert lost[["row", "value", "reason"]].values.tolist() == [
        [3, -1, "declared missing in the file: Not seen"]
    ]
    assert responses.raw["sat_3"].iloc[2] == -1


def test_spss_user_missing_may_cover_an_answer(answers, tmp_path):
    pyreadstat.write_sav(answers, str(tmp_path / "a.sav"), missing_ranges={"sat_4": [{"lo": 1, "hi": 1}]})
    responses = read_responses(tmp_path / "a.sav", ["satisfaction"])
    assert np.isnan(responses.data["sat_4"].iloc[3])


def test_labels_of_a_file_that_contradict_the_scale_are_an_error(answers, tmp_path):
    turned = {8 - p.code: p.label["en"] for p in load_instrument("satisfaction").scale_of("sat_1").points}
    pyreadstat.write_sav(answers, str(tmp_path / "a.sav"), variable_value_labels={"sat_1": turned})
    with pytest.raises(ResponseError, match=r"Column 'sat_1': the file labels .* has the code"):
        read_responses(tmp_path / "a.sav", ["satisfaction"])


def test_a_missing_label_of_the_scale_at_another_code_is_understood(answers, tmp_path):
    frame = answers.assign(sat_1=[7, 6, -8, 2, 4])
    labels = {"sat_1": {-8: "Don't know | 不知道"}}
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), variable_value_labels=labels)
    responses = read_responses(tmp_path / "a.sav", ["satisfaction"])
    reasons = responses.dropped.loc[responses.dropped["column"] == "sat_1", "reason"]
    assert reasons.tolist() == ["dont-know"]


def test_stata_extended_missing_values(answers, tmp_path):
    frame = answers.assign(sat_1=pd.Series([7, 6, "a", "b", 4], dtype=object))
    pyreadstat.write_dta(
        frame,
        str(tmp_path / "a.dta"),
        missing_user_values={"sat_1": ["a", "b"]},
        variable_value_labels={"sat_1": {"a": "Don't know", 7: "Strongly agree"}},
    )
    responses = read_responses(tmp_path / "a.dta", ["satisfaction"])
    lost = responses.dropped[responses.dropped["column"] == "sat_1"]
    assert lost["value"].tolist() == ["a", "b"]
    assert lost["reason"].tolist() == ["dont-know", "declared missing in the file"]


def test_simulated_is_read_from_the_data(answers, tmp_path):
    assert read_responses(answers.assign(data_origin="simulated"), ["satisfaction"]).simulated
    assert not read_responses(answers, ["satisfaction"]).simulated
    assert not read_responses(answers.assign(data_origin="simulated"), simulated=False).simulated
    pyreadstat.write_sav(answers, str(tmp_path / "a.sav"), file_label="Simulated answers")
    assert read_responses(tmp_path / "a.sav", ["satisfaction"]).simulated


def test_items_are_float64_whatever_comes_in(answers):
    responses = read_responses(answers.astype(dict.fromkeys(ITEMS, "int8")), ["satisfaction"])
    assert {str(dtype) for dtype in responses.items().dtypes} == {"float64"}


def test_a_title_above_the_names_is_told(answers, tmp_path):
    rows = [
        ["Survey of 2026", *[None] * (len(answers.columns) - 1)],
        list(answers.columns),
        *answers.values.tolist(),
    ]
    pd.DataFrame(rows).to_excel(tmp_path / "a.xlsx", index=False, header=False)
    with pytest.raises(ResponseError, match="Most columns have no name: remove the rows above the names"):
        read_responses(tmp_path / "a.xlsx", ["satisfaction"])
