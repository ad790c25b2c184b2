"""Values held against cut-offs."""

import math

import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import binom

from trustmeasure.criteria import critical_cvr, describe, load_criteria, verdict
from trustmeasure.errors import ArgumentError


def met(*args, **kwargs):
    return [(o.criterion.level, o.rule, o.met) for o in describe(*args, **kwargs).outcomes]


def test_describes_every_rule_with_citation_and_caveat():
    found = describe("cfi", 0.931)
    assert met("cfi", 0.931) == [("default", "≥ 0.95", False), ("lenient", "≥ 0.9", True)]
    assert [rule.level for rule in found.met] == ["lenient"]
    assert found.sentences[0].startswith("Does not meet ≥ 0.95 (Hu & Bentler, 1999). Scope: ")
    assert found.sentences[0].endswith("not a general rule.")
    assert str(found).splitlines()[0] == "comparative fit index (CFI):"
    assert "<li>Meets ≥ 0.9 (Bentler &amp; Bonett, 1980)" in found._repr_html_()
    frame = found.to_frame()
    assert frame["met"].tolist() == [False, True]
    assert frame["value"].tolist() == [0.931, 0.931]


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [("cfi", 0.95, True), ("htmt", 0.90, False), ("modified_kappa", 0.74, False), ("rmsea", 0.06, True)],
)
def test_the_cutoff_itself(metric, value, expected):
    assert verdict(metric, value) is expected


def test_a_difference_at_the_cutoff_is_not_lost_to_binary_fractions():
    drop = 0.94 - 0.95
    assert drop < -0.01
    assert verdict("delta_cfi", drop)
    assert not verdict("delta_cfi", drop, level="strict", n_obs=400)


def test_rules_about_a_limit_need_the_limit():
    without = describe("htmt", 0.87).outcomes[-1]
    assert without.met is None
    assert without.reason == "ci_upper was not given"
    assert describe("htmt", 0.87, ci_upper=0.97).outcomes[-1].met is True
    assert verdict("htmt", 0.87)
    assert not verdict("htmt", 0.87, ci_upper=1.02)


@pytest.mark.parametrize(("experts", "value", "expected"), [(4, 0.99, False), (4, 1, True), (6, 5 / 6, True)])
def test_the_rule_follows_the_context(experts, value, expected):
    assert verdict("i_cvi", value, experts=experts) is expected


@pytest.mark.parametrize(
    ("step", "n_obs", "limit"),
    [("metric", 301, 0.030), ("scalar", 301, 0.010), ("metric", 300, 0.025), ("strict", 300, 0.005)],
)
def test_chen_2007_depends_on_step_and_sample_size(step, n_obs, limit):
    assert verdict("delta_srmr", limit - 1e-6, step=step, n_obs=n_obs)
    assert not verdict("delta_srmr", limit, step=step, n_obs=n_obs)


def test_a_loading_is_judged_by_its_size():
    assert verdict("loading", -0.8)
    assert not verdict("loading", -0.6)


def test_missing_context_is_named():
    outcome = describe("i_cvi", 0.9).outcomes[0]
    assert (outcome.met, outcome.reason) == (None, "it depends on experts, which was not given")
    with pytest.raises(ArgumentError, match="depends on experts"):
        verdict("i_cvi", 0.9)


def test_context_that_no_rule_fits():
    assert describe("i_cvi", 0.9, experts=2).outcomes[1].reason == "it applies only with experts from 6"
    with pytest.raises(ArgumentError, match="experts from 3 to 5"):
        verdict("i_cvi", 0.9, experts=2)


def test_a_reference_figure_is_never_a_verdict():
    assert describe("careless_share", 0.3).outcomes[0].met is None
    assert describe("careless_share", 0.3).sentences[0].startswith("For comparison: from 0.1 to 0.12 (Meade")
    with pytest.raises(ArgumentError, match="no rule of level 'default'"):
        verdict("careless_share", 0.3)
    with pytest.raises(ArgumentError, match="level='reference'"):
        verdict("careless_share", 0.3, level="reference")


def test_a_value_that_does_not_exist():
    assert all(outcome.met is None for outcome in describe("cfi", math.nan).outcomes)
    with pytest.raises(ArgumentError, match="value was not given"):
        verdict("cfi", math.nan)


def test_unknown_names_get_a_suggestion():
    with pytest.raises(ArgumentError, match="Did you mean 'rmsea'"):
        describe("rmsae", 0.05)
    with pytest.raises(ArgumentError, match="Did you mean 'experts'"):
        describe("i_cvi", 1.0, expert=5)


# N and number of experts needed, from Ayre & Scally (2014), Table 2 (one-sided .05, exact binomial)
@pytest.mark.parametrize(
    ("experts", "needed"), [(5, 5), (6, 6), (7, 7), (8, 7), (9, 8), (10, 9), (11, 9), (12, 10), (40, 26)]
)
def test_critical_cvr(experts, needed):
    assert critical_cvr(experts) == pytest.approx((2 * needed - experts) / experts, abs=1e-15)


def test_critical_cvr_is_not_monotone():
    assert critical_cvr(9) > critical_cvr(8)


@settings(deadline=None)
@given(st.integers(5, 200), st.sampled_from([0.05, 0.1, 0.2]))
def test_critical_cvr_is_the_least_that_reaches_the_level(experts, level):
    needed = round((critical_cvr(experts, level=level) * experts + experts) / 2)
    assert binom.sf(needed - 1, experts, 0.5) <= level < binom.sf(needed - 2, experts, 0.5)


@pytest.mark.parametrize("experts", [0, 4, 6.5])
def test_critical_cvr_refuses(experts):
    with pytest.raises(ArgumentError, match="expert"):
        critical_cvr(experts)


def test_computed_cutoff_is_filled_in():
    assert describe("cvr", 0.7, experts=8).outcomes[0].rule == "≥ 0.75"
    assert describe("cvr", 0.7).outcomes[0].rule == "≥ exact-binomial-cvr"
    assert verdict("cvr", 0.75, experts=8)
    with pytest.raises(ArgumentError, match="experts from 5"):
        load_criteria()["cvr"].rules[0].meets(0.9)


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_better_value_never_meets_less(first, second):
    low, high = sorted((first, second))
    assert len(describe("cfi", low).met) <= len(describe("cfi", high).met)
    assert len(describe("rmsea", low).met) >= len(describe("rmsea", high).met)
