from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests.questionnaires.exports.qualtrics import older, records, with_gaps, write_csv
from tests.responses.forms import answers_to, expect_answers, in_words, whole_form
from trustmeasure.responses import read_responses

FORM = whole_form(order="items", seed=3)
ITEMS = [question.id for question in FORM.questions if question.expected is None]
ANSWERS = with_gaps(answers_to(FORM), ITEMS)
EXPECTED = read_responses(ANSWERS, manifest=FORM)
expect_same = partial(expect_answers, expected=EXPECTED, platform="qualtrics")


@pytest.mark.parametrize("with_manifest", [True, False])
@pytest.mark.parametrize("language", [None, "en", "zh"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "older.csv"])
def test_answers_come_back(tmp_path: Path, with_manifest: bool, language: str | None, ending: str):
    said = ANSWERS if language is None else in_words(ANSWERS, FORM, language)
    made = records(FORM, said, language or "en")
    if ending == "tsv":
        path = write_csv(made, tmp_path / "answers.tsv", delimiter="\t", encoding="utf-16")
    else:
        path = write_csv(older(made) if ending == "older.csv" else made, tmp_path / "answers.csv")
    written = FORM.write(tmp_path / "form.qsf") if with_manifest else None
    found = read_responses(path, manifest=None if written is None else f"{written}.manifest.json")
    expect_same(found)


def test_standard_names_and_order(tmp_path: Path):
    path = write_csv(records(FORM, ANSWERS), tmp_path / "answers.csv")
    found = read_responses(path)
    first = found.data.iloc[0]
    assert first["respondent_id"] == "R_0"
    assert first["language"] == "zh"
    assert first["started_at"] == "2026-03-01T09:15:00"
    assert (first["duration_seconds"], first["finished"]) == (305, 1)
    forwards = [question.id for matrix in FORM.matrices if matrix.randomised for question in matrix.questions]
    assert first["item_order"].split() == forwards
    assert found.data["item_order"].iloc[1].split() != forwards
    assert set(found.data["item_order"].iloc[1].split()) == set(forwards)


def test_import_ids_find_columns_whose_tags_were_renamed(tmp_path: Path):
    tags, *others = records(FORM, ANSWERS)
    renamed = [f"Q{place}" if tag in FORM.columns else tag for place, tag in enumerate(tags)]
    others[0] = ["" if tag in FORM.columns else text for tag, text in zip(tags, others[0], strict=True)]
    path = write_csv([renamed, *others], tmp_path / "answers.csv")
    manifest = f"{FORM.write(tmp_path / 'form.qsf')}.manifest.json"
    found = read_responses(path, manifest=manifest)
    expect_same(found)
    assert set(found.mapping.set_index("item").loc[ITEMS, "how"]) == {"manifest"}


def test_import_ids_of_another_survey_do_not_mix_up_the_columns(tmp_path: Path):
    tags, labels, ids, *rows = records(FORM, ANSWERS)
    place = {tag: number for number, tag in enumerate(tags)}
    one, other = place["sat_1"], place["sat_2"]
    ids[one], ids[other] = ids[other], ids[one]
    path = write_csv([tags, labels, ids, *rows], tmp_path / "answers.csv")
    found = read_responses(path, manifest=f"{FORM.write(tmp_path / 'form.qsf')}.manifest.json")
    expect_same(found)
    assert any("import ids are not those of the manifest" in note for note in found.notes)


def test_the_exact_wording_finds_columns_without_manifest_and_tags(tmp_path: Path):
    tags, labels, ids, *rows = records(FORM, in_words(ANSWERS, FORM, "zh"), "zh")
    renamed = [f"Q{place}" if tag in ITEMS else tag for place, tag in enumerate(tags)]
    path = write_csv([renamed, labels, ids, *rows], tmp_path / "answers.csv")
    expect_same(read_responses(path))


def test_previews_and_tests_are_left_out_and_spam_is_told(tmp_path: Path):
    tags, labels, ids, *rows = records(FORM, ANSWERS)
    status = tags.index("Status")
    for row, value in ((3, "1"), (7, "2"), (9, "8")):
        rows[row][status] = value
    found = read_responses(write_csv([tags, labels, ids, *rows], tmp_path / "answers.csv"))
    assert found.n_rows == len(rows) - 2
    assert "2 previews and tests of the survey were left out (column Status)." in found.notes
    assert any(note.startswith("1 responses are marked as spam") for note in found.notes)


def test_seen_but_unanswered_is_missing_for_that_reason(tmp_path: Path):
    tags, labels, ids, *rows = records(FORM, ANSWERS)
    rows[0][tags.index("sat_1")] = "-99"
    found = read_responses(write_csv([tags, labels, ids, *rows], tmp_path / "answers.csv"))
    assert "seen but not answered" in set(found.dropped["reason"])


def test_entities_in_labels_are_signs(tmp_path: Path):
    said = in_words(ANSWERS, FORM, "en")
    said["sat_1"] = said["sat_1"].str.replace("'", "&#39;")
    assert said["sat_1"].str.contains("&#39;").any()
    expect_same(read_responses(write_csv(records(FORM, said), tmp_path / "answers.csv")))


def test_timing_questions_are_seconds_of_their_page(tmp_path: Path):
    tags, labels, ids, *rows = records(FORM, ANSWERS)
    for part in ("First Click", "Last Click", "Page Submit", "Click Count"):
        tags.append(f"TIME_sat_{part}")
        labels.append(f"Timing - {part}")
        ids.append(json.dumps({"ImportId": f"QID90_{part.upper().replace(' ', '_')}"}))
        for row in rows:
            row.append("12.5")
    found = read_responses(write_csv([tags, labels, ids, *rows], tmp_path / "answers.csv"))
    assert found.data["seconds_sat"].iloc[0] == 12.5


def test_the_txt_format_names_rows_by_block_and_number(tmp_path: Path):
    from trustmeasure.questionnaires.writers import qualtrics_txt

    names = qualtrics_txt.columns(FORM)
    tags, labels, ids, *rows = records(FORM, ANSWERS)
    path = write_csv([[names.get(tag, tag) for tag in tags], labels, ids, *rows], tmp_path / "answers.csv")
    found = read_responses(path, manifest=f"{FORM.write(tmp_path / 'form.qualtrics.txt')}.manifest.json")
    expect_same(found)
