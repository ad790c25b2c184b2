"""Syllables, the grade, and what is counted in Chinese."""

from __future__ import annotations

import math

import pytest

from trustmeasure.errors import ArgumentError, InstrumentError
from trustmeasure.instruments import load_instrument, reading_level
from trustmeasure.instruments.reading_level import COLUMNS, counted, flesch_kincaid_grade, is_common
from trustmeasure.instruments.syllables import syllables

SYLLABLES = {
    1: "a the you trust brand asked used keeps friend care whole eyes stayed don't through price times rules",
    2: "honest service promise people business someone wanted needed prices changes didn't safely useful "
    "table handled trouble being every quiet statement annoyed fairly",
    3: "company quality promises customers area idea created everything expected example easier financial "
    "recommend satisfied",
    4: "experience reliable information advertising security ability professional reputation",
    5: "communication organization",
    6: "responsibility",
}
WORDS = [(word, count) for count, words in SYLLABLES.items() for word in words.split()]


@pytest.mark.parametrize(("word", "count"), WORDS)
def test_syllables(word, count):
    assert syllables(word) == count
    assert syllables(word.upper()) == count


@pytest.mark.parametrize("word", ["", "x", "4", "信任", "hmm"])
def test_what_is_no_word_has_one_syllable(word):
    assert syllables(word) == 1


def test_the_grade_is_the_formula():
    assert flesch_kincaid_grade(20, 1.5) == pytest.approx(0.39 * 20 + 11.8 * 1.5 - 15.59)


def test_english_is_counted_by_hand():
    found = counted(["The company keeps its word.", "I trust it. It helps me."], "en-GB")
    assert found.words_per_item == 11 / 2
    assert found.words_per_sentence == 11 / 3
    assert found.syllables_per_word == 13 / 11
    assert found.grade == pytest.approx(0.39 * 11 / 3 + 11.8 * 13 / 11 - 15.59)
    assert math.isnan(found.characters_per_item)


def test_the_sentence_that_shows_the_formula():
    """It has 24 syllables in 13 words, and reads at grade 11.3."""
    text = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    found = counted([text], "en")
    assert found.syllables_per_word == 24 / 13
    assert round(found.grade, 1) == 11.3


def test_chinese_is_counted_by_hand():
    found = counted(["该公司说到做到。", "出了问题，该公司会如实告诉我。"], "zh")
    assert found.characters_per_item == (7 + 13) / 2
    assert found.characters_per_clause == 20 / 3
    assert found.common_characters == 1
    assert math.isnan(found.grade)
    assert counted(["探赜。"], "zh-Hans").common_characters == 0.5


def test_common_characters_are_the_first_level_of_gb_2312():
    first = sum(is_common(chr(code)) for code in range(0x4E00, 0xA000))
    assert first == 3755
    assert not is_common("a")
    assert not is_common("。")


def test_other_languages_have_words_but_no_grade():
    found = counted(["Das ist gut."], "de")
    assert found.words_per_item == 3
    assert math.isnan(found.grade)
    assert math.isnan(counted(["これは良い。"], "ja").words_per_item)
    assert math.isnan(counted(["123."], "en").grade)
    assert math.isnan(counted(["123。"], "zh").characters_per_item)


def test_one_row_a_language():
    frame = reading_level("cognitive-trust")
    assert frame.columns.tolist() == COLUMNS
    assert frame[["instrument", "language", "items"]].to_numpy().tolist() == [
        ["cognitive-trust", "en", 12],
        ["cognitive-trust", "zh", 12],
    ]
    assert 0 < frame["grade"].iloc[0] < 9
    assert math.isnan(frame["grade"].iloc[1])
    assert 0.9 < frame["common_characters"].iloc[1] <= 1


def test_one_row_an_item_whose_means_are_those_of_the_whole():
    whole, items = reading_level("satisfaction"), reading_level("satisfaction", by="item")
    assert items.columns[2] == "item"
    assert items["item"].tolist() == [f"sat_{k}" for k in (1, 2, 3, 4) for _ in ("en", "zh")]
    for name, language in (("words_per_item", "en"), ("characters_per_item", "zh")):
        own = items[items["language"] == language][name].mean()
        assert own == pytest.approx(whole[whole["language"] == language][name].item())


def test_placeholders_are_filled(write, small):
    path = write(small)
    frame = reading_level(path, by="item")
    assert frame["words_per_item"].iloc[0] == 4


def test_it_stands_in_the_summary():
    shown = str(load_instrument("cognitive-trust").summary())
    assert "Reading level (en): Flesch-Kincaid grade " in shown
    assert "Reading level (zh): " in shown
    assert "100.0 % of them among the 3755 most used (GB 2312, level 1)." in shown


def test_mistakes_are_told():
    with pytest.raises(ArgumentError, match=r"by='items' is not known\. Did you mean 'item'"):
        reading_level("satisfaction", by="items")
    with pytest.raises(InstrumentError, match="There is no instrument 'satisfied'"):
        reading_level("satisfied")
