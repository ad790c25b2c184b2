"""What every Word document of the package shares: fonts, languages, colours, page size."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from trustmeasure.questionnaires.word.elements import (
    EAST_ASIAN_LANGUAGE,
    element,
    set_fonts,
    set_language,
)

FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the document's properties, because the same content must give the same bytes on any day."""

PAGE_WIDTH, PAGE_HEIGHT = 21.0, 29.7
INK, SOFT, ACCENT, LINE, SHADE = "1C2733", "56636F", "0A6470", "B8C2CB", "E3F1F2"


def set_styles(document: Any, *more: str) -> None:
    """Give the document's styles, and those named in `more`, fonts for both scripts and a language."""
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    set_language(defaults, "en")
    for name in ("Normal", "Title", "Heading 1", "Header", "Footer", *more):
        set_fonts(document.styles[name].element.get_or_add_rPr())
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].font.color.rgb = RGBColor.from_string(INK)
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:eastAsia"), EAST_ASIAN_LANGUAGE)
        break
    else:
        settings.append(element("themeFontLang", val="en-US", eastAsia=EAST_ASIAN_LANGUAGE))


def set_properties(document: Any, *, title: str, comments: str, language: str) -> None:
    """Set what a word processor shows about the document; nothing in it depends on the day."""
    about = document.core_properties
    about.title = title[:255]
    about.author = about.last_modified_by = "trustmeasure"
    about.comments = comments
    about.language = language
    about.created = about.modified = FIXED_TIME
    about.revision = 1


def set_page(section: Any, margin: float) -> None:
    """Make a section A4 with `margin` centimetres at both sides."""
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Cm(margin)
    section.top_margin, section.bottom_margin = Cm(2.0), Cm(1.8)
    section.header_distance = section.footer_distance = Cm(0.9)
