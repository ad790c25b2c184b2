"""Argument checks and their messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from trustmeasure.check import existing_file, in_range, nearest, one_of, suggestion
from trustmeasure.errors import ArgumentError, ResponseError


def test_nearest_ignores_case_and_gives_up_when_nothing_is_close() -> None:
    assert nearest("TRUST_1", ["trust_1", "trust_2"]) == "trust_1"
    assert nearest("zzz", ["trust_1"]) is None


def test_nearest_finds_what_a_word_begins_but_not_what_one_or_two_signs_begin() -> None:
    assert nearest("age", ["gender", "age_group"]) == "age_group"
    assert nearest("ag", ["gender", "age_group"]) is None


def test_suggestion_shortens_long_lists() -> None:
    assert suggestion("x", [f"v{i}" for i in range(30)], most=3) == "Allowed: v0, v1, v2, ... (30 in all)."
    assert suggestion("x", []) == "Allowed: none."


def test_one_of() -> None:
    assert one_of("estimator", "ML", ["ML"]) == "ML"
    with pytest.raises(ResponseError, match="method='meen' is not known"):
        one_of("method", "meen", ["mean", "sum"], error=ResponseError)


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, 95.0, float("nan")])
def test_in_range_refuses(value: float) -> None:
    with pytest.raises(ArgumentError, match="strictly between"):
        in_range("ci", value, 0, 1)


def test_in_range_with_its_ends() -> None:
    assert in_range("ci", 1.0, 0, 1, open_ends=False) == 1.0


def test_existing_file(tmp_path: Path) -> None:
    file = tmp_path / "survey.csv"
    file.write_text("a")
    assert existing_file(file) == file
    with pytest.raises(ArgumentError, match=r"Did you mean '.*survey\.csv'"):
        existing_file(tmp_path / "survy.csv")
    with pytest.raises(ArgumentError, match="is a folder"):
        existing_file(tmp_path)
    with pytest.raises(ArgumentError, match="Check the path"):
        existing_file(tmp_path / "nowhere" / "x.csv")
