from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.programs import program
from tests.questionnaires.examples import instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.printing import Boxes, sheet
from trustmeasure.questionnaires.scales import offered
from trustmeasure.questionnaires.word.document import render

HOSTILE = "</w:t><w:script>&\"'=cmd|' /C calc'!A0 ]]> {{x}} 品牌😀"


def opened(questionnaire: Questionnaire) -> Any:
    return Document(io.BytesIO(render(questionnaire)))


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_a_table_for_each_block_and_language_with_every_question(small: Questionnaire):
    document = opened(small)
    assert len(document.tables) == 4
    first = document.tables[0]
    assert [cell.text for cell in first.rows[0].cells] == [
        "",
        "Disagree",
        "Neither",
        "Agree",
        "Not applicable",
    ]
    assert [row.cells[0].text for row in first.rows[1:]] == [
        f"{number}.\tAcme is good. first_{number}" for number in range(1, 5)
    ]
    assert {cell.text for row in first.rows[1:] for cell in row.cells[1:]} == {"☐"}
    assert document.tables[3].rows[1].cells[0].text == "5.\tAcme很好。second_1"


def test_a_scale_of_numbers_shows_numbers_and_names_its_ends_above(small: Questionnaire):
    document = opened(small)
    heads = [cell.text for cell in document.tables[1].rows[0].cells]
    assert heads == ["", "0", "1", "2", "Not applicable"]
    assert "0 = Not likely    2 = Likely" in texts(document)
    assert "0 = 不可能    2 = 可能" in texts(document)


def test_head_rows_are_repeated_and_rows_are_not_split(small: Questionnaire):
    for table in opened(small).tables:
        repeated = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert repeated == [True] + [False] * (len(table.rows) - 1)
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_no_row_stands_alone_on_a_page(small: Questionnaire):
    keeps = [
        row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in opened(small).tables[0].rows
    ]
    assert keeps == [True, True, None, True, None]


def test_chinese_has_its_font_and_language(small: Questionnaire):
    document = opened(small)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert defaults.get(qn("w:eastAsia")) == "zh-CN"
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    run = document.tables[2].rows[1].cells[0].paragraphs[0].runs[1]._r
    assert run.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
    assert run.rPr.rFonts.get(qn("w:hint")) == "eastAsia"
    english = document.tables[0].rows[1].cells[0].paragraphs[0].runs[1]._r
    assert english.rPr.find(qn("w:lang")).get(qn("w:val")) == "en-US"


def test_each_language_is_a_section_that_begins_with_page_one(small: Questionnaire):
    document = opened(small)
    assert len(document.sections) == 2
    for section, title in zip(document.sections, ("Customer survey: Acme", "顾客调查：Acme"), strict=True):
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section.header.paragraphs[0].text == title
        assert small.hash[:12] in section.footer.paragraphs[0].text
        assert "PAGE" in section.footer._element.xml
    assert texts(document).index("Customer survey: Acme") < texts(document).index("顾客调查：Acme")


def test_one_language_is_one_section():
    document = opened(Questionnaire.compose(instrument(), languages=["zh"]))
    assert len(document.sections) == 1
    assert "Disagree" not in document.element.xml


def test_hostile_names_are_text():
    document = opened(Questionnaire.compose(instrument(), brand=HOSTILE))
    assert f"Customer survey: {HOSTILE}" in texts(document)
    assert document.tables[0].rows[1].cells[0].text == f"1.\t{HOSTILE} is good. first_1"
    assert "w:script" not in {element.tag for element in document.element.iter()}
    assert document.core_properties.title == f"Customer survey: {HOSTILE}"


def test_a_very_long_name_does_not_break_the_properties():
    document = opened(Questionnaire.compose(instrument(), brand="x" * 400, version="9" * 400))
    assert len(document.core_properties.title) == 255
    assert document.core_properties.comments.endswith(
        Questionnaire.compose(instrument(), brand="x" * 400, version="9" * 400).hash
    )


def test_properties_hold_no_date_of_the_day(small: Questionnaire):
    about = opened(small).core_properties
    assert about.created.year == about.modified.year == 2000
    assert about.author == "trustmeasure"


def laid_out(path: Path, folder: Path) -> tuple[list[str], str]:
    """Return the words of each page as LibreOffice lays a document out, and its table of fonts."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = [
        program("soffice"),
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(path),
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)  # noqa: S603 - our own command
    pdf = str(folder / f"{path.stem}.pdf")
    shown = [
        subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()  # noqa: S603
        for command in ([program("pdftotext"), "-layout", pdf, "-"], [program("pdffonts"), pdf])
    ]
    return shown[0].split("\f")[:-1], shown[1]


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def everything() -> Questionnaire:
    return Questionnaire.compose(
        ["cognitive-trust", "satisfaction", "recommendation"],
        brand={"en": "Northwind", "zh": "北风电器"},
        consent=True,
        behaviour=["customer_now", "purchases_12m"],
        demographics=["age_group", "gender"],
    )


@pytest.mark.system("soffice", "pdftotext", "pdffonts")
def test_libreoffice_lays_it_out_with_every_question_on_the_page(tmp_path: Path, everything: Questionnaire):
    pages, fonts = laid_out(everything.write(tmp_path / "form.docx"), tmp_path)
    text = "".join(pages)
    assert len(pages) in (8, 9, 10)
    assert all(len(joined(page)) > 80 for page in pages), "a page is nearly empty"
    assert "Customer survey: Northwind" in pages[0]
    assert "Have you read the privacy notice" in pages[0]
    assert sum("顾客调查：北风电器" in page for page in pages) >= 2
    in_lists = sum(
        len(piece.answers)
        for part in sheet(everything, "en").parts
        for piece in part.pieces
        if isinstance(piece, Boxes)
    )
    in_grids = sum(
        len(one.questions) * (len(one.scale.points) + len(offered(one.scale))) for one in everything.matrices
    )
    assert text.count("☐") == 2 * (in_lists + in_grids)
    for number in range(1, len(everything.columns) + 1):
        assert text.count(f" {number}. ") + text.count(f"\n{number}. ") >= 2
    rows = fonts.splitlines()[2:]
    assert rows
    assert all(row.split()[-5] == "yes" for row in rows), "a font is not embedded"


@pytest.mark.system("soffice", "pdftotext")
def test_libreoffice_lays_out_the_review_document(tmp_path: Path, everything: Questionnaire):
    pages, _ = laid_out(everything.write(tmp_path / "a.review.docx"), tmp_path)
    text = joined("".join(pages))
    assert len(pages) in range(6, 12)
    assert all("Comment" in page for page in pages if "cog_com_" in page), "the heads are not repeated"
    for column in everything.columns:
        assert column in text
    assert "Dateandsignature" in text
