"""The instrument of crisis and repair: what is asked before, right after and later."""

from __future__ import annotations

import pytest

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import load_instrument
from trustmeasure.questionnaires import Questionnaire

ASKED = {
    "before": {"company_trust"},
    "right-after": {"company_trust", "perceived_severity", "crisis_attribution"},
    "later": {
        "company_trust",
        "open_apology",
        "compensation",
        "corrective_action",
        "response_speed",
        "restored_trust",
    },
}


def measured(made: Questionnaire) -> set[str]:
    instrument = load_instrument("crisis-repair")
    return {instrument.item(column).construct for column in made.columns}


def test_the_waves_in_their_order():
    assert [wave.id for wave in load_instrument("crisis-repair").waves] == list(ASKED)


@pytest.mark.parametrize("form", ["long", "short"])
@pytest.mark.parametrize(("wave", "constructs"), ASKED.items())
def test_each_wave_asks_what_can_be_answered_then(wave: str, constructs: set[str], form: str):
    made = Questionnaire.compose("crisis-repair", wave=wave, form=form, brand="Northwind")
    assert measured(made) == constructs
    assert made.wave == wave
    for matrix in made.matrices:
        for text in (matrix.stem, *(question.text for question in matrix.questions)):
            assert set(text) == {"en", "zh"}
            assert "{" not in text["en"] + text["zh"]


def test_nothing_of_the_crisis_is_said_before_it():
    made = Questionnaire.compose("crisis-repair", wave="before")
    said = " ".join(matrix.stem[tag] for matrix in made.matrices for tag in ("en", "zh"))
    said += " ".join(question.text[tag] for question in made.questions for tag in ("en", "zh"))
    assert not any(word in said for word in ("happened", "crisis", "again", "这件事", "危机", "事情"))


@pytest.mark.parametrize("form", ["long", "short"])
def test_trust_is_asked_first_and_in_the_same_words_each_time(form: str):
    first = [Questionnaire.compose("crisis-repair", wave=wave, form=form).matrices[0] for wave in ASKED]
    assert first[0] == first[1] == first[2]
    assert {load_instrument("crisis-repair").item(c).construct for c in first[0].columns} == {"company_trust"}


def test_all_items_are_asked_in_some_wave():
    asked = {c for wave in ASKED for c in Questionnaire.compose("crisis-repair", wave=wave).columns}
    assert asked == {item.id for item in load_instrument("crisis-repair").items}


def test_waves_differ_in_their_hash_and_take_the_code_that_links_them():
    made = [Questionnaire.compose("crisis-repair", wave=wave, link=True) for wave in ASKED]
    assert len({one.hash for one in made}) == 3
    assert all(one.columns[0] == "link_id" for one in made)


def test_the_wave_must_be_named():
    with pytest.raises(QuestionnaireError, match="before, right-after, later"):
        Questionnaire.compose("crisis-repair")
    with pytest.raises(QuestionnaireError, match="Did you mean 'right-after'"):
        Questionnaire.compose("crisis-repair", wave="right_after")


def test_repurchase_can_be_asked_in_every_wave():
    for wave in ASKED:
        made = Questionnaire.compose(["crisis-repair", "repurchase"], wave=wave)
        assert made.columns[-3:] == ("rep_1", "rep_2", "rep_3")
