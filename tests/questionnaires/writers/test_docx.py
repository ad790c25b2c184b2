from __future__ import annotations

from pathlib import Path

from tests.questionnaires.snapshots import assert_snapshot, every_kind, word_text
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.writers.docx import WRITER, render


def test_writer_states_what_paper_cannot_keep(small: Questionnaire):
    assert WRITER.limits(small) == (
        "Answers on paper are typed in by hand: `number` in the manifest's columns is the printed number.",
    )
    assert dict(WRITER.columns(small)) == {id: id for id in small.columns}


def test_file_is_a_zip_archive_without_a_date(small: Questionnaire, tmp_path: Path):
    content = small.write(tmp_path / "form.docx").read_bytes()
    assert content[:2] == b"PK"
    assert content[10:14] == b"\x00\x00\x21\x00"


def test_the_document_of_every_kind_of_element_is_kept():
    assert_snapshot("every-kind.docx.txt", word_text(render(every_kind())))
