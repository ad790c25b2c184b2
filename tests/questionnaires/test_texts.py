from __future__ import annotations

import re

import pytest

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.texts import form_languages, form_texts, words

NAMES = re.compile(r"\{(\w+)\}")


def test_every_language_has_every_text_with_the_same_names_in_it():
    first, *others = form_languages()
    for other in others:
        assert list(form_texts(other)) == list(form_texts(first))
        for key, text in form_texts(first).items():
            assert sorted(NAMES.findall(form_texts(other)[key])) == sorted(NAMES.findall(text)), key


def test_no_chinese_text_holds_half_width_punctuation_between_chinese_characters():
    for key, text in form_texts("zh").items():
        assert not re.search(r"[\u4e00-\u9fff][,;:?!()]", text), key


def test_values_are_put_in_once_and_never_read_as_names():
    assert words("intro_brand", "en", brand="{x} {brand}").startswith(
        "Please tell us how you see {x} {brand},"
    )
    assert words("part", "zh", part=1, parts=2) == "第 1 部分，共 2 部分"


def test_an_unknown_language_names_the_nearest():
    with pytest.raises(QuestionnaireError, match=r"'zhh'.*Did you mean 'zh'"):
        form_texts("zhh")
