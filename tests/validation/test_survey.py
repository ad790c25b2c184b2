"""Answers and their scales, from responses and from frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.hostile import likert
from tests.validation.surveys import ITEMS, answers, frames, responses
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.validation.halves import first_half
from trustmeasure.validation.survey import survey_of


def test_responses_bring_scales_labels_and_other_columns() -> None:
    found = survey_of(responses())
    assert dict(found.scales) == ITEMS
    assert found.labels["zh"]["competence"] == "能力"
    assert found.labels["en"]["cognitive_trust"] == "Cognitive trust"
    assert {"country", "bought"} <= set(found.columns.columns)
    assert found.answers.equals(responses().data[found.answers.columns])


def test_frames_side_by_side_are_a_survey_too() -> None:
    found = survey_of(frames(answers()))
    assert dict(found.scales) == ITEMS
    assert found.measurement_model().splitlines()[0] == "competence =~ " + " + ".join(ITEMS["competence"])
    assert (found.ordinal, found.simulated) == ((), False)


def test_items_with_few_answers_are_ordinal() -> None:
    frame = likert()
    few = survey_of({"a": frame.clip(2, 4)})
    assert few.ordinal == tuple(frame.columns)
    assert survey_of({"a": frame}).ordinal == ()


def test_single_items_and_formative_scales_have_no_factor() -> None:
    found = survey_of({"one": likert(items=1), "two": likert(items=2).add_prefix("x")})
    assert list(found.reflective) == ["two"]
    assert found.measurement_model() == "two =~ xa + xb\n"


def test_rows_are_chosen_with_their_columns() -> None:
    found = survey_of(responses())
    keep = np.arange(len(found.answers)) < 20
    part = found.rows(keep)
    assert (len(part.answers), len(part.columns), part.responses) == (20, 20, None)


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        (likert(), ArgumentError, "responses is a DataFrame; give Responses"),
        ({}, ArgumentError, "at least one scale"),
        ({"a": likert(10), "b": likert(9).add_prefix("x")}, DataError, "a 10, b 9"),
        ({"a": likert(10), "b": likert(10)}, DataError, "Item 'a' stands in two scales"),
        ({"a": pd.DataFrame({"x": ["yes", "no"]})}, DataError, "x"),
    ],
)
def test_what_is_no_survey_is_refused(source: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        survey_of(source)


def test_halves_are_disjoint_and_the_same_for_the_same_seed() -> None:
    half = first_half(101, 0.5, seed=4)
    assert half.sum() == 50
    assert np.array_equal(half, first_half(101, 0.5, seed=4))
    assert not np.array_equal(half, first_half(101, 0.5, seed=5))
    with pytest.raises(ArgumentError, match="share"):
        first_half(10, 1.0, seed=1)
