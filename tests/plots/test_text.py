"""Line breaks in Latin and Chinese text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from trustmeasure.plots.text import NOT_FIRST, NOT_LAST, balanced, measure, wrap

words = st.text(alphabet=st.sampled_from("ab W诚信，。（）-_ "), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(words, st.integers(30, 120))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    shown = wrap(text, width, 9)
    assert "".join(shown.split()) == "".join(text.split())
    for line in shown.split("\n"):
        assert measure(line, 9)[0] <= width or len(line) <= 2


@pytest.mark.parametrize("width", range(30, 150, 12))
def test_chinese_punctuation_stays_with_its_word(width: int) -> None:
    text = "我认为该公司在与我打交道时始终信守承诺，并且（一般来说）“言行一致”。"
    for line in wrap(text, width, 9).split("\n"):
        assert line[0] not in NOT_FIRST
        assert line[-1] not in NOT_LAST


def test_latin_breaks_at_spaces_and_keeps_no_break_spaces() -> None:
    assert wrap("one two three four", 50, 9) == "one two\nthree four"
    assert wrap("p\u00a0<\u00a0.05 p\u00a0<\u00a0.01", 40, 9) == "p\u00a0<\u00a0.05\np\u00a0<\u00a0.01"


def test_what_does_not_fit_ends_with_an_ellipsis() -> None:
    shown = wrap("The company keeps every promise that it makes", 60, 9, 2)
    assert shown.count("\n") == 1
    assert shown.endswith("…")
    assert all(measure(line, 9)[0] <= 60 for line in shown.split("\n"))


def test_balanced_lines_are_even_and_words_stay_whole() -> None:
    assert balanced("repurchase intention", 100, 10) == "repurchase\nintention"
    assert balanced("attitudinal loyalty", 64, 9) == "attitudinal\nloyalty"


def test_size_grows_with_text_font_and_lines() -> None:
    width, height = measure("trust", 9)
    assert measure("trust trust", 9)[0] > width
    assert measure("trust", 18) == (pytest.approx(2 * width, rel=0.05), pytest.approx(2 * height, rel=0.1))
    assert measure("trust\ntrust", 9)[1] > 2 * height
    assert measure("", 9) == (0, 0)


def test_chinese_characters_are_as_wide_as_the_font_size() -> None:
    assert measure("信任", 10)[0] == pytest.approx(20, abs=0.5)


def test_dollar_signs_are_no_mathematics() -> None:
    assert measure("$x$", 9)[0] > measure("x", 9)[0] + 5
