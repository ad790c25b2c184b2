"""Sections of a Google form, and where it goes on after each.

Google Forms shows or skips whole sections, and decides by one multiple-choice question of the section that
was just answered. So elements with a condition of their own get a section of their own, and every way that
answers can lead is followed to see whether such decisions can express it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, product

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale
from trustmeasure.logic import AllOf, Expression, columns_of, evaluate
from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.elements import Choice, Element, Matrix
from trustmeasure.questionnaires.model import Questionnaire

END = -1
"""The target that sends the form."""

MOST_WAYS = 20_000

Answers = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Section:
    """What is shown at one time.

    Attributes
    ----------
    id : str
        Id of the page it comes from.
    elements : tuple
        The parts, from top to bottom.
    shown_if : Expression or None
        When it is shown; None for always.
    """

    id: str
    elements: tuple[Element, ...]
    shown_if: Expression | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where the form goes on after a section.

    Attributes
    ----------
    otherwise : int
        Number of the section that follows, counted from 0, or `END`.
    column : str
        The question that decides instead when it is answered; empty for none.
    targets : mapping
        Code -> number of the section, or `END`.
    """

    otherwise: int
    column: str = ""
    targets: Mapping[int, int] = field(default_factory=dict)


def sections(questionnaire: Questionnaire) -> tuple[Section, ...]:
    """Return the sections: the pages, parted where an element has a condition of its own."""
    return tuple(
        Section(page.id, tuple(run), _both(page.shown_if, condition))
        for page in questionnaire.pages
        for condition, run in groupby(page.elements, key=lambda element: element.shown_if)
    )


def _both(one: Expression | None, other: Expression | None) -> Expression | None:
    given = tuple(part for part in (one, other) if part is not None)
    return AllOf(given) if len(given) == 2 else next(iter(given), None)


def routes(parts: Sequence[Section]) -> tuple[Route, ...]:
    """Return where the form goes on after each section.

    Raises
    ------
    QuestionnaireError
        If a condition asks for something that no single multiple-choice question of the section before it
        can decide.
    """
    choices = deciding(parts)
    taken: list[dict[tuple[tuple[str, int | None], ...], int]] = [{} for _ in parts]
    for given in _assignments(choices):
        for place, known, target in _way(parts, given):
            here = tuple(
                (column, known.get(column)) for column in _columns(parts[place]) if column in choices
            )
            if taken[place].setdefault(here, target) != target:
                raise _refused(parts, place)
    return tuple(_route(parts, place, one) for place, one in enumerate(taken))


def _columns(section: Section) -> tuple[str, ...]:
    return tuple(column for element in section.elements for column in element.columns)


def deciding(parts: Sequence[Section]) -> dict[str, ResponseScale]:
    """Return the columns that conditions ask for, with their answers; the question must stand alone.

    A matrix of one row can be asked as a multiple-choice question.
    """
    known = dict(answer for section in parts for element in section.elements for answer in _alone(element))
    found: dict[str, ResponseScale] = {}
    for section in parts:
        for column in columns_of(section.shown_if):
            if column not in known:
                raise QuestionnaireError(
                    f"The condition of '{section.id}' asks for '{column}'. Google Forms decides only by "
                    "multiple-choice questions, not by one of several rows or by a written number. Leave out "
                    "the condition, or use another format."
                )
            found[column] = known[column]
    return found


def _alone(element: Element) -> Iterator[tuple[str, ResponseScale]]:
    """Yield column and answers of a question that a form can decide by."""
    if isinstance(element, Choice) or (isinstance(element, Matrix) and len(element.questions) == 1):
        yield element.columns[0], element.scale


def _assignments(choices: Mapping[str, ResponseScale]) -> Iterator[Answers]:
    """Yield every combination of answers, no answer included."""
    options = [[None, *(entry.code for entry in answers(scale))] for scale in choices.values()]
    ways = 1
    for option in options:
        ways *= len(option)
    if ways > MOST_WAYS:
        raise QuestionnaireError(
            f"The conditions ask for {len(choices)} questions with {ways} combinations of answers, too many "
            "to follow for Google Forms. Make them simpler, or use another format."
        )
    return (dict(zip(choices, given, strict=True)) for given in product(*options))


def _way(parts: Sequence[Section], given: Answers) -> Iterator[tuple[int, Answers, int]]:
    """Yield the sections that a respondent sees: number, what was answered so far, number of the next."""
    known: dict[str, int | None] = {}
    place = 0
    while place != END:
        known |= {column: given[column] for column in _columns(parts[place]) if column in given}
        later = range(place + 1, len(parts))
        target = next((i for i in later if evaluate(parts[i].shown_if, known)), END)
        yield place, dict(known), target
        place = target


def _route(
    parts: Sequence[Section], place: int, taken: Mapping[tuple[tuple[str, int | None], ...], int]
) -> Route:
    """Return the decision of one section when it hangs on one question at most."""
    following = place + 1 if place + 1 < len(parts) else END
    if len(set(taken.values())) <= 1:
        return Route(next(iter(taken.values()), following))
    for column in dict(next(iter(taken))):
        found = _by_column(column, taken)
        if found is not None:
            return found
    raise _refused(parts, place)


def _by_column(column: str, taken: Mapping[tuple[tuple[str, int | None], ...], int]) -> Route | None:
    targets: dict[int | None, int] = {}
    for here, target in taken.items():
        if targets.setdefault(dict(here)[column], target) != target:
            return None
    return Route(targets[None], column, {code: to for code, to in targets.items() if code is not None})


def _refused(parts: Sequence[Section], place: int) -> QuestionnaireError:
    later = next(section for section in parts[place + 1 :] if section.shown_if is not None)
    return QuestionnaireError(
        f"Google Forms cannot decide after '{parts[place].id}' whether '{later.id}' follows: it goes by one "
        "multiple-choice question of the section just answered. Ask that question right before, leave out "
        "the condition, or use another format."
    )
