"""The review document in Word: landscape, one table for each of its parts, the languages side by side."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Cm

from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.archive import without_times
from trustmeasure.questionnaires.codebook.sources import about_instruments, constructs, measured
from trustmeasure.questionnaires.codebook.texts import own_words, reason, say
from trustmeasure.questionnaires.codebook.variables import codes
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.review.rows import ReviewRow, review_rows
from trustmeasure.questionnaires.texts import form_texts, words
from trustmeasure.questionnaires.word.elements import (
    add_page_number,
    add_run,
    fix_widths,
    keep_whole,
    repeat_row,
    rule_columns,
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

MARGIN = 1.5
WIDTH = PAGE_HEIGHT - 2 * MARGIN
_NUMBER, _ID, _KIND, _NOTE, _COMMENT = 0.9, 2.5, 1.9, 4.3, 4.0
_PADDING, _SIZE, _SMALL = 0.1, 8.5, 7.5


def render(questionnaire: Questionnaire) -> bytes:
    """Return the document; its own words are in the questionnaire's first language."""
    document = Document()
    set_styles(document)
    review = _Review(document, questionnaire, questionnaire.languages[0])
    review.prepare()
    review.opening()
    review.instruments()
    review.constructs()
    review.texts()
    review.scales()
    review.sources()
    review.sign_off()
    written = io.BytesIO()
    document.save(written)
    return without_times(written.getvalue())


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in one language, and how they look."""

    text: str
    tag: str
    small: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Review:
    """The document while it is written."""

    document: Any
    asked: Questionnaire
    language: str

    @property
    def tag(self) -> str:
        return form_texts(self.language)["html"]

    def own(self, key: str) -> str:
        return str(own_words(self.language)[key])

    def title(self) -> str:
        return say("review", self.language, title=self.asked.title[self.language])

    def prepare(self) -> None:
        """Set page, running lines and properties."""
        facts = say("facts", self.language, version=self.asked.version, hash=self.asked.hash)
        tags = ", ".join(form_texts(tag)["html"] for tag in self.asked.languages)
        set_properties(self.document, title=self.title(), comments=facts[:255], language=tags)
        section = self.document.sections[0]
        set_page(section, MARGIN)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
        add_run(section.header.paragraphs[0], self.title(), self.tag, size=8, colour=SOFT)
        line = section.footer.paragraphs[0]
        line.style = "Normal"
        line.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        version = words("version", self.language, version=self.asked.version)
        add_run(line, f"{version} · {self.asked.hash[:12]}\t", self.tag, size=8, colour=SOFT)
        before, after = words("page", self.language, page="\n").split("\n")
        add_page_number(line, before, after, self.tag, size=8, colour=SOFT)

    def line(self, text: str, *, size: float = 10, colour: str | None = None, after: float = 4) -> None:
        add_run(space(self.document.add_paragraph(), after=after), text, self.tag, size=size, colour=colour)

    def heading(self, key: str) -> None:
        line = space(self.document.add_paragraph(style="Heading 1"), before=14, after=4, keep=True)
        add_run(line, self.own(key), self.tag, size=13, colour=ACCENT)

    def opening(self) -> None:
        title = space(self.document.add_paragraph(style="Title"), after=6)
        add_run(title, self.title(), self.tag, size=18, bold=True, colour=ACCENT)
        self.line(self.own("review_intro"), size=10.5)
        for fact in self.facts():
            self.line(fact, size=9, colour=SOFT, after=2)

    def facts(self) -> list[str]:
        asked, language = self.asked, self.language
        lines = [
            say("facts", language, version=asked.version, hash=asked.hash),
            say("asks", language, count=len(asked.columns), minutes=asked.minutes(language)),
            self.own("order_fixed")
            if asked.order == "fixed"
            else say("order_drawn", language, seed=asked.seed),
        ]
        if "consent" in asked.numbers:
            lines.append(say("consent_holds", language, number=asked.numbers["consent"]))
        if asked.expected:
            lines.append(say("checks", language, columns=", ".join(asked.expected)))
        if asked.gaps:
            lines.append(say("gaps", language, gaps=", ".join(asked.gaps)))
        return lines

    def named(self, key: str) -> list[str]:
        return [f"{self.own(key)} ({form_texts(tag)['name']})" for tag in self.asked.languages]

    def worded(self, texts: Texts, **look: bool) -> list[Cell]:
        return [Cell(texts[tag], form_texts(tag)["html"], **look) for tag in self.asked.languages]

    def plain(self, *texts: str, small: bool = False) -> list[Cell]:
        return [Cell(text, self.tag, small) for text in texts]

    def shares(self, *fixed: float) -> list[float]:
        """Return the width left by `fixed` columns, shared by the languages."""
        count = len(self.asked.languages)
        return [(WIDTH - sum(fixed)) / count] * count

    def instruments(self) -> None:
        self.heading("instruments")
        heads = [self.own(key) for key in ("instrument", "version", "form", "wording", "evidence")]
        fixed = [3.2, 1.6, 2.6, 2.6, 5.5]
        table = self.table([*heads, *self.named("translation")], [*fixed, *self.shares(*fixed)])
        for one in about_instruments(self.asked, self.language):
            states = [one.translation[tag] for tag in self.asked.languages]
            self.add(table, self.plain(one.id, one.version, one.form, one.wording, one.evidence, *states))

    def constructs(self) -> None:
        self.heading("constructs")
        fixed = [3.0, 3.4, _COMMENT]
        table = self.table(
            [*self.named("definition"), self.own("measurement"), self.own("items"), self.own("comment")],
            [*self.shares(*fixed), *fixed],
        )
        for instrument, construct, items in constructs(self.asked):
            texts = {
                tag: f"{construct.label[tag]}\n{construct.definition[tag]}" for tag in self.asked.languages
            }
            kind = measured(instrument, construct, self.language)
            self.add(table, [*self.worded(texts), *self.plain(kind, ", ".join(items), "", small=True)])

    def texts(self) -> None:
        self.heading("questions")
        names = [form_texts(tag)["name"] for tag in self.asked.languages]
        heads = [self.own("number"), self.own("column"), self.own("kind"), *names]
        fixed = [_NUMBER, _ID, _KIND, _NOTE, _COMMENT]
        widths = [*fixed[:3], *self.shares(*fixed), *fixed[3:]]
        table = self.table([*heads, self.own("notes"), self.own("comment")], widths)
        for row in review_rows(self.asked):
            self.text_row(table, row)

    def text_row(self, table: Any, row: ReviewRow) -> None:
        if row.texts is None:
            self.band(table, row.note)
            return
        about = self.plain(row.number, row.id, row.kind, small=True)
        note = self.plain(row.note, "", small=True)
        self.add(table, [*about, *self.worded(row.texts, bold=row.strong), *note])

    def scales(self) -> None:
        """Write the answers of the matrices; those of single questions stand with their question."""
        shared = {one.scale.id: one.scale for one in self.asked.matrices}
        self.heading("scales")
        names = [form_texts(tag)["name"] for tag in self.asked.languages]
        fixed = [2.0, 5.0, _COMMENT]
        table = self.table(
            [self.own("code"), *names, self.own("notes"), self.own("comment")],
            [fixed[0], *self.shares(*fixed), *fixed[1:]],
        )
        for scale in shared.values():
            self.band(table, scale.id)
            for code in codes(scale):
                why = reason(code.missing, self.language) if code.missing else ""
                note = f"{self.own('missing')}{self.own('colon')}{why}" if why else ""
                value = self.plain(str(code.value), small=True)
                self.add(table, [*value, *self.worded(code.label), *self.plain(note, "", small=True)])

    def sources(self) -> None:
        self.heading("references")
        found = [source for _, construct, _ in constructs(self.asked) for source in construct.sources]
        for source in dict.fromkeys(found):
            self.line(source, size=9, after=2)
        for one in self.asked.instruments:
            about = {"instrument": one.id, "licence": one.license, "citation": one.citation}
            self.line(say("licence", self.language, **about), size=9, colour=SOFT, after=2)

    def sign_off(self) -> None:
        self.heading("sign_off")
        heads = [self.own(key) for key in ("role", "name", "decision", "date_signature")]
        table = self.table(heads, [4.5, 6.0, 8.0, WIDTH - 18.5])
        for role in own_words(self.language)["roles"]:
            self.add(table, self.plain(role, "", "", ""), above=9)

    def table(self, heads: Sequence[str], widths: Sequence[float]) -> Any:
        """Return a new table with its row of heads, which every page repeats."""
        table = self.document.add_table(rows=1, cols=len(heads))
        fix_widths(table, widths)
        rule_table(table, LINE, padding=_PADDING)
        rule_columns(table, LINE)
        keep_whole(table.rows[0])
        repeat_row(table.rows[0])
        for cell, text in zip(table.rows[0].cells, heads, strict=True):
            shade(cell, SHADE)
            line = space(cell.paragraphs[0], before=2, after=2, keep=True)
            add_run(line, text, self.tag, size=_SIZE, bold=True)
        return table

    def add(self, table: Any, cells: Sequence[Cell], *, above: float = 2) -> None:
        row = table.add_row()
        keep_whole(row)
        for place, (cell, words_) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = table.columns[place].width
            line = space(cell.paragraphs[0], before=above, after=above)
            colour = SOFT if words_.small else None
            size = _SMALL if words_.small else _SIZE
            add_run(line, words_.text, words_.tag, size=size, bold=words_.bold, colour=colour)

    def band(self, table: Any, text: str) -> None:
        """Add a row across the table, which stays with the next."""
        row = table.add_row()
        keep_whole(row)
        cell = row.cells[0].merge(row.cells[-1])
        line = space(cell.paragraphs[0], before=3, after=2, keep=True)
        add_run(line, text, self.tag, size=_SIZE, bold=True, colour=ACCENT)
