from __future__ import annotations

import pytest

from trustmeasure.questionnaires.elements import Entry
from trustmeasure.questionnaires.entry_words import how_to_answer
from trustmeasure.questionnaires.signs import broken, mended, no_formula, one_line


def test_signs_are_broken_and_mended():
    assert broken("a${b}${c}", r"\$\{") == "a$\u200b{b}$\u200b{c}"
    assert mended(broken("a${b}", r"\$\{")) == "a${b}"


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", " =x", "＝x"])
def test_no_text_is_a_formula(text: str):
    assert no_formula(text)[0] == "\u200b"
    assert mended(no_formula(text)) == text


def test_other_texts_stay():
    assert [no_formula(text) for text in ("a=b", "-5", "")] == ["a=b", "-5", ""]
    assert one_line(" a\n\n b\tc ") == "a b c"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (Entry("a", {}, "integer"), "Please write a number."),
        (Entry("a", {}, "integer", minimum=1), "Please write a number not below 1."),
        (Entry("a", {}, "integer", maximum=9), "Please write a number not above 9."),
        (Entry("a", {}, "integer", minimum=1, maximum=9), "Please write a number from 1 to 9."),
        (Entry("a", {}, "date"), "Please write the date as year-month-day, such as 2025-01-31."),
        (Entry("a", {}, longest=5), "Please write at most 5 characters."),
        (Entry("a", {}, pattern="[a-z]"), "Please write it in the form that is asked for."),
        (Entry("a", {}), ""),
    ],
)
def test_what_may_be_written_is_told(entry: Entry, told: str):
    assert how_to_answer(entry, "en") == told
    assert bool(how_to_answer(entry, "zh")) is bool(told)
