"""The pages that the site makes from the files hold every instrument, every item and every model."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import trustmeasure as tm

EXTENSION = Path(__file__).resolve().parents[2] / "docs" / "_ext" / "shipped_content.py"


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shipped_content", EXTENSION)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_item_stands_on_the_page_in_both_languages(pages: ModuleType) -> None:
    page = pages.instruments_page()
    for id in tm.list_instruments()["id"]:
        instrument = tm.load_instrument(id)
        assert f"({id})=" in page
        for item in instrument.items:
            english, chinese = (instrument.fill(item.text, tag) for tag in ("en", "zh"))
            reversed = " (reversed)" if item.reverse else ""
            assert f"| `{item.id}`{reversed} | {english} | {chinese} |" in page
    assert "{brand}" not in page


def test_every_model_stands_on_the_page_with_its_claim(pages: ModuleType) -> None:
    page = pages.models_page()
    for row in tm.list_models().itertuples():
        assert f"(model-{row.name})=" in page
        assert row.claim in page
    assert "=~" not in page


def test_a_bar_inside_a_cell_does_not_split_it(pages: ModuleType) -> None:
    assert list(pages.table(("a",), [("x | y",)])) == ["| a |", "|---|", "| x \\| y |", ""]
