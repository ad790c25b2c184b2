"""REDCap: what is exported comes back as the same codes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.questionnaires.exports.answers import assert_same_codes, texts_of, with_gaps
from tests.questionnaires.exports.redcap import labelled, raw
from tests.responses.forms import in_words, whole_form
from trustmeasure.errors import ResponseError
from trustmeasure.responses import read_responses

LANGUAGES = ("en", "zh")
FORMS = {language: whole_form(languages=[language]) for language in LANGUAGES}
ANSWERS = {language: with_gaps(form) for language, form in FORMS.items()}


@pytest.fixture(params=["with the manifest", "without"])
def certain(request: pytest.FixtureRequest) -> bool:
    return request.param != "without"


def save(table: pd.DataFrame, folder: Path, language: str, *, certain: bool) -> tuple[Path, Path | None]:
    path = folder / "answers.csv"
    table.to_csv(path, index=False)
    return path, FORMS[language].write(folder / "form.redcap.csv") if certain else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_raw_exports_come_back(certain: bool, tmp_path: Path, language: str):
    table = raw(ANSWERS[language], FORMS[language])
    path, manifest = save(table, tmp_path, language, certain=certain)
    responses = read_responses(path, manifest=manifest)
    assert responses.platform == "redcap"
    assert_same_codes(responses, ANSWERS[language], FORMS[language], certain=certain)
    assert responses.data["respondent_id"].tolist() == list(range(1, 31))
    assert responses.data["finished"].tolist() == [0, *[1] * 29]
    assert responses.data["saved_at"].tolist()[1] == "2026-01-31T09:15:00"
    assert pd.isna(responses.data["saved_at"].iloc[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_exports_with_labels_come_back(certain: bool, tmp_path: Path, language: str):
    form, answers = FORMS[language], ANSWERS[language]
    table = labelled(in_words(answers, form, language), form, texts_of(form, language))
    path, manifest = save(table, tmp_path, language, certain=certain)
    responses = read_responses(path, manifest=manifest)
    assert responses.platform == "redcap"
    assert_same_codes(responses, answers, form, certain=certain)
    assert responses.data["finished"].tolist() == [0, *[1] * 29]


def test_events_become_waves_and_are_told():
    form, answers = FORMS["en"], ANSWERS["en"]
    table = pd.concat([raw(answers, form, f"{name}_arm_1") for name in ("before", "after")])
    with pytest.raises(ResponseError, match=r"duplicates='first', 'last' or .*'keep'"):
        read_responses(table.reset_index(drop=True))
    responses = read_responses(table.reset_index(drop=True), duplicates="keep")
    assert responses.data["wave"].tolist() == ["before"] * 30 + ["after"] * 30
    assert any("before_arm_1 are waves" in note for note in responses.notes)


def test_event_labels_become_waves_too():
    table = raw(ANSWERS["en"], FORMS["en"], "Right After (Arm 1: Arm 1)")
    assert set(read_responses(table).data["wave"]) == {"right-after"}


def test_repeats_of_a_form_are_told():
    table = raw(ANSWERS["en"], FORMS["en"])
    table.loc[3:5, "redcap_repeat_instrument"] = "survey"
    table.loc[3:5, "redcap_repeat_instance"] = [1, 2, 3]
    responses = read_responses(table)
    assert "3 rows are repeats of a form (column 'redcap_repeat_instance')" in " ".join(responses.notes)


def test_signs_that_were_broken_in_labels_are_mended():
    form = whole_form(languages=["en"], brand="[consent] & <b>")
    answers = with_gaps(form)
    headers = {
        column: text.replace("[c", "[\u200bc").replace("<b", "<\u200bb")
        for column, text in texts_of(form, "en").items()
    }
    responses = read_responses(labelled(in_words(answers, form, "en"), form, headers), manifest=form)
    assert_same_codes(responses, answers, form, certain=True)


def test_the_survey_identifier_is_personal():
    responses = read_responses(raw(ANSWERS["en"], FORMS["en"]))
    holds = responses.mapping.set_index("column")["holds"]
    assert "personal" in holds["redcap_survey_identifier"]
    assert "redcap_survey_identifier" not in responses.data
    assert holds["survey_complete"] == "status"
