from __future__ import annotations

from pathlib import Path

import pytest

from tests.questionnaires.examples import MISSING, SCALES, changed, instrument
from trustmeasure.errors import InstrumentError, QuestionnaireError
from trustmeasure.instruments import Block, Language, ResponseScale, ScalePoint
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.composing.checks import clean, find_instrument


def test_clean_keeps_text_of_any_script_and_cuts_the_blanks_around_it():
    assert clean("brand", "  <b>\"'&=Ünï 品牌 😀 ") == "<b>\"'&=Ünï 品牌 😀"


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x1b", "\x7f", "\x85", "\ufffe", "\uffff", "\udc80"])
def test_clean_refuses_what_no_page_can_show(sign: str):
    with pytest.raises(QuestionnaireError, match="position 2"):
        clean("brand", f"a{sign}b")


def test_a_missing_file_is_told_apart_from_an_unknown_id(tmp_path: Path):
    with pytest.raises(InstrumentError, match="nowhere"):
        find_instrument(tmp_path / "nowhere.yaml")
    with pytest.raises(InstrumentError, match="nowhere"):
        find_instrument(str(tmp_path / "nowhere.yaml"))


@pytest.mark.parametrize("id", ["=cmd|' /C calc'!A0", "A1", "a__b", "a" * 21, "a\nb", "", "1a", "品牌"])
def test_an_item_id_that_is_no_column_name_is_refused(id: str):
    given = instrument(items=1)
    item = changed(given.items[0], id=id)
    broken = changed(given, items=(item,), blocks=(changed(given.blocks[0], items=(id,)),))
    with pytest.raises(QuestionnaireError, match="cannot be a column name"):
        Questionnaire.compose(broken)


def test_an_item_id_that_the_form_uses_itself_is_refused():
    given = instrument(items=1)
    item = changed(given.items[0], id="language")
    broken = changed(given, items=(item,), blocks=(changed(given.blocks[0], items=("language",)),))
    with pytest.raises(QuestionnaireError, match="name of another column"):
        Questionnaire.compose(broken)


def test_a_block_that_asks_an_item_twice_is_refused():
    given = instrument(items=1)
    twice = changed(
        given, blocks=(*given.blocks, Block("again", given.blocks[0].stem, ("first_1",), "agree"))
    )
    with pytest.raises(QuestionnaireError, match=r"'first_1' is asked twice \('first'\)"):
        Questionnaire.compose(twice)


def test_instruments_without_items_are_refused():
    with pytest.raises(QuestionnaireError, match="nothing to ask"):
        Questionnaire.compose(changed(instrument(), items=(), blocks=()))


def test_two_scales_of_one_name_are_refused():
    other = {"agree": ResponseScale("agree", SCALES["agree"].points)}
    with pytest.raises(QuestionnaireError, match="response scale 'agree' that differs"):
        Questionnaire.compose([instrument("first"), instrument("second", scales=other)])


def test_two_answers_with_the_same_words_are_refused():
    points = (ScalePoint(1, {"en": "Yes", "zh": "是"}), ScalePoint(2, {"en": "No", "zh": "是"}))
    same = {"agree": ResponseScale("agree", points, MISSING)}
    with pytest.raises(QuestionnaireError, match=r"label '是' \(zh\) for both 1 and 2"):
        Questionnaire.compose(instrument(scales=same))
    assert Questionnaire.compose(instrument(scales=same), languages=["en"]).languages == ("en",)


def test_a_language_that_the_form_itself_does_not_speak_is_refused():
    german = changed(instrument(), languages=(Language("de", "Deutsch"),))
    with pytest.raises(QuestionnaireError, match=r"own words .* do not exist in the language 'de'"):
        Questionnaire.compose(german, languages=["de"])
