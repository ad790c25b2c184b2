"""The file of background questions: every mistake is named with file, line, place and remedy."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from tests.instruments.instrument_mistakes import drop, put
from trustmeasure.errors import InstrumentError
from trustmeasure.files import shipped
from trustmeasure.instruments import list_background_questions, load_instrument
from trustmeasure.instruments.loading import read_background

POINTS = [{"code": c, "label": {"en": f"E{c}", "zh": f"Z{c}"}} for c in (1, 2)]
MISSING = [{"code": 98, "reason": "refused", "label": {"en": "Prefer not to say", "zh": "不便透露"}}]
SMALL: dict[str, Any] = {
    "questions": [
        {
            "id": "age_group",
            "role": "demographics",
            "kind": "choice",
            "text": {"en": "How old are you?", "zh": "您的年龄是？"},
            "points": POINTS,
            "missing": MISSING,
        },
        {
            "id": "visits",
            "role": "behaviour",
            "kind": "integer",
            "text": {"en": "How often at {brand}?", "zh": "您去过{brand}几次？"},
            "minimum": 0,
            "maximum": 99,
        },
        {
            "id": "city",
            "role": "demographics",
            "kind": "text",
            "text": {"en": "Where do you live?", "zh": "您住在哪里？"},
            "longest": 40,
        },
    ]
}
FIRST = ("questions", 0)

CASES = {
    "id twice": (
        put("age_group", "questions", 2, "id"),
        "questions[2].id (age_group): 'age_group' is already",
    ),
    "reserved id": (put("other", *FIRST, "id"), "questions[0].id (other): 'other' has a meaning of its own"),
    "choice without answers": (drop(*FIRST, "points"), "questions[0].points (age_group): is missing."),
    "integer with answers": (
        put(POINTS, "questions", 1, "points"),
        "questions[1].points (visits): belongs to the kind choice, not to integer. Remove it.",
    ),
    "text with a minimum": (
        put(1, "questions", 2, "minimum"),
        "questions[2].minimum (city): belongs to the kind integer, not to text.",
    ),
    "integer with missing codes": (
        put(MISSING, "questions", 1, "missing"),
        "questions[1].missing (visits): belongs to the kind choice",
    ),
    "choice with a length": (
        put(9, *FIRST, "longest"),
        "questions[0].longest (age_group): belongs to the kind text",
    ),
    "minimum above maximum": (
        put(100, "questions", 1, "minimum"),
        "questions[1].minimum (visits): is 100, above the maximum 99.",
    ),
    "text without a language": (
        drop("questions", 1, "text", "zh"),
        "questions[1].text.zh (visits): is missing.",
    ),
    "label without a language": (
        put([POINTS[0], {"code": 2, "label": {"en": "Two"}}], *FIRST, "points"),
        "questions[0].points[1].label.zh (age_group): is missing.",
    ),
    "label in another language than the question": (
        put([{"code": c, "label": {"en": f"E{c}"}} for c in (1, 2)], *FIRST, "points"),
        "questions[0].points[0].label.zh (age_group): is missing.",
    ),
    "placeholder in one language": (
        put("您去过几次？", "questions", 1, "text", "zh"),
        "questions[1].text.zh (visits): lacks {brand}",
    ),
    "another placeholder": (
        put({"en": "{shop}?", "zh": "{shop}？"}, "questions", 1, "text"),
        "questions[1].text.en (visits): uses {shop}, which is not declared",
    ),
    "code twice": (
        put([POINTS[0], POINTS[0]], *FIRST, "points"),
        "questions[0].points (age_group): has codes that do not rise",
    ),
    "label twice": (
        put([POINTS[0], {**POINTS[0], "code": 2}], *FIRST, "points"),
        "questions[0].points[1].label.en (age_group): 'E1' stands for two codes.",
    ),
    "missing code out of range": (
        put(96, *FIRST, "missing", 0, "code"),
        "questions[0].missing[0].code (age_group): is 96. Use a missing code from 97 to 99.",
    ),
    "unknown kind": (
        put("number", "questions", 1, "kind"),
        "questions[1].kind (visits): 'number' is not allowed",
    ),
    "unknown field": (put(1, *FIRST, "min"), "questions[0].min (age_group): is not a field here."),
}


def test_the_small_file_is_valid(write):
    data = read_background(write(SMALL))
    assert [question["id"] for question in data["questions"]] == ["age_group", "visits", "city"]


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_is_named(write, name):
    change, expected = CASES[name]
    data = copy.deepcopy(SMALL)
    change(data)
    path = write(data, "background-questions.yaml")
    with pytest.raises(InstrumentError) as caught:
        read_background(path)
    assert str(caught.value).startswith(str(path))
    assert expected in str(caught.value)
    assert re.search(r"line \d+, ", str(caught.value))


@pytest.mark.parametrize(
    "data", [[], {}, {"questions": 3}, {"questions": [{"id": []}]}, {"questions": [None]}]
)
def test_junk_is_refused_with_our_error(write, data):
    with pytest.raises(InstrumentError):
        read_background(write(data))


def test_the_shipped_file_is_valid_and_no_instrument():
    assert list_background_questions()["id"].is_unique
    with pytest.raises(InstrumentError, match="holds background questions, not an instrument"):
        load_instrument(shipped("instruments") / "background-questions.yaml")
