"""What python-docx has no words for: fonts per script, languages, repeated rows, borders, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

LATIN_FONT = "Calibri"
CHINESE_FONT = "Microsoft YaHei"
SYMBOL_FONT = "Segoe UI Symbol"
EAST_ASIAN_LANGUAGE = "zh-CN"
_FONT_SLOTS = ("w:ascii", "w:hAnsi", "w:cs")
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
"""What may follow the borders among the properties of a paragraph; Word refuses another order."""

_THEME_SLOTS = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")


def element(tag: str, **attributes: object) -> Any:
    """Return a new XML element of the `w` namespace, its attributes in the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_fonts(properties: Any, latin: str = LATIN_FONT, chinese: str = CHINESE_FONT) -> None:
    """Set the fonts of run properties for each script, in the place of fonts of a theme."""
    fonts = properties.get_or_add_rFonts()
    for slot in _THEME_SLOTS:
        fonts.attrib.pop(qn(slot), None)
    for slot in _FONT_SLOTS:
        fonts.set(qn(slot), latin)
    fonts.set(qn("w:eastAsia"), chinese)


def set_language(properties: Any, language: str) -> None:
    """Set the language of run properties; East Asian text is always simplified Chinese."""
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    latin = "en-US" if language.startswith(("en", "zh")) else language
    properties.append(element("lang", val=latin, eastAsia=EAST_ASIAN_LANGUAGE))
    if language.startswith("zh"):
        properties.get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def add_run(
    paragraph: Any,
    text: str,
    language: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    colour: str | None = None,
) -> Any:
    """Add text to a paragraph in one language; line breaks in it are kept."""
    run = paragraph.add_run(text)
    run.font.bold, run.font.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = RGBColor.from_string(colour)
    set_language(run._r.get_or_add_rPr(), language)
    return run


def add_box(paragraph: Any, size: float) -> None:
    """Add an empty box to tick."""
    run = paragraph.add_run("\u2610")
    run.font.size = Pt(size)
    set_fonts(run._r.get_or_add_rPr(), SYMBOL_FONT, SYMBOL_FONT)


def add_page_number(
    paragraph: Any, before: str, after: str, language: str, *, size: float, colour: str
) -> None:
    """Add the number of the page, as a field that Word counts itself, between two texts."""
    code = element("instrText")
    code.text = "PAGE"
    shown = element("t")
    shown.text = "1"
    begin, between, end = (element("fldChar", fldCharType=kind) for kind in ("begin", "separate", "end"))
    add_run(paragraph, before, language, size=size, colour=colour)
    for part in (begin, code, between, shown, end):
        add_run(paragraph, "", language, size=size, colour=colour)._r.append(part)
    add_run(paragraph, after, language, size=size, colour=colour)


def restart_page_numbers(section: Any) -> None:
    """Begin again with page 1 in this section."""
    section._sectPr.find(qn("w:cols")).addprevious(element("pgNumType", start=1))


def space(paragraph: Any, *, before: float = 0, after: float = 0, keep: bool = False) -> Any:
    """Set the space around a paragraph in points, and whether it stays with what follows; return it."""
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.keep_with_next = keep or None
    return paragraph


def keep_with_last(document: Any) -> None:
    """Keep what is added next on the page of what stands last: a paragraph, or the last row of a table."""
    last = document.element.body.findall(qn("w:p")) + document.element.body.findall(qn("w:tbl"))
    *_, end = sorted(last, key=document.element.body.index)
    rows = end.findall(qn("w:tr"))
    for paragraph in rows[-1].iter(qn("w:p")) if rows else [end]:
        paragraph.get_or_add_pPr().get_or_add_keepNext()


def repeat_row(row: Any) -> None:
    """Repeat a row at the top of every page that the table reaches."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_whole(row: Any) -> None:
    """Never split a row over two pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def frame(paragraph: Any, colour: str) -> None:
    """Draw a thin frame around a paragraph."""
    borders = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        borders.append(element(side, val="single", sz=8, space=4, color=colour))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def rule_left(cell: Any, colour: str) -> None:
    """Draw a thin line at the left of a cell; call it before `shade`, the order that Word expects."""
    borders = element("tcBorders")
    borders.append(element("left", val="single", sz=4, space=0, color=colour))
    cell._tc.get_or_add_tcPr().append(borders)


def shade(cell: Any, colour: str) -> None:
    """Give a cell a background."""
    cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=colour))


def fix_widths(table: Any, widths: Sequence[float]) -> None:
    """Give the columns their widths in centimetres, which Word then keeps whatever the cells hold."""
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(Cm(width).twips))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def rule_columns(table: Any, colour: str) -> None:
    """Draw thin lines between the columns too; call it after `rule_table`."""
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    borders.append(element("insideV", val="single", sz=4, space=0, color=colour))


def rule_table(table: Any, colour: str, *, padding: float) -> None:
    """Draw thin lines between the rows only, and set the space inside cells (centimetres)."""
    properties = table._tbl.tblPr
    borders, margins = element("tblBorders"), element("tblCellMar")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(side, val="single", sz=4, space=0, color=colour))
    for side in ("left", "right"):
        margins.append(element(side, w=Cm(padding).twips, type="dxa"))
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)
