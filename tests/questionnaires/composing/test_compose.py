from __future__ import annotations

import pickle

import pytest

from tests.questionnaires.examples import instrument
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire


def test_every_shipped_item_is_asked_once_in_both_languages():
    ids = [str(id) for id in list_instruments()["id"]]
    waves = ["before", "right-after", "later"]
    made = [Questionnaire.compose(ids, brand="Acme", wave=wave) for wave in waves]
    asked = [item.id for id in ids for item in load_instrument(id).items]
    assert {column for one in made for column in one.columns} == set(asked)
    for questionnaire in made:
        assert len(set(questionnaire.columns)) == len(questionnaire.columns)
        for question in questionnaire.questions:
            assert set(question.text) == {"en", "zh"}
            assert "{" not in question.text["en"] + question.text["zh"]


def test_instruments_come_in_the_order_given():
    questionnaire = Questionnaire.compose([instrument("second"), instrument("first")])
    assert [source.id for source in questionnaire.sources] == ["second", "first"]
    assert questionnaire.columns[0] == "second_1"
    assert questionnaire.columns[-1] == "first_4"


def test_ids_paths_and_instruments_name_the_same_thing():
    by_id = Questionnaire.compose("satisfaction")
    assert Questionnaire.compose(load_instrument("satisfaction")) == by_id
    assert Questionnaire.compose(["satisfaction"]).hash == by_id.hash


def test_brand_fills_texts_title_and_intro_per_language():
    questionnaire = Questionnaire.compose(instrument(), brand={"en": "Acme", "zh": "艾克米"})
    assert questionnaire.questions[0].text == {"en": "Acme is good. first_1", "zh": "艾克米很好。first_1"}
    assert questionnaire.elements[0].stem["zh"] == "关于艾克米："
    assert questionnaire.title == {"en": "Customer survey: Acme", "zh": "顾客调查：艾克米"}
    assert "艾克米" in questionnaire.intro["zh"]


def test_without_a_brand_the_instruments_own_words_are_used():
    questionnaire = Questionnaire.compose(instrument())
    assert questionnaire.questions[0].text["en"] == "The company is good. first_1"
    assert questionnaire.title == {"en": "Customer survey", "zh": "顾客调查"}
    assert questionnaire.brand is None


def test_a_brand_that_looks_like_a_placeholder_stays_as_it_is():
    questionnaire = Questionnaire.compose(instrument(), brand="{brand}{x}")
    assert questionnaire.questions[0].text["en"] == "{brand}{x} is good. first_1"
    assert questionnaire.title["en"] == "Customer survey: {brand}{x}"


def test_own_title_and_intro():
    questionnaire = Questionnaire.compose(
        instrument(), title={"en": "Ours", "zh": "我们"}, intro=" Line one.\nLine two. "
    )
    assert questionnaire.title["zh"] == "我们"
    assert questionnaire.intro["zh"] == "Line one.\nLine two."


def test_one_language_leaves_no_trace_of_the_other():
    questionnaire = Questionnaire.compose(instrument(), languages="zh")
    assert questionnaire.languages == ("zh",)
    assert set(questionnaire.questions[0].text) == {"zh"}
    assert all(set(point.label) == {"zh"} for point in questionnaire.scales[0].points)
    assert set(questionnaire.title) == {"zh"}


def test_random_order_is_drawn_by_the_seed_inside_blocks_that_allow_it():
    parts = [instrument("first", items=9), instrument("second", items=9, randomise=False)]
    one, again, two = (Questionnaire.compose(parts, order="items", seed=seed).columns for seed in (1, 1, 2))
    assert one == again
    assert one[:9] != two[:9]
    assert sorted(one[:9]) == [f"first_{number}" for number in range(1, 10)]
    assert one[9:] == tuple(f"second_{number}" for number in range(1, 10))


def test_the_order_of_a_block_does_not_hang_on_what_else_is_asked():
    alone = Questionnaire.compose(instrument("first", items=9), order="items", seed=0)
    both = Questionnaire.compose(
        [instrument("second", items=3), instrument("first", items=9)], order="items", seed=0
    )
    assert both.columns[3:] == alone.columns


def test_seed_is_one_when_left_out_and_nothing_when_the_order_is_fixed():
    assert Questionnaire.compose(instrument(), order="items").seed == 1
    assert Questionnaire.compose(instrument(), seed=5) == Questionnaire.compose(instrument())
    assert not Questionnaire.compose(instrument()).elements[0].randomised
    assert not Questionnaire.compose(instrument(items=1), order="items").elements[0].randomised


def test_the_value_can_be_hashed_and_sent_to_another_process(small: Questionnaire):
    assert pickle.loads(pickle.dumps(small)) == small  # noqa: S301  our own bytes
    assert hash(small) == hash(pickle.loads(pickle.dumps(small)))  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"instruments": "cognitive-trus"},
            r"no instrument 'cognitive-trus'. Did you mean 'cognitive-trust'",
        ),
        ({"instruments": []}, "No instrument was named"),
        ({"languages": ["en", "zhh"]}, "'first' does not exist in the language 'zhh'. Did you mean 'zh'"),
        ({"languages": []}, "No language was named"),
        ({"order": "ramdom"}, "order='ramdom' is not known. Did you mean 'random'"),
        ({"order": "random", "seed": 1.5}, "seed=1.5 is not a whole number"),
        ({"order": "random", "seed": True}, "seed=True is not a whole number"),
        ({"brand": " "}, "brand is empty"),
        ({"brand": {"en": "Acme"}}, "brand has no words in zh"),
        ({"brand": "A\x00cme"}, r"brand holds the character '\\x00' at position 2"),
        ({"brand": "A\ud800"}, "brand holds the character"),
        ({"brand": {"en": "Acme", "zh": 5}}, r"brand\['zh'\] is a int, not text"),
        ({"title": ""}, "title is empty"),
        ({"version": ""}, "version is empty"),
    ],
)
def test_what_cannot_be_composed_is_refused(arguments: dict[str, object], message: str):
    with pytest.raises(QuestionnaireError, match=message):
        Questionnaire.compose(**{"instruments": instrument(), **arguments})


def test_the_same_instrument_twice_is_refused():
    with pytest.raises(QuestionnaireError, match="'first_1' is asked twice"):
        Questionnaire.compose([instrument(), instrument()])
