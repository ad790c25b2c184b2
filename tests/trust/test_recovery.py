"""Models of repair, digital trust and observed behaviour find the numbers that data were made with."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import combinations

import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import parse_model
from trustmeasure.trust.named import named_model
from trustmeasure.trust.named.base import BASES
from trustmeasure.trust.named.behaviour import with_behaviour
from trustmeasure.trust.named.digital import MECHANISMS
from trustmeasure.trust.named.repair import RESPONSES

LAST_WAVE = ("trust_right_after", "trust_before", "perceived_severity", "crisis_attribution")
ORDERED = (-1.2, -0.6, 0.0, 0.6, 1.2)
REPAIR = {
    "bef_aft": 0.5,
    "sev_aft": -0.3,
    "att_aft": -0.4,
    "aft_lat": 0.3,
    "apo_lat": 0.3,
    "cmp_lat": 0.2,
    "cor_lat": 0.4,
    "spd_lat": 0.1,
    "bef_lat": 0.2,
    "lat_rep": 0.6,
    "cor_rep": 0.1,
    "load_cri_tru_2": 0.9,
    "load_cri_tru_3": 1.1,
    "load_cri_tru_4": 0.8,
}
DIGITAL = dict(zip((f"{m[:3]}_str" for m in MECHANISMS), (0.3, 0.25, 0.2, 0.15, 0.2, 0.1, 0.15), strict=True))
DIGITAL |= {"str_cog": 0.6, "cog_rep": 0.5, "str_rep": 0.2}
BEHAVIOUR = {"cog_sat": 0.3, "aff_sat": 0.3, "str_sat": 0.2, "sat_loy": 0.5, "loy_rep": 0.5, "rep_obs": 0.6}


def correlated(names: tuple[str, ...], size: float) -> dict[str, float]:
    return {f"{a} ~~ {b}": size for a, b in combinations(names, 2)}


def population(text: str, given: Mapping[str, float]) -> dict[str, float]:
    """Return every labelled path and every defined effect in the population."""
    table = parse_model(text)
    known = {p.label: given.get(p.label, 0.0) for p in table.parameters if p.op == "~" and p.label}
    for one in table.definitions:
        terms = [re.findall(r"\w+", term) for term in one.text.split("+")]
        known[one.name] = sum(math.prod(known[name] for name in term) for term in terms)
    return known


def assert_recovered(fit: tm.SemResult, text: str, given: Mapping[str, float]) -> None:
    """Nothing is far off, and no more is off by two standard errors than chance allows."""
    expected = population(text, given)
    rows = fit.parameters.drop_duplicates("label").set_index("label").loc[list(expected)]
    gaps = (rows["estimate"] - rows.index.map(expected)).abs()
    assert gaps.max() < 0.12, gaps.idxmax()
    assert (gaps / rows["se"]).max() < 4
    assert (gaps > 2 * rows["se"]).mean() < 0.15


def test_repair_over_three_waves() -> None:
    text = tm.trust_model("repair")
    data = tm.simulate(text, 1200, seed=8, values=REPAIR | correlated(RESPONSES, 0.3))
    fit = tm.fit_sem(text, data)
    assert_recovered(fit, text, REPAIR)
    loadings = fit.parameters[fit.parameters["label"] == "load_cri_tru_3"]["estimate"]
    assert len(loadings) == 3
    assert loadings.nunique() == 1
    assert loadings.iloc[0] == pytest.approx(1.1, abs=0.1)


def test_trust_is_measured_by_the_same_items_in_each_wave() -> None:
    table = parse_model(tm.trust_model("repair"))
    items = [item.id for item in tm.load_instrument("crisis-repair").items_of("company_trust")]
    for latent, ending in (("before", "before"), ("right_after", "right_after"), ("later", "later")):
        found = [p.rhs for p in table.parameters if p.op == "=~" and p.lhs == f"trust_{latent}"]
        assert found == [f"{item}_{ending}" for item in items]
    kept = {(p.lhs, p.rhs) for p in table.parameters if p.op == "~~"}
    assert {(f"{item}_before", f"{item}_later") for item in items} <= kept
    assert {("trust_right_after", response) for response in RESPONSES} <= kept


def test_columns_are_those_of_the_joined_waves() -> None:
    asked = {
        f"{column}_{wave.replace('-', '_')}"
        for wave in ("before", "right-after", "later")
        for column in tm.Questionnaire.compose(["crisis-repair", "repurchase"], wave=wave).columns
    }
    observed = set(parse_model(tm.trust_model("repair")).observed)
    assert observed <= asked
    assert {"cri_sev_1_right_after", "cri_apo_1_later", "rep_1_later"} <= observed


def test_dimensions_keep_their_names_in_waves() -> None:
    text = tm.trust_model(
        "repair", ["crisis-repair", "loyalty"], constructs={"repurchase_intention": "loyalty"}
    )
    assert "attitudinal_loyalty =~ loy_att_1_later" in text
    assert "loyalty =~ attitudinal_loyalty + behavioural_loyalty" in text


def test_repair_with_the_last_wave_alone_asks_whether_trust_came_back() -> None:
    text = tm.trust_model("repair", without=LAST_WAVE, constructs={"trust_later": "restored_trust"})
    assert "restored_trust =~ cri_res_1 + cri_res_2 + cri_res_3 + cri_res_4" in text
    assert "cri_tru" not in text
    asked = tm.Questionnaire.compose(["crisis-repair", "repurchase"], wave="later").columns
    assert set(parse_model(text).observed) <= set(asked)
    given = {"apo_lat": 0.3, "cmp_lat": 0.2, "cor_lat": 0.4, "spd_lat": 0.1, "lat_rep": 0.6, "cor_rep": 0.1}
    data = tm.simulate(text, 1200, seed=5, values=given | correlated(RESPONSES, 0.3))
    assert_recovered(tm.fit_sem(text, data), text, given)


def test_repair_in_two_waves_keeps_trust_before_as_a_cause() -> None:
    text = tm.trust_model("repair", without=["trust_right_after", "perceived_severity", "crisis_attribution"])
    paths = {(p.rhs, p.lhs) for p in parse_model(text).parameters if p.op == "~"}
    assert ("trust_before", "trust_later") in paths
    assert "right_after" not in text


@pytest.mark.parametrize("direct", [True, False])
def test_digital_mechanisms(direct: bool) -> None:
    text = tm.trust_model("digital", direct=direct, higher_order=False)
    given = DIGITAL if direct else {label: v for label, v in DIGITAL.items() if label != "str_rep"}
    data = tm.simulate(text, 1500, seed=4, values=given | correlated(MECHANISMS, 0.3))
    assert_recovered(tm.fit_sem(text, data), text, given)


def test_digital_defines_the_whole_route_of_every_mechanism() -> None:
    defined = {d.name: d.text for d in parse_model(tm.trust_model("digital", direct=False)).definitions}
    for mechanism in MECHANISMS:
        short = mechanism[:3]
        assert defined[f"ind_{short}_str_cog_rep"] == f"{short}_str*str_cog*cog_rep"


def test_observed_repurchase_is_the_last_variable() -> None:
    """With the residual of the response fixed at 1 (theta) a path is a probit coefficient."""
    text = tm.trust_model("behaviour", form="short", higher_order=False)
    values = BEHAVIOUR | correlated(BASES, 0.4)
    data = tm.simulate(text, 2000, seed=6, values=values, cuts={"repurchased": [0.3]})
    assert data["repurchased"].nunique() == 2
    fit = tm.fit_sem(text, data, ordered=["repurchased"], parameterization="theta")
    assert fit.estimator == "WLSMV"
    assert_recovered(fit, text, BEHAVIOUR)


def test_behaviour_behind_another_model_with_all_answers_ordinal() -> None:
    text = tm.trust_model(
        "satisfaction-first",
        direct=False,
        higher_order=False,
        without=["affective_trust", "structural_trust"],
        behaviour="bought",
    )
    given = {"sat_cog": 0.7, "cog_loy": 0.6, "loy_rep": 0.6, "rep_obs": 0.6}
    cuts = dict.fromkeys(parse_model(text).observed, ORDERED)
    data = tm.simulate(text, 1500, seed=2, values=given, cuts=cuts)
    data["bought"] = (data["bought"] > 3).astype(int)
    fit = tm.fit_sem(text, data, ordered=True)
    found = fit.parameters.set_index("label")
    assert found.loc["sat_cog", "std_all"] == pytest.approx(0.7 / math.hypot(0.7, 1), abs=0.05)
    whole = found.loc["ind_sat_cog_loy_rep_obs"]
    product = math.prod(found.loc[label, "estimate"] for label in given)
    assert whole["estimate"] == pytest.approx(product)
    assert whole["p_value"] < 0.001


def test_behaviour_follows_every_last_outcome() -> None:
    model = with_behaviour(named_model("digital"), "used_again")
    assert model.paths["used_again"] == ("repurchase_intention",)
    assert model.direct["used_again"] == ("cognitive_trust", "structural_trust")
    assert model.observed == ("used_again",)
    assert "used_again =~" not in tm.trust_model("digital", behaviour="used_again")


def test_the_column_can_have_any_name_in_the_model_of_that_name() -> None:
    text = tm.trust_model("behaviour", constructs={"repurchased": "order_90_days"})
    assert "order_90_days ~ rep_obs*repurchase_intention" in text
    with pytest.raises(ArgumentError, match="Did you mean 'repurchased'"):
        tm.trust_model("behaviour", constructs={"repurchase": "x"})


@pytest.mark.filterwarnings("ignore::trustmeasure.errors.ListwiseWarning")
def test_the_sample_gives_back_the_probit_of_its_purchases() -> None:
    """The shipped sample was made with Phi(-0.1 + 0.6 x), x being the true intention with variance 1."""
    text = tm.trust_model(
        "behaviour",
        direct=False,
        form="short",
        higher_order=False,
        constructs={"repurchased": "repurchase_90d"},
    )
    fit = tm.fit_sem(text, tm.load_sample("trust-survey"), ordered=["repurchase_90d"])
    found = fit.parameters.set_index("label")
    assert found.loc["rep_obs", "std_all"] == pytest.approx(0.6 / math.hypot(0.6, 1), abs=0.06)
    assert found.loc["ind_loy_rep_obs", "p_value"] < 0.001
