from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from tests.questionnaires.examples import changed, instrument
from tests.questionnaires.snapshots import assert_snapshot, every_kind, word_text
from trustmeasure.instruments import Evidence, Language, list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.review.document import render
from trustmeasure.questionnaires.review.rows import review_rows
from trustmeasure.questionnaires.writers import writer_for

WITHOUT_WAVES = [str(id) for id in list_instruments()["id"] if not load_instrument(str(id)).waves]


def opened(questionnaire: Questionnaire) -> Any:
    return Document(io.BytesIO(render(questionnaire)))


def cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_every_text_stands_beside_its_translation():
    questionnaire = Questionnaire.compose(
        WITHOUT_WAVES, consent=True, link=True, checks=2, behaviour=["customer_now"], demographics=["gender"]
    )
    pairs = {(row.texts["en"], row.texts["zh"]) for row in review_rows(questionnaire) if row.texts}
    assert (questionnaire.title["en"], questionnaire.title["zh"]) in pairs
    for question in (*questionnaire.questions, *questionnaire.fields):
        assert (question.text["en"], question.text["zh"]) in pairs
    for matrix in questionnaire.matrices:
        assert (matrix.stem["en"], matrix.stem["zh"]) in pairs
    notice = questionnaire.pages[0].elements[0]
    assert all((part.text["en"], part.text["zh"]) in pairs for part in notice.paragraphs)


def test_the_table_of_texts_has_a_column_for_each_language_and_one_for_comments():
    table = opened(every_kind()).tables[2]
    head, *rows = cells(table)
    assert head == ["No.", "Column", "Kind", "English", "中文", "Notes", "Comment"]
    item = next(row for row in rows if row[1] == "first_1")
    assert item == ["8", "first_1", "item", "Acme is good. first_1", "艾克米很好。first_1", "first", ""]
    check = next(row for row in rows if row[1] == "check_1")
    assert "expects code 3" in check[5]
    later = next(row for row in rows if row[1] == "second_1")
    assert 'asked only if you answered "Disagree" or "Neither" to question 3' in later[5]
    assert ["", "97", "answer", "Not applicable", "不适用", "missing: not applicable", ""] in rows


def test_scales_have_their_codes_with_labels_in_all_languages():
    rows = cells(opened(every_kind()).tables[3])
    assert ["99", "No answer", "未回答", "missing: no answer", ""] in rows
    assert ["0", "Not likely", "不可能", "", ""] in rows


def test_state_of_wording_and_evidence_is_the_instruments_own():
    drafted = cells(opened(Questionnaire.compose(instrument())).tables[0])[1]
    assert drafted[4] == "developed (written after cited definitions, not yet supported by data)"
    assert drafted[5:] == ["drafted, not yet reviewed by a person; not translated back"] * 2
    further = changed(
        instrument(),
        languages=(
            Language("en", "English", "documented"),
            Language("zh", "中文", "adjudicated", back_translation=True),
        ),
        evidence=Evidence("piloted"),
    )
    row = cells(opened(Questionnaire.compose(further)).tables[0])[1]
    assert row[4].startswith("piloted")
    assert row[5:] == [
        "documented; not translated back",
        "reviewed and adjudicated; translated back and compared",
    ]


def test_pages_lie_across_heads_are_repeated_and_rows_are_whole():
    document = opened(every_kind())
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width > section.page_height
    for table in document.tables:
        repeated = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert repeated == [True] + [False] * (len(table.rows) - 1)
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert sum(widths) == pytest.approx((section.page_width - 2 * section.left_margin) / 635, abs=10)


def test_definitions_sources_gaps_and_a_block_to_sign():
    questionnaire = Questionnaire.compose("cognitive-trust", consent=True, checks=1)
    document = opened(questionnaire)
    lines = [paragraph.text for paragraph in document.paragraphs]
    text = "\n".join(lines)
    definition = load_instrument("cognitive-trust").construct("integrity").definition
    assert any(definition["zh"] in row[1] and definition["en"] in row[0] for row in cells(document.tables[1]))
    assert "Mayer, R. C., Davis, J. H., & Schoorman" in text
    assert "still has gaps: controller" in text
    assert "Instructed items, which tell who reads: check_1." in text
    assert "licence MIT" in text
    assert [row[0] for row in cells(document.tables[-1])][1:] == [
        "Translator",
        "Second translator",
        "Reviewer",
        "Adjudicator",
        "Ethics board",
    ]


def test_the_documents_own_words_are_in_the_first_language():
    document = opened(Questionnaire.compose("satisfaction", languages=["zh", "en"]))
    assert document.core_properties.title == "审校文件：顾客调查"
    assert cells(document.tables[2])[0] == ["题号", "变量", "类型", "中文", "English", "说明", "意见"]


def test_one_language_is_one_column():
    head = cells(opened(Questionnaire.compose(instrument(), languages=["zh"])).tables[2])[0]
    assert head == ["题号", "变量", "类型", "中文", "说明", "意见"]


def test_hostile_words_are_text():
    hostile = "</w:t><w:script>&\"'=1+1 {x} ]]>\nnext 品牌"
    rows = cells(opened(Questionnaire.compose(instrument(), brand=hostile)).tables[2])
    assert any(row[3] == f"{hostile} is good. first_1" for row in rows)


def test_the_longest_ending_decides_which_word_file_is_meant(tmp_path):
    assert writer_for(tmp_path / "a.review.docx", None).name == "review"
    assert writer_for(tmp_path / "a.docx", None).name == "docx"


def test_the_document_is_kept():
    assert_snapshot("every-kind.review.txt", word_text(render(every_kind())))
