"""Consent, background questions, waves, instructed items, conditions, sectors and forms."""

from __future__ import annotations

import dataclasses

import pytest

from tests.questionnaires.examples import SCALES, changed, instrument
from trustmeasure.errors import InstrumentError, QuestionnaireError
from trustmeasure.instruments import Context, Form, Wave, list_background_questions
from trustmeasure.questionnaires import Choice, Consent, Entry, Matrix, Notice, Questionnaire
from trustmeasure.questionnaires.logic import AllOf, Is, columns_of

compose = Questionnaire.compose
AGREED = Is("consent", "==", 1)


def test_consent_comes_first_and_everything_else_hangs_on_it():
    made = compose([instrument("first"), instrument("second")], consent=True, demographics=["age_group"])
    notice, question = made.pages[0].elements
    assert isinstance(notice, Notice)
    assert isinstance(question, Choice)
    assert question.required
    assert question.scale.codes == (1, 2)
    assert made.pages[0].shown_if is None
    assert [page.shown_if for page in made.pages[1:]] == [AGREED] * 3


def test_a_template_shows_its_gaps_and_its_mark_until_it_is_reviewed():
    made = compose(instrument(), consent=True)
    notice = made.elements[0]
    assert isinstance(notice, Notice)
    assert notice.mark is not None
    assert "counsel" in notice.mark["en"]
    assert "controller" in made.gaps
    assert any("[to be filled in: " in part.text["en"] for part in notice.paragraphs)
    assert any("【待填写：" in part.text["zh"] for part in notice.paragraphs)
    every = {field.name: f"the {field.name}" for field in dataclasses.fields(Consent)}
    full = compose(instrument(), consent=every)
    assert full.gaps == ()
    notice = full.elements[0]
    assert isinstance(notice, Notice)
    assert notice.mark is None
    texts = " ".join(part.text["en"] for part in notice.paragraphs)
    assert "[" not in texts
    for name in every:
        assert name == "reviewed_by" or f"the {name}" in texts


def test_only_what_exists_is_told_of_representatives_and_officers():
    def headings(consent: Consent) -> list[str]:
        notice = compose(instrument(), consent=consent).elements[0]
        assert isinstance(notice, Notice)
        return [part.heading["en"] for part in notice.paragraphs]

    assert "Data protection officer" not in headings(Consent())
    assert "Data protection officer" in headings(Consent(protection_officer="Ann"))
    assert len(headings(Consent())) == 12


@pytest.mark.parametrize(
    ("consent", "message"),
    [
        ({"controler": "x"}, "consent has no field 'controler'. Did you mean 'controller'"),
        ({"controller": {"en": "x"}}, "consent.controller has no words in zh"),
        ("yes", "consent must be True, a Consent, or a mapping"),
    ],
)
def test_a_malformed_consent_is_refused(consent: object, message: str):
    with pytest.raises(QuestionnaireError, match=message):
        compose(instrument(), consent=consent)


def test_braces_in_a_consent_stay_as_they_are():
    notice = compose(instrument(), consent={"controller": "{contact} Ltd"}).elements[0]
    assert isinstance(notice, Notice)
    assert notice.paragraphs[0].text["en"].startswith("{contact} Ltd. Contact: [")


def test_background_questions_stand_before_and_after_the_instruments():
    ids = list_background_questions().groupby("role")["id"].apply(list)
    made = compose(instrument(), behaviour=ids["behaviour"], demographics=ids["demographics"], brand="Acme")
    assert list(made.columns) == [
        *ids["behaviour"],
        "first_1",
        "first_2",
        "first_3",
        "first_4",
        *ids["demographics"],
    ]
    assert {field.role for field in made.fields} == {"behaviour", "demographics"}
    assert all(len(page.elements) <= 5 for page in made.pages)
    assert not any("{" in text for field in made.fields for text in field.text.values())


