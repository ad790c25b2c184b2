"""The page of the rules says what the rules are."""

from __future__ import annotations

from pathlib import Path

from tools.instrument_rules import GROUPS, tables
from trustmeasure.instruments.lint import RULES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "instrument-rules.md"


def test_the_page_holds_each_rule_with_its_severity_and_examples():
    assert PAGE.read_text(encoding="utf-8").split("wording is not looked at.\n\n")[1] == tables()


def test_the_groups_hold_each_rule_once():
    assert [rule.id for rules in GROUPS.values() for rule in rules] == [rule.id for rule in RULES]
