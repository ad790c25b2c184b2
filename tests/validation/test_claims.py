"""A status is claimed only where every rule behind it was checked and met."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from tests.validation.surveys import answers, ratings, read, responses
from trustmeasure.instruments import load_instrument
from trustmeasure.validation import Validation, validate
from trustmeasure.validation.claims import Claim, Rule, figure_name, own_factor_share


@cache
def found() -> Validation:
    return validate(
        "cognitive-trust",
        responses(),
        ratings=ratings(),
        groups="country",
        behaviour={"bought": "+"},
        date="2025-01-31",
        country="DE",
        n_bootstrap=50,
    )


def claim(validation: Validation, status: str) -> Claim:
    return next(one for one in validation.claims if one.status == status)


def test_everything_in_order_reaches_every_status() -> None:
    assert [one.status for one in found().claims if one.reached] == [
        "content-validated", "piloted", "structurally-validated", "invariant", "criterion-validated"
    ]  # fmt: skip
    assert found().status == "criterion-validated"
    assert [step.status for step in found().steps] == [one.status for one in found().claims]
    assert {(step.date, step.country, step.simulated) for step in found().steps} == {
        ("2025-01-31", "DE", False)
    }


def test_simulated_answers_never_raise_the_status() -> None:
    simulated = replace(responses(), simulated=True)
    one = validate("cognitive-trust", simulated, date="2025-01-31", n_bootstrap=10)
    assert claim(one, "structurally-validated").reached
    assert one.status == "developed"
    assert all(step.simulated for step in one.steps)


def test_a_doubted_item_keeps_the_content_from_being_claimed() -> None:
    one = validate("cognitive-trust", responses(), ratings=ratings(low="cog_int_2"), n_bootstrap=10)
    content = claim(one, "content-validated")
    unmet = [rule.name for rule in content.rules if not rule.met]
    assert unmet == ["i_cvi_cog_int_2"]
    assert not content.reached
    assert "content-validated" not in [step.status for step in one.steps]


def test_few_people_do_not_show_a_structure() -> None:
    one = validate("cognitive-trust", read(answers(n=120)), groups="country", n_bootstrap=10)
    structure = claim(one, "structurally-validated")
    assert {rule.name for rule in structure.rules if not rule.met} >= {"n_half", "persons_per_item"}
    assert claim(one, "invariant").lacking.startswith("The structure was not shown first")
    assert one.status == "piloted"


def test_weak_items_do_not_show_a_structure() -> None:
    one = validate("cognitive-trust", read(answers(n=800, loading=0.35)), n_bootstrap=10)
    assert "omega_min" in {rule.name for rule in claim(one, "structurally-validated").rules if not rule.met}
    assert one.status == "piloted"


def test_an_unexpected_sign_is_no_criterion_evidence() -> None:
    one = validate("cognitive-trust", responses(), behaviour={"bought": "-"}, n_bootstrap=10)
    assert not claim(one, "criterion-validated").reached
    assert all(rule.met is False for rule in claim(one, "criterion-validated").rules)


def test_what_was_not_given_is_said() -> None:
    one = validate("cognitive-trust", responses(), n_bootstrap=10)
    assert claim(one, "content-validated").lacking == "No ratings of experts were given."
    assert claim(one, "invariant").lacking == "No groups were named."
    assert claim(one, "criterion-validated").lacking == "No observed behaviour was named."
    frame = one.to_frame()
    assert set(frame["status"]) == {c.status for c in one.claims}


def test_a_claim_without_rules_or_with_an_open_rule_is_not_reached() -> None:
    met = Rule("cfi", "cfi", 0.97, "≥ 0.95", "somebody", met=True)
    assert Claim("piloted", 10, (met,)).reached
    assert not Claim("piloted", 10).reached
    assert not Claim("piloted", 10, (met, replace(met, met=None))).reached
    assert not Claim("piloted", 10, (met,), lacking="something").reached


def test_old_evidence_stays_and_the_same_analysis_is_not_counted_twice() -> None:
    instrument = load_instrument("cognitive-trust")
    again = replace(instrument, evidence=found().evidence)
    second = replace(found(), instrument=again)
    assert len(second.evidence.steps) == len(found().steps)


def test_own_factor_share_by_hand() -> None:
    loadings = pd.DataFrame(
        {"F1": [0.8, 0.7, 0.1, 0.6], "F2": [0.1, 0.0, -0.9, 0.2]}, index=["a", "b", "c", "d"]
    )
    assert own_factor_share(loadings, {"x": ["a", "b"], "y": ["c", "d"]}) == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("i_cvi", "cog_com_1"), "i_cvi_cog_com_1"),
        (("delta_cfi", "metric", "地区"), "delta_cfi_metric"),
        (("r", "x" * 30, "y" * 30), f"r_{'x' * 30}_{'y' * 7}"),
    ],
)
def test_names_of_figures_fit_the_instrument_file(parts: tuple[str, ...], name: str) -> None:
    assert figure_name(*parts) == name
