"""Files made to do harm: none of them is read, and none of them reads or writes another file."""

from __future__ import annotations

import json
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.responses.forms import answers_to, put_manifest, whole_form
from trustmeasure.errors import InstrumentError, QuestionnaireError, ResponseError
from trustmeasure.instruments import load_instrument
from trustmeasure.questionnaires import read_expert_forms, write_expert_form
from trustmeasure.responses import read_manifest, read_responses, write_responses

FORM = whole_form()
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "answers.xlsx"
    answers_to(FORM).to_excel(path, index=False)
    return path


def changed(path: Path, member: str, change: str, encoding: str = "utf-8") -> Path:
    """Put a document type into a part of an office file."""
    out = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info.filename)
            if info.filename == member:
                text = content.decode()
                _, mark, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
                told = f'<?xml version="1.0" encoding="{encoding}"?>' if mark else ""
                content = f"{told}\n<!-- a comment -->{change}{rest.lstrip()}".encode(encoding)
            new.writestr(info.filename, content)
    return out


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_grow_are_refused(workbook: Path, member: str, encoding: str) -> None:
    bad = changed(workbook, member, LAUGHS, encoding)
    start = time.monotonic()
    with pytest.raises(ResponseError, match="declares an XML document type"):
        read_responses(bad, manifest=FORM)
    assert time.monotonic() - start < 5


def test_entities_that_name_other_files_are_refused(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>'
    with pytest.raises(ResponseError, match="declares an XML document type") as told:
        read_responses(changed(workbook, "xl/worksheets/sheet1.xml", entity), manifest=FORM)
    assert "secret" not in str(told.value).replace("secret.txt", "")


def test_expert_forms_with_entities_are_refused(tmp_path: Path) -> None:
    for ending, member in ((".xlsx", "xl/workbook.xml"), (".docx", "word/document.xml")):
        form = write_expert_form("satisfaction", tmp_path / f"form{ending}", expert="A")
        with pytest.raises(QuestionnaireError, match="declares an XML document type"):
            read_expert_forms(changed(form, member, LAUGHS))


def test_an_untouched_workbook_is_read(workbook: Path) -> None:
    assert read_responses(workbook, manifest=FORM).n_rows == 30


def test_zip_bombs_are_refused_before_they_are_unpacked(workbook: Path) -> None:
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 120_000_000)
    start = time.monotonic()
    with pytest.raises(ResponseError, match="times its size"):
        read_responses(workbook, manifest=FORM)
    assert time.monotonic() - start < 5


def test_archives_of_very_many_parts_are_refused(workbook: Path) -> None:
    with zipfile.ZipFile(workbook, "a") as archive:
        for number in range(5_001):
            archive.writestr(f"x/{number}", b"")
    with pytest.raises(ResponseError, match="parts"):
        read_responses(workbook, manifest=FORM)


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(b"sat_1\n1\n")
    with pytest.raises(ResponseError, match="cannot be read"):
        read_responses(path)


@pytest.mark.parametrize(
    "id", ["../../etc/passwd", "..\\secret", "/etc/passwd", "a/b", "x.yaml/../y", "con\x00"]
)
def test_ids_of_instruments_never_lead_outside(id: str, tmp_path: Path) -> None:
    with pytest.raises(InstrumentError):
        load_instrument(id)
    path = put_manifest(FORM, tmp_path)
    values = json.loads(path.read_text(encoding="utf-8"))
    values["instruments"][0]["id"] = id
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(ResponseError, match="damaged at instruments"):
        read_manifest(path)


def test_a_manifest_cannot_name_another_file(tmp_path: Path) -> None:
    path = put_manifest(FORM, tmp_path)
    values = json.loads(path.read_text(encoding="utf-8"))
    for name in ("../secret", "/etc/passwd", "..", "a\\b"):
        path.write_text(json.dumps(values | {"file": name}), encoding="utf-8")
        with pytest.raises(ResponseError, match="damaged at file"):
            read_manifest(path)


def test_hostile_texts_go_through_and_do_nothing(tmp_path: Path) -> None:
    hostile = [
        "</script><b>\"'&",
        "=1+1",
        "{x}",
        "${x}",
        "{{7*7}}",
        "]]>",
        "a\nb",
        "\u202eabc",
        "长" * 3000,
        "@SUM(A1)",
    ]
    frame = answers_to(FORM, rows=10).assign(note=hostile, remarks=hostile)
    responses = read_responses(frame, manifest=FORM)
    assert responses.data["note"].tolist() == hostile
    for ending in (".csv", ".parquet"):
        again = read_responses(write_responses(responses, tmp_path / f"out{ending}"))
        assert again.data["note"].tolist() == hostile
    text = pd.read_csv(tmp_path / "out.csv", dtype=str)["note"].tolist()
    assert text[1] == "'=1+1"
    assert text[-1] == "'@SUM(A1)"


def test_columns_named_like_formulas_are_text_in_the_file(tmp_path: Path) -> None:
    frame = answers_to(FORM, rows=3).assign(**{"=cmd|' /C calc'!A0": ["x", "y", "z"]})
    path = write_responses(read_responses(frame, manifest=FORM), tmp_path / "out.csv")
    assert "=cmd|' /C calc'!A0" in read_responses(path).data
    assert "\"'=cmd" in path.read_text(encoding="utf-8").splitlines()[0]
