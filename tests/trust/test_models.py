"""Named models as text."""

from __future__ import annotations

import pytest

from trustmeasure.errors import ArgumentError, InstrumentError
from trustmeasure.instruments import load_instrument
from trustmeasure.sem import parse_model
from trustmeasure.trust import models
from trustmeasure.trust.paths import Paths, short_names


def test_trust_outcomes_has_all_direct_paths() -> None:
    table = parse_model(models.trust_outcomes())
    bases = {"cognitive_trust", "affective_trust", "structural_trust"}
    paths = {(p.rhs, p.lhs) for p in table.parameters if p.op == "~"}
    assert paths == {
        *((b, y) for b in bases for y in ("satisfaction", "loyalty", "repurchase_intention")),
        ("satisfaction", "loyalty"),
        ("satisfaction", "repurchase_intention"),
        ("loyalty", "repurchase_intention"),
    }
    assert len(table.observed) == 45


def test_trust_outcomes_defines_every_indirect_route() -> None:
    defined = {d.name: d.text for d in parse_model(models.trust_outcomes()).definitions}
    routes = {name for name in defined if name.startswith("ind_")}
    expected = {"ind_sat_loy_rep"}
    for base in ("cog", "aff", "str"):
        expected |= {f"ind_{base}_{rest}" for rest in ("sat_loy", "sat_rep", "loy_rep", "sat_loy_rep")}
    assert routes == expected
    assert defined["ind_cog_sat_loy_rep"] == "cog_sat*sat_loy*loy_rep"
    assert defined["total_cog_rep"] == "cog_rep + indirect_cog_rep"


def test_second_order_or_direct_measurement() -> None:
    second = models.trust_outcomes()
    assert "cognitive_trust =~ competence + integrity + reliability" in second
    direct = models.trust_outcomes(higher_order=False)
    assert "cognitive_trust =~ cog_com_1 + cog_com_2" in direct
    assert "competence" not in direct
    assert len(parse_model(direct).latent) == 6


def test_fewer_bases() -> None:
    text = models.trust_outcomes(["affective-trust", "satisfaction", "loyalty", "repurchase"])
    assert "cognitive" not in text
    assert "satisfaction ~ aff_sat*affective_trust" in text


def test_measurement_model_has_no_regressions() -> None:
    table = parse_model(models.measurement())
    assert not any(p.op == "~" for p in table.parameters)
    covariances = {(p.lhs, p.rhs) for p in table.parameters if p.op == "~~" and p.lhs != p.rhs}
    assert len(covariances) == 15


def test_measurement_leaves_out_single_items() -> None:
    assert "rec_nps" not in models.measurement(["recommendation"])


def test_instruments_as_values() -> None:
    assert models.measurement([load_instrument("satisfaction")]) == models.measurement(["satisfaction"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loyalty": "loyality"}, "Did you mean 'loyalty'"),
        ({"instruments": ["satisfaction", "loyalty", "repurchase"]}, "None of the trust bases"),
        ({"trust": ["kognitive_trust"]}, "Did you mean 'cognitive_trust'"),
    ],
)
def test_unknown_constructs(options: dict[str, object], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        models.trust_outcomes(**options)  # type: ignore[arg-type]  # what a wrong call says


def test_unknown_instrument() -> None:
    with pytest.raises(InstrumentError, match="cognitive-trust"):
        models.trust_outcomes(["cognitiv-trust"])


def test_short_names_are_unique() -> None:
    assert short_names(["satisfaction", "saturation", "loyalty"]) == {
        "satisfaction": "sati",
        "saturation": "satu",
        "loyalty": "loya",
    }
    assert len(set(short_names(["a", "ab", "abc"]).values())) == 3


def test_routes_of_a_diamond() -> None:
    paths = Paths({"b": ["a"], "c": ["a"], "d": ["b", "c", "a"]}, {x: x for x in "abcd"})
    assert set(paths.routes("a", "d")) == {("a", "b", "d"), ("a", "c", "d"), ("a", "d")}
    assert "total_a_d := a_d + indirect_a_d" in paths.definitions()
