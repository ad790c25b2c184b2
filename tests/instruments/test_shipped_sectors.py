"""The shipped wordings for sectors: the same items and scales, in words that keep the rules of wording."""

from __future__ import annotations

import re
from itertools import product

import pytest

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire

SECTORS = ("manufacturing", "finance", "e-commerce", "automotive-after-sales", "online-service")
WORDED = [str(id) for id in list_instruments()["id"] if load_instrument(str(id)).contexts]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NEGATIONS = re.compile(r"\b(not|no|never|none|nobody|nothing|without|cannot)\b|n't\b", re.IGNORECASE)
COMPANY = re.compile(r"\bthe company\b|该公司", re.IGNORECASE)
MISPLACED = {  # words that fit another trade: nobody buys from a bank or takes a car to an app
    "finance": re.compile(r"\bbuy\b|\bbought\b|消费|购物|商品"),
    "online-service": re.compile(r"\bbuy from\b|\bgoods\b|消费|购物|商品"),
    "automotive-after-sales": re.compile(r"\bbuy from\b|\bgoods\b|消费|购物|商品"),
}
TELLING = {  # what the sector's wording of trust is about
    "manufacturing": ("quality", "certified", "trace"),
    "finance": ("risks of what it sells", "rules for its business", "risks under control"),
    "e-commerce": ("order", "goods", "returns"),
    "automotive-after-sales": ("mechanics", "repair", "car"),
    "online-service": ("users", "terms of use", "every time I use it"),
}

each = pytest.mark.parametrize(("id", "sector"), list(product(WORDED, SECTORS)))


def test_bases_and_outcomes_have_every_sector():
    bases = {"cognitive-trust", "affective-trust", "structural-trust"}
    assert bases | {"satisfaction", "loyalty", "repurchase", "recommendation"} <= set(WORDED)
    for id in WORDED:
        assert tuple(context.id for context in load_instrument(id).contexts) == SECTORS


@each
def test_a_sector_changes_words_only(id: str, sector: str):
    general, worded = load_instrument(id), load_instrument(id).in_context(sector)
    assert worded != general
    assert worded.constructs == general.constructs
    assert worded.response_scales == general.response_scales
    assert worded.forms == general.forms
    for before, after in zip(general.items, worded.items, strict=True):
        assert (before.id, before.construct, before.scale) == (after.id, after.construct, after.scale)
        assert before.reverse is after.reverse
    for before, after in zip(general.blocks, worded.blocks, strict=True):
        assert (before.id, before.items, before.scale) == (after.id, after.items, after.scale)


@each
def test_wording_keeps_the_rules_in_every_sector(id: str, sector: str):
    instrument = load_instrument(id).in_context(sector)
    for text in [*(item.text for item in instrument.items), *(block.stem for block in instrument.blocks)]:
        assert not CHINESE.search(text["en"])
        chinese = instrument.fill(text, "zh")
        assert not re.search(r"[\u4e00-\u9fff]\s+[\u4e00-\u9fff]|[,.?!:;]", chinese), chinese
        assert "被" not in chinese
        assert chinese[-1] in "。？"
    for item in instrument.items:
        assert len(item.text["en"].split()) <= 16
        assert len(item.text["zh"]) <= 40
        assert not NEGATIONS.search(item.text["en"]), item.text["en"]
        for tag in instrument.language_tags:
            assert len(instrument.fill(item.text, tag).encode()) <= 255


@pytest.mark.parametrize("sector", SECTORS)
def test_a_sectors_own_wording_says_something_else_in_at_least_one_language(sector: str):
    for id in WORDED:
        instrument = load_instrument(id)
        context = next(one for one in instrument.contexts if one.id == sector)
        for item_id, text in context.items.items():
            assert dict(text) != dict(instrument.item(item_id).text), item_id
        for block_id, stem in context.stems.items():
            assert dict(stem) != dict(instrument.block(block_id).stem), block_id


@pytest.mark.parametrize("sector", SECTORS)
def test_all_at_once_in_a_sectors_words(sector: str):
    made = Questionnaire.compose(WORDED, sector=sector)
    assert made.columns == Questionnaire.compose(WORDED).columns
    assert made.scales == Questionnaire.compose(WORDED).scales
    assert {source.context for source in made.sources} == {sector}
    for tag in ("en", "zh"):
        shown = [text[tag] for m in made.matrices for text in (m.stem, *(q.text for q in m.questions))]
        assert not any("{" in text or COMPANY.search(text) for text in shown)
        assert len(set(shown)) == len(shown) - _repeated_stems(made, tag)
    english = " ".join(question.text["en"] for question in made.questions)
    assert all(words in english for words in TELLING[sector])


def _repeated_stems(made: Questionnaire, tag: str) -> int:
    stems = [matrix.stem[tag] for matrix in made.matrices]
    return len(stems) - len(set(stems))


@pytest.mark.parametrize("sector", MISPLACED)
def test_no_word_of_another_trade(sector: str):
    made = Questionnaire.compose(WORDED, sector=sector, brand={"en": "Northwind", "zh": "北风"})
    for matrix in made.matrices:
        for text in (matrix.stem, *(question.text for question in matrix.questions)):
            assert not MISPLACED[sector].search(text["en"] + text["zh"]), text


@each
def test_the_brand_takes_the_place_of_the_sectors_word(id: str, sector: str):
    made = Questionnaire.compose(id, sector=sector, brand={"en": "Northwind", "zh": "北风"})
    default = load_instrument(id).in_context(sector).placeholders[0].default
    for question in made.questions:
        assert default["zh"] not in question.text["zh"]
        assert (
            "Northwind" in question.text["en"]
            or "{brand}" not in load_instrument(id).item(question.id).text["en"]
        )


@pytest.mark.parametrize("form", ["long", "short"])
def test_short_forms_have_the_sectors_words_too(form: str):
    made = Questionnaire.compose("structural-trust", sector="finance", form=form)
    assert {question.text["zh"] for question in made.questions} >= {"该金融机构严格按规定办事。"}


def test_instruments_with_one_wording_are_asked_in_it_beside_the_others():
    made = Questionnaire.compose(["cognitive-trust", "marker-scale"], sector="finance")
    assert [source.context for source in made.sources] == ["finance", ""]
    with pytest.raises(QuestionnaireError, match="one wording for all sectors"):
        Questionnaire.compose("marker-scale", sector="finance")
