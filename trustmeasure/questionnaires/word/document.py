"""The printed form as a Word document, one language after the other."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm

from trustmeasure.questionnaires.archive import without_times
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.printing import Part, Sheet, sheet
from trustmeasure.questionnaires.printing.build import WIDTH
from trustmeasure.questionnaires.texts import form_texts
from trustmeasure.questionnaires.word.elements import (
    add_page_number,
    add_run,
    keep_with_last,
    restart_page_numbers,
    space,
)
from trustmeasure.questionnaires.word.pieces import add_condition, add_piece
from trustmeasure.questionnaires.word.styles import (
    ACCENT,
    PAGE_WIDTH,
    SOFT,
    set_page,
    set_properties,
    set_styles,
)

MARGIN = (PAGE_WIDTH - WIDTH) / 2
_ID_LINE, _GAP = 8.5, 1.0


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
        form = sheet(questionnaire, language)
        _running_lines(_section(document, place), form)
        _opening(document, form)
        _parts(document, form)
        keep_with_last(document)
        closing = space(document.add_paragraph(), before=18)
        add_run(closing, form.thanks, form.html, size=11, bold=True)
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _section(document: Any, place: int) -> Any:
    section = document.sections[0] if place == 0 else document.add_section(WD_SECTION.NEW_PAGE)
    set_page(section, MARGIN)
    if place == 0:
        restart_page_numbers(section)
    return section


def _running_lines(section: Any, form: Sheet) -> None:
    """Write the title above and the version and page number below every page."""
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    add_run(section.header.paragraphs[0], form.title, form.html, size=8, colour=SOFT)
    line = section.footer.paragraphs[0]
    line.style = "Normal"
    line.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    add_run(line, f"{form.version}\t", form.html, size=8, colour=SOFT)
    add_page_number(line, *form.page, form.html, size=8, colour=SOFT)


def _opening(document: Any, form: Sheet) -> None:
    title = space(document.add_paragraph(style="Title"), after=8)
    add_run(title, form.title, form.html, size=20, bold=True, colour=ACCENT)
    add_run(space(document.add_paragraph(), after=4), form.intro, form.html, size=11)
    add_run(space(document.add_paragraph(), after=4), form.facts, form.html, size=9.5, colour=SOFT)
    add_run(space(document.add_paragraph(), after=10), form.instruction, form.html, size=11, bold=True)
    _labels(space(document.add_paragraph(), after=8), form)


def _labels(line: Any, form: Sheet) -> None:
    """Write the words before lines to write on: one line to the page's edge, or two beside each other."""
    stops = [(WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)]
    if len(form.labels) > 1:
        stops[:0] = [
            (_ID_LINE, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES),
            (_ID_LINE + _GAP, WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.SPACES),
        ]
    for end, alignment, leader in stops:
        line.paragraph_format.tab_stops.add_tab_stop(Cm(end), alignment, leader)
    add_run(line, "\t".join(f"{label}  \t" for label in form.labels), form.html)


def _parts(document: Any, form: Sheet) -> None:
    after_alone = False
    for part in form.parts:
        _part(document, part, form.html, new_page=after_alone)
        after_alone = part.alone


def _part(document: Any, part: Part, tag: str, *, new_page: bool) -> None:
    if part.heading:
        heading = space(document.add_paragraph(style="Heading 1"), before=18, after=2, keep=True)
        heading.paragraph_format.page_break_before = new_page or None
        add_run(heading, part.heading, tag, size=11, colour=ACCENT)
    if part.condition:
        add_condition(document, part.condition, tag)
    for piece in part.pieces:
        add_piece(document, piece, tag)
