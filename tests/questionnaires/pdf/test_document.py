from __future__ import annotations

import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from tests.programs import program
from tests.questionnaires.examples import instrument
from tests.questionnaires.snapshots import every_kind
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Entry, Questionnaire
from trustmeasure.questionnaires.pdf import fonts
from trustmeasure.questionnaires.pdf.document import data, render
from trustmeasure.questionnaires.writers.pdf import WRITER

HOSTILE = (
    "#panic() $x$ *b* _e_ @ref <l> `code` \\u{41} #sys.inputs //c /*d*/ \"q\" 'a' = + - ]]> {{7*7}} "
    "&amp;\n\u200f品牌"
)
LONG = "一二三四五六七八九十" * 60


def text_of(content: bytes, folder: Path, *options: str) -> str:
    """Return the words of a PDF, as a reader copies them."""
    path = folder / "form.pdf"
    path.write_bytes(content)
    command = [program("pdftotext"), *options, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()  # noqa: S603


def objects(content: bytes) -> bytes:
    """Return all objects of a PDF, those in compressed streams unpacked."""
    streams = re.findall(rb"/Type/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return content + b"".join(zlib.decompress(stream) for stream in streams)


def joined(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_all_fonts_are_inside_and_are_ours():
    found = objects(render(every_kind()))
    names = set(re.findall(rb"/FontName\s*/([\w+-]+)", found))
    assert {name.split(b"+")[1] for name in names} == {b"TrustmeasureSansSC-Regular", b"DejaVuSans"}
    descriptors = re.findall(rb"/FontDescriptor\b(?!\s+\d+ \d+ R)", found)
    assert len(re.findall(rb"/FontFile[23]?\b", found)) == len(names) == len(descriptors)


def test_the_same_questionnaire_gives_the_same_bytes_and_no_date_of_the_day():
    content = render(every_kind())
    assert render(every_kind()) == content
    assert b"D:2000" in objects(content)


def test_pages_are_tagged_for_screen_readers_and_have_a_language():
    found = objects(render(Questionnaire.compose(instrument(), languages=["zh"])))
    assert b"/MarkInfo" in found
    assert b"/StructTreeRoot" in found
    assert b"/Lang(zh-CN)" in found.replace(b" ", b"")
    assert b"pdfuaid" in found


@pytest.mark.system("pdftotext")
def test_every_word_of_the_form_is_on_its_pages(tmp_path: Path):
    ids = [str(id) for id in list_instruments()["id"] if not load_instrument(str(id)).waves]
    questionnaire = Questionnaire.compose(
        ids, brand={"en": "Northwind", "zh": "北风电器"}, checks=2, consent=True, link=True, order="random"
    )
    text = joined(text_of(render(questionnaire), tmp_path, "-raw"))
    for form in data(questionnaire)["sheets"]:
        for part in form["parts"]:
            for piece in part["pieces"]:
                for row in piece.get("rows", ()):
                    assert joined(row["number"] + row["text"]) in text
                for _, words in piece.get("paragraphs", ()):
                    assert joined(words) in text


@pytest.mark.system("pdftotext")
def test_hostile_words_are_words(tmp_path: Path):
    text = text_of(render(Questionnaire.compose(instrument(), brand=HOSTILE)), tmp_path)
    assert joined(HOSTILE).replace("\u200f", "") in joined(text).replace("\u200f", "")


@pytest.mark.system("pdftotext")
@pytest.mark.parametrize("times", [1, 6])
def test_nothing_is_cut_where_words_fill_pages(tmp_path: Path, times: int):
    questionnaire = Questionnaire.compose(
        instrument(items=20, text=LONG * times, stem=LONG), brand="x" * 300, languages=["en"]
    )
    text = text_of(render(questionnaire), tmp_path, "-raw")
    assert text.count("十") == LONG.count("十") * (20 * times + 1)
    assert "first_20" in text


def test_a_character_without_a_font_is_named_with_what_to_do():
    with pytest.raises(QuestionnaireError, match=r"no 🧋 \(U\+1F9CB\).*to='docx'"):
        render(Questionnaire.compose(instrument(), brand="Tea 🧋"))
    many = "".join(chr(code) for code in range(0x13000, 0x1300F))
    with pytest.raises(QuestionnaireError, match="and 5 more"):
        render(Questionnaire.compose(instrument(), brand=many))


def test_european_names_signs_and_marks_of_direction_have_fonts():
    assert (
        fonts.unshown(
            ["Café Łódź Škoda œuvre", "Ελλάδα Россия", "€£¥™®©", "“x” — …", "a\u200fb\u202a", "堃喆镕昇珺"]
        )
        == ""
    )


def test_without_typst_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(QuestionnaireError, match=r"pip install 'trustmeasure\[pdf\]'"):
        render(Questionnaire.compose(instrument()))


def test_the_file_and_its_limits(tmp_path: Path):
    questionnaire = Questionnaire.compose(
        instrument(), order="items", demographics=[Entry("why", {"en": "Why?", "zh": "为何？"})]
    )
    assert questionnaire.write(tmp_path / "form.pdf").read_bytes()[:5] == b"%PDF-"
    assert any("seed 1" in line for line in WRITER.limits(questionnaire))


@pytest.mark.system("pdftoppm")
def test_no_page_is_empty(tmp_path: Path):
    (tmp_path / "form.pdf").write_bytes(render(every_kind()))
    command = [program("pdftoppm"), "-r", "20", "-gray", str(tmp_path / "form.pdf"), str(tmp_path / "page")]
    subprocess.run(command, check=True, timeout=60)  # noqa: S603
    pages = sorted(tmp_path.glob("page*"))
    assert len(pages) in (4, 5, 6)
    assert all(len(set(page.read_bytes()[20:])) > 20 for page in pages)
