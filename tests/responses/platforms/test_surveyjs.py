from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.responses.forms import answers_to, whole_form
from trustmeasure.errors import ResponseError
from trustmeasure.responses import read_responses
from trustmeasure.responses.platforms import TidyOptions, platform_of
from trustmeasure.responses.platforms.offline import PLATFORM as OFFLINE
from trustmeasure.responses.platforms.surveyjs import PLATFORM as SURVEYJS, candidates, texts
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers import csv

FORM = whole_form()
IDS = ["satisfaction", "cognitive-trust", "recommendation"]


def put(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def read(path: Path, content: object) -> pd.DataFrame:
    return SURVEYJS.load(put(path, content), ReadOptions()).frame


@pytest.mark.parametrize(
    "content",
    [
        [{"cog": {"a": 5, "b": 1}, "age": 2}, {"cog": {"b": 4}, "age": None}],
        {"Data": [{"cog": {"a": 5, "b": 1}, "age": 2}, {"cog": {"b": 4}}], "Count": 2},
        [{"data": {"cog": {"a": 5, "b": 1}, "age": 2}}, {"data": {"cog": {"b": 4}}}],
        [{"json": '{"cog": {"a": 5, "b": 1}, "age": 2}'}, {"json": '{"cog": {"b": 4}}'}],
    ],
)
def test_results_inside_results_become_one_row_each(tmp_path: Path, content: object):
    frame = read(tmp_path / "results.json", content)
    assert list(frame.columns) == ["cog.a", "cog.b", "age"]
    assert frame["cog.b"].tolist() == [1, 4]
    assert frame["cog.a"].isna().tolist() == [False, True]
    assert all(pd.api.types.is_numeric_dtype(frame[name].dtype) for name in frame.columns)


def test_one_result_alone_and_lists_in_it(tmp_path: Path):
    frame = read(tmp_path / "one.json", {"cog": {"a": 5}, "several": [1, 2]})
    assert frame.iloc[0].to_dict() == {"cog.a": 5, "several": "[1, 2]"}


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "is no JSON"), ("[]", "holds no results"), ("[1]", "holds no results"), ("3", "holds no results")],
)
def test_what_holds_no_results_is_refused(tmp_path: Path, content: str, message: str):
    path = tmp_path / "results.json"
    path.write_text(content)
    with pytest.raises(ResponseError, match=f"results.json {message}"):
        SURVEYJS.load(path, ReadOptions())


def test_names_and_titles_are_taken_apart():
    assert candidates("cog.cog_1")[0] == "cog_1"
    assert candidates("cog - cog_1")[0] == "cog_1"
    assert candidates("cog_1") == ("cog_1",)
    assert texts("Think - of it: - I trust it.", "")[-1] == "I trust it."
    assert "of it: - I trust it." in texts("Think - of it: - I trust it.", "")


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (["cog.cog_1", "cog.cog_2"], "surveyjs"),
        (["About it - one", "About it - two", "x"], "surveyjs"),
        (["cog_1", "cog_2"], "plain"),
        (["v.1", "Total - all"], "plain"),
    ],
)
def test_tables_are_told_apart(columns: list[str], name: str):
    raw = RawTable(pd.DataFrame([[1] * len(columns)], columns=columns), "table.csv")
    assert platform_of(raw)[0].name == name


def saved(row: int, kind: str, folder: Path, moment: str = "2026-01-31T09:00:00Z", **cells: object) -> Path:
    """Write what the offline form saves for one respondent."""
    about = {
        "respondent_id": f"K-{row}",
        "language": "zh",
        "started_at": "2026-01-31T08:55:00Z",
        "saved_at": moment,
        "questionnaire": FORM.hash,
    }
    answers = json.loads(answers_to(FORM).iloc[[row]].to_json(orient="records"))[0] | cells
    path = folder / f"answers-{FORM.hash[:8]}-K-{row}.{kind}"
    if kind == "csv":
        pd.DataFrame([{**about, **answers}]).to_csv(path, index=False)
        return path
    inside = {column: matrix.id for matrix in FORM.matrices for column in matrix.columns}
    nested: dict[str, object] = dict(about)
    for column, value in answers.items():
        if column in inside:
            nested[inside[column]] = {**dict(nested.get(inside[column], {})), column: value}
        else:
            nested[column] = value
    return put(path, nested)


def test_a_folder_of_both_kinds_is_one_table_and_a_form_saved_twice_comes_once(tmp_path: Path):
    for row, kind in enumerate(["csv", "json", "csv", "json"]):
        saved(row, kind, tmp_path)
    saved(0, "json", tmp_path)
    saved(1, "csv", tmp_path, moment="2026-01-31T10:00:00Z")
    responses = read_responses(tmp_path, IDS, duplicates="last")
    assert responses.platform == "offline"
    assert sorted(responses.data["respondent_id"]) == ["K-0", "K-1", "K-2", "K-3"]
    assert any("same form saved twice" in note for note in responses.notes)
    (tmp_path / "alone").mkdir()
    as_csv = read_responses(saved(2, "csv", tmp_path / "alone"), IDS)
    as_json = read_responses(saved(2, "json", tmp_path / "alone"), IDS)
    whole = responses.data[responses.data["respondent_id"] == "K-2"]
    for column in responses.item_ids:
        codes = [
            [None if pd.isna(c) else c for c in one[column]] for one in (as_csv.data, as_json.data, whole)
        ]
        assert codes[0] == codes[1] == codes[2], column


def test_text_that_a_spreadsheet_would_run_comes_back_as_it_was_written(tmp_path: Path):
    path = saved(0, "csv", tmp_path, remarks="'=1+1")
    saved(1, "csv", tmp_path, remarks="it's")
    saved(2, "json", tmp_path, remarks="=1+1")
    saved(3, "csv", tmp_path, remarks="''=1")
    raw = OFFLINE.load(tmp_path, ReadOptions()).frame
    assert raw.set_index("respondent_id")["remarks"].to_dict() == {
        "K-0": "=1+1",
        "K-1": "it's",
        "K-2": "=1+1",
        "K-3": "'=1",
    }
    assert OFFLINE.tidy(csv.read(path, ReadOptions()), TidyOptions()).frame["remarks"].tolist() == ["=1+1"]


def test_a_folder_with_something_else_is_refused(tmp_path: Path):
    saved(0, "csv", tmp_path)
    put(tmp_path / "answers-other.json", {"a": 1})
    with pytest.raises(ResponseError, match=r"answers-other.json is no saved form"):
        read_responses(tmp_path, IDS)
