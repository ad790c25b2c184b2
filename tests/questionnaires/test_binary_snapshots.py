"""Snapshots of what the formats hold whose files are no text, or mostly a library; the others have theirs."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pyreadstat
from openpyxl import load_workbook

from tests.questionnaires.snapshots import assert_snapshot, every_kind
from trustmeasure.questionnaires.pdf.document import data
from trustmeasure.questionnaires.writers import Writer, writers

WRITERS: dict[str, Writer] = {writer.name: writer for writer in writers()}


def indented(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def test_the_offline_form_without_the_library_and_our_own_scripts():
    page = WRITERS["html"].render(every_kind()).decode()
    (held,) = re.findall(
        r'<script type="application/json" id="questionnaire">(.*?)</script>', page, re.DOTALL
    )
    bare = re.sub(r"(<(script|style)[^>]*>).*?(</\2>)", r"\1\3", page, flags=re.DOTALL)
    bare = re.sub(r"sha256-[A-Za-z0-9+/=]+", "sha256-", bare)
    assert_snapshot("every-kind.html.txt", f"{bare}\n{indented(json.loads(held))}")


def test_what_is_typeset_as_pdf():
    assert_snapshot("every-kind.pdf.json", indented(data(every_kind())))


def test_what_an_spss_file_says_of_its_columns(tmp_path: Path):
    file = tmp_path / "every-kind.sav"
    file.write_bytes(WRITERS["sav"].render(every_kind()))
    _, found = pyreadstat.read_sav(file, user_missing=True)
    said = {
        "labels": found.column_names_to_labels,
        "values": found.variable_value_labels,
        "missing": found.missing_ranges,
        "measure": found.variable_measure,
    }
    assert_snapshot("every-kind.sav.json", indented(said))


def test_the_sheets_of_a_form_with_answers_below_each_question():
    book = load_workbook(io.BytesIO(WRITERS["xlsform-list"].render(every_kind())))
    lines = [
        line
        for page in book
        for line in (
            f"## {page.title}",
            *("\t".join(str(cell or "") for cell in row) for row in page.iter_rows(values_only=True)),
        )
    ]
    assert_snapshot("every-kind.xlsform-list.txt", "\n".join(lines) + "\n")
