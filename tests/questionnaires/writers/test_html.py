from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from trustmeasure.instruments import list_instruments
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.writers.html import WRITER, other_columns, render

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
        if tag in ("script", "style"):
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        inside = self._inside[-1]
        if inside in ("script", "style"):
            self.texts[inside][-1] += data
        else:
            self.texts.setdefault(inside, []).append(data)

    @property
    def data(self) -> dict[str, object]:
        """What the script of the page gets."""
        return dict(json.loads(self.texts["script"][0]))


@pytest.fixture
def page(small: Questionnaire) -> Outline:
    return Outline(render(small))


def values(page: Outline, tag: str, name: str) -> list[str]:
    return [value for where, what, value in page.attributes if (where, what) == (tag, name)]


def test_page_needs_nothing_from_elsewhere(page: Outline):
    names = {name for _, name, _ in page.attributes}
    assert not names & {"src", "href", "srcset", "action", "style", "onclick"}
    assert {tag for tag, _ in page.elements}.isdisjoint({"link", "img", "iframe", "form", "object", "base"})
    style = "".join(page.texts["style"])
    assert "@import" not in style
    assert [address[:10] for address in re.findall(r"url\(\"?([^)]*)", style)] == ["data:image"]


def test_policy_allows_the_pages_own_scripts_and_styles_only(page: Outline):
    policy = next(value for tag, name, value in page.attributes if value.startswith("default-src"))
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    _, *scripts = page.texts["script"]
    for texts, rule in ((scripts, "script-src"), (page.texts["style"], "style-src")):
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert rules[rule] == " ".join(f"'sha256-{digest}'" for digest in digests)
    assert page.data["languages"] == ["en", "zh"]


@pytest.mark.parametrize("brand", HOSTILE)
def test_hostile_names_are_text_and_nothing_else(brand: str):
    plain = Outline(render(Questionnaire.compose(instrument(), brand="Acme")))
    stem = f"{brand.translate({123: None, 125: None})}:"
    hostile = Outline(render(Questionnaire.compose(instrument(stem=stem), brand=brand)))
    assert hostile.elements == plain.elements
    assert f"Customer survey: {brand}" in hostile.texts["title"]
    assert hostile.data["title"]["en"] == f"Customer survey: {brand}"
    assert not set(hostile.texts["script"][0]) & set("<>&\u2028\u2029")
    said = _strings(hostile.data["survey"])
    rows = [text.replace("\u2060", "") for text in said]
    assert f"{brand} is good. first_1" in rows
    assert not any(
        re.search(r"<(?!/?(h1|h2|h3|p|div|br|strong)\b)", text) for text in said if text.startswith("<h1")
    )


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return [value] if isinstance(value, str) else []


def test_a_question_left_out_has_the_scales_own_code_or_none(page: Outline):
    assert [column["none"] for column in page.data["columns"]] == [99] * 4 + [""] * 4


def test_the_ends_of_a_scale_of_numbers_show_their_numbers(page: Outline):
    pages = page.data["survey"]["pages"]
    texts = [column["text"] for column in pages[2]["elements"][0]["columns"]]
    assert [text if isinstance(text, str) else text["zh-cn"] for text in texts] == [
        "0 · 不可能",
        "1",
        "2 · 可能",
        "不适用",
    ]
    assert page.data["numeric"] == ["second1"]


def test_both_languages_are_marked_for_fonts_and_voices(page: Outline):
    tags = set(zip(values(page, "span", "data-l"), values(page, "span", "lang"), strict=True))
    assert tags == {("en", "en"), ("zh", "zh-CN")}
    assert values(page, "html", "lang") == ["en"]


def test_one_language_has_no_switch():
    page = Outline(render(Questionnaire.compose(instrument(), languages=["zh"])))
    assert values(page, "html", "lang") == ["zh-CN"]
    assert values(page, "button", "data-set-language") == []
    assert "Disagree" not in page.texts["script"][0]


def test_columns_are_told_in_the_manifest():
    drawn = Questionnaire.compose(
        [instrument("first"), instrument("second", randomise=False)], order="random"
    )
    always = ("respondent_id", "language", "started_at", "saved_at", "questionnaire")
    seconds = ("seconds_first1", "seconds_second1")
    assert sorted(other_columns(drawn)) == sorted((*always, "item_order", *seconds))
    assert other_columns(Questionnaire.compose(instrument(), wave="one")) == (
        *always,
        "wave",
        "seconds_first1",
    )
    blocks = Questionnaire.compose([instrument("first"), instrument("second")], order="blocks")
    assert "item_order" in other_columns(blocks)
    assert other_columns(every_kind())[6:] == (
        "seconds_consent",
        "seconds_link_id",
        "seconds_behaviour_1",
        "seconds_first1",
        "seconds_second1",
        "seconds_demographics_1",
    )


def test_respondents_do_not_see_what_is_measured():
    ids = [str(id) for id in list_instruments()["id"]]
    shown = " ".join(_strings(Outline(render(Questionnaire.compose(ids, wave="later"))).data["survey"]))
    assert "Cognitive trust" not in shown
    assert "认知信任" not in shown


def test_limits_are_told(small: Questionnaire):
    assert "handed over" in WRITER.limits(small)[0]