def test_own_questions_can_be_asked():
    own = Entry("postcode", {"en": "Postcode?", "zh": "邮编？"}, longest=8)
    listed = Choice("plan", {"en": "Plan?", "zh": "套餐？"}, SCALES["agree"])
    made = compose(instrument(), demographics=[own, listed], languages=["zh"])
    assert made.fields[0].text == {"zh": "邮编？"}
    assert isinstance(made.fields[1], Choice)
    assert set(made.fields[1].scale.points[0].label) == {"zh"}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"demographics": ["age_grup"]}, InstrumentError, "no background question 'age_grup'. Did you mean"),
        ({"demographics": [5]}, QuestionnaireError, "demographics holds 5"),
        ({"demographics": ["gender", "gender"]}, QuestionnaireError, "The column 'gender' comes twice"),
        ({"demographics": Entry("time", {"en": "?", "zh": "?"})}, QuestionnaireError, "'time'"),
        ({"demographics": Entry("x", {"en": "?"})}, QuestionnaireError, "'x' has no words in zh"),
        ({"checks": -1}, QuestionnaireError, "checks=-1 is not a number"),
        ({"checks": True}, QuestionnaireError, "checks=True is not a number"),
        ({"checks": 2}, QuestionnaireError, "more instructed items than there are matrices"),
        ({"wave": "After!"}, QuestionnaireError, "wave='After!' is no name"),
        ({"sector": "finance"}, QuestionnaireError, "one wording for all sectors"),
        ({"form": "shrt"}, QuestionnaireError, "no form 'shrt'. Its forms: long"),
        ({"form": {"other": "long"}}, QuestionnaireError, "form names 'other', which is not asked"),
        ({"logic": {"nothing": "first_1 == 1"}}, QuestionnaireError, "logic names 'nothing'"),
        ({"logic": {"first1": "first_1 == 1"}}, QuestionnaireError, "'first_1', which is not asked before"),
        ({"logic": {"first1": "= 1"}}, QuestionnaireError, r"logic\['first1'\]: The condition"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: dict[str, object], error: type[Exception], message: str):
    with pytest.raises(error, match=message):
        compose(instrument(), **arguments)


def test_instructed_items_are_spread_and_never_come_first():
    parts = [instrument(name, items=6) for name in ("one", "two", "three", "four")]
    made = compose(parts, checks=2)
    assert set(made.expected) == {"check_1", "check_2"}
    checked = [m for m in made.matrices if any(q.expected is not None for q in m.questions)]
    assert len(checked) == 2
    for matrix in checked:
        assert matrix.questions[0].expected is None
        (check,) = [q for q in matrix.questions if q.expected is not None]
        label = matrix.scale.labels("en")[check.expected]
        assert f'"{label}"' in check.text["en"]
        assert check.expected != 2, "the middle answer is what inattentive people give"
    assert compose(parts, checks=2) == made
    assert {frozenset(compose(parts, checks=2, seed=seed).expected.items()) for seed in range(8)} > {
        frozenset(made.expected.items())
    }


def test_blocks_are_shuffled_but_what_a_condition_hangs_on_keeps_its_place():
    parts = [instrument(name) for name in ("one", "two", "three", "four", "five")]
    free = compose(parts, order="blocks", seed=3)
    assert sorted(page.id for page in free.pages) == sorted(page.id for page in compose(parts).pages)
    assert [page.id for page in free.pages] != [page.id for page in compose(parts).pages]
    assert all(page.shuffled for page in free.pages)
    assert not any(matrix.randomised for matrix in free.matrices)
    first, last = compose(parts).pages[0], compose(parts).pages[-1]
    bound = compose(
        parts, order="random", seed=3, logic={last.elements[0].id: f"{first.elements[0].columns[0]} == 1"}
    )
    assert [page.shuffled for page in bound.pages] == [False, True, True, True, False]
    assert (bound.pages[0].id, bound.pages[-1].id) == (first.id, last.id)
    assert all(matrix.randomised for matrix in bound.matrices)


def test_conditions_join_consent():
    made = compose(
        [instrument("first"), instrument("second")],
        consent=True,
        behaviour=["customer_now"],
        logic={"second1": "customer_now == 1", "first/first1": "answered(customer_now)"},
    )
    second = made.pages[-1]
    assert second.shown_if == AGREED
    assert second.elements[0].shown_if == Is("customer_now", "==", 1)
    shown = made.pages[-2].shown_if
    assert isinstance(shown, AllOf)
    assert columns_of(shown) == ("consent", "customer_now")


def test_a_block_brings_its_own_condition():
    plain = instrument("second")
    bound = changed(plain, blocks=(dataclasses.replace(plain.blocks[0], shown_if="first_1 >= 2"),))
    made = compose([instrument("first"), bound])
    assert columns_of(made.pages[1].shown_if) == ("first_1",)
    with pytest.raises(QuestionnaireError, match="'first_1', which is not asked before it"):
        compose([bound, instrument("first")])


def test_sector_words_take_the_place_of_the_general_ones():
    plain = instrument("first")
    finance = Context(
        "finance",
        {"en": "Finance", "zh": "金融"},
        placeholders={"brand": {"en": "the bank", "zh": "该银行"}},
        items={"first_2": {"en": "{brand} keeps my money safe.", "zh": "钱放在{brand}很安全。"}},
        stems={"first1": {"en": "At {brand}:", "zh": "在{brand}："}},
    )
    made = compose([changed(plain, contexts=(finance,)), instrument("second")], sector="finance")
    assert [source.context for source in made.sources] == ["finance", ""]
    assert made.questions[0].text["en"] == "The bank is good. first_1"
    assert made.questions[1].text["zh"] == "钱放在该银行很安全。"
    assert made.matrices[0].stem["en"] == "At the bank:"
    assert made.matrices[1].stem["en"] == "About the company:"
    with pytest.raises(QuestionnaireError, match=r"wording for the sector 'finanse'. Did you mean 'finance'"):
        compose(changed(plain, contexts=(finance,)), sector="finanse")


