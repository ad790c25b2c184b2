"""The words of the report: both languages have all of them, with the same gaps, and none is unused."""

from __future__ import annotations

import re
import string
from collections import Counter
from pathlib import Path

import pytest
import yaml

from trustmeasure.criteria import load_criteria
from trustmeasure.errors import ArgumentError
from trustmeasure.instruments.records import EvidenceStatus, TranslationStatus
from trustmeasure.reporting import words as module
from trustmeasure.reporting.cutoffs import FIT
from trustmeasure.reporting.words import FILES, Words, all_words

ROOM = Path(module.__file__).parent
SOURCES = [*ROOM.rglob("*.py"), *ROOM.rglob("*.j2"), *(ROOM.parent / "validation").rglob("*.py")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
CHINESE = re.compile("[\u4e00-\u9fff]")


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", all_words())
def test_both_languages_say_it_with_the_same_gaps(key: str) -> None:
    texts = all_words()[key]
    assert set(texts) == {"en", "zh"}
    assert gaps(texts["en"]) == gaps(texts["zh"])
    assert not CHINESE.search(texts["en"])


def test_no_key_stands_in_two_places() -> None:
    keys = re.compile(r"^([^\s#:][^:]*):", re.MULTILINE)
    found = [key for name in FILES for key in keys.findall((ROOM / name).read_text(encoding="utf-8"))]
    assert [key for key, count in Counter(found).items() if count > 1] == []
    assert set(found) == set(all_words())


def test_every_key_is_used() -> None:
    """By its full name, or by its first part where the code puts the rest together."""
    built = set(re.findall(r'f"([a-z_]+\.[a-z_]*)\{', CODE))
    unused = [
        key
        for key in all_words()
        if not re.search(f"""["']{re.escape(key)}["']""", CODE)
        and not any(key.startswith(start) for start in built)
    ]
    assert unused == []


def test_every_key_that_the_code_names_exists() -> None:
    named = set(re.findall(r'(?:\bt|words)\(\s*"([a-z_]+\.[a-z_]+)"', CODE))
    assert len(named) > 60
    assert named <= set(all_words())


@pytest.mark.parametrize("status", EvidenceStatus.__args__)  # type: ignore[attr-defined]
def test_every_evidence_status_has_words(status: str) -> None:
    assert Words("zh")(f"evidence.{status}")


@pytest.mark.parametrize("status", TranslationStatus.__args__)  # type: ignore[attr-defined]
def test_every_translation_status_has_words(status: str) -> None:
    assert Words("zh")(f"translation.{status}")


@pytest.mark.parametrize("metric", ["alpha", "omega", *FIT, "loading"])
def test_caveats_are_translated_from_the_text_that_the_criteria_have_now(metric: str) -> None:
    for rule in load_criteria()[metric].rules:
        assert all_words()[f"caveat.{rule.metric}.{rule.level}"]["en"] == rule.caveat


def test_an_unknown_key_or_language_is_refused() -> None:
    with pytest.raises(ArgumentError, match="no words for 'nothing'"):
        Words("en")("nothing")
    with pytest.raises(ArgumentError, match="language='de' is not known"):
        Words("de")


def test_lists_are_joined_as_each_language_does() -> None:
    assert Words("en").listed(["a", "b", "c"]) == "a, b and c"
    assert Words("zh").listed(["甲", "乙", "丙"]) == "甲、乙和丙"
    assert Words("en").listed(["a"]) == "a"
    assert Words("en").listed([]) == ""


def test_the_files_are_mappings_of_texts() -> None:
    for name in FILES:
        content = yaml.safe_load((ROOM / name).read_text(encoding="utf-8"))
        assert all(isinstance(text, str) and text for texts in content.values() for text in texts.values())
