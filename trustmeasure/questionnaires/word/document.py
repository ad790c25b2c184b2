"""The printed form as a Word document, one language after the other."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm

from trustmeasure.instruments import ResponseScale
from trustmeasure.questionnaires.archive import without_times
from trustmeasure.questionnaires.elements import Matrix
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import is_numeric, offered
from trustmeasure.questionnaires.texts import form_texts, words
from trustmeasure.questionnaires.word.elements import (
    add_box,
    add_page_number,
    add_run,
    fix_widths,
    keep_whole,
    repeat_row,
    restart_page_numbers,
    rule_left,
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

MARGIN = 1.5
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
_WORDED, _NUMBERED, _MISSING, _LEAST_QUESTION = 1.45, 0.85, 1.5, 4.5
_PADDING, _HEAD_SIZE = 0.02, 7.0


def render(questionnaire: Questionnaire) -> bytes:
    """Return the document."""
    document = Document()
    set_styles(document)
    set_properties(
        document,
        title=questionnaire.title[questionnaire.languages[0]],
        comments=f"Questionnaire version {questionnaire.version[:150]}, hash {questionnaire.hash}",
        language=", ".join(form_texts(tag)["html"] for tag in questionnaire.languages),
    )
    for place, language in enumerate(questionnaire.languages):
        section = _section(document, place)
        _running_lines(section, questionnaire, language)
        _opening(document, questionnaire, language)
        _parts(document, questionnaire, language)
        _closing(document, language)
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _section(document: Any, place: int) -> Any:
    section = document.sections[0] if place == 0 else document.add_section(WD_SECTION.NEW_PAGE)
    set_page(section, MARGIN)
    if place == 0:
        restart_page_numbers(section)
    return section


def _running_lines(section: Any, questionnaire: Questionnaire, language: str) -> None:
    """Write the title above and the version and page number below every page."""
    tag = form_texts(language)["html"]
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    add_run(section.header.paragraphs[0], questionnaire.title[language], tag, size=8, colour=SOFT)
    line = section.footer.paragraphs[0]
    line.style = "Normal"
    line.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    version = words("version", language, version=questionnaire.version)
    add_run(line, f"{version} · {questionnaire.hash[:12]}\t", tag, size=8, colour=SOFT)
    before, after = words("page", language, page="\n").split("\n")
    add_page_number(line, before, after, tag, size=8, colour=SOFT)


def _opening(document: Any, questionnaire: Questionnaire, language: str) -> None:
    own, tag = form_texts(language), form_texts(language)["html"]
    title = space(document.add_paragraph(style="Title"), after=8)
    add_run(title, questionnaire.title[language], tag, size=20, bold=True, colour=ACCENT)
    add_run(space(document.add_paragraph(), after=4), questionnaire.intro[language], tag, size=11)
    add_run(space(document.add_paragraph(), after=10), own["tick_one"], tag, size=11, bold=True)
    line = space(document.add_paragraph(), after=8)
    for end, alignment, leader in (
        (8.5, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES),
        (9.5, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.SPACES),
        (TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES),
    ):
        line.paragraph_format.tab_stops.add_tab_stop(Cm(end), alignment, leader)
    add_run(line, f"{own['respondent']}  \t\t{own['date']}  \t", tag)


def _parts(document: Any, questionnaire: Questionnaire, language: str) -> None:
    tag, number, parts = form_texts(language)["html"], 1, len(questionnaire.pages)
    for place, page in enumerate(questionnaire.pages, start=1):
        heading = space(document.add_paragraph(style="Heading 1"), before=18, after=2, keep=True)
        add_run(heading, words("part", language, part=place, parts=parts), tag, size=11, colour=ACCENT)
        for matrix in page.elements:
            _matrix(document, matrix, language, number)
            number += len(matrix.questions)


def _matrix(document: Any, matrix: Matrix, language: str, first: int) -> None:
    tag = form_texts(language)["html"]
    stem = space(document.add_paragraph(), before=4, after=4, keep=True)
    add_run(stem, matrix.stem[language], tag, size=10.5, bold=True)
    if is_numeric(matrix.scale):
        add_run(
            space(document.add_paragraph(), after=4, keep=True), _ends(matrix.scale, language), tag, size=9
        )
    answers = len(matrix.scale.points) + len(offered(matrix.scale))
    table = document.add_table(rows=len(matrix.questions) + 1, cols=answers + 1)
    fix_widths(table, widths(matrix.scale))
    rule_table(table, LINE, padding=_PADDING)
    if offered(matrix.scale):
        for row in table.rows:
            rule_left(row.cells[len(matrix.scale.points) + 1], LINE)
    _head(table.rows[0], matrix.scale, language)
    last = len(matrix.questions) - 1
    for place, question in enumerate(matrix.questions):
        together = place != last and place in (0, last - 1)
        _row(table.rows[place + 1], f"{first + place}.", question.text[language], tag, keep=together)


def widths(scale: ResponseScale) -> list[float]:
    """Return the widths of a matrix's columns in centimetres: question, answers, missing codes."""
    point = _NUMBERED if is_numeric(scale) else _WORDED
    answers = [point] * len(scale.points) + [_MISSING] * len(offered(scale))
    shrink = min(1.0, (TEXT_WIDTH - _LEAST_QUESTION) / sum(answers))
    answers = [width * shrink for width in answers]
    return [TEXT_WIDTH - sum(answers), *answers]


def _ends(scale: ResponseScale, language: str) -> str:
    return "    ".join(
        f"{point.code} = {point.label[language]}" for point in (scale.points[0], scale.points[-1])
    )


def _head(row: Any, scale: ResponseScale, language: str) -> None:
    """Fill the row of the answers' words, which is repeated on every page."""
    keep_whole(row)
    repeat_row(row)
    tag = form_texts(language)["html"]
    for cell, text in zip(row.cells, ["", *_heads(scale, language)], strict=True):
        shade(cell, SHADE)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        line = space(cell.paragraphs[0], before=2, after=2, keep=True)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(line, text, tag, size=_HEAD_SIZE)


def _heads(scale: ResponseScale, language: str) -> list[str]:
    """Return the words above the columns; for a scale of numbers, the numbers."""
    numeric = is_numeric(scale)
    points = [str(point.code) if numeric else point.label[language] for point in scale.points]
    return points + [code.label[language] for code in offered(scale)]


def _row(row: Any, number: str, text: str, tag: str, *, keep: bool) -> None:
    """Fill the row of one question; with `keep` it stays on one page with the next row."""
    keep_whole(row)
    first, *boxes = row.cells
    first.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    line = space(first.paragraphs[0], before=3, after=3, keep=keep)
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(0.65), Cm(-0.65)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(0.65))
    add_run(line, f"{number}\t", tag, size=9.5, colour=SOFT)
    add_run(line, text, tag, size=9.5)
    for cell in boxes:
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_box(space(cell.paragraphs[0]), 12)


def _closing(document: Any, language: str) -> None:
    own, tag = form_texts(language), form_texts(language)["html"]
    add_run(space(document.add_paragraph(), before=18), own["thanks"], tag, size=11, bold=True)
