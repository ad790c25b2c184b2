from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tests.questionnaires.exports.google import records, write_csv, write_excel
from tests.questionnaires.exports.qualtrics import with_gaps
from tests.responses.forms import answers_to, expect_answers, in_words, whole_form
from trustmeasure.responses import read_responses
from trustmeasure.responses.platforms.google import times

FORM = whole_form()
ITEMS = [question.id for question in FORM.questions if question.expected is None]
ANSWERS = with_gaps(answers_to(FORM), ITEMS)
EXPECTED = read_responses(ANSWERS, manifest=FORM)
expect_same = partial(expect_answers, expected=EXPECTED, platform="google-forms")


@pytest.mark.parametrize("with_manifest", [True, False])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_answers_come_back(tmp_path: Path, with_manifest: bool, language: str, ending: str):
    made = records(FORM, in_words(ANSWERS, FORM, language), language)
    path = (write_csv if ending == "csv" else write_excel)(made, tmp_path / f"answers.{ending}")
    written = FORM.write(tmp_path / "form.google.gs") if with_manifest else None
    found = read_responses(path, manifest=None if written is None else f"{written}.manifest.json")
    expect_same(found)
    assert found.data["saved_at"].iloc[0] == "2026-03-01T09:15:00+08:00"


def test_rows_with_brackets_in_their_words(tmp_path: Path):
    form = whole_form(brand="Acme [北京]")
    answers = answers_to(form)
    path = write_csv(records(form, in_words(answers, form, "en"), "en"), tmp_path / "answers.csv")
    found = read_responses(path, manifest=f"{form.write(tmp_path / 'form.google.gs')}.manifest.json")
    expected = read_responses(answers, manifest=form)
    pd.testing.assert_series_equal(found.data["sat_1"], expected.data["sat_1"])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026/01/31 9:15:00 PM GMT+5:30", "2026-01-31T21:15:00+05:30"),
        ("2026/01/31 9:15:00 AM GMT", "2026-01-31T09:15:00+00:00"),
        ("1/31/2026 9:15:00", "2026-01-31T09:15:00"),
        ("31/1/2026 9:15:00", "2026-01-31T09:15:00"),
        ("2026/1/31 下午9:15:00", "2026-01-31T21:15:00"),
        ("2026-01-31 9:15:00", "2026-01-31T09:15:00"),
        ("31.01.2026 09:15:00", "2026-01-31T09:15:00"),
        ("2/3/2026 9:15:00", "2/3/2026 9:15:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_times_as_google_writes_them(written: str, read: str):
    assert times(pd.Series([written])).tolist() == [read]


def test_times_that_are_times_already_and_gaps():
    found = times(pd.Series([pd.Timestamp("2026-01-31 09:15:00"), pd.NaT]))
    assert found.iloc[0] == "2026-01-31T09:15:00"
    assert pd.isna(found.iloc[1])
    assert times(pd.Series(["2026/01/31 9:15:00 PM", None])).iloc[0] == "2026-01-31T21:15:00"
