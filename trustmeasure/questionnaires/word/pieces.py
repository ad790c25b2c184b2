"""The pieces of a printed form laid out in Word: grids, boxes, lines to write on, notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm

from trustmeasure.questionnaires.printing import Blank, Boxes, Grid, Piece, Reading, Row
from trustmeasure.questionnaires.printing.build import WIDTH
from trustmeasure.questionnaires.word.elements import (
    add_box,
    add_run,
    fix_widths,
    frame,
    keep_whole,
    repeat_row,
    rule_left,
    rule_table,
    shade,
    space,
)
from trustmeasure.questionnaires.word.styles import ACCENT, LINE, SHADE, SOFT

_INDENT, _SHORT_LINE = 0.65, 7.0
_PADDING, _HEAD_SIZE, _FRAME = 0.02, 7.0, 0.16


def add_piece(document: Any, piece: Piece, tag: str) -> None:
    """Add one piece of the form, with the condition above it."""
    if piece.condition:
        add_condition(document, piece.condition, tag)
    if isinstance(piece, Grid):
        _grid(document, piece, tag)
    elif isinstance(piece, Boxes):
        _boxes(document, piece, tag)
    elif isinstance(piece, Blank):
        _blank(document, piece, tag)
    else:
        _reading(document, piece, tag)


def add_condition(document: Any, condition: str, tag: str) -> None:
    """Add the line that says when what follows is asked."""
    line = space(document.add_paragraph(), before=4, after=2, keep=True)
    add_run(line, condition, tag, size=9.5, colour=ACCENT, italic=not tag.startswith("zh"))


def _question(document: Any, number: str, text: str, tag: str, *, after: float) -> None:
    line = space(document.add_paragraph(), before=8, after=after, keep=True)
    _hang(line)
    add_run(line, f"{number}\t", tag, size=10.5, colour=SOFT)
    add_run(line, text, tag, size=10.5, bold=True)


def _hang(line: Any, *, indent: float = _INDENT) -> None:
    shape = line.paragraph_format
    shape.left_indent, shape.first_line_indent = Cm(indent), Cm(-_INDENT)
    shape.tab_stops.add_tab_stop(Cm(indent))


def _boxes(document: Any, piece: Boxes, tag: str) -> None:
    _question(document, piece.number, piece.text, tag, after=3)
    rows = -(-len(piece.answers) // piece.columns)
    if piece.columns == 1:
        for place, answer in enumerate(piece.answers):
            last = place == len(piece.answers) - 1
            line = space(document.add_paragraph(), after=2, keep=not last or bool(piece.note))
            _answer(line, answer, tag)
    else:
        _side_by_side(document, piece, rows, tag)
    if piece.note:
        line = space(document.add_paragraph(), before=4, after=4)
        line.paragraph_format.left_indent = Cm(_INDENT)
        add_run(line, piece.note, tag, size=9.5, colour=SOFT)


def _answer(line: Any, answer: str, tag: str) -> None:
    _hang(line, indent=2 * _INDENT)
    add_box(line, 12)
    add_run(line, f"\t{answer}", tag, size=10)


def _side_by_side(document: Any, piece: Boxes, rows: int, tag: str) -> None:
    """Lay the answers out in columns that are read from top to bottom."""
    table = document.add_table(rows=rows, cols=piece.columns)
    fix_widths(table, [WIDTH / piece.columns] * piece.columns)
    for place, answer in enumerate(piece.answers):
        row = place % rows
        line = space(table.rows[row].cells[place // rows].paragraphs[0], after=2, keep=row != rows - 1)
        _answer(line, answer, tag)
    for row in table.rows:
        keep_whole(row)


def _blank(document: Any, piece: Blank, tag: str) -> None:
    _question(document, piece.number, piece.text, tag, after=2)
    if piece.hint:
        line = space(document.add_paragraph(), after=2, keep=True)
        line.paragraph_format.left_indent = Cm(_INDENT)
        add_run(line, piece.hint, tag, size=9, colour=SOFT)
    end = _INDENT + _SHORT_LINE if piece.short else WIDTH
    for place in range(piece.lines):
        line = space(document.add_paragraph(), before=8, after=2, keep=place != piece.lines - 1)
        line.paragraph_format.left_indent = Cm(_INDENT)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(end), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
        add_run(line, "\t", tag, colour=SOFT)


def _reading(document: Any, piece: Reading, tag: str) -> None:
    if piece.mark:
        line = space(document.add_paragraph(), before=10, after=4, keep=True)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Cm(_FRAME)
        frame(line, ACCENT)
        add_run(line, piece.mark, tag, size=9.5, bold=True, colour=ACCENT)
    heading = space(document.add_paragraph(style="Heading 1"), before=10, after=4, keep=True)
    add_run(heading, piece.title, tag, size=13, colour=ACCENT)
    for title, text in piece.paragraphs:
        line = space(document.add_paragraph(), before=3, after=3)
        add_run(line, f"{title}\u2003", tag, size=10, bold=True)
        add_run(line, text, tag, size=10)


def _grid(document: Any, piece: Grid, tag: str) -> None:
    stem = space(document.add_paragraph(), before=4, after=4, keep=True)
    add_run(stem, piece.stem, tag, size=10.5, bold=True)
    if piece.note:
        add_run(space(document.add_paragraph(), after=4, keep=True), piece.note, tag, size=9)
    table = document.add_table(rows=len(piece.rows) + 1, cols=len(piece.heads) + 1)
    fix_widths(table, [share * WIDTH for share in piece.widths])
    rule_table(table, LINE, padding=_PADDING)
    if piece.points < len(piece.heads):
        for row in table.rows:
            rule_left(row.cells[piece.points + 1], LINE)
    _head(table.rows[0], piece.heads, tag)
    last = len(piece.rows) - 1
    for place, question in enumerate(piece.rows):
        together = place != last and place in (0, last - 1)
        _row(table.rows[place + 1], question, tag, keep=together)


def _head(row: Any, heads: Sequence[str], tag: str) -> None:
    """Fill the row of the answers' words, which is repeated on every page."""
    keep_whole(row)
    repeat_row(row)
    for cell, text in zip(row.cells, ["", *heads], strict=True):
        shade(cell, SHADE)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        line = space(cell.paragraphs[0], before=2, after=2, keep=True)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(line, text, tag, size=_HEAD_SIZE)


def _row(row: Any, question: Row, tag: str, *, keep: bool) -> None:
    """Fill the row of one question; with `keep` it stays on one page with the next row."""
    keep_whole(row)
    first, *boxes = row.cells
    first.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    line = space(first.paragraphs[0], before=3, after=3, keep=keep)
    _hang(line)
    add_run(line, f"{question.number}\t", tag, size=9.5, colour=SOFT)
    add_run(line, question.text, tag, size=9.5)
    for cell in boxes:
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_box(space(cell.paragraphs[0]), 12)
