"""The page that explains an instrument file says what the schema and the loader do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from trustmeasure.instruments import instrument_schema, load_instrument
from trustmeasure.instruments.names import SPSS_WORDS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "instrument-schema.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def objects(part: Any) -> list[dict[str, Any]]:
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = [part] if isinstance(part, dict) and "properties" in part and "required" in part else []
    return own + [found for value in inside for found in objects(value)]


def test_every_field_is_explained_and_marked_when_it_must_be_there(page):
    for part in objects(instrument_schema()):
        for name in part["properties"]:
            mark = " *" if name in part["required"] else ""
            assert f"`{name}`{mark}" in page, name


def test_every_choice_and_every_reserved_word_is_named(page):
    def choices(part: Any) -> list[str]:
        inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        own = part["enum"] if isinstance(part, dict) and "enum" in part else []
        return own + [found for value in inside for found in choices(value)]

    for word in [*choices(instrument_schema()), *SPSS_WORDS]:
        assert f"`{word}`" in page, word


def test_the_whole_file_of_the_page_loads(page, write):
    (whole,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    instrument = load_instrument(write(whole, "service-quality.yaml"))
    assert [item.id for item in instrument.items_of("service_quality")] == ["ser_1", "ser_2"]
    assert instrument.item("ser_2").reverse
