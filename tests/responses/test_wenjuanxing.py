"""问卷星: what is exported comes back as the same codes, words as words and places only when it is proven."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.exports.answers import assert_same_codes, shown_codes, with_gaps
from tests.questionnaires.exports.wenjuanxing import by_place, by_text, older
from tests.responses.forms import in_words, whole_form
from trustmeasure.errors import ResponseError
from trustmeasure.questionnaires import Choice, Matrix, Questionnaire
from trustmeasure.responses import read_responses
from trustmeasure.responses.platforms.wenjuanxing import texts

FORM = whole_form(languages=["zh"], brand={"zh": "艾克米"}, order="items")
ANSWERS = with_gaps(FORM)
WORDS = in_words(ANSWERS, FORM, "zh")


def save(table: pd.DataFrame, folder: Path, ending: str) -> Path:
    path = folder / f"answers{ending}"
    if ending == ".csv":
        table.to_csv(path, index=False, encoding="gb18030")
    else:
        table.to_excel(path, index=False)
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("form", ["form.wjx.jsonl", "form.wjx.txt", None])
@pytest.mark.parametrize("headers", ["new", "older"])
def test_exports_by_option_text_come_back(tmp_path: Path, ending: str, form: str | None, headers: str):
    table = by_text(WORDS, FORM, score=True)
    path = save(table if headers == "new" else older(table), tmp_path, ending)
    manifest = None if form is None else FORM.write(tmp_path / form)
    responses = read_responses(path, manifest=manifest)
    assert responses.platform == "wenjuanxing"
    assert_same_codes(responses, ANSWERS, FORM, certain=form is not None)
    assert responses.data["respondent_id"].tolist() == list(range(1, 31))
    assert responses.data["duration_seconds"].tolist() == [75.0] * 30
    assert responses.data["saved_at"].iloc[1] == "2026-01-31T09:15:01"


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_places_become_codes_by_what_the_manifest_says_was_offered(tmp_path: Path, ending: str):
    path = save(by_place(ANSWERS, FORM), tmp_path, ending)
    responses = read_responses(path, manifest=FORM.write(tmp_path / "form.wjx.jsonl"))
    assert_same_codes(responses, ANSWERS, FORM, certain=True)
    assert any("by their places (序号)" in note for note in responses.notes)


def test_places_are_read_by_the_questionnaire_itself_too():
    assert_same_codes(read_responses(by_place(ANSWERS, FORM), manifest=FORM), ANSWERS, FORM, certain=True)


def test_places_without_a_manifest_are_refused_never_guessed():
    with pytest.raises(ResponseError, match=r"places of answers .* Pass the questionnaire's manifest"):
        read_responses(by_place(ANSWERS, FORM), manifest=None)


def test_a_place_beyond_the_answers_is_refused_with_its_row():
    table = by_place(ANSWERS, FORM)
    column = next(name for name in table if "—" in name)
    table.loc[3, column] = 12
    with pytest.raises(ResponseError, match="row 4: 12 is no place of an answer"):
        read_responses(table, manifest=FORM)


def test_numbers_that_may_be_words_or_places_are_refused():
    """On a scale from 0 to 2 the middle answer is worded 1, and place 1 is the answer 0."""
    asked = instrument("second", scale="likely")
    form = Questionnaire.compose(asked, languages=["zh"])

    def read(table: pd.DataFrame) -> list[list[float]]:
        responses = read_responses(table, asked, manifest=form)
        return responses.data[list(form.columns)].to_numpy().tolist()

    def given(*codes: int) -> pd.DataFrame:
        return pd.DataFrame(dict.fromkeys(form.columns, codes))

    with pytest.raises(ResponseError, match="may be the words of the answers or their places"):
        read(by_text(given(1, 1), form))
    answers = given(0, 1, 2)
    codes = [[0.0] * 4, [1.0] * 4, [2.0] * 4]
    assert read(by_text(in_words(answers, form, "zh"), form)) == codes
    assert read(by_place(answers, form)) == codes


def test_a_file_of_numbers_is_places_where_an_answer_in_words_would_show_words():
    form = Questionnaire.compose("recommendation", languages=["zh"])
    answers = pd.DataFrame({column: [2, 5, 6] for column in form.columns})
    found = read_responses(by_place(answers, form), manifest=form).data[list(form.columns)]
    pd.testing.assert_frame_equal(found, answers.astype(float), check_dtype=False)


def test_answers_without_blanks_as_in_the_pasted_text_are_known(tmp_path: Path):
    words = WORDS.copy()
    words["age_group"] = [text if text is None else str(text).replace(" ", "") for text in words["age_group"]]
    table = by_text(words.where(words.notna(), None), FORM)
    assert_same_codes(read_responses(table, manifest=FORM), ANSWERS, FORM, certain=True)


def test_what_was_skipped_is_told_apart_and_no_answer():
    table = by_text(WORDS, FORM)
    column = next(name for name in table if "—" in name)
    table.loc[0, column] = "(跳过)"
    responses = read_responses(table, manifest=FORM)
    reasons = responses.dropped.loc[responses.dropped["row"] == 1].set_index("column")["reason"]
    assert reasons[column] == "skipped or not shown"
    assert np.isnan(responses.data.iloc[0][responses.mapping.set_index("column")["name"][column]])


def test_addresses_of_people_are_personal():
    responses = read_responses(by_text(WORDS, FORM), manifest=FORM)
    holds = responses.mapping.set_index("column")["holds"]
    for column in ("来自IP", "来源详情"):
        assert "personal" in holds[column]
        assert not {column, "ip_address"} & set(responses.data)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("3、您的年龄是？", ("您的年龄是？",)),
        ("5、关于它：—很好。", ("关于它：—很好。", "很好。")),
        ("第5题(很好。)", ("(很好。)", "很好。")),
        ("4、多少次？（请填写数字）", ("多少次？（请填写数字）", "多少次？")),
        ("4、几次？（写数字）（选填）", ("几次？（写数字）（选填）", "几次？（写数字）", "几次？")),
        ("序号", ()),
    ],
)  # fmt: skip
def test_headers_show_the_words_of_their_questions(header: str, shown: tuple[str, ...]):
    assert texts(header, "") == shown


@pytest.mark.parametrize("with_manifest", [True, False])
def test_the_words_of_an_spss_file_decide_and_not_its_numbers(tmp_path: Path, with_manifest: bool):
    import pyreadstat

    shown = shown_codes(FORM)
    placed = by_place(ANSWERS, FORM).iloc[:, 6:].set_axis(list(ANSWERS.columns), axis=1)
    held = {column: f"Q{number}" for number, column in enumerate(ANSWERS.columns, start=1)}
    words = {held[column]: labels_by_place(column, codes) for column, codes in shown.items()}
    frame = placed.rename(columns=held)
    frame = frame.assign(**{held[c]: pd.to_numeric(frame[held[c]]) for c in shown})
    texts = [name for name, values in frame.items() if not pd.api.types.is_numeric_dtype(values.dtype)]
    frame = frame.assign(**{name: frame[name].astype(str) for name in texts})
    headers = dict(zip(held.values(), by_text(WORDS, FORM).columns[6:], strict=True))
    pyreadstat.write_sav(frame, tmp_path / "answers.sav", column_labels=headers, variable_value_labels=words)
    manifest = FORM.write(tmp_path / "form.wjx.jsonl") if with_manifest else None
    responses = read_responses(tmp_path / "answers.sav", manifest=manifest)
    assert responses.platform == "wenjuanxing"
    assert_same_codes(responses, ANSWERS, FORM, certain=with_manifest)


def labels_by_place(column: str, codes: list[int]) -> dict[int, str]:
    """Return the place of each answer -> its words."""
    scales = {name: e.scale for e in FORM.elements if isinstance(e, Matrix | Choice) for name in e.columns}
    labels = scales[column].labels("zh", missing=True)
    return {-3: "(跳过)"} | {place: labels[code] for place, code in enumerate(codes, start=1)}
