from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tests.questionnaires.exports.limesurvey import Heading, records, write_csv
from tests.questionnaires.exports.qualtrics import with_gaps
from tests.responses.forms import answers_to, expect_answers, in_words, whole_form
from trustmeasure.questionnaires import Entry
from trustmeasure.responses import read_responses

FORM = whole_form(order="items", seed=3)
ITEMS = [question.id for question in FORM.questions if question.expected is None]
ANSWERS = with_gaps(answers_to(FORM), ITEMS)
EXPECTED = read_responses(ANSWERS, manifest=FORM)
expect_same = partial(expect_answers, expected=EXPECTED, platform="limesurvey")


@pytest.mark.parametrize(("with_manifest", "delimiter"), [(True, ";"), (False, ",")])
@pytest.mark.parametrize("language", [None, "en", "zh"])
@pytest.mark.parametrize("heading", ["code", "full", "codetext", "em"])
def test_answers_come_back(
    tmp_path: Path, with_manifest: bool, language: str | None, heading: Heading, delimiter: str
):
    said = ANSWERS if language is None else in_words(ANSWERS, FORM, language)
    made = records(FORM, said, heading=heading, language=language or "zh")
    path = write_csv(made, tmp_path / "results-survey.csv", delimiter=delimiter)
    written = FORM.write(tmp_path / "form.limesurvey.txt") if with_manifest else None
    expect_same(read_responses(path, manifest=None if written is None else f"{written}.manifest.json"))


def test_headings_with_the_blanks_of_an_editor(tmp_path: Path):
    header, *rows = records(FORM, in_words(ANSWERS, FORM, "en"), heading="full")
    blank = [f" {name.replace(' ', chr(0xA0), 1)}{chr(0xA0)}" for name in header]
    path = write_csv([[*header[:9], *blank[9:]], *rows], tmp_path / "results.csv")
    expect_same(read_responses(path))


def test_standard_names(tmp_path: Path):
    found = read_responses(write_csv(records(FORM, ANSWERS), tmp_path / "results.csv"))
    first = found.data.iloc[0]
    assert (first["language"], first["last_page"], first["finished"]) == ("zh", 6, 1)
    assert first["started_at"] == "2026-03-01T09:15:00"
    assert first["duration_seconds"] == 305.12
    assert first["groupTime12"] == 20.5
    assert found.id_column == "respondent_id"


def test_responses_that_were_not_sent_are_kept_and_told(tmp_path: Path):
    header, *rows = records(FORM, ANSWERS)
    for row in rows[:3]:
        row[header.index("submitdate")] = ""
    found = read_responses(write_csv([header, *rows], tmp_path / "results.csv"))
    assert found.data["finished"].tolist()[:4] == [0, 0, 0, 1]
    assert "3 of 30 responses were not sent (no submitdate); they were kept." in found.notes


def test_times_that_were_not_kept_are_missing(tmp_path: Path):
    header, *rows = records(FORM, ANSWERS)
    for row in rows:
        row[header.index("submitdate")] = "1980-01-01 00:00:00"
    found = read_responses(write_csv([header, *rows], tmp_path / "results.csv"))
    assert found.data["saved_at"].isna().all()
    assert found.data["finished"].eq(1).all()


def test_numbers_with_many_decimals_and_days_with_midnight(tmp_path: Path):
    form = whole_form(demographics=[Entry("last_visit", {"en": "When?", "zh": "何时？"}, "date")])
    answers = answers_to(form).assign(last_visit="2026-02-03 00:00:00")
    answers["purchases_12m"] = [f"{n}.0000000000" for n in answers["purchases_12m"]]
    path = write_csv(records(form, answers), tmp_path / "results.csv")
    found = read_responses(path, manifest=f"{form.write(tmp_path / 'form.limesurvey.txt')}.manifest.json")
    assert set(found.data["last_visit"]) == {"2026-02-03"}
    assert found.data["purchases_12m"].tolist() == [float(n) for n in answers["purchases_12m"]]


def test_rows_whose_underscores_were_taken_out_are_found(tmp_path: Path):
    header, *rows = records(FORM, ANSWERS)
    plain = [name.replace("_", "") for name in header]
    assert "cogcom[cogcom1]" in plain or any("[cogcom1]" in name for name in plain)
    expect_same(read_responses(write_csv([plain, *rows], tmp_path / "results.csv")))


def test_labels_of_an_spss_file_show_the_questions(tmp_path: Path):
    import pyreadstat

    header, *rows = records(FORM, ANSWERS, heading="em")
    frame = pd.DataFrame(rows, columns=header)
    for name in header:
        numbers = pd.to_numeric(frame[name].replace("", None), errors="coerce")
        frame[name] = numbers if numbers.notna().any() and name != "questionnaire" else frame[name]
    pyreadstat.write_sav(frame, tmp_path / "survey.sav")
    expect_same(read_responses(tmp_path / "survey.sav"))
