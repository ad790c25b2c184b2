from __future__ import annotations

from typing import Any

import pytest

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires import Choice, Entry, Questionnaire

WORDS = {"en": "Words?"}


def composed(asked: Choice | Entry) -> Questionnaire:
    return Questionnaire.compose("satisfaction", languages="en", demographics=asked)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"kind": "number"}, "kind of 'own'"),
        ({"kind": "integer", "minimum": 5, "maximum": 1}, "from 5 to 1"),
        ({"kind": "integer", "longest": 3}, "longest is for the kind 'text'"),
        ({"kind": "date", "pattern": "[0-9]+"}, "pattern is for the kind 'text'"),
        ({"minimum": 0}, "minimum is for the kind 'integer'"),
        ({"longest": 0}, "leaves no room"),
        ({"pattern": "["}, "no regular expression"),
        ({"pattern": "(?i)a"}, "not every platform knows"),
        ({"pattern": r"(a)\1"}, "not every platform knows"),
    ],
)
def test_limits_that_contradict_themselves_are_refused(limits: dict[str, Any], said: str):
    with pytest.raises(QuestionnaireError, match=said):
        composed(Entry("own", WORDS, **limits))


@pytest.mark.parametrize(
    ("codes", "missing", "said"),
    [((), (), "has no answers"), ((1, 1), (), "code 1 2 times"), ((1, 97), (97,), "code 97 2 times")],
)
def test_answers_that_nobody_could_tell_apart_are_refused(
    codes: tuple[int, ...], missing: tuple[int, ...], said: str
):
    points = tuple(ScalePoint(code, {"en": f"Answer {n}"}) for n, code in enumerate(codes))
    others = tuple(MissingCode(code, {"en": "Not applicable"}, "not-applicable") for code in missing)
    with pytest.raises(QuestionnaireError, match=said):
        composed(Choice("own", WORDS, ResponseScale("own", points, others)))


def test_what_every_platform_knows_is_allowed():
    for pattern in ("[A-Z]{2}/[0-9]{2,3}", r"(?:\d\d|x)+", r"\w+\.\w+"):
        assert composed(Entry("own", WORDS, pattern=pattern)).fields[0].id == "own"
    assert composed(Entry("own", WORDS, "integer", minimum=-5, maximum=-5)).columns[-1] == "own"
