from __future__ import annotations

import pytest

from tests.questionnaires.examples import SCALES, instrument
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale, ScalePoint
from trustmeasure.questionnaires import Choice, Questionnaire

TEXT = {"en": "Which?", "zh": "哪个？"}


def test_a_question_of_ones_own_may_share_a_scale_but_not_its_name():
    same = Choice("own", TEXT, SCALES["agree"])
    assert Questionnaire.compose(instrument(), demographics=[same]).columns[-1] == "own"
    points = (ScalePoint(1, {"en": "A", "zh": "甲"}), ScalePoint(2, {"en": "B", "zh": "乙"}))
    other = Choice("own", TEXT, ResponseScale("agree", points))
    with pytest.raises(QuestionnaireError, match="'own' are a response scale 'agree', which differs"):
        Questionnaire.compose(instrument(), demographics=[other])
