"""The shipped questions about the person and the relation with the company."""

from __future__ import annotations

import re

import pytest

from trustmeasure.instruments import (
    BackgroundQuestion,
    background_question,
    list_background_questions,
    list_instruments,
    load_instrument,
)
from trustmeasure.instruments.consistency import is_reserved
from trustmeasure.questionnaires import Questionnaire

LISTED = list_background_questions().set_index("id")
IDS = [str(id) for id in LISTED.index]
PERSONAL = {
    "age_group",
    "gender",
    "education",
    "household_size",
    "children_at_home",
    "living_area",
    "occupation",
}
ASKED_FOR = {
    "relation_length",
    "purchase_frequency",
    "last_contact",
    "main_channel",
    "spend_share",
    "company_sector",
    "complained",
    "recommended",
    "crisis_experience",
}
CURRENCY = re.compile(r"[$€£¥]|\b(USD|EUR|CNY|RMB|dollars?|euros?|yuan)\b|元")

each = pytest.mark.parametrize("question", [background_question(id) for id in IDS], ids=IDS)


def test_what_is_there():
    assert set(LISTED.index[LISTED["role"] == "behaviour"]) >= ASKED_FOR
    assert set(LISTED.index[LISTED["role"] == "demographics"]) == PERSONAL


@each
def test_a_question_has_natural_words_in_both_languages(question: BackgroundQuestion):
    labels = (
        [] if question.scale is None else [p.label for p in (*question.scale.points, *question.scale.missing)]
    )
    for text in (question.text, *labels):
        assert set(text) == {"en", "zh"}
        assert not re.search(r"[\u4e00-\u9fff]", text["en"])
        assert not re.search(r"[,.?!:;()]", text["zh"]), text["zh"]
        assert not CURRENCY.search(text["en"] + text["zh"])
    assert question.text["en"].endswith("?")
    assert question.text["zh"].endswith("？")
    assert ("{brand}" in question.text["en"]) is ("{brand}" in question.text["zh"])


@each
def test_codes_count_up_from_1_and_98_is_the_only_other(question: BackgroundQuestion):
    if question.scale is None:
        assert question.minimum == 0
        return
    assert question.scale.codes == tuple(range(1, len(question.scale.codes) + 1))
    assert set(question.scale.missing_codes) <= {98}


@pytest.mark.parametrize("id", sorted(PERSONAL | {"complained", "spend_share", "relation_length"}))
def test_nobody_has_to_say_what_is_personal(id: str):
    scale = background_question(id).scale
    assert scale is not None
    assert [(code.code, code.reason) for code in scale.missing] == [(98, "refused")]
    assert scale.labels("en", missing=True)[98] == "Prefer not to say"
    assert scale.labels("zh", missing=True)[98] == "不便透露"


def test_education_has_the_levels_of_isced_in_rising_order():
    scale = background_question("education").scale
    assert scale is not None
    labels = scale.labels("zh")
    assert [labels[code] for code in (2, 5, 6, 7)] == ["初中", "大学本科", "硕士", "博士"]


def test_ids_are_names_of_columns_that_no_item_has():
    items = {item.id for id in list_instruments()["id"] for item in load_instrument(str(id)).items}
    assert len(set(IDS)) == len(IDS)
    for id in IDS:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", id)
        assert len(id) <= 20
        assert id not in items
        assert not is_reserved(id)


@pytest.mark.parametrize("languages", [("en",), ("zh",), ("zh", "en")])
def test_all_of_them_in_one_questionnaire(languages: tuple[str, ...]):
    made = Questionnaire.compose(
        "satisfaction",
        brand="Northwind",
        languages=languages,
        behaviour=[id for id in IDS if LISTED.loc[id, "role"] == "behaviour"],
        demographics=[id for id in IDS if LISTED.loc[id, "role"] == "demographics"],
        logic={"sat": "customer_now == 1 and purchase_frequency >= 2"},
    )
    assert set(IDS) < set(made.columns)
    assert not any("{" in field.text[tag] for field in made.fields for tag in languages)
