"""Every kind of mistake in an instrument file: one message with file, place, line and remedy."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.instruments.instrument_mistakes import CASES, step
from trustmeasure.errors import InstrumentError
from trustmeasure.instruments import load_instrument


def message(path) -> str:
    with pytest.raises(InstrumentError) as caught:
        load_instrument(path)
    return str(caught.value)


def test_the_small_instrument_is_valid(small, write):
    instrument = load_instrument(write(small))
    assert [item.id for item in instrument.items] == ["a_1", "a_2", "b_1"]
    assert [item.id for item in instrument.retired] == ["b_2"]
    assert instrument.construct("part_b").items == ("b_1",)
    assert instrument.construct("part_a").sources == ("A book.",)
    assert instrument.languages[1].back_translation
    assert instrument.item("a_2").changes[0].note == "Shorter."
    assert instrument.scale_of("b_1").codes == (0, 1)
    assert set(instrument.response_scales) == {"agreement-7", "yes-no"}


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_is_named_with_file_line_place_and_remedy(small, write, name):
    change, expected = CASES[name]
    change(small)
    path = write(small)
    told = message(path)
    assert told.startswith(str(path))
    assert expected in told
    assert re.search(r"line \d+, ", told)


def test_the_line_is_the_line_of_the_mistake(small, write):
    path = write(small)
    lines = path.read_text(encoding="utf-8").splitlines()
    number = lines.index("    zh: 二。")
    lines[number] = "    zh: 2"
    path = write("\n".join(lines))
    assert (
        f"{path}, line {number + 1}, items[1].text.zh (a_2): must be text, but is 2 (a number)."
        in message(path)
    )


def test_one_problem_makes_one_line(small, write):
    del small["version"]
    assert "\n" not in message(write(small))


def test_several_problems_are_all_named_in_the_order_of_the_lines(small, write):
    del small["items"][0]["text"]["zh"]
    small["title"] = 3
    small["blocks"][1]["scale"] = "yesno"
    told = message(write(small))
    assert "has 3 problems:" in told
    assert (
        told.index("title: must be")
        < told.index("items[0].text.zh")
        < told.index("'yesno' is not a response scale")
    )


def test_at_most_ten_problems_are_named(small, write):
    for item in small["items"]:
        item.update(text={"fr": "Un", "de": "Eins"})
    told = message(write(small))
    assert "has 16 problems:" in told
    assert len(told.splitlines()) == 12
    assert told.endswith("... and 6 more.")


def test_evidence_steps_are_read(small, write):
    figures = {"cfi": 0.95, "n_items": 3}
    real = {
        **step("piloted", False),
        "country": "CN",
        "language": "zh",
        "figures": figures,
        "criteria": ["A rule"],
    }
    small["evidence"] = {"status": "piloted", "steps": [real, step("invariant", True)]}
    evidence = load_instrument(write(small)).evidence
    assert evidence.status == "piloted"
    assert (evidence.steps[0].n, evidence.steps[0].figures["cfi"]) == (200, 0.95)
    assert evidence.steps[1].simulated


def test_shared_scale_in_too_few_languages(small, write):
    small["languages"] = [{"tag": "de", "name": "Deutsch", "status": "drafted"}]
    small["source_language"] = "de"

    def german(data: Any) -> Any:
        if isinstance(data, dict) and set(data) == {"en", "zh"}:
            return {"de": data["en"]}
        if isinstance(data, dict):
            return {key: german(value) for key, value in data.items()}
        return [german(value) for value in data] if isinstance(data, list) else data

    told = message(write(german(small)))
    assert (
        "blocks[0].scale (first): 'agreement-7' is in en, zh only, not in 'de'. Define a scale of your own"
        in told
    )
    assert "\n" not in told
