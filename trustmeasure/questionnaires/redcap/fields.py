"""The rows of the data dictionary: one a field, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale
from trustmeasure.logic import AllOf, Expression
from trustmeasure.questionnaires.composing.consent import AGREE, CONSENT
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice, Page
from trustmeasure.questionnaires.entry_words import how_to_answer
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.redcap.conditions import branching
from trustmeasure.questionnaires.redcap.wording import choices, said
from trustmeasure.questionnaires.scales import choosable
from trustmeasure.questionnaires.signs import no_formula
from trustmeasure.questionnaires.texts import words

COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
RECORD = "record_id"
_LONG_TEXT = 100
_VALIDATION = {"integer": "integer", "date": "date_ymd", "text": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One row; every value a text as REDCap reads it."""

    name: str
    type: str
    label: str
    header: str = ""
    choices: str = ""
    note: str = ""
    validation: str = ""
    minimum: str = ""
    maximum: str = ""
    identifier: str = ""
    branching: str = ""
    required: str = ""
    matrix: str = ""
    annotation: str = ""

    def cells(self, form: str) -> tuple[str, ...]:
        """Return the 18 cells in the order of `COLUMNS`."""
        return (
            self.name,
            form,
            no_formula(self.header),
            self.type,
            no_formula(self.label),
            self.choices,
            no_formula(self.note),
            self.validation,
            self.minimum,
            self.maximum,
            self.identifier,
            self.branching,
            self.required,
            "",
            "",
            self.matrix,
            "",
            self.annotation,
        )


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what is no question.

    Attributes
    ----------
    form : str
        The form, from which REDCap makes the column `<form>_complete`.
    own : mapping
        What the dictionary itself adds -> its name.
    notes : mapping
        Id of a notice -> its name.
    """

    form: str
    own: Mapping[str, str]
    notes: Mapping[str, str]


def names(questionnaire: Questionnaire) -> Names:
    """Return names that no question has.

    Raises
    ------
    QuestionnaireError
        If a question has the name of the record's own column.
    """
    taken = set(questionnaire.columns)
    for column in questionnaire.columns:
        if column == RECORD or column.startswith("redcap_"):
            raise QuestionnaireError(f"REDCap keeps the name '{column}' for itself. Rename the question.")
    form = next(name for name in _numbered("survey") if f"{name}_complete" not in taken)
    own = {key: _free(key, taken) for key in ("intro", "refused", "wave", "questionnaire")}
    notices = (element.id for element in questionnaire.elements if isinstance(element, Notice))
    return Names(form, own, {id: _free(f"{id}_text", taken) for id in notices})


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}_{number}"
        number += 1


def _free(wanted: str, taken: set[str]) -> str:
    name = next(name for name in _numbered(wanted.lower()) if name not in taken)
    taken.add(name)
    return name


def field_rows(questionnaire: Questionnaire, language: str) -> Iterator[FieldRow]:
    """Yield the rows; the first one is the record's id."""
    known = names(questionnaire)
    yield FieldRow(name=RECORD, type="text", label="Record ID")
    yield FieldRow(name=known.own["intro"], type="descriptive", label=_intro(questionnaire, language))
    for key, value in _hidden(questionnaire).items():
        annotation = f"@HIDDEN @DEFAULT='{value}'"
        yield FieldRow(name=known.own[key], type="text", label=key, annotation=annotation)
    parts = len(questionnaire.pages)
    for place, page in enumerate(questionnaire.pages, start=1):
        heading = words("part", language, part=place, parts=parts)
        yield from _page(page, heading, known, language)


def _hidden(questionnaire: Questionnaire) -> Mapping[str, str]:
    wave = {} if questionnaire.wave is None else {"wave": questionnaire.wave}
    return {**wave, "questionnaire": questionnaire.hash}


def _intro(questionnaire: Questionnaire, language: str) -> str:
    return f"<b>{said(questionnaire.title[language])}</b>\n\n{said(questionnaire.intro[language])}"


def _page(page: Page, heading: str, known: Names, language: str) -> Iterator[FieldRow]:
    """Yield the rows of a page; the header of the first one begins a page of a survey."""
    rows = [
        replace(row, branching=branching(_both(page.shown_if, element.shown_if)) or row.branching)
        for element in page.elements
        for row in _element(element, known, language)
    ]
    first, *others = rows
    yield first if first.header else replace(first, header=heading)
    yield from others


def _both(outer: Expression | None, inner: Expression | None) -> Expression | None:
    if outer is None or inner is None:
        return outer or inner
    return AllOf((outer, inner))


def _element(element: Element, known: Names, language: str) -> Iterator[FieldRow]:
    if isinstance(element, Matrix):
        yield from _matrix(element, language)
    elif isinstance(element, Choice):
        yield from _choice(element, known, language)
    elif isinstance(element, Entry):
        yield _entry(element, language)
    else:
        label = _notice(element, language)
        yield FieldRow(name=known.notes[element.id], type="descriptive", label=label)


def _matrix(matrix: Matrix, language: str) -> Iterator[FieldRow]:
    answers = _answers(matrix.scale, language)
    for place, question in enumerate(matrix.questions):
        yield FieldRow(
            name=question.id,
            type="radio",
            label=said(question.text[language]),
            header="" if place else said(matrix.stem[language]),
            choices=answers,
            matrix=matrix.id,
        )


def _answers(scale: ResponseScale, language: str) -> str:
    return choices([(entry.code, entry.label[language]) for entry in choosable(scale)], scale.id)


def _choice(choice: Choice, known: Names, language: str) -> Iterator[FieldRow]:
    yield FieldRow(
        name=choice.id,
        type="radio",
        label=said(choice.text[language]),
        choices=_answers(choice.scale, language),
        required="y" if choice.required else "",
    )
    if choice.id == CONSENT:
        yield FieldRow(
            name=known.own["refused"],
            type="descriptive",
            label=words("refused", language),
            branching=f"[{CONSENT}] <> \"\" and [{CONSENT}] <> '{AGREE}'",
        )


def _entry(entry: Entry, language: str) -> FieldRow:
    long = entry.kind == "text" and (entry.longest or 0) > _LONG_TEXT
    limited = entry.kind == "text" and entry.longest is not None
    return FieldRow(
        name=entry.id,
        type="notes" if long else "text",
        label=said(entry.text[language]),
        note=said(how_to_answer(entry, language)),
        validation=_VALIDATION[entry.kind],
        minimum="" if entry.minimum is None else str(entry.minimum),
        maximum="" if entry.maximum is None else str(entry.maximum),
        required="y" if entry.required else "",
        annotation=f"@CHARLIMIT='{entry.longest}'" if limited else "",
    )


def _notice(notice: Notice, language: str) -> str:
    parts = [] if notice.mark is None else [said(notice.mark[language])]
    parts.append(f"<b>{said(notice.title[language])}</b>")
    parts += [f"<b>{said(p.heading[language])}</b>\n{said(p.text[language])}" for p in notice.paragraphs]
    return "\n\n".join(parts)
