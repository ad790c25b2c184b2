"""The expert form as a Word document: experts type numbers into the cells of a table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm

from trustmeasure.questionnaires.archive import without_times
from trustmeasure.questionnaires.expert_form.model import REMARK, ExpertForm, Part, put
from trustmeasure.questionnaires.word.elements import (
    add_page_number,
    add_run,
    fix_widths,
    keep_whole,
    repeat_row,
    rule_left,
    rule_table,
    shade,
    space,
)
from trustmeasure.questionnaires.word.styles import (
    ACCENT,
    LINE,
    PAGE_HEIGHT,
    SHADE,
    SOFT,
    set_page,
    set_properties,
    set_styles,
)

MARGIN = 1.6
TEXT_WIDTH = PAGE_HEIGHT - 2 * MARGIN
_ID, _RATING, _COMMENT = 2.6, 2.3, 6.8
_PADDING = 0.12


def render(form: ExpertForm) -> bytes:
    """Return the document."""
    document = Document()
    set_styles(document)
    facts = "; ".join(f"{name}={value}" for name, value in form.facts.items())
    set_properties(document, title=form.title, comments=facts, language=form.words["html"])
    section = document.sections[0]
    set_page(section, MARGIN)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    _running_lines(section, form)
    _opening(document, form)
    for part in form.parts:
        _part(document, part, form)
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _running_lines(section: Any, form: ExpertForm) -> None:
    tag = form.words["html"]
    add_run(section.header.paragraphs[0], form.title, tag, size=8, colour=SOFT)
    line = section.footer.paragraphs[0]
    line.style = "Normal"
    line.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    add_run(line, f"{form.of}\t", tag, size=8, colour=SOFT)
    before, after = put(form.words["page"], page="\n").split("\n")
    add_page_number(line, before, after, tag, size=8, colour=SOFT)


def _opening(document: Any, form: ExpertForm) -> None:
    words, tag = form.words, form.words["html"]
    add_run(
        space(document.add_paragraph(style="Title"), after=6),
        form.title,
        tag,
        size=18,
        bold=True,
        colour=ACCENT,
    )
    table = document.add_table(rows=1, cols=3)
    fix_widths(table, [_ID, 5.0, TEXT_WIDTH - _ID - 5.0])
    label, blank, hint = table.rows[0].cells
    add_run(space(label.paragraphs[0], before=3, after=3), words["expert"], tag, bold=True)
    rule_table(table, LINE, padding=_PADDING)
    rule_left(blank, LINE)
    add_run(space(blank.paragraphs[0], before=3, after=3), form.expert, tag)
    rule_left(hint, LINE)
    add_run(space(hint.paragraphs[0], before=3, after=3), words["expert_hint"], tag, size=9, colour=SOFT)
    add_run(space(document.add_paragraph(), before=8, after=4), words["intro"], tag, size=10.5)
    for number, step in enumerate(words["steps"], start=1):
        add_run(space(document.add_paragraph(), after=2), f"{number}. {step}", tag)
    for rating in form.ratings:
        line = space(document.add_paragraph(), before=5, after=0)
        add_run(line, f"{rating.name}  ", tag, bold=True, colour=ACCENT)
        add_run(line, rating.asked, tag)
        points = "    ".join(f"{k} = {point}" for k, point in enumerate(rating.points, start=1))
        add_run(space(document.add_paragraph(), after=2), points, tag, size=9.5, colour=SOFT)


def _part(document: Any, part: Part, form: ExpertForm) -> None:
    tag = form.words["html"]
    heading = space(document.add_paragraph(style="Heading 1"), before=16, after=2, keep=True)
    add_run(heading, part.label, tag, size=12, colour=ACCENT)
    add_run(space(document.add_paragraph(), after=2, keep=True), part.definition, tag)
    for line in part.about:
        add_run(space(document.add_paragraph(), after=2, keep=True), line, tag, size=9, colour=SOFT)
    _table(document, part, form)


def _table(document: Any, part: Part, form: ExpertForm) -> None:
    table = document.add_table(rows=len(part.rows) + 2, cols=len(form.ratings) + 3)
    ratings = [_RATING] * len(form.ratings)
    fix_widths(table, [_ID, TEXT_WIDTH - _ID - sum(ratings) - _COMMENT, *ratings, _COMMENT])
    rule_table(table, LINE, padding=_PADDING)
    _head(table.rows[0], form)
    last = part.rows[-1]
    for row, item in zip(table.rows[1:-1], part.rows, strict=True):
        reverse = form.words["reverse"] if item.reverse else ""
        _row(row, item.id, item.text, form, small=reverse, keep=item is last)
    _row(table.rows[-1], REMARK.format(construct=part.id), form.words["coverage"], form, open_from=-1)


def _head(row: Any, form: ExpertForm) -> None:
    words, tag = form.words, form.words["html"]
    keep_whole(row)
    repeat_row(row)
    ratings = [f"{r.name}\n1–{len(r.points)}" for r in form.ratings]
    for cell, text in zip(
        row.cells, [words["item"], words["wording"], *ratings, words["comment"]], strict=True
    ):
        shade(cell, SHADE)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        line = space(cell.paragraphs[0], before=2, after=2, keep=True)
        if text in ratings:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(line, text, tag, size=8.5, bold=True)


def _row(
    row: Any,
    id: str,
    text: str,
    form: ExpertForm,
    *,
    small: str = "",
    open_from: int = 2,
    keep: bool = False,
) -> None:
    """Fill the row of an item; cells from `open_from` on have a line at their left and are for the expert.

    With `keep` it stays on one page with the next row.
    """
    tag = form.words["html"]
    keep_whole(row)
    first, second, *rest = row.cells
    add_run(space(first.paragraphs[0], before=4, after=4, keep=keep), id, tag, size=7.5, colour=SOFT)
    line = space(second.paragraphs[0], before=4, after=4, keep=keep)
    add_run(line, text, tag)
    if small:
        add_run(line, f"\n{small}", tag, size=8.5, colour=SOFT)
    opened: Sequence[Any] = row.cells[open_from:]
    for cell in opened:
        rule_left(cell, LINE)
    for cell in rest[:-1]:
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