def test_a_short_form_asks_its_items_only():
    short = changed(
        instrument(), forms=(Form("short", {"en": "Short", "zh": "简版"}, ("first_1", "first_3")),)
    )
    made = compose([short, instrument("second")], form={"first": "short"})
    assert made.columns[:2] == ("first_1", "first_3")
    assert [source.form for source in made.sources] == ["short", "long"]
    with pytest.raises(QuestionnaireError, match="'second' has no form 'short'"):
        compose([short, instrument("second")], form="short")


def test_waves_ask_their_blocks_and_the_participant_code():
    plain = instrument("first", items=4)
    blocks = (
        dataclasses.replace(plain.blocks[0], items=("first_1", "first_2"), waves=("before",)),
        dataclasses.replace(plain.blocks[0], id="later1", items=("first_3", "first_4"), waves=("later",)),
    )
    waves = tuple(Wave(id, {"en": id, "zh": id}) for id in ("before", "later"))
    waved = changed(plain, blocks=blocks, waves=waves)
    made = compose([waved, instrument("second")], wave="later", link=True)
    assert made.columns == ("link_id", "first_3", "first_4", "second_1", "second_2", "second_3", "second_4")
    assert made.wave == "later"
    with pytest.raises(QuestionnaireError, match=r"asked in waves. Name one with wave=: before, later"):
        compose(waved)
    with pytest.raises(QuestionnaireError, match=r"no wave 'latr'. Did you mean 'later'"):
        compose(waved, wave="latr")
    assert compose(instrument(), wave="2027-spring").wave == "2027-spring"


def test_everything_counts_for_the_hash():
    base = compose([instrument(name, items=5) for name in ("first", "second")])
    variants = [
        {"consent": True},
        {"checks": 1},
        {"order": "blocks"},
        {"order": "items"},
        {"link": True},
        {"wave": "one"},
        {"demographics": ["gender"]},
        {"behaviour": ["customer_now"]},
        {"logic": {"second1": "first_1 == 1"}},
        {"brand": "Acme"},
        {"languages": ["en"]},
    ]
    made = [compose([instrument(n, items=5) for n in ("first", "second")], **variant) for variant in variants]
    assert len({base.hash, *(one.hash for one in made)}) == len(variants) + 1


def test_minutes_grow_with_the_questions():
    assert compose(instrument(items=4)).minutes() == 1
    long = compose([instrument(name, items=30) for name in ("first", "second")])
    assert long.minutes("en") > long.minutes("en") / 2 > 1
    assert 3 <= long.minutes("zh") <= 15
    assert compose(instrument(), consent=True).minutes() > compose(instrument()).minutes()


def test_a_matrix_is_never_empty():
    made = compose(["cognitive-trust", "loyalty"], checks=2)
    assert all(isinstance(part, Matrix) and part.questions for part in made.elements)


@pytest.mark.parametrize("seed", range(1, 9))
def test_blocks_in_random_order_leave_what_a_condition_joins_in_its_place(seed: int) -> None:
    asked = ["satisfaction", "trust-building-stages", "cognitive-trust", "structural-trust"]
    fixed = compose(asked)
    drawn = compose(asked, order="blocks", seed=seed)
    stages = [
        f"trust-building-stages/{block}" for block in ("stgnow", "stg1", "stg2", "stg3", "stg4", "stg5")
    ]
    ids = [page.id for page in drawn.pages]
    assert ids[1:7] == stages == [page.id for page in fixed.pages][1:7]
    assert sorted(ids) == sorted(page.id for page in fixed.pages)
    assert {page.id for page in drawn.pages if not page.shuffled} == set(stages)


def test_blocks_are_drawn_anew_by_another_seed() -> None:
    asked = ["satisfaction", "trust-building-stages", "cognitive-trust", "structural-trust"]
    orders = {
        tuple(page.id for page in compose(asked, order="blocks", seed=seed).pages) for seed in range(1, 9)
    }
    assert len(orders) > 2


def test_instructed_items_stand_where_everybody_reads_them() -> None:
    made = compose(["trust-building-stages", "satisfaction", "cognitive-trust"], checks=3)
    for page in made.pages:
        if any(id.startswith("check_") for element in page.elements for id in element.columns):
            assert page.shown_if is None
    with pytest.raises(QuestionnaireError, match="that everybody is asked"):
        compose(["trust-building-stages"], checks=1)
