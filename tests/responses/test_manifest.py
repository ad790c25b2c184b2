"""Manifests: read, refused, found beside the answers, and used."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import trustmeasure as tm
from tests.responses.forms import answers_to, in_words, put_manifest, whole_form
from trustmeasure.errors import ResponseError
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.responses import read_manifest, read_responses
from trustmeasure.responses.manifest import manifest_of, manifest_of_questionnaire
from trustmeasure.screening.order import fixed_order

FORM = whole_form()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put_manifest(FORM, tmp_path)
    answers_to(FORM).to_csv(tmp_path / "answers.csv", index=False)
    return tmp_path


def damaged(folder: Path, **changes: object) -> Path:
    path = folder / "form.html.manifest.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(values | changes), encoding="utf-8")
    return path


def test_every_question_gets_its_meaning(folder: Path) -> None:
    responses = read_responses(folder / "answers.csv", manifest=folder / "form.html.manifest.json")
    assert set(responses.meanings) == set(FORM.columns)
    assert responses.expected == FORM.expected
    assert responses.labels("age_group", "zh")[1] == "18 至 24 岁"
    assert responses.data["age_group"].dtype == float
    assert [own.id for own in responses.instruments] == ["satisfaction", "cognitive-trust", "recommendation"]


def test_codes_and_labels_in_both_languages_give_the_same_data() -> None:
    answers = answers_to(FORM)
    read = [read_responses(frame, manifest=FORM) for frame in (
        answers, in_words(answers, FORM, "en"), in_words(answers, FORM, "zh")
    )]  # fmt: skip
    for other in read[1:]:
        pd.testing.assert_frame_equal(read[0].data, other.data)
        assert read[0].dropped["reason"].tolist() == other.dropped["reason"].tolist()


def test_labels_of_one_language_can_be_asked_for() -> None:
    words = in_words(answers_to(FORM), FORM, "zh")
    assert len(read_responses(words, manifest=FORM, language="zh").data)
    with pytest.raises(ResponseError, match="neither a code nor a label"):
        read_responses(words, manifest=FORM, language="en")


def test_labels_and_codes_in_one_column_are_an_error() -> None:
    answers = answers_to(FORM).astype({"age_group": object})
    answers.loc[0, "age_group"] = "18 to 24"
    answers.loc[1, "age_group"] = 2
    with pytest.raises(ResponseError, match="mixes codes and labels"):
        read_responses(answers, manifest=FORM)


def test_free_text_is_kept_apart() -> None:
    responses = read_responses(answers_to(FORM), manifest=FORM)
    assert "remarks" not in responses.data
    assert "remarks" not in responses.raw
    assert responses.free_text["remarks"].iloc[0] == "words 0"
    kept = responses.subset(responses.data.index < 3, "the first three")
    assert len(kept.free_text) == 3


def test_those_who_refused_are_left_out_on_record() -> None:
    answers = answers_to(FORM)
    answers.loc[2, "consent"] = 2
    answers["consent"] = answers["consent"].astype(float)
    answers.loc[4, "consent"] = float("nan")
    responses = read_responses(answers, manifest=FORM)
    assert responses.n_rows == len(answers) - 2
    assert responses.excluded["reason"].tolist() == [
        "refused consent",
        "did not answer the question of consent",
    ]
    with pytest.raises(ResponseError, match="nobody agreed"):
        read_responses(answers.assign(consent=2), manifest=FORM)


def test_a_number_that_was_written_must_be_one() -> None:
    answers = answers_to(FORM).astype({"purchases_12m": object})
    answers.loc[3, "purchases_12m"] = "about 5"
    with pytest.raises(ResponseError, match=r"purchases_12m.*row 4: 'about 5' is not a whole number"):
        read_responses(answers, manifest=FORM)
    responses = read_responses(answers, manifest=FORM, out_of_range="missing")
    assert responses.dropped["value"].tolist().count("about 5") == 1


def test_screening_finds_instructed_items_by_itself() -> None:
    answers = answers_to(FORM)
    wrong = 1 if FORM.expected["check_1"] != 1 else 2
    answers.loc[5, "check_1"] = wrong
    found = tm.screen(read_responses(answers, manifest=FORM))
    assert found.persons["instructed_failed"].tolist() == [0.0] * 5 + [1.0] + [0.0] * (len(answers) - 6)


def test_the_order_of_the_printed_form_is_the_order_of_asking() -> None:
    whole = Questionnaire.compose(["recommendation", "satisfaction"], languages=["en"])
    answers = answers_to(whole)[[*reversed(whole.columns)]]
    asked = fixed_order(read_responses(answers, manifest=whole), ["sat_1", "rec_1"])
    assert asked == ["rec_1", "sat_1"]
    drawn = Questionnaire.compose(["satisfaction"], order="random", languages=["en"])
    read = read_responses(answers_to(drawn), manifest=drawn)
    usual = [id for block in read.instruments[0].blocks for id in block.items]
    assert fixed_order(read, usual[::-1]) == usual


def test_columns_of_the_manifest_go_before_names(tmp_path: Path) -> None:
    path = put_manifest(FORM, tmp_path, sat_1="Q7_1", sat_2="Q7_2")
    answers = answers_to(FORM).rename(columns={"sat_1": "Q7_1", "sat_2": "Q7_2"})
    responses = read_responses(answers, manifest=path)
    how = responses.mapping.set_index("column").loc[["Q7_1", "Q7_2"], ["item", "how"]]
    assert how.to_numpy().tolist() == [["sat_1", "manifest"], ["sat_2", "manifest"]]


def test_two_columns_for_one_name_are_an_error(tmp_path: Path) -> None:
    path = put_manifest(FORM, tmp_path, sat_1="Q7_1")
    answers = answers_to(FORM)
    with pytest.raises(ResponseError, match="would both be 'sat_1'"):
        read_responses(answers.assign(Q7_1=answers["sat_1"]), manifest=path)


def test_position_counts_only_when_asked_for() -> None:
    answers = answers_to(FORM)
    unnamed = answers.set_axis([f"v{i}" for i in range(answers.shape[1])], axis=1)
    with pytest.raises(ResponseError, match="have no column"):
        read_responses(unnamed, manifest=FORM)
    responses = read_responses(unnamed, manifest=FORM, by_position=True)
    assert set(responses.mapping["how"]) == {"position"}
    pd.testing.assert_frame_equal(responses.data, read_responses(answers, manifest=FORM).data)
    with pytest.raises(ResponseError, match=r"by_position: \d+ columns are left over"):
        read_responses(unnamed.drop(columns="v3"), manifest=FORM, by_position=True)


def test_the_only_manifest_beside_the_answers_is_taken(folder: Path) -> None:
    responses = read_responses(folder / "answers.csv")
    assert responses.manifest is not None
    assert responses.manifest.hash == FORM.hash
    assert any("lies beside the answers" in note for note in responses.notes)
    assert read_responses(folder / "answers.csv", manifest=None).manifest is None


def test_several_manifests_that_fit_are_told_and_not_taken(folder: Path) -> None:
    put_manifest(whole_form(version="2.0.0"), folder, "other.html")
    responses = read_responses(folder / "answers.csv")
    assert responses.manifest is None
    assert any("Several manifests" in note for note in responses.notes)


def test_the_same_questionnaire_in_several_formats_is_no_doubt(folder: Path) -> None:
    put_manifest(FORM, folder, "same.docx")
    assert read_responses(folder / "answers.csv").manifest is not None


def test_a_manifest_of_another_form_is_not_taken(folder: Path) -> None:
    answers_to(FORM)[["sat_1", "sat_2", "sat_3", "sat_4"]].to_csv(folder / "few.csv", index=False)
    assert read_responses(folder / "few.csv").manifest is None


def test_the_export_may_be_named_instead_of_its_manifest(folder: Path) -> None:
    (folder / "form.html").write_text("the form")
    assert read_manifest(folder / "form.html").hash == FORM.hash


def test_rows_of_another_questionnaire_are_refused() -> None:
    answers = answers_to(FORM).assign(questionnaire=FORM.hash)
    assert read_responses(answers, manifest=FORM).n_rows == len(answers)
    answers.loc[3, "questionnaire"] = "f" * 64
    with pytest.raises(ResponseError, match=r"row 4: the answers belong to the questionnaire ffffffffffff"):
        read_responses(answers, manifest=FORM)


def test_only_the_items_of_the_form_are_needed() -> None:
    form = Questionnaire.compose(["satisfaction"], languages=["en"])
    values = json.loads(json.dumps(dict(manifest_of_questionnaire(form).values)))
    del values["columns"]["sat_4"]
    answers = answers_to(form)[["sat_1", "sat_2", "sat_3"]]
    responses = read_responses(answers, manifest=manifest_of(values, "m"))
    assert responses.item_ids == ("sat_1", "sat_2", "sat_3")


def test_some_of_the_instruments_may_be_read() -> None:
    responses = read_responses(answers_to(FORM), ["satisfaction"], manifest=FORM)
    assert responses.item_ids == ("sat_1", "sat_2", "sat_3", "sat_4")
    assert "cog_com_1" in responses.data


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"manifest": 2}, "made by a newer trustmeasure"),
        ({"manifest": "1"}, "is no manifest of trustmeasure"),
        ({"file": "../answers.csv"}, "is damaged at file"),
        ({"columns": {}}, "is damaged at columns"),
        ({"format": "/etc"}, "is damaged at format"),
        ({"instruments": [{"id": "../secret", "version": "1.0.0"}]}, "is damaged at instruments > 0 > id"),
        ({"instruments": [{"id": "a.yaml", "version": "1.0.0"}]}, "is damaged at instruments > 0 > id"),
        ({"scales": {}}, "which is not described"),
    ],
)
def test_damaged_manifests_are_refused_with_the_place(
    folder: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ResponseError, match=message):
        read_manifest(damaged(folder, **changes))


@pytest.mark.parametrize("content", [b"", b"no json", b"[1]", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.manifest.json"
    path.write_bytes(content)
    with pytest.raises(ResponseError, match="no manifest"):
        read_manifest(path)


def test_an_instrument_of_ones_own_must_be_given(folder: Path) -> None:
    path = damaged(folder, instruments=[{"id": "of-mine", "version": "1.0.0"}])
    with pytest.raises(ResponseError, match="'of-mine', which is not among the shipped ones"):
        read_responses(folder / "answers.csv", manifest=path)


def test_a_manifest_of_anything_is_told() -> None:
    with pytest.raises(ResponseError, match="manifest is a int"):
        read_responses(answers_to(FORM), manifest=3)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), language=st.sampled_from(["en", "zh", None]), data=st.data())
def test_any_order_of_columns_and_any_form_of_answers_reads_the_same(seed, language, data) -> None:
    answers = answers_to(FORM, rows=5, seed=seed)
    columns = data.draw(st.permutations(list(answers.columns)))
    shown = answers if language is None else in_words(answers, FORM, language)
    responses = read_responses(shown[columns], manifest=FORM)
    expected = read_responses(answers, manifest=FORM)
    pd.testing.assert_frame_equal(responses.data[list(expected.data)], expected.data)
