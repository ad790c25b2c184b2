"""From a questionnaire to the variables of its data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trustmeasure.instruments import Construct, Instrument, ResponseScale
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.records import Texts
from trustmeasure.logic import AllOf, Expression
from trustmeasure.questionnaires.codebook.model import Code, Level, Variable
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Question
from trustmeasure.questionnaires.logic.words import Speech, said, without
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.printing.build import known_to_hold, speech

_LEVELS: Mapping[str, Level] = {"integer": "scale", "date": "date", "text": "text"}


def variables(questionnaire: Questionnaire) -> tuple[Variable, ...]:
    """Return the columns of the data in the order of the printed form.

    Conditions leave out that respondents agreed to take part: it holds for everything after that question.
    """
    made = _Maker(
        questionnaire=questionnaire,
        speeches=tuple(speech(questionnaire, language) for language in questionnaire.languages),
        always=known_to_hold(questionnaire),
        instruments={one.id: one for one in questionnaire.instruments},
    )
    return tuple(made.all())


@dataclass(frozen=True, slots=True)
class _Maker:
    """What each variable needs of the whole questionnaire."""

    questionnaire: Questionnaire
    speeches: tuple[Speech, ...]
    always: Expression | None
    instruments: Mapping[str, Instrument]

    def all(self) -> Iterator[Variable]:
        for page in self.questionnaire.pages:
            for element in page.elements:
                condition = self.condition(page.shown_if, element.shown_if)
                yield from self.of(element, condition)

    def condition(self, *given: Expression | None) -> Texts:
        left = (without(one, self.always) for one in given)
        parts = tuple(dict.fromkeys(one for one in left if one is not None))
        if not parts:
            return self.empty()
        whole = parts[0] if len(parts) == 1 else AllOf(parts)
        return FrozenMap.of({one.language: said(whole, one) for one in self.speeches})

    def empty(self) -> FrozenMap[str]:
        return FrozenMap.of(dict.fromkeys(self.questionnaire.languages, ""))

    def of(self, element: Element, condition: Texts) -> Iterator[Variable]:
        if isinstance(element, Matrix):
            for question in element.questions:
                yield self.row(question, element, condition)
        elif isinstance(element, Choice | Entry):
            yield self.alone(element, condition)

    def alone(self, field: Choice | Entry, condition: Texts) -> Variable:
        entry = field if isinstance(field, Entry) else None
        scale = field.scale if isinstance(field, Choice) else None
        return Variable(
            number=self.questionnaire.numbers[field.id],
            column=field.id,
            kind=field.role,
            level="nominal" if entry is None else _LEVELS[entry.kind],
            text=field.text,
            stem=self.empty(),
            condition=condition,
            scale="" if scale is None else scale.id,
            codes=() if scale is None else codes(scale),
            minimum=None if entry is None else entry.minimum,
            maximum=None if entry is None else entry.maximum,
            longest=None if entry is None else entry.longest,
            pattern="" if entry is None else entry.pattern,
        )

    def row(self, question: Question, matrix: Matrix, condition: Texts) -> Variable:
        instrument = self.instruments.get(question.instrument)
        return Variable(
            number=self.questionnaire.numbers[question.id],
            column=question.id,
            kind="item" if question.expected is None else "check",
            level="ordinal",
            text=question.text,
            stem=matrix.stem,
            condition=condition,
            instrument=question.instrument,
            version="" if instrument is None else instrument.version,
            construct=_construct(instrument, question.id),
            reverse=instrument is not None and instrument.item(question.id).reverse,
            block=matrix.id,
            scale=matrix.scale.id,
            codes=codes(matrix.scale),
            expected=question.expected,
        )


def _construct(instrument: Instrument | None, item: str) -> Construct | None:
    return None if instrument is None else instrument.construct(instrument.item(item).construct)


def codes(scale: ResponseScale) -> tuple[Code, ...]:
    """Return answers and missing codes of a scale, ascending."""
    points = [Code(point.code, point.label) for point in scale.points]
    return tuple(sorted([*points, *_missing(scale)], key=lambda code: code.value))


def _missing(scale: ResponseScale) -> Iterator[Code]:
    for code in scale.missing:
        yield Code(code.code, code.label, code.reason)
