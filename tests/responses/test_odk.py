"""KoboToolbox and ODK: what is exported comes back as the same codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.questionnaires.exports.answers import assert_same_codes, texts_of, with_gaps
from tests.questionnaires.exports.odk import central, kobo
from tests.responses.forms import in_words, whole_form
from trustmeasure.questionnaires.xlsform.wording import said
from trustmeasure.responses import read_responses
from trustmeasure.responses.platforms.odk import candidates, texts

FORM = whole_form(order="items")
ANSWERS = with_gaps(FORM)


@pytest.fixture(params=["with the manifest", "without"])
def manifest(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    if request.param == "without":
        return None
    FORM.write(tmp_path / "form.xlsx")
    return tmp_path / "form.xlsx"


@pytest.mark.parametrize("groups", ["", "/"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_codes_and_names_of_kobo_come_back(manifest: Path | None, tmp_path: Path, groups: str, ending: str):
    path = tmp_path / f"answers{ending}"
    table = kobo(ANSWERS, FORM, groups=groups)
    table.to_csv(path, sep=";", index=False) if ending == ".csv" else table.to_excel(path, index=False)
    responses = read_responses(path, manifest=manifest)
    assert responses.platform == "odk"
    assert responses.id_column == "respondent_id"
    assert_same_codes(responses, ANSWERS, FORM, certain=manifest is not None)
    assert responses.data["started_at"].iloc[1].startswith("2026-01-31T09:15:01")
    assert "link_id" in responses.data


@pytest.mark.parametrize("groups", ["-", ""])
def test_codes_of_odk_central_come_back(manifest: Path | None, tmp_path: Path, groups: str):
    path = tmp_path / "answers.csv"
    central(ANSWERS, FORM, groups=groups).to_csv(path, index=False)
    responses = read_responses(path, manifest=manifest)
    assert responses.data["respondent_id"].iloc[0] == "uuid:00000000-aaaa"
    assert_same_codes(responses, ANSWERS, FORM, certain=manifest is not None)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_come_back_as_codes(manifest: Path | None, tmp_path: Path, language: str):
    path = tmp_path / "answers.csv"
    kobo(in_words(ANSWERS, FORM, language), FORM, groups="/").to_csv(path, sep=";", index=False)
    assert_same_codes(read_responses(path, manifest=manifest), ANSWERS, FORM, certain=manifest is not None)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("groups", ["", "/"])
def test_labels_as_headers_are_found_by_their_wording(
    manifest: Path | None, tmp_path: Path, language: str, groups: str
):
    path = tmp_path / "answers.csv"
    headers = {column: said(text) for column, text in texts_of(FORM, language).items()}
    table = kobo(in_words(ANSWERS, FORM, language), FORM, groups=groups, headers=headers, stems=language)
    table.to_csv(path, sep=";", index=False)
    responses = read_responses(path, manifest=manifest)
    assert "wording" in responses.mapping["how"].tolist()
    assert_same_codes(responses, ANSWERS, FORM, certain=manifest is not None)


def test_whoever_sent_the_answers_is_personal():
    responses = read_responses(kobo(ANSWERS, FORM))
    holds = responses.mapping.set_index("column")["holds"]
    assert "personal" in holds["_submitted_by"]
    assert "_submitted_by" not in responses.data
    assert holds["_uuid"] == "identifier"
    assert not any("_answers" in note for note in responses.notes)


def test_marks_of_markdown_are_taken_from_labels():
    assert texts("page/\\*a\\* b", "") == ("page/*a* b", "*a* b")
    assert candidates("page:cog_1") == ("cog_1",)
