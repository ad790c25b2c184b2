"""Which pages and parts are shown on which condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from trustmeasure.check import suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Page
from trustmeasure.questionnaires.logic import AllOf, Expression, columns_of, parse_expression
from trustmeasure.questionnaires.logic.resolve import resolved

Given = Mapping[str, str | Expression]


def routed(pages: Sequence[Page], logic: Given, always: Expression | None) -> tuple[Page, ...]:
    """Return the pages with their conditions, held against what is asked before them.

    Parameters
    ----------
    pages : sequence of Page
        In the order in which they are asked.
    logic : mapping
        Id of a page, block, question or notice -> condition, as text or tree.
    always : Expression or None
        What must hold besides for every page after the first, such as consent.

    Raises
    ------
    QuestionnaireError
        If a name is unknown, or a condition asks for something that is not asked before.
    """
    conditions = {name: _expression(name, given) for name, given in logic.items()}
    _require_names(conditions, pages)
    named = [_with_conditions(page, conditions) for page in pages]
    held = tuple(_resolved(named))
    settled = tuple(_settled(held))
    return settled if always is None else (settled[0], *(_also(page, always) for page in settled[1:]))


def _expression(name: str, given: str | Expression) -> Expression:
    try:
        return parse_expression(given) if isinstance(given, str) else given
    except QuestionnaireError as error:
        raise QuestionnaireError(f"logic[{name!r}]: {error}") from None


def _require_names(conditions: Mapping[str, Expression], pages: Sequence[Page]) -> None:
    known = [page.id for page in pages] + [element.id for page in pages for element in page.elements]
    for name in conditions:
        if name not in known:
            raise QuestionnaireError(
                f"logic names '{name}', which is no page, block or question that stands alone. "
                f"{suggestion(name, known)}"
            )


def _with_conditions(page: Page, conditions: Mapping[str, Expression]) -> Page:
    elements = tuple(_shown(element, conditions) for element in page.elements)
    return replace(page, elements=elements, shown_if=conditions.get(page.id, page.shown_if))


def _shown(element: Element, conditions: Mapping[str, Expression]) -> Element:
    return replace(element, shown_if=conditions[element.id]) if element.id in conditions else element


def _resolved(pages: Sequence[Page]) -> Iterator[Page]:
    asked: dict[str, ResponseScale | None] = {}
    for page in pages:
        shown_if = None if page.shown_if is None else resolved(page.shown_if, asked, f"page '{page.id}'")
        elements = []
        for element in page.elements:
            elements.append(_element(element, asked))
            asked |= _answers(element)
        yield replace(page, elements=tuple(elements), shown_if=shown_if)


def _element(element: Element, asked: Mapping[str, ResponseScale | None]) -> Element:
    if element.shown_if is None:
        return element
    return replace(element, shown_if=resolved(element.shown_if, asked, f"'{element.id}'"))


def _answers(element: Element) -> dict[str, ResponseScale | None]:
    """Return the columns that later conditions may ask for; words cannot be compared."""
    if isinstance(element, Matrix):
        return {question.id: element.scale for question in element.questions}
    if isinstance(element, Choice):
        return {element.id: element.scale}
    return {element.id: None} if isinstance(element, Entry) and element.kind == "integer" else {}


def bound(pages: Sequence[Page], logic: Given) -> frozenset[str]:
    """Return the ids of pages that keep their place: those with a condition, and those it asks for."""
    conditions = {name: _expression(name, given) for name, given in logic.items()}
    asked_for = {column for condition in conditions.values() for column in columns_of(condition)}
    return _bound([_with_conditions(page, conditions) for page in pages], asked_for)


def _settled(pages: Sequence[Page]) -> Iterator[Page]:
    """Yield the pages; one that a condition hangs on, or that has one, keeps its place."""
    held = _bound(pages)
    for page in pages:
        yield replace(page, shuffled=False) if page.id in held else page


def _bound(pages: Sequence[Page], asked_for: Iterable[str] = ()) -> frozenset[str]:
    needed = {column for page in pages for column in _columns_asked_for(page)}.union(asked_for)
    return frozenset(
        page.id
        for page in pages
        if _columns_asked_for(page) or needed & {c for element in page.elements for c in element.columns}
    )


def _columns_asked_for(page: Page) -> tuple[str, ...]:
    conditions = (page.shown_if, *(element.shown_if for element in page.elements))
    return tuple(column for condition in conditions for column in columns_of(condition))


def _also(page: Page, always: Expression) -> Page:
    return replace(page, shown_if=always if page.shown_if is None else AllOf((always, page.shown_if)))
