"""The study of planted careless respondents, in small: what finds whom, and what cannot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.careless import study
from benchmarks.careless.__main__ import main
from benchmarks.careless.study import DIRECTIONS, KINDS, Areas, area, run, survey


@pytest.fixture(scope="module")
def found() -> Areas:
    return run(range(12))


def auc(found: Areas, index: str, kind: str) -> float:
    return float(found.auc.mean(axis=0)[list(DIRECTIONS).index(index), KINDS.index(kind)])


def test_a_survey_is_the_same_every_time() -> None:
    (first, seconds, kinds), (again, *_), (other, *_) = survey(1), survey(1), survey(2)
    assert first.equals(again)
    assert not first.equals(other)
    assert first.to_numpy().min() == 1
    assert first.to_numpy().max() == study.CODES
    assert [(kinds == kind).sum() for kind in ("careful", *KINDS)] == [study.CAREFUL] + [study.EACH] * 4
    assert seconds[kinds == "fast"].max() < np.median(seconds)


def test_areas_under_the_curve_of_known_ranks() -> None:
    assert area(np.array([3.0, 4.0]), np.array([1.0, 2.0]), 1) == 1.0
    assert area(np.array([3.0, 4.0]), np.array([1.0, 2.0]), -1) == 0.0
    assert area(np.array([1.0, 2.0]), np.array([1.0, 2.0]), 1) == 0.5
    assert area(np.array([np.nan, 2.0]), np.array([1.0, np.nan]), 1) == 0.625
    assert area(np.array([np.nan]), np.array([np.nan]), 1) == 0.5


# Means over 12 surveys; the stored means over 200 surveys lie well on the right side of each bound.
@pytest.mark.parametrize(
    ("index", "kind", "least"),
    [
        ("long_string", "straight", 0.99),
        ("average_string", "straight", 0.99),
        ("straight_lined", "straight", 0.99),
        ("irv, low", "straight", 0.99),
        ("irv, high", "random", 0.85),
        ("even_odd", "random", 0.75),
        ("synonyms", "random", 0.75),
        ("person_total", "random", 0.90),
        ("person_total", "diagonal", 0.90),
        ("mahalanobis", "random", 0.97),
        ("mahalanobis", "diagonal", 0.93),
        ("mahalanobis", "fast", 0.97),
        ("seconds_per_item", "fast", 0.95),
    ],
)
def test_planted_careless_respondents_are_found(found: Areas, index: str, kind: str, least: float) -> None:
    assert auc(found, index, kind) > least


@pytest.mark.parametrize(
    ("index", "kind", "most"),
    [
        ("long_string", "random", 0.40),
        ("long_string", "diagonal", 0.05),
        ("synonyms", "diagonal", 0.10),
        ("seconds_per_item", "random", 0.60),
        ("mahalanobis", "straight", 0.65),
    ],
)
def test_and_no_index_finds_every_kind(found: Areas, index: str, kind: str, most: float) -> None:
    assert auc(found, index, kind) < most


def test_straight_liners_have_no_consistency(found: Areas) -> None:
    known = found.known.mean(axis=0)
    for index in ("even_odd", "synonyms", "person_total"):
        assert known[list(DIRECTIONS).index(index), KINDS.index("straight")] == 0.0


def test_the_page_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sets", "2", "--out", str(tmp_path / "page.md")]) == 0
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| mahalanobis | " in text
    assert "(0 %)" in text
    assert "a flag or more" in text
    assert "Wrote" in capsys.readouterr().out
