from __future__ import annotations

import dataclasses
import json

import pytest

from tests.questionnaires.examples import SCALES, changed, instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.identity import content, content_hash


def test_equal_values_have_one_hash_and_the_hash_is_the_value_of_the_text(small: Questionnaire):
    again = Questionnaire.compose([instrument("first"), instrument("second", scale="likely")], brand="Acme")
    assert content_hash(again) == small.hash
    assert len(small.hash) == 64
    assert json.loads(json.dumps(content(small))) == content(small)


@pytest.mark.parametrize(
    "change",
    [
        {"brand": "Acne"},
        {"languages": ["zh", "en"]},
        {"languages": ["en"]},
        {"title": "Other"},
        {"intro": "Other"},
        {"order": "random"},
        {"order": "random", "seed": 7},
        {"version": "1.0.1"},
    ],
)
def test_any_difference_that_a_respondent_or_a_reader_meets_changes_the_hash(change: dict[str, object]):
    plain = Questionnaire.compose(instrument(), brand="Acme")
    assert Questionnaire.compose(instrument(), **{"brand": "Acme", **change}).hash != plain.hash


def test_a_changed_label_stem_or_instrument_version_changes_the_hash():
    plain = Questionnaire.compose(instrument())
    points = SCALES["agree"].points
    label = dataclasses.replace(points[0], label={"en": "No!", "zh": "不"})
    other_label = {"agree": dataclasses.replace(SCALES["agree"], points=(label, *points[1:]))}
    others = [
        instrument(scales=other_label),
        instrument(stem="Now {brand}:"),
        changed(instrument(), version="1.3.0"),
    ]
    assert len({plain.hash, *(Questionnaire.compose(other).hash for other in others)}) == 4


def test_the_hash_is_pinned():
    """A change of what the hash covers is a change of every hash that users noted: do it on purpose only."""
    pinned = "8d2dbd76abf4864eaf5d0a18b80a84581bf6a70fc7b45b3381db9be73a3901c9"
    words = {"title": "Ours", "intro": "Welcome."}  # the form's own words may become better
    assert Questionnaire.compose(instrument(), brand="Acme", **words).hash == pinned


def test_what_respondents_never_see_is_kept_but_is_no_part_of_the_hash():
    plain = Questionnaire.compose(instrument())
    other = Questionnaire.compose(changed(instrument(), citation="Another citation"))
    assert [one.id for one in plain.instruments] == ["first"]
    assert other.instruments[0].citation == "Another citation"
    assert other.hash == plain.hash
    assert "instruments" not in content(plain)
