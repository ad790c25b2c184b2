from __future__ import annotations

import dataclasses

from tests.questionnaires.examples import SCALES
from trustmeasure.instruments import load_instrument
from trustmeasure.questionnaires.scales import is_numeric, offered, unanswered_code


def test_no_answer_is_not_offered_but_stands_for_what_is_left_out():
    agreement = load_instrument("satisfaction").response_scales["agreement-7"]
    assert [code.code for code in offered(agreement)] == [97, 98]
    assert unanswered_code(agreement) == 99
    assert unanswered_code(SCALES["likely"]) is None


def test_a_scale_of_bare_numbers_is_told_from_one_in_words():
    assert is_numeric(load_instrument("recommendation").response_scales["likelihood-11"])
    assert is_numeric(SCALES["likely"])
    assert not is_numeric(SCALES["agree"])
    assert not is_numeric(dataclasses.replace(SCALES["likely"], points=SCALES["likely"].points[:2]))
