from __future__ import annotations

import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Entry, Questionnaire
from trustmeasure.questionnaires.printing import Blank, Boxes, Grid, Reading, sheet
from trustmeasure.questionnaires.printing.build import WIDTH, hint
from trustmeasure.questionnaires.printing.model import widths


def every_scale():
    for id in list_instruments()["id"]:
        yield from load_instrument(str(id)).response_scales.values()


def test_columns_fill_the_page_whatever_the_scale():
    for scale in every_scale():
        found = widths(scale, WIDTH)
        assert sum(found) == pytest.approx(WIDTH)
        assert found[0] >= 4.5 - 1e-9
        assert min(found) > 0.7


def test_every_question_is_there_once_with_its_number():
    questionnaire = every_kind()
    for language in questionnaire.languages:
        pieces = [piece for part in sheet(questionnaire, language).parts for piece in part.pieces]
        numbers = [row.number for piece in pieces if isinstance(piece, Grid) for row in piece.rows]
        numbers += [piece.number for piece in pieces if isinstance(piece, Boxes | Blank)]
        assert sorted(numbers, key=float) == [f"{n}." for n in range(1, len(questionnaire.columns) + 1)]


def test_conditions_are_said_and_consent_only_once():
    first, link, _, _, second, last = sheet(every_kind(), "en").parts
    assert (first.alone, first.heading) == (True, "")
    assert isinstance(first.pieces[0], Reading)
    assert "stop here" in first.pieces[1].note
    assert (link.heading, link.condition) == ("Part 1 of 5", "")
    assert second.condition == ""
    assert second.pieces[0].condition == (
        'Only if you answered "Disagree" or "Neither" to question 3 and '
        "your answer to question 4 is at least 1:"
    )
    assert last.pieces[0].condition == 'Only if you answered "Disagree" or "Neither" to question 8:'
    assert last.pieces[1].condition == ""


def test_a_participant_code_takes_the_place_of_the_id():
    assert sheet(every_kind(), "en").labels == ("Date",)
    assert sheet(Questionnaire.compose(instrument()), "en").labels == ("Respondent ID", "Date")


def test_minutes_and_number_of_questions_stand_above():
    assert sheet(Questionnaire.compose(instrument()), "zh").facts == "共 4 题 · 大约需要 1 分钟"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry("a", {}, "integer"), "Please write a number."),
        (Entry("a", {}, "integer", minimum=1), "Please write a number, at least 1."),
        (Entry("a", {}, "integer", maximum=9), "Please write a number, at most 9."),
        (Entry("a", {}, "integer", minimum=0, maximum=9), "Please write a number from 0 to 9."),
        (Entry("a", {}, "date"), "Please write the date as year-month-day, such as 2025-01-31."),
        (Entry("a", {}, longest=10), ""),
    ],
)
def test_what_may_be_written_is_said(entry: Entry, said: str):
    assert hint(entry, "en") == said


def test_long_texts_get_whole_lines_and_many_short_answers_two_columns():
    questionnaire = Questionnaire.compose(
        instrument(),
        demographics=["age_group", "gender", Entry("why", {"en": "Why?", "zh": "为什么？"}, longest=200)],
    )
    age, gender, why = sheet(questionnaire, "en").parts[-1].pieces
    assert (age.columns, gender.columns) == (2, 1)
    assert (why.lines, why.short) == (3, False)
