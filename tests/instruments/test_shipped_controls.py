"""The controls that ship are asked beside the others and do in the analysis what they are for."""

from __future__ import annotations

import pytest

import trustmeasure as tm
from trustmeasure.instruments import load_instrument

SUBSTANCE = ["satisfaction", "loyalty", "repurchase"]
CONTROLS = ["marker-scale", "social-desirability", "trust-propensity", "category-involvement"]
CUTS = (-1.6, -1.0, -0.4, 0.2, 0.8, 1.4)
METHOD = 0.6


@pytest.fixture(scope="module")
def responses() -> tm.Responses:
    """Answers in which one method moves every item, the marker's too."""
    used = [*SUBSTANCE, "marker-scale", "social-desirability"]
    text = tm.models.measurement(used)
    items = [item.id for id in used for item in load_instrument(id).items]
    text += "method =~ " + " + ".join(f"{METHOD}*{item}" for item in items) + "\n"
    answers = tm.simulate(text, 400, seed=5, cuts=dict.fromkeys(items, CUTS))
    answers["sdr_5"] = 8 - answers["sdr_5"]
    return tm.read_responses(answers, used)


def test_the_marker_shows_a_method_that_moves_all_items(responses: tm.Responses):
    found = tm.marker_cfa(responses, marker="liking_rain")
    assert found.tests.set_index("model").loc["Method-C", "p_value"] < 0.001
    assert (found.reliability["method_share"] > 0.01).all()


def test_social_desirability_is_scored_and_taken_out(responses: tm.Responses):
    assert responses.scores()["social_desirability"].between(1, 7).all()
    found = tm.social_desirability(responses, scale="social_desirability")
    assert (found.with_method["r"].abs() > 0.05).any()


def test_controls_say_nothing_of_the_company_but_involvement():
    for id in CONTROLS[:3]:
        instrument = load_instrument(id)
        assert instrument.placeholders == ()
        assert len(instrument.items) <= 5


def test_controls_are_asked_beside_the_others_on_the_same_scale():
    made = tm.Questionnaire.compose([*SUBSTANCE, *CONTROLS], brand="Northwind", checks=2)
    assert {matrix.scale.id for matrix in made.matrices} == {"agreement-7"}
    assert {"rain_1", "sdr_1", "pro_tru_2", "inv_1"} <= set(made.columns)
    assert set(made.expected) == {"check_1", "check_2"}
