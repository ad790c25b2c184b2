"""Sectors, waves, conditions and changes: what is refused, and what is shown of them."""

from __future__ import annotations

import re

import pytest

from tests.instruments.variant_mistakes import VARIANT_CASES
from trustmeasure.errors import InstrumentError
from trustmeasure.instruments import load_instrument


def test_the_instrument_in_waves_is_valid(waved, write):
    instrument = load_instrument(write(waved))
    assert [wave.id for wave in instrument.waves] == ["before", "after"]
    assert instrument.block("second").waves == ("after",)
    assert instrument.block("second").shown_if == "a_1 >= 4 and answered(age_group)"
    finance = instrument.in_context("finance")
    assert finance.fill(finance.item("a_1").text, "en") == "The bank is one bank."
    assert finance.fill(finance.block("first").stem, "zh") == "今天请想想该银行。"
    assert instrument.in_context("retail").items == instrument.items


@pytest.mark.parametrize("name", VARIANT_CASES)
def test_each_mistake_is_named_with_file_line_place_and_remedy(waved, write, name):
    change, expected = VARIANT_CASES[name]
    change(waved)
    path = write(waved)
    with pytest.raises(InstrumentError) as caught:
        load_instrument(path)
    told = str(caught.value)
    assert told.startswith(str(path))
    assert expected in told
    assert re.search(r"line \d+, ", told)


@pytest.mark.parametrize("text", ["answered(a_1)", "a_1 in (5, 6, 7)", "not a_1 < 3 or age_group == 2"])
def test_conditions_that_are_allowed(waved, write, text):
    waved["blocks"][1]["shown_if"] = text
    assert load_instrument(write(waved)).block("second").shown_if == text


def test_a_condition_may_hang_on_a_block_of_the_same_wave(waved, write):
    waved["blocks"][0]["waves"] = ["before", "after"]
    assert load_instrument(write(waved)).block("first").waves == ("before", "after")


def test_a_sector_may_add_a_placeholder_that_the_file_declares(waved, write):
    brand = waved["placeholders"][0]
    waved["placeholders"].append({**brand, "name": "product"})
    waved["contexts"][0]["items"]["a_2"] = {"en": "Two {product}.", "zh": "二{product}。"}
    item = load_instrument(write(waved)).in_context("finance").item("a_2")
    assert item.text["en"] == "Two {product}."


def test_changes_in_order_are_read(waved, write):
    waved["version"] = "1.10.0"
    kinds = [("1.0.0", "added"), ("1.9.0", "typo"), ("1.9.0", "wording"), ("1.10.0", "meaning")]
    waved["items"][1]["changes"] = [{"version": v, "note": "Why.", "kind": k} for v, k in kinds]
    changes = load_instrument(write(waved)).item("a_2").changes
    assert [(change.version, change.kind) for change in changes] == kinds


def test_a_retired_item_says_when_it_was_retired(waved, write):
    waved["items"][3]["changes"] = [{"version": "1.0.0", "note": "Too long.", "kind": "retired"}]
    assert load_instrument(write(waved)).retired[0].changes[0].kind == "retired"


def test_a_change_without_a_kind_is_one_of_wording(small, write):
    assert load_instrument(write(small)).item("a_2").changes[0].kind == "wording"


def test_the_summary_shows_forms_sectors_waves_and_conditions(waved, write):
    shown = str(load_instrument(write(waved)).summary())
    assert "Form short: Short · 简版 (2 items): a_1, b_1" in shown
    assert (
        "Sector finance: Finance · 金融; its own words for items a_1; stems first; placeholders brand"
        in shown
    )
    assert "Sector retail: Retail · 零售\n" in shown
    assert "Wave before: Before · 之前; blocks first\n" in shown
    assert "Wave after: After · 之后; blocks first, second\n" in shown
    assert "Block second is asked if a_1 >= 4 and answered(age_group)." in shown


def test_the_summary_says_nothing_of_what_is_not_there(small, write):
    shown = str(load_instrument(write(small)).summary())
    assert "Sector" not in shown
    assert "Wave" not in shown
