"""The report as a Word document: what the page holds, in both languages, the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.reporting.findings_for_tests import findings
from trustmeasure.reporting import report, report_html
from trustmeasure.reporting.blocks import Grid, Row
from trustmeasure.reporting.widths import column_widths


def document(path: Path) -> Any:
    return Document(str(path))


def text_of(made: Any) -> str:
    """Return all text in the order of the document, one line a paragraph or cell."""
    lines = [
        "".join(piece.text or "" for piece in paragraph.iter() if piece.tag.endswith("}t"))
        for paragraph in made.element.body.iter()
        if paragraph.tag.endswith("}p")
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_document_holds_what_the_page_holds(tmp_path: Path, language: str) -> None:
    found = replace(findings(), language=language)
    written = text_of(document(report(found, tmp_path / "report.docx")))
    page = report_html(found)
    cells = re.findall(r'<td class="\w">(.*?)</td>', page)
    assert len(cells) > 250
    missing = [cell for cell in map(unescape, cells) if cell and cell not in written]
    assert missing == []
    headings = [unescape(text) for text in re.findall(r"<h3>(.*?)</h3>", page)]
    assert [text for text in headings if text not in written] == []
    assert "A <small> study & more" in written


def test_figures_are_pictures_with_words_for_those_who_do_not_see(tmp_path: Path) -> None:
    made = document(report(findings(), tmp_path / "report.docx"))
    pictures = [e for e in made.element.body.iter() if e.tag.endswith("}docPr")]
    assert len(pictures) == len(made.inline_shapes) == report_html(findings()).count("<svg")
    assert all(picture.get("descr") for picture in pictures)


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    found = replace(findings(), figures=("path-diagram",))
    first = report(found, tmp_path / "a.docx").read_bytes()
    assert report(found, tmp_path / "b.docx").read_bytes() == first


def test_simulated_data_are_marked_on_every_page(tmp_path: Path) -> None:
    simulated = replace(findings().responses, simulated=True)
    found = replace(findings(), responses=simulated, figures=())
    made = document(report(found, tmp_path / "report.docx"))
    assert "SIMULATED" in made.sections[0].header.paragraphs[0].text
    assert "SIMULATED" in text_of(made)
    plain = document(report(replace(findings(), figures=()), tmp_path / "plain.docx"))
    assert "SIMULATED" not in plain.sections[0].header.paragraphs[0].text


def test_columns_fill_the_page_and_figures_stay_on_one_line() -> None:
    rows = [Row(("a name that is long enough to be broken into lines when there is no room", "[0.10, 0.20]"))]
    grid = Grid("caption", ("Item", "CI"), rows, "lc")
    name, interval = column_widths(grid, 10.0, 8.0)
    assert name + interval == pytest.approx(10.0)
    assert interval == pytest.approx(column_widths(grid, 30.0, 8.0)[1])
    assert sum(column_widths(grid, 1.0, 8.0)) == pytest.approx(1.0)
    empty = Grid("caption", ("A", "B", "C"), [], "rrr")
    assert sum(column_widths(empty, 9.0, 8.0)) == pytest.approx(9.0)
