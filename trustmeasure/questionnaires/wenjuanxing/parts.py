"""A questionnaire as 问卷星 sees it: numbered questions, words between them, and page breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice
from trustmeasure.questionnaires.entry_words import how_to_answer
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import choosable, offered
from trustmeasure.questionnaires.wenjuanxing.wording import said

Kind = Literal["page", "words", "single", "scale_matrix", "matrix", "line", "text", "date"]
_LONG_TEXT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of the questionnaire.

    Attributes
    ----------
    kind : str
        A page break, words, a single choice, a matrix (with scores or without), or one that is written.
    number : int
        The number that 问卷星 gives a question; 0 for what is none.
    title : str
        The words of the question or of the matrix' stem.
    rows : tuple of str
        The questions of a matrix.
    answers : tuple of str
        What can be chosen.
    columns : tuple of str
        Our columns.
    required : bool
        Whether the form goes on only with an answer.
    """

    kind: Kind
    number: int = 0
    title: str = ""
    rows: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    required: bool = False


def chinese(questionnaire: Questionnaire) -> str:
    """Return the tag of the Chinese wording.

    Raises
    ------
    QuestionnaireError
        If the questionnaire has none.
    """
    for tag in questionnaire.languages:
        if tag.partition("-")[0] == "zh":
            return tag
    raise QuestionnaireError(
        "问卷星 (Wenjuanxing) is written in Chinese, and this questionnaire has "
        f"{', '.join(questionnaire.languages)} only. Compose it with languages=['zh']."
    )


def parts(questionnaire: Questionnaire) -> tuple[Part, ...]:
    """Return the questionnaire part by part, its questions numbered."""
    tag = chinese(questionnaire)
    return tuple(_numbered(_parts(questionnaire, tag)))


def _parts(questionnaire: Questionnaire, tag: str) -> Iterator[Part]:
    for place, page in enumerate(questionnaire.pages):
        if place:
            yield Part(kind="page")
        for element in page.elements:
            yield from _element(element, tag)


def _numbered(given: Iterator[Part]) -> Iterator[Part]:
    number = 0
    for part in given:
        if part.columns:
            number += 1
            yield replace(part, number=number)
        else:
            yield part


def _element(element: Element, tag: str) -> Iterator[Part]:
    if isinstance(element, Matrix):
        yield _matrix(element, tag)
    elif isinstance(element, Choice):
        yield _choice(element, tag)
    elif isinstance(element, Entry):
        yield _entry(element, tag)
    else:
        yield from _notice(element, tag)


def _matrix(matrix: Matrix, tag: str) -> Part:
    """Return a matrix; answers such as "not applicable" must get no score, so it has none then."""
    return Part(
        kind="matrix" if offered(matrix.scale) else "scale_matrix",
        title=said(matrix.stem[tag]),
        rows=tuple(said(question.text[tag]) for question in matrix.questions),
        answers=tuple(said(entry.label[tag]) for entry in choosable(matrix.scale)),
        columns=matrix.columns,
    )


def _choice(choice: Choice, tag: str) -> Part:
    return Part(
        kind="single",
        title=said(choice.text[tag]),
        answers=tuple(said(entry.label[tag]) for entry in choosable(choice.scale)),
        columns=choice.columns,
        required=choice.required,
    )


def _entry(entry: Entry, tag: str) -> Part:
    told = how_to_answer(entry, tag).rstrip("。")
    long = entry.kind == "text" and (entry.longest or 0) > _LONG_TEXT
    written: Kind = "text" if long else "line"
    title = said(entry.text[tag])
    return Part(
        kind="date" if entry.kind == "date" else written,
        title=f"{title}（{said(told)}）" if told and entry.role != "link" else title,
        columns=entry.columns,
        required=entry.required,
    )


def _notice(notice: Notice, tag: str) -> Iterator[Part]:
    mark = [] if notice.mark is None else [notice.mark[tag]]
    paragraphs = [f"【{part.heading[tag]}】{part.text[tag]}" for part in notice.paragraphs]
    for text in (*mark, notice.title[tag], *paragraphs):
        yield Part(kind="words", title=said(text))


def columns(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return our column -> the header that 问卷星 gives it in its export.

    Of a matrix only the first row carries the stem.
    """
    if not any(tag.partition("-")[0] == "zh" for tag in questionnaire.languages):
        return {id: id for id in questionnaire.columns}
    found: dict[str, str] = {}
    for part in parts(questionnaire):
        for place, column in enumerate(part.columns):
            text = part.title if not part.rows else part.rows[place]
            stem = f"{part.title}—" if part.rows and not place else ""
            found[column] = f"{part.number}、{stem}{text}"
    return found
