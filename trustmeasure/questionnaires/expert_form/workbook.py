"""The expert form as an Excel workbook: instructions, a sheet to fill in, and a hidden one that names it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from trustmeasure.questionnaires.archive import without_times
from trustmeasure.questionnaires.expert_form.model import REMARK, ExpertForm, Part, Rating, Row, put
from trustmeasure.questionnaires.word.styles import ACCENT, FIXED_TIME, INK, LINE, SHADE, SOFT

ABOUT = "trustmeasure"
"""Name of the hidden sheet."""
EXPERT_CELL = "C2"
FIRST_RATING = 4
HEAD = 4
FILL_IN = "FFFBE6"
_LATIN = "Calibri"
_CHINESE = "Microsoft YaHei"
_WIDTHS = {"item": 13.0, "wording": 58.0, "rating": 12.0, "comment": 46.0}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(form: ExpertForm) -> bytes:
    """Return the workbook."""
    book = Workbook()
    book.properties.title = form.title[:255]
    book.properties.creator = book.properties.lastModifiedBy = "trustmeasure"
    book.properties.created = FIXED_TIME.replace(tzinfo=None)
    _instructions(book.active, form)
    _ratings(book.create_sheet(), form)
    _about(book.create_sheet(ABOUT), form)
    written = io.BytesIO()
    book.save(written)
    return without_times(_without_moment(written.getvalue()))


def _without_moment(archive: bytes) -> bytes:
    """Return the workbook without the moment at which it was written."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(kept, "w") as plain:
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                fixed = FIXED_TIME.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + fixed, content)
            plain.writestr(name, content)
    return kept.getvalue()


def _put(cell: Any, text: str, form: ExpertForm, **font: Any) -> Any:
    """Write text that is text, whatever it begins with: never a formula."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)
    given = {"name": _CHINESE if form.language.startswith("zh") else _LATIN, "size": 10, "color": INK}
    cell.font = Font(**(given | font))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _instructions(sheet: Any, form: ExpertForm) -> None:
    words = form.words
    sheet.title = words["instructions"]
    sheet.sheet_view.showGridLines = False
    for column, width in zip("ABC", (24.0, 60.0, 26.0), strict=True):
        sheet.column_dimensions[column].width = width
    _wide(sheet, 1, form.title, form, size=16, bold=True, color=ACCENT)
    _wide(sheet, 2, form.of, form, color=SOFT, size=9)
    _wide(sheet, 4, words["intro"], form)
    row = 5
    for number, step in enumerate(words["steps"], start=1):
        _wide(sheet, row, f"{number}. {step}", form)
        row += 1
    for rating in form.ratings:
        row = _anchors(sheet, row + 1, rating, form)
    _print(sheet, landscape=False)


def _wide(sheet: Any, row: int, text: str, form: ExpertForm, **font: Any) -> None:
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    _put(sheet.cell(row, 1), text, form, **font)
    sheet.row_dimensions[row].height = _height(text, 108, font.get("size", 10))


def _anchors(sheet: Any, row: int, rating: Rating, form: ExpertForm) -> int:
    _put(sheet.cell(row, 1), rating.name, form, bold=True, color=ACCENT)
    _put(sheet.cell(row, 2), rating.asked, form, bold=True)
    for number, point in enumerate(rating.points, start=1):
        _put(sheet.cell(row + number, 2), f"{number} = {point}", form)
    return row + len(rating.points) + 1


def _ratings(sheet: Any, form: ExpertForm) -> None:
    words = form.words
    sheet.title = words["ratings"]
    sheet.sheet_view.showGridLines = False
    widths = ["item", "wording", *["rating"] * len(form.ratings), "comment"]
    for place, name in enumerate(widths, start=2):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[name]
    sheet.column_dimensions["A"].width = 2.0
    _put(sheet["B1"], form.title, form, size=13, bold=True, color=ACCENT).alignment = Alignment(
        wrap_text=False
    )
    _put(sheet["B2"], words["expert"], form, bold=True)
    _fill_in(_put(sheet[EXPERT_CELL], form.expert, form))
    _put(sheet.cell(2, FIRST_RATING), words["expert_hint"], form, size=9, color=SOFT).alignment = Alignment()
    _head(sheet, form)
    row = HEAD + 2
    for part in form.parts:
        row = _part(sheet, row, part, form)
    _check_numbers(sheet, form, row - 1)
    sheet.freeze_panes = f"{get_column_letter(FIRST_RATING)}{HEAD + 1}"
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    _print(sheet, landscape=True)


def _head(sheet: Any, form: ExpertForm) -> None:
    words = form.words
    ratings = [f"{r.name}\n1–{len(r.points)}" for r in form.ratings]
    for place, text in enumerate([words["item"], words["wording"], *ratings, words["comment"]], start=2):
        cell = _put(sheet.cell(HEAD, place), text, form, bold=True)
        cell.fill = PatternFill("solid", start_color=SHADE)
        middle = "center" if text in ratings else None
        cell.alignment = Alignment(wrap_text=True, vertical="bottom", horizontal=middle)
    sheet.row_dimensions[HEAD].height = 30


def _part(sheet: Any, row: int, part: Part, form: ExpertForm) -> int:
    last = FIRST_RATING + len(form.ratings)
    row = _merged(sheet, row, last, part.label, form, size=11, bold=True, color=ACCENT)
    row = _merged(sheet, row, last, _definition(part), form)
    _rule(sheet, row - 1, last)
    for item in part.rows:
        _item(sheet, row, item, form)
        row += 1
    _put(sheet.cell(row, 2), REMARK.format(construct=part.id), form, size=8, color=SOFT)
    _put(sheet.cell(row, 3), form.words["coverage"], form, italic=True)
    _fill_in(_put(sheet.cell(row, last), "", form))
    _rule(sheet, row, last)
    return row + 2


def _merged(
    sheet: Any, row: int, last: int, text: str, form: ExpertForm, size: float = 10, **font: Any
) -> int:
    """Write a line over all columns, and return the number of the next one."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=last)
    _put(sheet.cell(row, 2), text, form, size=size, **font)
    sheet.row_dimensions[row].height = _height(text, 150, size) + 4
    return row + 1


