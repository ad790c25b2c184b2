"""The file to start from passes everything as it is, and no id leads out of the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.cli.running import run
from trustmeasure.errors import InstrumentError
from trustmeasure.instruments import (
    check_instruments,
    instrument_schema,
    list_instruments,
    load_instrument,
    new_instrument,
)
from trustmeasure.instruments.new import new_text

HOSTILE = [
    *("", " ", ".", "..", "../x", "/x", "/etc/x", "x/y", "x\\y", "C:x", "~", "~x", "x.yaml", "x\0y", "x\n"),
    *("X", "信任", "x y", "x_y", "-x", "x-", "x--y", "1x", "é", "x\u202ey", "$(x)", "`x`", "x;y", "*"),
    *("x" * 41, "x" * 5000, "con", "nul", "prn", "aux", "com1", "lpt9"),
    *("response-scales", "background-questions", "satisfaction"),
]
LANGUAGES = [("en", "zh"), ("zh", "en"), ("en",), ("zh",)]


@pytest.mark.parametrize("languages", LANGUAGES)
def test_it_passes_as_it_is(tmp_path, languages):
    file = new_instrument("service-quality", tmp_path, languages=languages)
    instrument = load_instrument(file)
    assert instrument.id == file.stem == "service-quality"
    assert instrument.source_language == languages[0]
    assert instrument.language_tags == languages
    assert [item.id for item in instrument.items] == [f"ser_qua_{k}" for k in (1, 2, 3, 4)]
    assert check_instruments(file).findings.empty


def test_it_is_full_of_comments_and_names_the_schema(tmp_path):
    text = new_instrument("care", tmp_path).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=./instrument.schema.json\n")
    assert text.count("\n# ") > 20
    assert text.count("CHANGE") >= 5
    assert "@" not in text


def test_the_parts_in_comments_work_too(tmp_path):
    file = new_instrument("care", tmp_path)
    text = file.read_text(encoding="utf-8")
    start, end = text.index("# contexts:"), text.index("# Where a rule")
    lines = [line.removeprefix("# ") for line in text[start:end].splitlines()]
    file.write_text(text[:start] + "\n".join(lines) + "\n" + text[end:], encoding="utf-8")
    finance = load_instrument(file).in_context("finance")
    assert finance.fill(finance.item("car_2").text, "en").startswith("The staff of the bank")
    assert check_instruments(file).findings.empty


def test_one_language_leaves_nothing_of_the_other(tmp_path):
    english = new_instrument("care", tmp_path, languages="en").read_text(encoding="utf-8")
    assert english.isascii()


@pytest.mark.parametrize("id", HOSTILE)
def test_a_hostile_id_is_refused_and_writes_nothing(tmp_path, monkeypatch, id):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InstrumentError) as caught:
        new_instrument(id)
    assert len(str(caught.value)) < 400
    assert sorted(tmp_path.rglob("*")) == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True))
def test_any_good_id_gives_a_file_that_loads(tmp_path, id):
    file = tmp_path / f"{id}.yaml"
    file.write_text(new_text(id, ("en", "zh")), encoding="utf-8")
    own = {item.id for item in load_instrument(file).items}
    assert own.isdisjoint({i.id for id in list_instruments()["id"] for i in load_instrument(id).items})


NEAR = ["all", "to", "time", "other", "q1", "comment", "my-comment", "satisfied", "age-group", "a" * 40]


@pytest.mark.parametrize("id", [*NEAR, "a-" * 19 + "a"])
def test_ids_near_to_reserved_and_taken_names_pass_the_check(tmp_path, id):
    assert check_instruments(new_instrument(id, tmp_path)).findings.empty


def test_nothing_is_ever_replaced(tmp_path):
    file = new_instrument("care", tmp_path)
    file.write_text("mine", encoding="utf-8")
    for target in (tmp_path, file):
        with pytest.raises(InstrumentError, match=r"care\.yaml exists already"):
            new_instrument("care", target)
    assert file.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["care.yaml"]


def test_a_link_to_nothing_is_not_followed(tmp_path):
    os.symlink(tmp_path / "elsewhere", tmp_path / "care.yaml")
    with pytest.raises(InstrumentError, match="exists already"):
        new_instrument("care", tmp_path)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["other.yaml", "care.txt", "care", "missing/other.yaml"])
def test_the_file_is_named_after_the_instrument(tmp_path, name):
    with pytest.raises(InstrumentError, match=r"Name it care\.yaml"):
        new_instrument("care", tmp_path / name)


def test_a_folder_on_the_way_is_made(tmp_path):
    assert new_instrument("care", tmp_path / "deep" / "er" / "care.yaml").is_file()


@pytest.mark.parametrize(
    ("languages", "told"), [(("de",), "no example in the language 'de'"), ((), "No language")]
)
def test_languages_without_an_example(tmp_path, languages, told):
    with pytest.raises(InstrumentError, match=told):
        new_instrument("care", tmp_path, languages=languages)


def test_the_commands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "care.yaml written" in run("instruments", "new", "care", "--lang", "zh,en").out
    assert load_instrument("care.yaml").source_language == "zh"
    assert "exists already" in run("instruments", "new", "care").error
    assert "cannot be an instrument's id" in run("instruments", "new", "../care").error
    assert run("instruments", "check", "care.yaml", "--strict").code == 0
    assert (
        "instrument.schema.json written" in run("instruments", "schema", "-o", "instrument.schema.json").out
    )
    assert json.loads(Path("instrument.schema.json").read_text(encoding="utf-8")) == instrument_schema()
    assert json.loads(run("instruments", "schema").out) == instrument_schema()


def test_the_list_fits_a_terminal_and_names_every_instrument():
    shown = run("instruments", "list").out
    for id in list_instruments()["id"]:
        assert id in shown
    assert max(map(len, shown.splitlines())) <= 140
    assert "Sectors: " in shown
