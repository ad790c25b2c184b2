"""Qualtrics' advanced TXT format: questions and answers in one language, for accounts that import no QSF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Page
from trustmeasure.questionnaires.hypertext import notice_as_html, opening_as_html
from trustmeasure.questionnaires.logic import Dialect, said_in
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.qualtrics.questions import hypertext, piped_off
from trustmeasure.questionnaires.refusal import after_agreeing, asks_for_consent
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.questionnaires.writers.qualtrics import ADDED

PLAIN = Dialect(
    compare=lambda comparison: f"{comparison.column} {comparison.op} {comparison.value}",
    answered=lambda column: f"{column} is answered",
    negate=lambda part: f"not ({part})",
)


def render(questionnaire: Questionnaire) -> bytes:
    """Return the file as UTF-8."""
    return ("\n".join(_lines(questionnaire)) + "\n").encode()


def _lines(questionnaire: Questionnaire) -> Iterator[str]:
    tag = questionnaire.languages[0]
    yield "[[AdvancedFormat]]"
    yield f"[[ED:questionnaire:{questionnaire.hash}]]"
    if questionnaire.wave is not None:
        yield f"[[ED:wave:{questionnaire.wave}]]"
    opening = opening_as_html(questionnaire.title[tag], questionnaire.intro[tag])
    yield from ("", "[[Block:intro]]", "", *_question("DB", "intro", _line(piped_off(opening))))
    for page in questionnaire.pages:
        yield from _page(page, tag)


def _page(page: Page, tag: str) -> Iterator[str]:
    yield from ("", f"[[Block:{_line(page.id)}]]")
    for element in page.elements:
        yield ""
        yield from _element(element, tag)


def _question(type: str, name: str, text: str) -> Iterator[str]:
    yield from (f"[[Question:{type}]]", f"[[ID:{name}]]", text)


def _line(markup: str) -> str:
    """Return HTML in which the importer finds neither the end of a line nor a mark of its own."""
    return " ".join(markup.split()).replace("[[", "&#91;&#91;").replace("]]", "&#93;&#93;")


def _text(text: str) -> str:
    return _line(hypertext(text))


def _element(element: Element, tag: str) -> Iterator[str]:
    if isinstance(element, Matrix):
        yield from _question("Matrix", element.id, _text(element.stem[tag]))
        yield "[[AdvancedChoices]]"
        for number, question in enumerate(element.questions, start=1):
            yield from (f"[[Choice:{number}]]", _text(question.text[tag]))
        yield "[[AdvancedAnswers]]"
        yield from _answers(element, "Answer", tag)
    elif isinstance(element, Choice):
        yield from _question("MC:SingleAnswer:Vertical", element.id, _text(element.text[tag]))
        yield "[[AdvancedChoices]]"
        yield from _answers(element, "Choice", tag)
    elif isinstance(element, Entry):
        yield from _question("TE:SingleLine", element.id, _text(element.text[tag]))
    else:
        yield from _question("DB", element.id, _line(piped_off(notice_as_html(element, tag))))


def _answers(element: Matrix | Choice, mark: str, tag: str) -> Iterator[str]:
    for entry in answers(element.scale):
        yield from (f"[[{mark}:{entry.code}]]", _text(entry.label[tag]))


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    return tuple(_limits(questionnaire))


def _limits(questionnaire: Questionnaire) -> Iterator[str]:
    first, *others = questionnaire.languages
    yield "The rows of a matrix are named by block and number; rename them in Qualtrics if you like."
    if others:
        yield f"Only the language '{first}' is written; the file has no place for {', '.join(others)}."
    if questionnaire.order != "fixed":
        yield "All respondents get one order; switch on random order in Qualtrics."
    yield from _conditions(questionnaire)
    if asks_for_consent(questionnaire):
        yield "Who does not agree is asked on: add a branch that ends the survey in Qualtrics."
    if any(field.required for field in questionnaire.fields):
        yield "No answer is forced; switch on forced answers in Qualtrics."
    if any(isinstance(field, Entry) for field in questionnaire.fields):
        yield "Numbers, dates and patterns are not checked while they are written."


def _conditions(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield what is asked on a condition, which has to be set in Qualtrics."""
    for part in (part for page in questionnaire.pages for part in (page, *page.elements)):
        condition = after_agreeing(part.shown_if)
        if condition is not None:
            yield f"Set in Qualtrics that '{part.id}' is shown only if {said_in(condition, PLAIN)}."


def columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> its name in Qualtrics' export; rows of a matrix are `block_1`, `block_2`, ..."""
    rows = {
        column: f"{matrix.id}_{number}"
        for matrix in questionnaire.matrices
        for number, column in enumerate(matrix.columns, start=1)
    }
    return {column: rows.get(column, column) for column in questionnaire.columns}


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that Qualtrics adds to its export."""
    return (*ADDED, "questionnaire", *(() if questionnaire.wave is None else ("wave",)))


WRITER = Writer(
    name="qualtrics-txt",
    ending=".qualtrics.txt",
    title="Qualtrics' advanced TXT format, one language, conditions to be set by hand",
    render=render,
    limits=limits,
    columns=columns,
    other_columns=other_columns,
)
