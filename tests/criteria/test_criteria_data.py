"""The shipped criteria: complete, cited, and with the figures that the papers print."""

import math
import re

import pytest

from trustmeasure.criteria import Criteria, load_criteria
from trustmeasure.criteria.conditions import Range, Words
from trustmeasure.errors import ArgumentError

CRITERIA = load_criteria()
RULES = [rule for metric in CRITERIA for rule in CRITERIA[metric].rules]

# metric, level, operator, cut-off: the figures of the papers, written down a second time
PRINTED = [
    ("cfi", "default", ">=", 0.95),
    ("cfi", "lenient", ">=", 0.90),
    ("tli", "default", ">=", 0.95),
    ("tli", "lenient", ">=", 0.90),
    ("rmsea", "strict", "<=", 0.05),
    ("rmsea", "default", "<=", 0.06),
    ("rmsea", "lenient", "<=", 0.08),
    ("srmr", "default", "<=", 0.08),
    ("alpha", "default", ">=", 0.70),
    ("alpha", "review", "<=", 0.95),
    ("omega", "default", ">=", 0.70),
    ("composite_reliability", "default", ">=", 0.70),
    ("average_r", "default", "between", (0.15, 0.50)),
    ("icc", "default", ">=", 0.70),
    ("ave", "default", ">=", 0.50),
    ("loading", "default", ">=", 0.708),
    ("loading", "review", ">=", 0.40),
    ("htmt", "strict", "<", 0.85),
    ("htmt", "default", "<", 0.90),
    ("htmt2", "default", "<", 0.90),
    ("full_collinearity_vif", "default", "<=", 3.3),
    ("harman_share", "default", "<", 0.50),
    ("s_cvi_ave", "default", ">=", 0.90),
    ("modified_kappa", "default", ">", 0.74),
    ("omega_hierarchical", "default", ">", 0.80),
    ("ecv", "default", ">", 0.70),
    ("long_string_share", "review", "<", 0.5),
    ("even_odd", "review", ">=", 0.30),
    ("synonyms_r", "default", ">", 0.60),
    ("antonyms_r", "default", "<", -0.60),
    ("mahalanobis_p", "review", ">=", 0.001),
    ("seconds_per_item", "review", ">=", 2),
    ("time_z", "review", "<=", 3.5),
    ("instructed_failed", "review", "<=", 0),
    ("max_match", "reference", "<=", 0.85),
    ("careless_share", "reference", "between", (0.10, 0.12)),
    ("categories", "default", ">=", 5),
    ("least_expected", "default", ">=", 1),
    ("small_expected_share", "default", "<=", 0.20),
]


@pytest.mark.parametrize(("metric", "level", "operator", "cutoff"), PRINTED)
def test_figures_are_those_of_the_papers(metric, level, operator, cutoff):
    found = [r for r in CRITERIA[metric].rules if r.level == level and r.subject == "value"]
    assert [(r.operator, r.cutoff) for r in found] == [(operator, cutoff)]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.metric}-{r.level}-{r.rule()}")
def test_every_rule_is_cited_and_has_a_caveat(rule):
    assert re.search(
        r"\(\d{4}\)\. .+(https://doi\.org/10\.\d{4,5}/\S+|ISBN [-\d]{17})$", rule.source.reference
    )
    year = re.search(r"\((\d{4})\)", rule.source.reference).group(1)
    first_author = rule.source.reference.split(",")[0]
    assert year in rule.source.cite
    assert first_author in rule.source.cite
    assert rule.caveat.endswith(".")
    assert rule.scope


def test_every_source_is_used():
    used = {source.key for rule in RULES for source in (rule.source, *rule.see)}
    assert used == set(CRITERIA.sources)


def test_no_two_rules_of_a_level_and_subject_can_apply_at_once():
    for metric in CRITERIA:
        for i, first in enumerate(CRITERIA[metric].rules):
            for second in CRITERIA[metric].rules[i + 1 :]:
                if (first.level, first.subject) == (second.level, second.subject):
                    assert _disjoint(first.when, second.when), (metric, first.rule(), second.rule())


def _disjoint(first, second):
    return any(_apart(first[name], second[name]) for name in set(first) & set(second))


def _apart(a, b):
    if isinstance(a, Words) and isinstance(b, Words):
        return not set(a.allowed) & set(b.allowed)
    assert isinstance(a, Range)
    return max(_low(a), _low(b)) > min(_high(a), _high(b))


def _low(ends):
    return -math.inf if ends.lower is None else ends.lower


def _high(ends):
    return math.inf if ends.upper is None else ends.upper


def test_frame_has_one_row_a_rule_and_no_gap():
    frame = CRITERIA.to_frame()
    assert len(frame) == len(RULES)
    assert not frame.isna().any().any()
    assert (frame.drop(columns="conditions") != "").all().all()


def test_loading_twice_gives_the_same_value():
    assert load_criteria() == CRITERIA
    assert isinstance(CRITERIA, Criteria)
    assert "cfi" in CRITERIA
    assert "cfo" not in CRITERIA


def test_a_cut_off_as_one_number() -> None:
    assert CRITERIA["ave"].rules[0].number() == 0.5
    (between,) = (rule for rule in RULES if rule.metric == "average_r" and rule.operator == "between")
    with pytest.raises(ArgumentError, match="'average_r' is a range"):
        between.number()
