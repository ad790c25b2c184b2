"""Every text of a questionnaire in the order of its pages, with what a reviewer must know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.codebook import Code, Variable, variables
from trustmeasure.questionnaires.codebook.texts import own_words, reason, remarks, say
from trustmeasure.questionnaires.elements import Choice, Element, Matrix, Notice, Page
from trustmeasure.questionnaires.logic.words import said, without
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.printing.build import known_to_hold, speech


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One text in all languages.

    Attributes
    ----------
    number, id, kind : str
        Printed number (may be empty), column or code, and what the text is.
    texts : mapping or None
        The words per language; None for the heading of a page, whose words are `note`.
    note : str
        What is to be known of the text.
    strong : bool
        Whether the words stand above others.
    """

    number: str
    id: str
    kind: str
    texts: Texts | None
    note: str = ""
    strong: bool = False


def review_rows(questionnaire: Questionnaire) -> Iterator[ReviewRow]:
    """Yield the rows; notes are in the questionnaire's first language."""
    maker = _Maker(
        questionnaire, questionnaire.languages[0], {one.column: one for one in variables(questionnaire)}
    )
    yield maker.row("title", questionnaire.title, strong=True)
    yield maker.row("intro", questionnaire.intro)
    for page in questionnaire.pages:
        yield maker.heading(page)
        for element in page.elements:
            yield from maker.of(element)


@dataclass(frozen=True, slots=True)
class _Maker:
    """What rows need of the whole questionnaire."""

    asked: Questionnaire
    language: str
    variables: Mapping[str, Variable]

    def kind(self, name: str) -> str:
        return str(own_words(self.language)["kinds"][name])

    def row(
        self, kind: str, texts: Texts, *, id: str = "", note: str = "", strong: bool = False
    ) -> ReviewRow:
        return ReviewRow("", id, self.kind(kind), texts, note, strong)

    def heading(self, page: Page) -> ReviewRow:
        left = without(page.shown_if, known_to_hold(self.asked))
        if left is None:
            return ReviewRow("", page.id, "", None, page.id)
        condition = said(left, speech(self.asked, self.language))
        return ReviewRow(
            "", page.id, "", None, self.joined(page.id, say("asked_if", self.language, condition=condition))
        )

    def joined(self, *parts: str) -> str:
        return say("joint", self.language).join(part for part in parts if part)

    def of(self, element: Element) -> Iterator[ReviewRow]:
        if isinstance(element, Notice):
            yield from self.notice(element)
            return
        if isinstance(element, Matrix):
            drawn = say("random_order", self.language) if element.randomised else ""
            scale = say("answered_on", self.language, scale=element.scale.id)
            yield self.row("stem", element.stem, id=element.id, note=self.joined(scale, drawn), strong=True)
        for column in element.columns:
            yield self.variable(self.variables[column])
        if isinstance(element, Choice):
            yield from (self.answer(code) for code in self.variables[element.id].codes)

    def notice(self, notice: Notice) -> Iterator[ReviewRow]:
        if notice.mark is not None:
            yield self.row("mark", notice.mark)
        yield self.row("notice", notice.title, id=notice.id, strong=True)
        for part in notice.paragraphs:
            yield self.row("notice", part.heading, strong=True)
            yield self.row("notice", part.text)

    def variable(self, variable: Variable) -> ReviewRow:
        construct = "" if variable.construct is None else variable.construct.label[self.language]
        note = self.joined(construct, *remarks(variable, self.language))
        return ReviewRow(str(variable.number), variable.column, self.kind(variable.kind), variable.text, note)

    def answer(self, code: Code) -> ReviewRow:
        own = own_words(self.language)
        note = f"{own['missing']}{own['colon']}{reason(code.missing, self.language)}" if code.missing else ""
        return ReviewRow("", str(code.value), self.kind("answer"), FrozenMap.of(code.label), note)
