"""Forms for experts: what they hold, that they are the same every time, and that they come back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from docx import Document
from openpyxl import load_workbook

import trustmeasure as tm
from trustmeasure.errors import ArgumentError, InstrumentError, QuestionnaireError
from trustmeasure.questionnaires.expert_form.model import KINDS, _all, expert_form
from trustmeasure.questionnaires.expert_form.workbook import _put

ENDINGS = ("xlsx", "docx")


def fill_workbook(path: Path, cells: dict[str, tuple[Any, ...]], expert: str = "") -> Path:
    """Type ratings and a comment beside the items of a form."""
    book = load_workbook(path)
    sheet = book.worksheets[1]
    sheet["C2"] = expert or sheet["C2"].value
    for row in sheet.iter_rows(min_row=5):
        for place, value in enumerate(cells.get(str(row[1].value), ())):
            row[3 + place].value = value
    book.save(path)
    return path


def fill_document(path: Path, cells: dict[str, tuple[Any, ...]], expert: str = "") -> Path:
    document = Document(str(path))
    first, *tables = document.tables
    first.rows[0].cells[1].text = expert
    for row in (row for table in tables for row in table.rows):
        for place, value in enumerate(cells.get(row.cells[0].text.strip(), ())):
            row.cells[2 + place].text = "" if value is None else str(value)
    document.save(str(path))
    return path


FILL = {"xlsx": fill_workbook, "docx": fill_document}
CELLS: dict[str, tuple[Any, ...]] = {
    "sat_1": (4, 3, 3, None),
    "sat_2": (2, None, 1, "two ideas in one"),
    "sat_3": ("３", "4", 2, "=1+1"),
    "[satisfaction]": (None, None, None, "value for money"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_filled_form_comes_back(tmp_path: Path, ending: str, language: str) -> None:
    path = tm.write_expert_form("satisfaction", tmp_path / f"form.{ending}", language)
    found = tm.read_expert_forms(FILL[ending](path, CELLS, "Prof. A"))
    table = found.set_index("item")
    assert list(table.index) == ["sat_1", "sat_2", "sat_3", "sat_4", "[satisfaction]"]
    assert table.loc["sat_1", list(KINDS)].tolist() == [4.0, 3.0, 3.0]
    assert table.loc["sat_2", ["relevance", "necessity"]].tolist() == [2.0, 1.0]
    assert np.isnan(table.loc["sat_2", "clarity"])
    assert table.loc["sat_3", list(KINDS)].tolist() == [3.0, 4.0, 2.0]
    assert table.loc["[satisfaction]", "comment"] == "value for money"
    assert set(table["expert"]) == {"Prof. A"}
    assert set(table["instrument"]) == {"satisfaction"}
    validity = tm.content_validity(found, "satisfaction")
    assert validity.items.set_index("item").loc["sat_1", "i_cvi"] == 1.0
    assert "value for money" in validity.comments["comment"].tolist()


def test_forms_of_both_kinds_in_a_folder(tmp_path: Path) -> None:
    for i, ending in enumerate([*ENDINGS, "xlsx"]):
        path = tm.write_expert_form("satisfaction", tmp_path / f"{i}.{ending}")
        FILL[ending](path, {"sat_1": (4, 4, 3), "sat_2": (3 + i % 2, 4, 3)}, f"E{i}" if i else "")
    (tmp_path / "~$0.xlsx").write_bytes(b"lock")
    found = tm.read_expert_forms(tmp_path)
    assert found["expert"].unique().tolist() == ["0", "E1", "E2"]
    assert tm.content_validity(found).items["n_experts"].tolist() == [3, 3, 0, 0]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", tm.list_instruments()["id"])
def test_every_instrument_has_forms(tmp_path: Path, name: str, language: str, ending: str) -> None:
    instrument = tm.load_instrument(name)
    values = {one.name: "Acme & Co" for one in instrument.placeholders}
    path = tm.write_expert_form(instrument, tmp_path / f"f.{ending}", language, **values)
    text = everything(path)
    for item in instrument.items:
        assert item.id in text
        assert instrument.fill(item.text, language, **values) in text
    for construct in instrument.constructs:
        if construct.items:
            assert instrument.fill(construct.definition, language, **values) in text
    assert "{" not in text


def everything(path: Path) -> str:
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        cells = (c for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for c in row)
        return "\n".join(str(c) for c in cells if c is not None)
    document = Document(str(path))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_form_is_the_same_file(tmp_path: Path, ending: str) -> None:
    first, second = (tm.write_expert_form("loyalty", tmp_path / f"{k}.{ending}") for k in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_reverse_items_are_marked_and_chosen_ratings_only() -> None:
    instrument = tm.load_instrument("cognitive-trust")
    form = expert_form(instrument, "en", ratings=["clarity", "relevance"])
    assert [r.kind for r in form.ratings] == ["relevance", "clarity"]
    marked = [row.id for part in form.parts for row in part.rows if row.reverse]
    assert marked == [item.id for item in instrument.items if item.reverse]


def test_a_form_without_necessity_is_read(tmp_path: Path) -> None:
    path = tm.write_expert_form("satisfaction", tmp_path / "f.xlsx", ratings=["relevance"], expert="A")
    found = tm.read_expert_forms(fill_workbook(path, {"sat_1": (4, "fine")}))
    assert found["relevance"].iloc[0] == 4.0
    assert found["comment"].iloc[0] == "fine"
    assert found["necessity"].isna().all()


def test_texts_are_never_formulas(tmp_path: Path) -> None:
    from openpyxl import Workbook

    form = expert_form(tm.load_instrument("satisfaction"), "en")
    book = Workbook()
    for row, text in enumerate(("=cmd()", "+1", "-1", "@SUM(A1)", "plain"), start=1):
        _put(book.active.cell(row, 1), text, form)
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    cells = [row[0] for row in load_workbook(written).active.iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [bool(cell.quotePrefix) for cell in cells] == [True] * 4 + [False]


def test_only_cells_to_fill_in_are_open_and_checked(tmp_path: Path) -> None:
    path = tm.write_expert_form("satisfaction", tmp_path / "f.xlsx")
    sheet = load_workbook(path).worksheets[1]
    assert sheet.protection.sheet
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert "C2" in open_cells
    assert len(open_cells) == 1 + 4 * 4 + 1
    rules = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {'"1,2,3,4"', '"1,2,3"'}


def test_every_language_has_every_word() -> None:
    first, *others = _all().values()
    for words in others:
        assert words.keys() == first.keys()
        for key, value in first.items():
            assert isinstance(words[key], type(value))
            assert len(words[key]) == len(value) or isinstance(value, str)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"sat_1": (5,)}, r"f\.xlsx: the relevance of item 'sat_1' is '5'.*1 to 4"),
        ({"sat_1": (4, 4, 4)}, "necessity of item 'sat_1' is '4'.*1 to 3"),
        ({"sat_1": ("good",)}, "'good'"),
        ({"sat_1": (3.5,)}, "'3.5'"),
        ({"sat_1": ("=2+2",)}, "'=2.2'"),
        ({}, "holds no rating"),
    ],
)
def test_wrong_cells_are_named(tmp_path: Path, cells: dict[str, tuple[Any, ...]], message: str) -> None:
    path = fill_workbook(tm.write_expert_form("satisfaction", tmp_path / "f.xlsx"), cells)
    with pytest.raises(QuestionnaireError, match=message):
        tm.read_expert_forms(path)


def test_forms_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    one = fill_workbook(tm.write_expert_form("satisfaction", tmp_path / "a.xlsx"), {"sat_1": (4,)}, "A")
    same = fill_workbook(tm.write_expert_form("satisfaction", tmp_path / "b.xlsx"), {"sat_1": (4,)}, "A")
    other = fill_workbook(tm.write_expert_form("loyalty", tmp_path / "c.xlsx"), {"loy_att_1": (4,)}, "B")
    with pytest.raises(QuestionnaireError, match="both of expert 'A'"):
        tm.read_expert_forms([one, same])
    with pytest.raises(QuestionnaireError, match="instrument loyalty"):
        tm.read_expert_forms([one, other])


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_sectors_wording_is_judged_on_its_own(tmp_path: Path, ending: str) -> None:
    instrument = tm.load_instrument("satisfaction")
    sector = instrument.contexts[0]
    fill = fill_workbook if ending == "xlsx" else fill_document
    general = fill(tm.write_expert_form("satisfaction", tmp_path / f"a.{ending}"), {"sat_1": ("4",)}, "A")
    own = tm.write_expert_form(
        "satisfaction", tmp_path / f"b.{ending}", context=sector.id, form="short", ratings=["relevance"]
    )
    fill(own, {"sat_1": ("4",)}, "B")
    assert tm.read_expert_forms(own)["item"].tolist()[0] == "sat_1"
    with pytest.raises(QuestionnaireError, match=f"context {sector.id}.*of general"):
        tm.read_expert_forms([general, own])
    with pytest.raises(InstrumentError, match="no context 'nowhere'"):
        tm.write_expert_form("satisfaction", tmp_path / f"c.{ending}", context="nowhere")


def test_a_form_shows_the_words_of_the_sector_and_names_it() -> None:
    instrument = tm.load_instrument("cognitive-trust")
    for sector in instrument.contexts:
        form = expert_form(instrument, "zh", context=sector.id)
        assert sector.label["zh"] in form.title
        texts = {row.id: row.text for part in form.parts for row in part.rows}
        shown = instrument.in_context(sector.id)
        assert texts == {item.id: shown.fill(item.text, "zh") for item in shown.items}


def test_other_files_are_refused(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "plain.xlsx")
    Document().save(str(tmp_path / "plain.docx"))
    (tmp_path / "broken.xlsx").write_bytes(b"no archive")
    (tmp_path / "broken.docx").write_bytes(b"no archive")
    for name in ("plain.xlsx", "plain.docx"):
        with pytest.raises(QuestionnaireError, match="is no expert form"):
            tm.read_expert_forms(tmp_path / name)
    for name in ("broken.xlsx", "broken.docx"):
        with pytest.raises(QuestionnaireError, match="cannot be read"):
            tm.read_expert_forms(tmp_path / name)
    with pytest.raises(QuestionnaireError, match=r"no \.xlsx or \.docx file in"):
        tm.read_expert_forms(tmp_path.joinpath("empty").mkdir() or tmp_path / "empty")
    with pytest.raises(QuestionnaireError, match="File not found"):
        tm.read_expert_forms(tmp_path / "absent.xlsx")


def test_wrong_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionnaireError, match="ending of the file"):
        tm.write_expert_form("satisfaction", tmp_path / "f.pdf")
    with pytest.raises(InstrumentError, match="no language 'fr'"):
        tm.write_expert_form("satisfaction", tmp_path / "f.xlsx", "fr")
    with pytest.raises(ArgumentError, match="Did you mean 'clarity'"):
        tm.write_expert_form("satisfaction", tmp_path / "f.xlsx", ratings=["clarty"])
    with pytest.raises(ArgumentError, match="give a list"):
        tm.write_expert_form("satisfaction", tmp_path / "f.xlsx", ratings="relevance")


def test_sheets_may_be_moved_but_not_renamed(tmp_path: Path) -> None:
    path = fill_workbook(tm.write_expert_form("satisfaction", tmp_path / "f.xlsx"), {"sat_1": (4,)}, "A")
    book = load_workbook(path)
    book.move_sheet("Ratings", -1)
    book.save(path)
    assert tm.read_expert_forms(path)["relevance"].iloc[0] == 4.0
    book["Ratings"].title = "mine"
    book.save(path)
    with pytest.raises(QuestionnaireError, match="no sheet 'Ratings' any more"):
        tm.read_expert_forms(path)
