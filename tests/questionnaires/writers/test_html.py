from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from tests.questionnaires.examples import instrument
from trustmeasure.instruments import list_instruments
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.writers.html import other_columns, render

HOSTILE = [
    "</script><b>\"&'",
    "<img src=x onerror=alert(1)>",
    "]]><!--<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}${alert(1)}`",
    "a\u2028b\u2029c\\u003c/script>",
    '" autofocus onfocus="alert(1)',
]


class Outline(HTMLParser):
    """The elements of a page with the names of their attributes, and its texts."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self._inside: list[str] = [""]
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._inside[-1], []).append(data)


@pytest.fixture
def page(small: Questionnaire) -> Outline:
    return Outline(render(small))


def values(page: Outline, tag: str, name: str) -> list[str]:
    return [value for where, what, value in page.attributes if (where, what) == (tag, name)]


def test_page_needs_nothing_from_elsewhere(page: Outline):
    names = {name for _, name, _ in page.attributes}
    assert not names & {"src", "href", "srcset", "action", "style", "onclick"}
    assert {tag for tag, _ in page.elements}.isdisjoint({"link", "img", "iframe", "form", "object", "base"})
    assert not re.search(r"@import|url\(", "".join(page.texts["style"]))


def test_policy_allows_the_pages_own_script_and_style_only(page: Outline):
    policy = next(value for tag, name, value in page.attributes if value.startswith("default-src"))
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    data, script = page.texts["script"]
    for text, rule in ((script, "script-src"), ("".join(page.texts["style"]), "style-src")):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert json.loads(data)["languages"] == ["en", "zh"]


@pytest.mark.parametrize("brand", HOSTILE)
def test_hostile_names_are_text_and_nothing_else(brand: str):
    plain = Outline(render(Questionnaire.compose(instrument(), brand="Acme")))
    hostile = Outline(
        render(
            Questionnaire.compose(instrument(stem=f"{brand.translate({123: None, 125: None})}:"), brand=brand)
        )
    )
    assert hostile.elements == plain.elements
    assert f"{brand} is good. first_1" in hostile.texts["span"]
    assert f"Customer survey: {brand}" in hostile.texts["title"]
    data = json.loads(hostile.texts["script"][0])
    assert data["title"]["en"] == f"Customer survey: {brand}"
    assert not set(hostile.texts["script"][0]) & set("<>&\u2028\u2029")


def test_every_question_is_a_labelled_group_of_radio_buttons(page: Outline, small: Questionnaire):
    assert values(page, "fieldset", "data-item") == list(small.columns)
    assert [tag for tag, _ in page.elements].count("legend") == len(small.columns)
    assert values(page, "input", "name").count("first_1") == 4
    codes = [value for tag, name, value in page.attributes if (tag, name) == ("input", "value")]
    assert codes == ["1", "2", "3", "97"] * 4 + ["0", "1", "2", "97"] * 4
    assert len(set(values(page, "p", "id"))) == len(values(page, "p", "id"))
    labelled = values(page, "div", "aria-labelledby")
    assert set(labelled) <= {value for _, name, value in page.attributes if name == "id"}


def test_a_question_left_out_has_the_scales_own_code_or_none(page: Outline):
    assert values(page, "fieldset", "data-none") == ["99"] * 4 + [""] * 4


def test_both_languages_are_marked_for_fonts_and_voices(page: Outline):
    tags = set(zip(values(page, "span", "data-l"), values(page, "span", "lang"), strict=True))
    assert tags == {("en", "en"), ("zh", "zh-CN")}
    assert values(page, "html", "lang") == ["en"]


def test_one_language_has_no_switch():
    page = Outline(render(Questionnaire.compose(instrument(), languages=["zh"])))
    assert values(page, "html", "lang") == ["zh-CN"]
    assert values(page, "button", "data-set-language") == []
    assert "Disagree" not in page.texts["span"]


def test_random_order_is_drawn_in_the_browser_and_saved():
    drawn = Questionnaire.compose(
        [instrument("first"), instrument("second", randomise=False)], order="random"
    )
    assert [names for tag, names in Outline(render(drawn)).elements if "data-shuffle" in names] == [
        ("class", "role", "aria-labelledby", "data-shuffle")
    ]
    assert other_columns(drawn)[-1] == "item_order"
    assert "item_order" not in other_columns(Questionnaire.compose(instrument()))


def test_respondents_do_not_see_what_is_measured():
    ids = [str(id) for id in list_instruments()["id"]]
    page = Outline(render(Questionnaire.compose(ids, wave="later")))
    shown = " ".join(page.texts["span"])
    assert "Cognitive trust" not in shown
    assert "认知信任" not in shown
