"""What the script builds the forms from, as plain values: one form a language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.answers import answers
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice
from trustmeasure.questionnaires.entry_words import how_to_answer
from trustmeasure.questionnaires.google_forms.sections import (
    END,
    Route,
    Section,
    deciding,
    routes,
    sections,
)
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.refusal import asks_for_consent, refused
from trustmeasure.questionnaires.texts import words

REFUSED = "refused"
_LONG = 100


def forms(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """Return one form a language.

    Raises
    ------
    QuestionnaireError
        If Google Forms cannot express a condition, or two columns of its answers would have one name.
    """
    parts = sections(questionnaire)
    if asks_for_consent(questionnaire):
        parts = (*parts, Section(REFUSED, (), refused()))
    ways = routes(parts)
    for tag in questionnaire.languages:
        _require_distinct(questionnaire, tag)
    alone = frozenset(deciding(parts))
    return [_form(questionnaire, parts, ways, alone, tag) for tag in questionnaire.languages]


def headers(questionnaire: Questionnaire, tag: str) -> Mapping[str, str]:
    """Return column -> the heading of its answers; rows of a matrix are `Stem [Row]`."""
    alone = deciding(sections(questionnaire))
    found: dict[str, str] = {}
    for element in questionnaire.elements:
        if isinstance(element, Matrix):
            stem = element.stem[tag]
            for question in element.questions:
                text = question.text[tag]
                found[question.id] = text if question.id in alone else f"{stem} [{text}]"
        elif not isinstance(element, Notice):
            found[element.id] = element.text[tag]
    return found


def _require_distinct(questionnaire: Questionnaire, tag: str) -> None:
    counted = Counter(" ".join(header.split()) for header in headers(questionnaire, tag).values())
    header, times = counted.most_common(1)[0] if counted else ("", 1)
    if times > 1:
        raise QuestionnaireError(
            f"Google Forms names the columns of its answers by the wording, and {header!r} ({tag}) comes "
            f"{times} times. Give the questions different words; for instructed items ask for fewer, or "
            "draw them with another seed."
        )


def _form(
    questionnaire: Questionnaire,
    parts: tuple[Section, ...],
    ways: tuple[Route, ...],
    alone: frozenset[str],
    tag: str,
) -> dict[str, Any]:
    pages = [page.id for page in questionnaire.pages]
    return {
        "language": tag,
        "title": questionnaire.title[tag],
        "description": questionnaire.intro[tag],
        "confirmation": words("thanks", tag),
        "sections": [
            {
                **_heading(section, pages, tag),
                "next": None if way.otherwise == place + 1 else _target(way.otherwise),
                "items": [item for element in section.elements for item in _items(element, way, alone, tag)],
            }
            for place, (section, way) in enumerate(zip(parts, ways, strict=True))
        ],
    }


def _heading(section: Section, pages: list[str], tag: str) -> dict[str, str]:
    if section.id == REFUSED:
        return {"title": words("finish", tag), "help": words("refused", tag)}
    return {"title": words("part", tag, part=pages.index(section.id) + 1, parts=len(pages)), "help": ""}


def _target(number: int) -> int | str:
    return "submit" if number == END else number


def _items(element: Element, way: Route, alone: frozenset[str], tag: str) -> Iterator[dict[str, Any]]:
    if isinstance(element, Notice):
        yield from _notice(element, tag)
    elif isinstance(element, Matrix) and element.columns[0] in alone:
        asked = {"title": element.questions[0].text[tag], "help": element.stem[tag], "required": False}
        yield {**asked, **_choices(element, way, tag)}
    elif isinstance(element, Matrix):
        yield _grid(element, tag)
    elif isinstance(element, Choice):
        asked = {"title": element.text[tag], "help": "", "required": element.required}
        yield {**asked, **_choices(element, way, tag)}
    else:
        yield {"title": element.text[tag], "required": element.required, **_entry(element, tag)}


def _grid(element: Matrix, tag: str) -> dict[str, Any]:
    return {
        "type": "grid",
        "title": element.stem[tag],
        "rows": [question.text[tag] for question in element.questions],
        "columns": [entry.label[tag] for entry in answers(element.scale)],
    }


def _notice(notice: Notice, tag: str) -> Iterator[dict[str, Any]]:
    mark = "" if notice.mark is None else notice.mark[tag]
    yield {"type": "text", "title": notice.title[tag], "help": mark}
    for part in notice.paragraphs:
        yield {"type": "text", "title": part.heading[tag], "help": part.text[tag]}


def _choices(element: Matrix | Choice, way: Route, tag: str) -> dict[str, Any]:
    entries = answers(element.scale)
    decides = way.column in element.columns
    return {
        "type": "choice",
        "choices": [entry.label[tag] for entry in entries],
        "goTo": [_target(way.targets[entry.code]) for entry in entries] if decides else None,
    }


def _entry(entry: Entry, tag: str) -> dict[str, Any]:
    if entry.kind == "date":
        return {"type": "date"}
    if entry.kind == "integer":
        return {"type": "line", "rule": _number(entry), "help": how_to_answer(entry, tag)}
    if entry.pattern:
        return {"type": "line", "rule": {"pattern": f"^(?:{entry.pattern})$"}, "help": ""}
    long = (entry.longest or _LONG) >= _LONG
    rule = None if entry.longest is None else {"longest": entry.longest}
    return {"type": "paragraph" if long else "line", "rule": rule, "help": ""}


def _number(entry: Entry) -> dict[str, Any]:
    """Return the rule for a number; without a limit it is held to be a whole one, for one rule is allowed."""
    limits = {"minimum": entry.minimum, "maximum": entry.maximum}
    return {name: limit for name, limit in limits.items() if limit is not None} or {"whole": True}
