"""What a check is given and what it gives back: files, folders, exemptions, frames, exit codes."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.cli.running import run
from tests.instruments.test_instrument_source import JUNK, places
from trustmeasure.errors import InstrumentError
from trustmeasure.files import shipped
from trustmeasure.instruments import check_instruments

COLUMNS = ["instrument", "place", "line", "rule", "severity", "message", "remedy"]
ALWAYS = {"en": "{brand} always helps me.", "zh": "{brand}总是帮助我。"}
EXEMPTION = [{"rule": "absolute", "reason": "It is about doing it each time."}]


@pytest.fixture
def absolute(clean):
    """Return the clean instrument with an absolute in its first item."""
    clean["items"][0]["text"] = dict(ALWAYS)
    return clean


def test_the_frame_says_where_and_what(absolute, write):
    path = write(absolute, "clean.yaml")
    checked = check_instruments(path)
    frame = checked.to_frame()
    assert frame.columns.tolist() == COLUMNS
    assert frame["instrument"].tolist() == ["clean", "clean"]
    assert frame["place"].tolist() == ["items[0].text.en (cln_1)", "items[0].text.zh (cln_1)"]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [lines[line - 1].strip() for line in frame["line"]] == [
        f"{tag}: '{ALWAYS[tag]}'" for tag in ALWAYS
    ]
    assert frame["message"].tolist() == ["is absolute: 'always'.", "is absolute: '总是'."]
    frame.loc[:, "rule"] = "changed"
    assert set(checked.findings["rule"]) == {"absolute"}


def test_counts_and_summary(absolute, write):
    absolute["items"][1]["text"]["en"] = "The staff often have time."
    checked = check_instruments(write(absolute, "clean.yaml"))
    assert (checked.count("error"), checked.count("warning"), checked.count("advice")) == (0, 2, 1)
    assert not checked.passed
    assert checked.verdict() == "1 file checked: 0 errors, 2 warnings, 1 hint."
    assert "vague-quantity" in str(checked)
    assert "vague-quantity" not in str(checked.summary(advice=False))
    assert checked._repr_html_().count("<tr>") == 4
    assert repr(checked) == f"<InstrumentCheck: {checked.verdict()}>"


def test_errors_come_first(absolute, write):
    absolute["items"][3]["text"]["zh"] = "{brand}讲解得很 clear。"
    severities = check_instruments(write(absolute, "clean.yaml")).findings["severity"].tolist()
    assert severities == ["error", "warning", "warning"]


@pytest.mark.parametrize("place", ["items", "whole"])
def test_an_exemption_silences_with_its_reason(absolute, write, place):
    (absolute if place == "whole" else absolute["items"][0])["lint"] = EXEMPTION
    checked = check_instruments(write(absolute, "clean.yaml"))
    assert checked.findings.empty
    assert checked.passed
    assert checked.silenced["reason"].tolist() == ["It is about doing it each time."] * 2
    assert checked.verdict().endswith("2 silenced with a reason.")


def test_an_exemption_holds_only_for_its_part_and_its_rule(absolute, write):
    absolute["items"][1]["lint"] = EXEMPTION
    absolute["items"][0]["lint"] = [{**EXEMPTION[0], "rule": "leading"}]
    rules = check_instruments(write(absolute, "clean.yaml")).findings["rule"].tolist()
    assert sorted(rules) == ["absolute", "absolute", "idle-exemption", "idle-exemption"]


def test_an_exemption_of_an_item_holds_for_its_sector_wording(absolute, write):
    label = {"en": "Finance", "zh": "金融"}
    words = {"en": "The bank {brand} always helps me.", "zh": "{brand}总是很快帮助我。"}
    stem = {"en": "Of course, how much do you agree?", "zh": "请选出您的同意程度。"}
    absolute["items"][0]["lint"] = EXEMPTION
    absolute["blocks"][0]["lint"] = [{**EXEMPTION[0], "rule": "leading"}]
    absolute["contexts"] = [
        {"id": "finance", "label": label, "items": {"cln_1": words}, "stems": {"cln": stem}}
    ]
    checked = check_instruments(write(absolute, "clean.yaml"))
    assert checked.findings.empty
    assert len(checked.silenced) == 5


def test_an_error_of_form_cannot_be_silenced(clean, write):
    clean["lint"] = [{"rule": "missing-translation", "reason": "Later."}]
    del clean["items"][0]["text"]["zh"]
    rules = set(check_instruments(write(clean, "clean.yaml")).findings["rule"])
    assert {"missing-translation", "exemption"} <= rules


def test_an_exemption_needs_a_reason(absolute, write):
    absolute["items"][0]["lint"] = [{"rule": "absolute"}]
    (found,) = check_instruments(write(absolute, "clean.yaml")).findings.itertuples()
    assert (found.rule, found.place) == ("form", "items[0].lint[0].reason (cln_1)")


def test_a_file_with_a_broken_form_gets_only_what_is_about_the_form(absolute, write):
    absolute["items"][1]["text"] = 3
    assert set(check_instruments(write(absolute, "clean.yaml")).findings["rule"]) == {"form"}


def test_several_files_and_folders(clean, write, tmp_path):
    first = write(clean, "clean.yaml")
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "broken.yaml").write_text("id: [", encoding="utf-8")
    (folder / "notes.txt").write_text("no instrument", encoding="utf-8")
    checked = check_instruments([first, str(folder), "satisfaction", first])
    assert checked.checked == ("clean", "broken", "satisfaction")
    broken = checked.findings[checked.findings["instrument"] == "broken"]
    assert broken["rule"].tolist() == ["file"]
    assert "The YAML is broken" in broken["message"].item()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", "id: 信任".encode("gb18030")])
def test_a_file_that_cannot_be_read_is_a_finding(tmp_path, content):
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    (found,) = check_instruments(path).findings.itertuples()
    assert (found.instrument, found.rule, found.severity) == ("odd", "file", "error")


def test_two_files_with_one_column(clean, write):
    first = write(clean, "clean.yaml")
    second = write({**copy.deepcopy(clean), "id": "other"}, "other.yaml")
    found = check_instruments([first, second]).findings
    assert set(found["rule"]) == {"id-taken"}
    assert found["message"].iloc[0] == "'cln_1' is already a column of other."


def test_a_changed_copy_of_a_shipped_instrument_may_keep_its_ids(tmp_path):
    copied = tmp_path / "satisfaction.yaml"
    copied.write_bytes((shipped("instruments") / "satisfaction.yaml").read_bytes())
    assert check_instruments(copied).passed


def test_background_questions_and_scales_are_looked_at(write):
    question = {
        "id": "visits_often",
        "role": "behaviour",
        "kind": "integer",
        "text": {"en": "Of course you visit {brand}?", "zh": "您去过{brand}吗？"},
    }
    found = check_instruments(write({"questions": [question]}, "background-questions.yaml")).findings
    assert found["rule"].tolist() == ["leading"]
    points = [{"code": code, "label": {"en": str(code), "zh": f"第{code}"}} for code in (1, 2)]
    scales = {"response_scales": [{"id": "own-2", "points": points}]}
    found = check_instruments(write(scales, "response-scales.yaml")).findings
    assert set(found["rule"]) == {"scale-ends", "blanks"}


@pytest.mark.parametrize("named", ["satisfactoin", "nowhere/", "nowhere.yaml", "../x", ""])
def test_what_is_not_there_is_refused(named):
    with pytest.raises(InstrumentError):
        check_instruments(named)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match=r"holds no \.yaml file"):
        check_instruments(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_junk_anywhere_is_findings_and_never_a_crash(clean, waved, write, data):
    changed = copy.deepcopy(data.draw(st.sampled_from([clean, waved])))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(changed)))
        inside: Any = changed
        for key in way:
            inside = inside[key]
        inside[last] = copy.deepcopy(data.draw(JUNK))
    assert check_instruments(write(changed)).findings.columns.tolist() == COLUMNS


def test_the_command_tells_each_finding_and_its_exit_code(absolute, write, tmp_path):
    path = write(absolute, "clean.yaml")
    ran = run("instruments", "check", path)
    assert ran.code == 0
    assert "warning absolute: items[0].text.en (cln_1): is absolute: 'always'. Leave the word out" in ran.out
    assert ran.out.splitlines()[-1] == "1 file checked: 0 errors, 2 warnings, 0 hints."
    assert run("instruments", "check", path, "--strict").code == 1
    del absolute["items"][0]["text"]["zh"]
    table = tmp_path / "found.csv"
    ran = run("instruments", "check", write(absolute, "clean.yaml"), "-o", table)
    assert ran.code == 1
    assert "clean:" in ran.out
    assert pd.read_csv(table).columns.tolist() == COLUMNS


def test_the_terminal_is_not_obeyed(clean, write):
    clean["items"][3]["text"]["en"] = clean["items"][1]["text"]["en"] = "\x1b[31mThe staff have time for me."
    out = run("instruments", "check", write(clean, "clean.yaml")).out
    assert "\x1b" not in out
    assert "says nearly the same as '<U+001B>[31mThe staff have time for me.'" in out


def test_advice_is_told_when_it_is_asked_for(clean, write):
    clean["items"][1]["text"]["en"] = "The staff often have time."
    path = write(clean, "clean.yaml")
    assert "vague-quantity" not in run("instruments", "check", path).out
    assert "vague-quantity" in run("instruments", "check", path, "--advice").out


def test_an_unknown_id_is_one_line(clean):
    assert "Did you mean 'satisfaction'?" in run("instruments", "check", "satisfactoin").error
