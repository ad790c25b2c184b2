"""The records: lookups, filling placeholders, frames and what is shown."""

from __future__ import annotations

import dataclasses
import pickle

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from trustmeasure.errors import InstrumentError
from trustmeasure.instruments import (
    Block,
    Construct,
    Instrument,
    Item,
    Language,
    Placeholder,
    ResponseScale,
    ScalePoint,
    load_instrument,
)
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.placeholders import fill, names_in

BRAND = Placeholder("brand", {"en": "Name."}, {"en": "the company"})


@pytest.fixture
def cognitive() -> Instrument:
    return load_instrument("cognitive-trust")


def tiny(title: str = "T", text: str = "Text.") -> Instrument:
    scale = ResponseScale("s", (ScalePoint(1, {"en": "No"}), ScalePoint(2, {"en": "Yes"})))
    return Instrument(
        id="tiny",
        version="1.0.0",
        title={"en": title},
        languages=(Language("en", "English"),),
        response_scales={"s": scale},
        constructs=(Construct("c", {"en": "C"}, {"en": "D"}, items=("i_1",)),),
        items=(Item("i_1", "c", "s", {"en": text}),),
        blocks=(Block("b", {"en": "Stem"}, ("i_1",), "s"),),
    )


@pytest.mark.parametrize("kind", ["item", "construct", "block"])
def test_unknown_id_names_the_nearest(cognitive, kind):
    given_id, near = {
        "item": ("cog_com1", "cog_com_1"),
        "construct": ("competense", "competence"),
        "block": ("cog_1", "cog1"),
    }[kind]
    with pytest.raises(InstrumentError, match=f"has no {kind} '{given_id}'. Did you mean '{near}'"):
        getattr(cognitive, kind)(given_id)


def test_forms(cognitive):
    assert cognitive.items_in() == cognitive.items
    assert [i.id for i in cognitive.items_in("short")][:2] == ["cog_com_1", "cog_com_2"]
    with pytest.raises(InstrumentError, match=r"no form 'shrt'. Did you mean 'short'\? Allowed: short, long"):
        cognitive.items_in("shrt")


def test_scale_reverses_and_labels(cognitive):
    scale = cognitive.scale_of("cog_rel_4")
    assert [scale.reverse(code) for code in scale.codes] == [7, 6, 5, 4, 3, 2, 1]
    assert (scale.minimum, scale.maximum) == (1, 7)
    assert scale.labels("zh")[7] == "非常同意"
    assert 99 not in scale.labels("en")
    assert scale.labels("en", missing=True)[99] == "No answer"


def test_fill_uses_value_default_and_capital(cognitive):
    text = cognitive.item("cog_rel_1").text
    assert cognitive.fill(text, "en") == "The company keeps its promises."
    assert cognitive.fill(text, "en", brand="eBay") == "eBay keeps its promises."
    assert cognitive.fill(text, "zh") == "该公司说到做到。"
    assert (
        cognitive.fill("I like {brand}. {brand} is good.", "en") == "I like the company. The company is good."
    )


def test_fill_takes_a_value_as_it_is_even_with_braces(cognitive):
    assert cognitive.fill("{brand} is good.", "en", brand="{brand} \\1") == "{brand} \\1 is good."


def test_fill_refuses_what_it_does_not_know(cognitive):
    with pytest.raises(InstrumentError, match=r"no placeholder 'brnd'\. Did you mean 'brand'"):
        cognitive.fill("{brand}", "en", brnd="Acme")
    with pytest.raises(InstrumentError, match="no language 'cn'"):
        cognitive.fill("{brand}", "cn")
    with pytest.raises(InstrumentError, match="'brand' got ' '"):
        cognitive.fill("{brand}", "en", brand=" ")
    with pytest.raises(InstrumentError, match=r"\{shop\} in 'At \{shop\}' is not declared"):
        cognitive.fill("At {shop}", "en")


@given(st.text(), st.text(min_size=1).filter(str.strip))
def test_filling_leaves_everything_but_the_placeholder_alone(around, value):
    safe = around.replace("{", "").replace("}", "")
    assert fill(f"{safe}{{brand}}{safe}", [BRAND], "en", {"brand": value}) == f"{safe}{value}{safe}"


def test_names_in_a_text_come_once_and_in_order():
    assert names_in("{b} {a} {b} {} {A}") == ("b", "a")


def test_frame_has_one_row_an_item(cognitive):
    frame = cognitive.to_frame()
    assert frame.columns.tolist() == [
        "item",
        "construct",
        "dimension_of",
        "block",
        "scale",
        "reverse",
        "text_en",
        "text_zh",
    ]
    assert frame["item"].tolist() == [item.id for item in cognitive.items]
    assert frame["reverse"].dtype == bool
    assert frame.loc[frame["reverse"], "item"].tolist() == ["cog_rel_4"]
    assert set(frame["dimension_of"]) == {"cognitive_trust"}
    assert load_instrument("satisfaction").to_frame()["dimension_of"].isna().all()


def test_frame_in_one_language(cognitive):
    frame = cognitive.to_frame("zh")
    assert frame.columns[-1] == "text"
    assert frame["text"].iloc[8] == "{brand}说到做到。"
    with pytest.raises(InstrumentError, match="no language 'de'"):
        cognitive.to_frame("de")


def test_html_shows_definition_wording_and_status_in_both_languages(cognitive):
    shown = cognitive._repr_html_()
    for part in ("Cognitive trust", "认知信任", "Belief that the company is honest", "顾客相信企业诚实"):
        assert part in shown
    for part in ("keeps its promises", "说到做到", "developed", "drafted", "reversed"):
        assert part in shown
    assert "{brand}" not in shown


def test_html_is_escaped():
    shown = tiny(title="<b>A & B</b>", text="<script>x</script>")._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in shown


def test_repr_is_one_line_and_str_is_the_summary(cognitive):
    assert repr(cognitive) == "<Instrument cognitive-trust 1.1.0: 12 items, 4 constructs, en, zh, developed>"
    assert "cog_rel_4" in str(cognitive)
    assert str(cognitive) == str(cognitive.summary())


def test_plain_dicts_may_stand_for_texts():
    assert isinstance(tiny().to_frame(), pd.DataFrame)


def test_instruments_are_frozen_hashable_and_travel_between_processes(cognitive):
    with pytest.raises(dataclasses.FrozenInstanceError):
        cognitive.id = "other"
    with pytest.raises(TypeError):
        cognitive.title["en"] = "Other"
    copy = pickle.loads(pickle.dumps(cognitive))  # noqa: S301 (our own bytes)
    assert copy == cognitive
    assert hash(copy) == hash(cognitive)


@given(st.dictionaries(st.text(), st.integers()))
def test_frozen_map_equals_the_mapping_it_was_made_of(pairs):
    frozen = FrozenMap.of(pairs)
    assert frozen == pairs
    assert dict(frozen) == pairs
    assert hash(frozen) == hash(FrozenMap.of(reversed(pairs.items())))
    assert "a name that is not there" not in frozen
