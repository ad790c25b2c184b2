"""Sections become one Word document."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt

from trustmeasure.questionnaires.archive import without_times
from trustmeasure.questionnaires.word.elements import (
    add_page_number,
    add_run,
    fix_widths,
    keep_whole,
    repeat_row,
    rule_table,
    shade,
    space,
)
from trustmeasure.questionnaires.word.styles import (
    ACCENT,
    LINE,
    PAGE_WIDTH,
    SHADE,
    SOFT,
    set_page,
    set_properties,
    set_styles,
)
from trustmeasure.reporting.blocks import (
    Block,
    Bullets,
    Cards,
    Code,
    Figure,
    Grid,
    Heading,
    Note,
    Row,
    Section,
    Terms,
    Text,
)
from trustmeasure.reporting.page import Page
from trustmeasure.reporting.render import numbered
from trustmeasure.reporting.widths import column_widths

MARGIN = 2.0
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
WARNING, PALE = "7A4300", "FFF5E0"
TONES = {"info": SHADE, "simulated": PALE, "failed": "FDF1F0"}
ALIGN = {"r": WD_ALIGN_PARAGRAPH.RIGHT, "c": WD_ALIGN_PARAGRAPH.CENTER}
MOST_FIGURE_HEIGHT = 20.0
TALL, WIDE = 9, 12  # columns from which the words of a table become smaller


def render_word(page: Page, sections: Sequence[Section]) -> bytes:
    """Return the document; the same page and sections give the same bytes."""
    document = Document()
    set_styles(document, "Heading 2", "List Bullet")
    about = f"Made with trustmeasure {page.version}".strip()
    set_properties(document, title=page.title, comments=about, language=page.language)
    set_page(document.sections[0], MARGIN)
    _running_lines(document.sections[0], page)
    _opening(document, page)
    for place, section in enumerate(numbered(sections), start=1):
        _heading(document, f"{place}  {section.title}", page, level=1)
        for block in section.blocks:
            _ADD[type(block)](document, block, page)
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _running_lines(section: Any, page: Page) -> None:
    above = page.words("simulated.banner") if page.simulated else page.title
    add_run(section.header.paragraphs[0], above, page.language, size=8, colour=SOFT)
    line = section.footer.paragraphs[0]
    line.style = "Normal"
    line.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    made = page.words("report.made_with", version=page.version)
    add_run(line, f"{made}\t", page.language, size=8, colour=SOFT)
    add_page_number(line, "", "", page.language, size=8, colour=SOFT)


def _opening(document: Any, page: Page) -> None:
    if page.simulated:
        _framed(document, [page.words("simulated.banner")], PALE, page, strong=True)
    title = space(document.add_paragraph(style="Title"), after=6)
    add_run(title, page.title, page.language, size=20, bold=True, colour=ACCENT)
    for text in (", ".join(page.authors), page.made):
        if text:
            add_run(space(document.add_paragraph(), after=4), text, page.language, size=9.5, colour=SOFT)


def _heading(document: Any, text: str, page: Page, *, level: int) -> None:
    above, size = (18, 14) if level == 1 else (10, 11)
    paragraph = space(document.add_paragraph(style=f"Heading {level}"), before=above, after=5, keep=True)
    add_run(paragraph, text, page.language, size=size, bold=True, colour=ACCENT)


def _paragraph(document: Any, text: str, language: str, **look: Any) -> None:
    add_run(space(document.add_paragraph(), after=6), text, language, size=10, **look)


def _framed(document: Any, lines: Sequence[str], colour: str, page: Page, *, strong: bool = False) -> None:
    """Add lines on a coloured ground, the first one bold where `strong` is true."""
    table = document.add_table(rows=1, cols=1)
    fix_widths(table, [TEXT_WIDTH])
    cell = table.rows[0].cells[0]
    shade(cell, colour)
    for place, text in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        add_run(space(paragraph, before=3, after=3), text, page.language, size=9.5, bold=strong and not place)
    space(document.add_paragraph(), after=2)


def _text(document: Any, block: Text, page: Page) -> None:
    _paragraph(document, block.text, page.language)


def _subheading(document: Any, block: Heading, page: Page) -> None:
    _heading(document, block.text, page, level=2)


def _bullets(document: Any, block: Bullets, page: Page) -> None:
    for text in block.items:
        paragraph = space(document.add_paragraph(style="List Bullet"), after=3)
        add_run(paragraph, text, block.language or page.language, size=10)


def _note(document: Any, block: Note, page: Page) -> None:
    _framed(document, [block.title, *block.lines], TONES.get(block.tone, SHADE), page, strong=True)


def _cards(document: Any, block: Cards, page: Page) -> None:
    table = document.add_table(rows=len(block.items), cols=3)
    fix_widths(table, [3.5, 5.5, TEXT_WIDTH - 9.0])
    rule_table(table, LINE, padding=0.1)
    for row, (figure, what, remark) in zip(table.rows, block.items, strict=True):
        keep_whole(row)
        _cell(row.cells[0], figure, page, size=12, bold=True)
        _cell(row.cells[1], what, page, size=10)
        _cell(row.cells[2], remark, page, size=9, colour=SOFT)
    space(document.add_paragraph(), after=4)


def _terms(document: Any, block: Terms, page: Page) -> None:
    table = document.add_table(rows=len(block.pairs), cols=2)
    fix_widths(table, [5.0, TEXT_WIDTH - 5.0])
    rule_table(table, LINE, padding=0.1)
    for row, (term, what) in zip(table.rows, block.pairs, strict=True):
        _cell(row.cells[0], term, page, size=9, bold=True)
        _cell(row.cells[1], what, page, size=9)
    space(document.add_paragraph(), after=4)


def _code(document: Any, block: Code, page: Page) -> None:
    if block.title:
        _heading(document, block.title, page, level=2)
    for line in block.text.splitlines():
        run = add_run(space(document.add_paragraph()), line, "en", size=8.5)
        run.font.name = "Consolas"


def _figure(document: Any, block: Figure, page: Page) -> None:
    from trustmeasure.plots import to_png

    width, height = block.drawing.get_size_inches()
    shown = min(TEXT_WIDTH, MOST_FIGURE_HEIGHT * width / height)
    paragraph = space(document.add_paragraph(), before=6, keep=True)
    picture = paragraph.add_run().add_picture(io.BytesIO(to_png(block.drawing, dpi=200)), width=Cm(shown))
    picture._inline.docPr.set("descr", block.caption)
    caption = space(document.add_paragraph(), after=10)
    add_run(caption, f"{page.words('report.figure', number=block.number)} ", page.language, size=9, bold=True)
    add_run(caption, block.caption, page.language, size=9)


def _grid(document: Any, block: Grid, page: Page) -> None:
    caption = space(document.add_paragraph(), before=8, after=3, keep=True)
    add_run(caption, f"{page.words('report.table', number=block.number)} ", page.language, size=9, bold=True)
    add_run(caption, block.caption, page.language, size=9)
    size = 7.0 if len(block.heads) >= WIDE else 7.5 if len(block.heads) >= TALL else 8.5
    table = document.add_table(rows=len(block.rows) + 1, cols=len(block.heads))
    fix_widths(table, column_widths(block, TEXT_WIDTH, size))
    rule_table(table, LINE, padding=0.08)
    _head_row(table.rows[0], block, page, size)
    for row, content in zip(list(table.rows)[1:], block.rows, strict=True):
        _body_row(row, content, block.align, page, size)
    for note in block.notes:
        if note:
            add_run(space(document.add_paragraph(), before=3), note, page.language, size=8.5, colour=SOFT)
    space(document.add_paragraph(), after=2)


def _head_row(row: Any, block: Grid, page: Page, size: float) -> None:
    keep_whole(row)
    repeat_row(row)
    for cell, head, letter in zip(row.cells, block.heads, block.align, strict=True):
        shade(cell, SHADE)
        _cell(cell, head, page, size=size, bold=True, align=letter)


def _body_row(row: Any, content: Row, align: str, page: Page, size: float) -> None:
    keep_whole(row)
    if content.heads:
        merged = row.cells[0].merge(row.cells[-1])
        _cell(merged, "  ".join(content.cells), page, size=size, bold=True)
        return
    for cell, text, letter in zip(row.cells, content.cells, align, strict=True):
        _cell(cell, text, page, size=size, bold=content.strong, align=letter)


def _cell(cell: Any, text: str, page: Page, *, size: float, align: str = "l", **look: Any) -> None:
    paragraph = space(cell.paragraphs[0], before=1.5, after=1.5)
    paragraph.alignment = ALIGN.get(align)
    paragraph.paragraph_format.line_spacing = Pt(size * 1.25)
    add_run(paragraph, text, page.language, size=size, **look)


_ADD: Mapping[type[Block], Callable[[Any, Any, Page], None]] = {
    Text: _text,
    Heading: _subheading,
    Bullets: _bullets,
    Note: _note,
    Cards: _cards,
    Terms: _terms,
    Code: _code,
    Figure: _figure,
    Grid: _grid,
}