def _definition(part: Part) -> str:
    return "\n".join([part.definition, *part.about])


def _item(sheet: Any, row: int, item: Row, form: ExpertForm) -> None:
    text = f"{item.text}\n{form.words['reverse']}" if item.reverse else item.text
    _put(sheet.cell(row, 2), item.id, form, size=8, color=SOFT)
    _put(sheet.cell(row, 3), text, form)
    last = FIRST_RATING + len(form.ratings)
    for place in range(FIRST_RATING, last + 1):
        cell = sheet.cell(row, place)
        _fill_in(_put(cell, "", form))
        if place < last:
            cell.value = None
            cell.alignment = Alignment(horizontal="center", vertical="top")
    _rule(sheet, row, last)
    sheet.row_dimensions[row].height = _height(text, 62, 10) + 3


def _fill_in(cell: Any) -> None:
    """Make a cell one that the expert fills in."""
    if not cell.value:
        cell.value = None
    cell.fill = PatternFill("solid", start_color=FILL_IN)
    cell.border = Border(left=Side("thin", color=LINE))
    cell.protection = Protection(locked=False)


def _rule(sheet: Any, row: int, last: int) -> None:
    for place in range(2, last + 1):
        cell = sheet.cell(row, place)
        left = cell.border.left if cell.border is not None else None
        cell.border = Border(left=left, bottom=Side("thin", color=LINE))


def _check_numbers(sheet: Any, form: ExpertForm, last: int) -> None:
    for place, rating in enumerate(form.ratings, start=FIRST_RATING):
        most = len(rating.points)
        message = put(form.words["invalid"], low=1, high=most)
        numbers = ",".join(str(k) for k in range(1, most + 1))
        rule = DataValidation("list", formula1=f'"{numbers}"', allow_blank=True, error=message)
        rule.errorTitle, rule.showErrorMessage = rating.name, True
        rule.promptTitle, rule.prompt, rule.showInputMessage = rating.name, _prompt(rating), True
        column = get_column_letter(place)
        rule.add(f"{column}{HEAD + 1}:{column}{last}")
        sheet.add_data_validation(rule)


def _prompt(rating: Rating) -> str:
    return "\n".join(f"{k} = {point}" for k, point in enumerate(rating.points, start=1))[:255]


def _about(sheet: Any, form: ExpertForm) -> None:
    for row, (name, value) in enumerate(form.facts.items(), start=1):
        _put(sheet.cell(row, 1), name, form)
        _put(sheet.cell(row, 2), value, form)
    sheet.sheet_state = "veryHidden"


def _print(sheet: Any, *, landscape: bool) -> None:
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5


def _height(text: str, columns: int, size: float) -> float:
    """Return the height in points of text that is wrapped after so many columns of letters."""
    from trustmeasure.display import width

    lines: Sequence[str] = text.split("\n")
    count = sum(max(1, -(-width(line) // columns)) for line in lines)
    return count * (size * 1.35) + 3.0
