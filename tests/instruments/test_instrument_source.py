"""Files that are not what they should be, before their content is looked at."""

from __future__ import annotations

import copy
import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from trustmeasure.errors import InstrumentError
from trustmeasure.instruments import Instrument, load_instrument, load_scales
from trustmeasure.instruments.build import instrument as build
from trustmeasure.instruments.consistency import instrument_problems
from trustmeasure.instruments.schema import schema_problems
from trustmeasure.instruments.source import read_yaml


def message(path) -> str:
    with pytest.raises(InstrumentError) as caught:
        load_instrument(path)
    return str(caught.value)


def test_missing_file_names_a_similar_one(small, write):
    path = write(small)
    assert f"Did you mean '{path}'?" in message(path.with_name("smal.yaml"))


def test_folder(tmp_path):
    assert "is a folder; a file is needed" in message(tmp_path)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_empty_file(write, text):
    told = message(write(text))
    assert "is empty" in told or "must be a group of named fields, but is empty" in told


@pytest.mark.parametrize("text", ["just words", "- a\n- b\n", "3"])
def test_yaml_that_is_no_group_of_fields(write, text):
    assert "the file: must be a group of named fields" in message(write(text))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not UTF-8 text (byte 1). Save it as UTF-8"),
        ("id: 信任".encode("gb18030"), "is not UTF-8 text (byte 5)"),
        (b"id: \x00\x01\x02", "is not a text file"),
        ("id: small".encode("utf-16"), "is not UTF-8 text"),
    ],
)
def test_binary_and_other_encodings(tmp_path, content, expected):
    path = tmp_path / "binary.yaml"
    path.write_bytes(content)
    assert expected in message(path)


def test_byte_order_mark_and_windows_line_ends_do_no_harm(small, write):
    path = write(small)
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_instrument(path).id == "small"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id: small\ntitle: [1, 2\nversion: 1\n", 3),
        ("id: small\n  version: 1\n", 2),
        ("id: small\n\ttitle: x\n", 2),
        ('id: "small\n', 2),
        ("id: small\nen: {brand} is good\n", 2),
        ("id: small\ncitation: Title: subtitle\n", 2),
        ("id: one\n---\nid: two\n", 2),
    ],
)
def test_broken_yaml_names_the_line_and_the_usual_causes(write, text, line):
    path = write(text)
    told = message(path)
    assert told.startswith(f"{path}, line {line}, ")
    assert "The YAML is broken: " in told
    assert "double quotes" in told
    assert "\n" not in told


def test_field_given_twice(small, write):
    path = write(small)
    text = path.read_text(encoding="utf-8") + "version: 2.0.0\n"
    lines = text.splitlines()
    told = message(write(text))
    assert f"line 2, version: is given twice, in lines 2 and {len(lines)}. Remove one of the two." in told


def test_inner_field_given_twice(small, write):
    text = write(small).read_text(encoding="utf-8").replace("    zh: 二。", "    zh: 二。\n    zh: 两。")
    assert "items[1].text.zh (a_2): is given twice" in message(write(text))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("!!python/object/apply:os.system ['true']", "uses the YAML tag"),
        ("!secret x", "uses the YAML tag '!secret'"),
        ("!!int x", "'x' is not what its YAML tag says"),
        ("!!bool x", "'x' is not what its YAML tag says"),
        ("!!map x", "'x' is not what its YAML tag says"),
        ("!!binary aGVsbG8=", "uses the YAML tag"),
    ],
)
def test_yaml_tags_are_refused_and_never_run(small, write, value, expected):
    text = write(small).read_text(encoding="utf-8").replace("license: MIT", f"license: {value}")
    assert f"license: {expected}" in message(write(text))


def test_aliases_are_refused_without_being_followed(write):
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    assert "repeats another part by '*'" in message(write("\n".join(lines)))


def test_a_part_that_holds_itself_is_refused(write):
    assert "repeats another part by '*'" in message(write("id: &a [*a]\n"))


@pytest.mark.parametrize("text", ["[" * 20000, "- " * 20000, "{a: " * 20000])
def test_deep_nesting_is_refused(write, text):
    assert "nested too deeply" in message(write(text))


def test_a_field_name_must_be_a_word(write):
    assert "field name that is not a plain word" in message(write("? [a, b]\n: c\n"))


def test_only_plain_values_are_recognised(write):
    path = write(
        "no: on\nday: 2025-01-31\nyear: 2025\nhalf: 0.5\nflag: true\nnone: ~\n"
        "big: 99999999999999999999\n07: 07\n"
    )
    data = read_yaml(path).data
    assert data == {
        "no": "on",
        "day": "2025-01-31",
        "year": 2025,
        "half": 0.5,
        "flag": True,
        "none": None,
        "big": "99999999999999999999",
        "07": "07",
    }
    assert not isinstance(data["day"], datetime.date)


def places(data: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [where, *(place for key, value in inside for place in places(value, (*where, key)))][
        0 if where else 1 :
    ]


JUNK = st.sampled_from(
    [None, True, 0, -1, 2.5, "", "x", "en", "a_1", "{brand}", "whole", [], [1], [[]], {}, {"id": []}]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_junk_anywhere_is_a_list_of_problems_or_a_valid_instrument(small, waved, data):
    changed = copy.deepcopy(data.draw(st.sampled_from([small, waved])))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(changed)))
        inside = changed
        for key in way:
            inside = inside[key]
        inside[last] = copy.deepcopy(data.draw(JUNK))
    shared = load_scales()
    problems = [*schema_problems(changed), *instrument_problems(changed, shared)]
    if not problems:
        assert isinstance(build(changed, shared), Instrument)
    assert all(problem.message for problem in problems)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_our_error(tmp_path: Path, content):
    path = tmp_path / "any.yaml"
    path.write_bytes(content)
    assert str(path) in message(path)
