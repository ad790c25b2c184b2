"""Every named model: its record, its text, and what can be changed in it."""

from __future__ import annotations

import re

import pytest

import trustmeasure as tm
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import parse_model
from trustmeasure.trust.named import named_model, named_models

each = pytest.mark.parametrize("name", [model.name for model in named_models()])


def paths_in(text: str) -> set[tuple[str, str]]:
    return {(p.rhs, p.lhs) for p in parse_model(text).parameters if p.op == "~"}


@each
def test_the_record_is_complete(name: str) -> None:
    model = named_model(name)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", model.name)
    assert "->" in model.title
    assert model.claim.endswith(".")
    assert model.instruments == tuple(tm.load_instrument(id).id for id in model.instruments)
    assert all(re.search(r"\(\d{4}\)", source) for source in model.sources)
    assert set(model.direct) <= set(model.paths)


@each
@pytest.mark.parametrize("higher_order", [True, False])
@pytest.mark.parametrize("direct", [True, False])
def test_the_text_is_the_paths_of_the_record(name: str, direct: bool, higher_order: bool) -> None:
    model = named_model(name)
    expected = {(x, y) for y, xs in model.paths.items() for x in xs}
    expected |= {(x, y) for y, xs in model.direct.items() for x in xs} if direct else set()
    text = tm.trust_model(name, direct=direct, higher_order=higher_order)
    assert paths_in(text) == expected


@each
def test_every_pair_that_is_joined_by_a_route_has_its_effects(name: str) -> None:
    text = tm.trust_model(name)
    table = parse_model(text)
    defined = {d.name for d in table.definitions}
    labels = {(p.rhs, p.lhs): p.label for p in table.parameters if p.op == "~"}
    causes: dict[str, set[str]] = {}
    for x, y in labels:
        causes.setdefault(y, set()).add(x)

    def routes(source: str, target: str) -> int:
        return sum(1 if x == source else routes(source, x) for x in causes.get(target, ()))

    names = {name for pair in labels for name in pair}
    count = sum(routes(x, y) - ((x, y) in labels) for x in names for y in names)
    assert sum(name.startswith("ind_") for name in defined) == count


def test_the_list_holds_every_model_with_its_instruments() -> None:
    listed = tm.list_models().set_index("name")
    assert listed.index.tolist() == sorted(listed.index)
    assert {"trust-outcomes", "satisfaction-first"} <= set(listed.index)
    assert "loyalty" in listed.loc["trust-outcomes", "instruments"].split(", ")


def test_trust_outcomes_is_the_model_of_that_name() -> None:
    assert tm.trust_model("trust-outcomes") == tm.models.trust_outcomes()


def test_leaving_out_a_link_joins_its_neighbours() -> None:
    text = tm.trust_model("satisfaction-first", direct=False, without=["loyalty", "structural_trust"])
    assert paths_in(text) == {
        ("satisfaction", "cognitive_trust"),
        ("satisfaction", "affective_trust"),
        ("cognitive_trust", "repurchase_intention"),
        ("affective_trust", "repurchase_intention"),
    }
    assert "process_norms" not in text


def test_leaving_out_a_cause_or_the_last_outcome() -> None:
    text = tm.trust_model(
        "satisfaction-first", direct=False, without=["satisfaction", "repurchase_intention"]
    )
    bases = ("cognitive_trust", "affective_trust", "structural_trust")
    assert paths_in(text) == {(base, "loyalty") for base in bases}
    assert ":=" not in text


def test_own_constructs_take_the_place_of_the_models() -> None:
    text = tm.trust_model(
        "trust-outcomes",
        ["cognitive-trust", "satisfaction", "recommendation"],
        without=["affective_trust", "structural_trust", "loyalty"],
        constructs={"repurchase_intention": "recommendation"},
    )
    assert "recommendation =~ rec_1 + rec_2 + rec_3" in text
    assert ("cognitive_trust", "recommendation") in paths_in(text)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("satisfaction-frist", {}, "Did you mean 'satisfaction-first'"),
        ("trust-outcomes", {"without": ["loyality"]}, "Did you mean 'loyalty'"),
        ("trust-outcomes", {"constructs": {"loyality": "x"}}, "Did you mean 'loyalty'"),
        ("trust-outcomes", {"constructs": {"loyalty": "x"}}, "No instrument has the construct 'x'"),
        ("trust-outcomes", {"instruments": ["satisfaction"]}, "No instrument has the construct"),
        (
            "satisfaction-first",
            {"without": ["satisfaction", "loyalty", "repurchase_intention"]},
            "Nothing is left",
        ),
    ],
)
def test_mistakes_are_named(name: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        tm.trust_model(name, **options)  # type: ignore[arg-type]  # what a wrong call says
