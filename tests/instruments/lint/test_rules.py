"""Each rule finds what it is for, in English and in Chinese, and leaves a clean instrument alone."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from tests.instruments.lint.breaches import BREACHES, Change
from trustmeasure.instruments import check_instruments
from trustmeasure.instruments.lint import RULES

EXAMPLES = Path(__file__).with_name("examples.yaml")
BY_ID = {rule.id: rule for rule in RULES}
BAD = [(rule.id, tag, text) for rule in RULES for tag, text in rule.bad.items()]
GOOD = [(rule.id, tag, text) for rule in RULES for tag, text in rule.good.items()]
OTHER = {
    True: {"en": "{brand} helps.", "zh": "{brand}会帮忙。"},
    False: {"en": "I get help.", "zh": "我能得到帮忙。"},
}


def with_text(data, tag: str, text: str):
    """Return the data with an item that has this text, and another plain one in the other language."""
    data["items"][0]["text"] = OTHER["{brand}" in text] | {tag: text}
    return data


def test_the_clean_instrument_is_clean(clean, findings):
    assert findings(clean).empty


@pytest.mark.parametrize(("rule", "tag", "text"), BAD)
def test_a_text_that_breaks_a_rule_is_found(clean, findings, rule, tag, text):
    found = findings(with_text(clean, tag, text))
    hit = found[(found["rule"] == rule) & (found["place"] == f"items[0].text.{tag} (cln_1)")]
    if rule == "quotation-marks":
        hit = found[found["rule"] == rule]
    assert len(hit) == 1, found
    assert hit["severity"].item() == BY_ID[rule].severity
    assert hit["line"].item() > 0
    assert hit["message"].item().endswith((".", "。"))
    assert hit["remedy"].item() == BY_ID[rule].remedy


@pytest.mark.parametrize(("rule", "tag", "text"), GOOD)
def test_a_text_that_keeps_a_rule_is_left_alone(clean, findings, rule, tag, text):
    found = findings(with_text(clean, tag, text))
    assert rule not in set(found["rule"])
    assert found.empty or set(found["severity"]) == {"advice"}, found


@pytest.mark.parametrize(("rule", "change", "place"), [(r, *b) for r, all_ in BREACHES.items() for b in all_])
def test_a_breach_of_structure_is_found_where_it_is(clean, findings, rule: str, change: Change, place: str):
    change(clean)
    found = findings(clean)
    hit = found[found["rule"] == rule]
    assert len(hit) >= 1, found
    assert place in {where.split(" (")[0] for where in hit["place"]}
    assert set(hit["severity"]) == {BY_ID[rule].severity}
    assert hit["remedy"].str.len().min() > 0


def test_every_rule_is_tested():
    shown = {rule for rule, _, _ in BAD} | set(BREACHES) | {"file"}
    assert shown == set(BY_ID)
    assert {rule for rule, _, _ in GOOD} == {rule for rule, _, _ in BAD}


def test_rules_of_wording_have_examples_in_both_languages():
    for rule in RULES:
        if rule.bad:
            wanted = {"zh"} if rule.id.startswith("zh-") else {"en", "zh"}
            wanted -= {"zh"} if f"zh-{rule.id}" in BY_ID else set()
            assert set(rule.bad) == set(rule.good) == wanted, rule.id


def examples(kind: str) -> list[tuple[str, str, str]]:
    data = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))[kind]
    return [
        (rule, tag, text) for rule, by_tag in data.items() for tag, all_ in by_tag.items() for text in all_
    ]


@pytest.mark.parametrize(("rule", "tag", "text"), examples("harmless"))
def test_rules_do_not_cry_wolf(clean, findings, rule, tag, text):
    assert rule not in set(findings(with_text(clean, tag, text))["rule"])


@pytest.mark.parametrize(("rule", "tag", "text"), examples("found"))
def test_more_that_is_found(clean, findings, rule, tag, text):
    assert rule in set(findings(with_text(clean, tag, text))["rule"])


def test_retired_items_are_not_looked_at(clean, findings):
    retired = copy.deepcopy(clean["items"][3])
    retired.update(id="cln_5", status="retired", text={"en": "of course not no", "zh": "被被被"})
    clean["items"].append(retired)
    assert findings(clean).empty


def test_words_of_a_sector_are_looked_at(clean, findings):
    wording = {"en": "The bank of {brand} always helps.", "zh": "{brand}总是帮助我。"}
    label = {"en": "Finance", "zh": "金融"}
    clean["contexts"] = [{"id": "finance", "label": label, "items": {"cln_1": wording}}]
    found = findings(clean)
    assert set(found["rule"]) == {"absolute"}
    assert found["place"].tolist() == [f"contexts[0].items.cln_1.{tag} (finance)" for tag in ("en", "zh")]


def test_everything_that_ships_passes():
    checked = check_instruments()
    assert checked.passed, checked.summary(advice=False)
    assert {"cognitive-trust", "background-questions", "response-scales"} <= set(checked.checked)
    assert (checked.silenced["reason"].str.len() > 20).all()
