"""Criteria of one's own, and what is said about a broken file."""

import pytest

from trustmeasure.criteria import describe, load_criteria, verdict
from trustmeasure.errors import ArgumentError

OWN = """
sources:
  house-2024:
    cite: House rule, 2024
    reference: "Our own guideline (2024). Kept by the research group."
metrics:
  cfi:
    label: comparative fit index (CFI)
    rules:
      - {level: default, operator: ">=", value: 0.97, source: house-2024, scope: our studies, caveat: Ours.}
  alpha:
    label: Cronbach's alpha
    rules:
      - {level: default, operator: between, value: [0.8, 0.9], source: lance-2006, scope: all, caveat: Ours.}
"""
RULE = 'level: default, operator: ">=", value: 0.97, source: hu-bentler-1999, scope: all, caveat: None.'


def with_rule(rule):
    return f"metrics: {{cfi: {{label: CFI, rules: [{{{rule}}}]}}}}"


def test_own_metrics_replace_the_shipped_ones(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    own = load_criteria(path)
    assert describe("cfi", 0.96, criteria=own).sentences == (
        "Does not meet ≥ 0.97 (House rule, 2024). Scope: our studies. Ours.",
    )
    assert verdict("alpha", 0.85, criteria=own)
    assert not verdict("alpha", 0.95, criteria=own)
    assert own["rmsea"] == load_criteria()["rmsea"]
    assert load_criteria()["cfi"].rules[0].cutoff == 0.95


def test_file_that_does_not_exist(tmp_path):
    with pytest.raises(ArgumentError, match="File not found"):
        load_criteria(tmp_path / "nothing.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("metrics: [", "is not readable YAML"),
        ("- a", "must be a mapping of names, not list"),
        ("metric: {}", "unknown entry 'metric'. Did you mean 'metrics'"),
        ("metrics: {cfi: {label: CFI, rules: []}}", r"metrics\.cfi\.rules must be a list"),
        (f"metrics: {{cfi: {{label: '', rules: [{{{RULE}}}]}}}}", r"metrics\.cfi\.label must be a text"),
        (with_rule(RULE.replace(">=", "=>")), r"metrics\.cfi\.rules\[0\]\.operator='=>'"),
        (with_rule(RULE.replace("level: default", "level: defualt")), "Did you mean 'default'"),
        (with_rule(RULE.replace("bentler", "bentlr")), "Did you mean 'hu-bentler-1999'"),
        (with_rule(RULE.replace("0.97", "high")), r"rules\[0\]\.value='high'"),
        (with_rule(RULE.replace("0.97", "yes")), r"rules\[0\]\.value must be a number"),
        (with_rule(RULE.replace("0.97", "[1, 2]")), r"rules\[0\]\.value must be a number"),
        (with_rule(RULE.replace(">=", "between")), "must be two numbers"),
        (with_rule(RULE + ", subject: ci_uper"), "Did you mean 'ci_upper'"),
        (with_rule(RULE + ", when: {experts: 5}"), r"when\.experts must be \[from, to\]"),
        (with_rule(RULE + ", note: x"), "unknown entry 'note'"),
        (with_rule(RULE.replace("caveat: None.", "caveat: 3")), r"rules\[0\]\.caveat must be a text"),
    ],
)
def test_broken_files_name_the_place(tmp_path, text, said):
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentError, match=said) as caught:
        load_criteria(path)
    assert "broken.yaml" in str(caught.value)


def test_file_that_is_not_text(tmp_path):
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(ArgumentError, match="is not readable YAML"):
        load_criteria(path)
