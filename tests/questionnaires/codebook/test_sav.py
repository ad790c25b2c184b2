from __future__ import annotations

from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint, list_instruments, load_instrument
from trustmeasure.questionnaires import Choice, Entry, Questionnaire
from trustmeasure.questionnaires.codebook.sav import cut, render, without_rows
from trustmeasure.questionnaires.codebook.variables import variables
from trustmeasure.questionnaires.writers.sav import WRITER


def read(questionnaire: Questionnaire, folder: Path) -> Any:
    """Return what another reader finds."""
    path = folder / "template.sav"
    path.write_bytes(render(questionnaire))
    frame, about = pyreadstat.read_sav(str(path), user_missing=True)
    assert len(frame) == 0
    return about


def ranges(codes: list[int]) -> list[dict[str, float]]:
    return [{"lo": float(code), "hi": float(code)} for code in codes]


def test_names_labels_codes_missing_and_levels_come_back(tmp_path: Path):
    questionnaire = every_kind()
    about = read(questionnaire, tmp_path)
    assert about.column_names == list(questionnaire.columns)
    found = variables(questionnaire)
    assert about.column_labels == [one.text["en"] for one in found]
    assert about.variable_value_labels == {
        one.column: {float(code.value): code.label["en"] for code in one.codes} for one in found if one.codes
    }
    assert about.missing_ranges == {
        one.column: ranges([code.value for code in one.missing]) for one in found if one.missing
    }
    levels = about.variable_measure
    assert (levels["consent"], levels["first_1"], levels["visits"]) == ("nominal", "ordinal", "scale")
    formats = about.original_variable_types
    assert (formats["last_visit"], formats["link_id"], formats["first_1"]) == ("SDATE10", "A120", "F2.0")
    assert about.file_label == "Customer survey: Acme"
    assert questionnaire.hash[:40] in about.notes[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_instrument_in_every_language(language: str, tmp_path: Path):
    ids = [str(id) for id in list_instruments()["id"] if not load_instrument(str(id)).waves]
    questionnaire = Questionnaire.compose(ids, languages=[language])
    about = read(questionnaire, tmp_path)
    assert about.column_names == list(questionnaire.columns)
    assert about.column_labels[0] == questionnaire.questions[0].text[language]


@pytest.mark.parametrize(("text", "most"), [("x" * 256, 255), ("一" * 86, 255), ("ab一", 4), ("😀" * 3, 11)])
def test_a_cut_label_ends_between_characters_with_an_ellipsis(text: str, most: int):
    short = cut(text, most)
    assert len(short.encode()) <= most
    assert short.endswith("…")
    assert text.startswith(short[:-1])
    assert cut(text, len(text.encode())) == text


def test_what_is_cut_is_said(tmp_path: Path):
    long = {"en": "x" * 200, "zh": "长" * 60}
    scale = ResponseScale("long-one", (ScalePoint(1, long), ScalePoint(2, {"en": "b", "zh": "b"})))
    questionnaire = Questionnaire.compose(
        instrument(),
        title="t" * 80,
        demographics=[
            Choice("a", {"en": "y" * 300, "zh": "问" * 90}, scale),
            Choice("b", {"en": "short", "zh": "短"}, scale),
        ],
    )
    about = read(questionnaire, tmp_path)
    assert about.column_names_to_labels["a"] == "y" * 252 + "…"
    assert about.variable_value_labels["b"][1.0] == "x" * 117 + "…"
    said = " ".join(WRITER.limits(questionnaire))
    assert "ellipsis: a." in said
    assert "ellipsis: long-one." in said
    assert "title is cut" in said
    assert "Labels are in 'en' only" in said
    assert "cut" not in " ".join(WRITER.limits(Questionnaire.compose(instrument(), languages=["en"])))


def many_missing(lowest: int) -> Choice:
    words = {"en": "x", "zh": "x"}
    scale = ResponseScale(
        "many",
        (ScalePoint(1, words), ScalePoint(95, words | {"en": "y", "zh": "y"})),
        tuple(
            MissingCode(code, {"en": str(code), "zh": str(code)}, "refused") for code in (lowest, 97, 98, 99)
        ),
    )
    return Choice("many", words, scale)


def test_more_missing_codes_than_the_format_names_become_a_range(tmp_path: Path):
    questionnaire = Questionnaire.compose(instrument(), demographics=[many_missing(96)])
    assert read(questionnaire, tmp_path).missing_ranges["many"] == [{"lo": 96.0, "hi": 99.0}]


def test_a_range_that_would_hold_an_answer_is_refused():
    questionnaire = Questionnaire.compose(instrument(), demographics=[many_missing(90)])
    with pytest.raises(QuestionnaireError, match=r"\[95\] of 'many' lie between"):
        render(questionnaire)


def test_texts_have_room_for_the_longest_answer(tmp_path: Path):
    questionnaire = Questionnaire.compose(
        instrument(),
        demographics=[
            Entry("short", {"en": "a", "zh": "a"}, longest=10),
            Entry("open", {"en": "b", "zh": "b"}),
        ],
    )
    widths = read(questionnaire, tmp_path).original_variable_types
    assert (widths["short"], widths["open"]) == ("A30", "A1500")


def test_no_day_and_no_time_stand_in_the_file():
    content = render(every_kind())
    assert content[92:109] == b"01 Jan 0000:00:00"
    assert content == render(every_kind())


def test_a_layout_that_is_not_understood_is_never_written():
    with pytest.raises(ValueError, match="another way"):
        without_rows(render(every_kind())[:-4] + b"\xe7\x03\x00\x00\x00\x00\x00\x00" + b"x" * 7)
