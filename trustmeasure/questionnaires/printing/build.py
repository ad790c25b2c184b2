"""From a questionnaire to a printed form in one language."""

from __future__ import annotations

from dataclasses import dataclass

from trustmeasure.instruments import ResponseScale
from trustmeasure.logic import Expression
from trustmeasure.questionnaires.composing.consent import CONSENT, agreed
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice, Page
from trustmeasure.questionnaires.logic.words import Speech, only_if, without
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.printing.model import (
    Blank,
    Boxes,
    Grid,
    Part,
    Piece,
    Reading,
    Row,
    Sheet,
    widths,
)
from trustmeasure.questionnaires.scales import is_numeric, offered
from trustmeasure.questionnaires.texts import form_texts, words

WIDTH = 18.0
"""Width of the text on the paper, in centimetres."""

LONG_TEXT = 60
"""A written answer with more signs than this gets whole lines."""

_LINES = 3
_SIDE_BY_SIDE, _SHORT_ANSWER = 6, 24
_WIDE_SIGN = 0x2E80


def sheet(questionnaire: Questionnaire, language: str) -> Sheet:
    """Return the form in one language.

    Every condition says the printed numbers. That respondents agreed to take part is said once, below the
    question of consent, and left out of the conditions of all that follows.
    """
    own = form_texts(language)
    before, after = words("page", language, page="\n").split("\n")
    linked = any(isinstance(field, Entry) and field.role == "link" for field in questionnaire.fields)
    version = words("version", language, version=questionnaire.version)
    return Sheet(
        language=language,
        html=own["html"],
        title=questionnaire.title[language],
        intro=questionnaire.intro[language],
        facts=_facts(questionnaire, language),
        instruction=own["tick_one"],
        labels=(own["date"],) if linked else (own["respondent"], own["date"]),
        parts=_parts(questionnaire, language),
        thanks=own["thanks"],
        version=f"{version} · {questionnaire.hash[:12]}",
        page=(before, after),
    )


def speech(questionnaire: Questionnaire, language: str) -> Speech:
    """Return how conditions of this questionnaire are said in one language."""
    labels = {
        column: element.scale.labels(language, missing=True)
        for element in questionnaire.elements
        if isinstance(element, Matrix | Choice)
        for column in element.columns
    }
    return Speech(language, questionnaire.numbers, labels)


def known_to_hold(questionnaire: Questionnaire) -> Expression | None:
    """Return what holds for everybody who goes on: that they agreed, where consent is asked."""
    return agreed() if CONSENT in questionnaire.columns else None


def _facts(questionnaire: Questionnaire, language: str) -> str:
    count = words("facts", language, count=len(questionnaire.columns))
    return f"{count} · {words('about', language, minutes=questionnaire.minutes(language))}"


@dataclass(frozen=True, slots=True)
class _Builder:
    """What every piece needs: the language, the numbers, and how conditions are said."""

    speech: Speech
    always: Expression | None

    def part(self, page: Page, heading: str) -> Part:
        return Part(
            heading=heading,
            condition=self.condition(page.shown_if),
            pieces=tuple(self.piece(element) for element in page.elements),
            alone=CONSENT in (column for element in page.elements for column in element.columns),
        )

    def condition(self, shown_if: Expression | None) -> str:
        left = without(shown_if, self.always)
        return "" if left is None else only_if(left, self.speech)

    def number(self, column: str) -> str:
        return f"{self.speech.numbers[column]}."

    def piece(self, element: Element) -> Piece:
        condition = self.condition(element.shown_if)
        if isinstance(element, Matrix):
            return self.grid(element, condition)
        if isinstance(element, Choice):
            return self.boxes(element, condition)
        return (
            self.blank(element, condition) if isinstance(element, Entry) else self.reading(element, condition)
        )

    def grid(self, matrix: Matrix, condition: str) -> Grid:
        language = self.speech.language
        return Grid(
            stem=matrix.stem[language],
            note=ends(matrix.scale, language) if is_numeric(matrix.scale) else "",
            heads=heads(matrix.scale, language),
            points=len(matrix.scale.points),
            widths=tuple(round(width / WIDTH, 6) for width in widths(matrix.scale, WIDTH)),
            rows=tuple(Row(self.number(q.id), q.text[language]) for q in matrix.questions),
            condition=condition,
        )

    def boxes(self, choice: Choice, condition: str) -> Boxes:
        language = self.speech.language
        labels = [point.label for point in choice.scale.points]
        labels += [code.label for code in offered(choice.scale)]
        answers = tuple(label[language] for label in labels)
        note = form_texts(language)["stop_here"] if choice.role == "consent" else ""
        return Boxes(
            self.number(choice.id), choice.text[language], answers, _columns(answers), note, condition
        )

    def blank(self, entry: Entry, condition: str) -> Blank:
        long = entry.kind == "text" and (entry.longest is None or entry.longest > LONG_TEXT)
        return Blank(
            number=self.number(entry.id),
            text=entry.text[self.speech.language],
            hint=hint(entry, self.speech.language),
            lines=_LINES if long else 1,
            short=not long,
            condition=condition,
        )

    def reading(self, notice: Notice, condition: str) -> Reading:
        language = self.speech.language
        paragraphs = tuple((one.heading[language], one.text[language]) for one in notice.paragraphs)
        mark = "" if notice.mark is None else notice.mark[language]
        return Reading(notice.title[language], mark, paragraphs, condition)


def _parts(questionnaire: Questionnaire, language: str) -> tuple[Part, ...]:
    builder = _Builder(speech(questionnaire, language), known_to_hold(questionnaire))
    counted = [page for page in questionnaire.pages if page.id != CONSENT]
    headings = {
        page.id: words("part", language, part=place, parts=len(counted))
        for place, page in enumerate(counted, start=1)
    }
    return tuple(builder.part(page, headings.get(page.id, "")) for page in questionnaire.pages)


def heads(scale: ResponseScale, language: str) -> tuple[str, ...]:
    """Return the words above the columns of answers; for a scale of numbers, the numbers."""
    numeric = is_numeric(scale)
    points = [str(point.code) if numeric else point.label[language] for point in scale.points]
    return (*points, *(code.label[language] for code in offered(scale)))


def ends(scale: ResponseScale, language: str) -> str:
    """Return what the two ends of a scale of numbers mean."""
    two = (scale.points[0], scale.points[-1])
    return "    ".join(f"{point.code} = {point.label[language]}" for point in two)


def hint(entry: Entry, language: str) -> str:
    """Return what may be written, in words; empty where anything may."""
    if entry.kind == "date":
        return form_texts(language)["write_date"]
    if entry.kind != "integer":
        return ""
    low, high = entry.minimum, entry.maximum
    if low is None and high is None:
        return form_texts(language)["write_number"]
    if high is None:
        return words("write_number_from", language, minimum=low)
    if low is None:
        return words("write_number_to", language, maximum=high)
    return words("write_number_between", language, minimum=low, maximum=high)


def _columns(answers: tuple[str, ...]) -> int:
    """Return how many columns of boxes: two where many short answers would fill a page."""
    longest = max(sum(2 if ord(sign) >= _WIDE_SIGN else 1 for sign in answer) for answer in answers)
    return 2 if len(answers) >= _SIDE_BY_SIDE and longest <= _SHORT_ANSWER else 1
