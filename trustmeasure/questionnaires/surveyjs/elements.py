"""The parts of a page as SurveyJS's elements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Notice
from trustmeasure.questionnaires.scales import offered
from trustmeasure.questionnaires.surveyjs.wording import escaped, localised, own, said

Properties = dict[str, Any]

LONG_TEXT = 120
"""From this many signs on a text gets a field of several lines."""


def element(part: Element, tags: tuple[str, ...]) -> Properties:
    """Return the properties of one part, without its condition."""
    if isinstance(part, Matrix):
        return matrix(part)
    if isinstance(part, Choice):
        return _choice(part)
    return notice(part) if isinstance(part, Notice) else _entry(part, tags)


def matrix(part: Matrix) -> Properties:
    """Return a matrix: answers are columns (with those like "Not applicable"), questions are rows.

    Every row needs an answer only where an answer such as "Not applicable" lets everybody give a true one.
    """
    return {
        "type": "matrix",
        "name": part.id,
        "title": said(part.stem),
        "columns": answers(part.scale),
        "rows": [{"value": question.id, "text": said(question.text)} for question in part.questions],
        **({"rowOrder": "random"} if part.randomised else {}),
        **({"eachRowRequired": True} if offered(part.scale) else {}),
    }


def answers(scale: ResponseScale) -> list[Properties]:
    """Return code and label of every answer that can be chosen."""
    shown: tuple[ScalePoint | MissingCode, ...] = (*scale.points, *offered(scale))
    return [{"value": entry.code, "text": said(entry.label)} for entry in shown]


def _choice(part: Choice) -> Properties:
    return {
        "type": "radiogroup",
        "name": part.id,
        "title": said(part.text),
        **_required(part.required),
        "choices": answers(part.scale),
    }


def _required(required: bool) -> Properties:
    return {"isRequired": True} if required else {}


def _entry(part: Entry, tags: tuple[str, ...]) -> Properties:
    common = {"name": part.id, "title": said(part.text), **_required(part.required)}
    if part.kind == "integer":
        return {"type": "text", **common, **_number(part, tags)}
    if part.kind == "date":
        return {"type": "text", **common, "inputType": "date"}
    many = part.longest is None or part.longest > LONG_TEXT
    return {"type": "comment" if many and not part.pattern else "text", **common, **_text(part, tags)}


def _number(part: Entry, tags: tuple[str, ...]) -> Properties:
    """Return what makes a whole number; it is checked by a validator, whose words are in every language."""
    limits = {"minValue": part.minimum, "maxValue": part.maximum}
    within = {name: limit for name, limit in limits.items() if limit is not None}
    both = len(within) == len(limits)
    bounds = {"minimum": part.minimum, "maximum": part.maximum}
    text = own("write_number_between", tags, **bounds) if both else own("write_number", tags)
    ranged = [{"type": "numeric", "text": localised(text), **within}] if within else []
    whole = {"type": "regex", "text": localised(text), "regex": "^-?[0-9]+$"}
    return {"inputType": "number", "step": 1, "validators": [whole, *ranged]}


def _text(part: Entry, tags: tuple[str, ...]) -> Properties:
    longest = {} if part.longest is None else {"maxLength": part.longest}
    if not part.pattern:
        return longest
    text = {"text": localised(own("link_error", tags))} if part.role == "link" else {}
    return {**longest, "validators": [{"type": "regex", **text, "regex": f"^(?:{part.pattern})$"}]}


def notice(part: Notice) -> Properties:
    """Return a notice as HTML."""
    texts = {tag: _notice_html(part, tag) for tag in part.title}
    return {"type": "html", "name": part.id, "html": localised(texts)}


def _notice_html(part: Notice, tag: str) -> str:
    mark = (
        "" if part.mark is None else f'<p class="notice-mark"><strong>{escaped(part.mark[tag])}</strong></p>'
    )
    body = "".join(
        f"<h3>{escaped(paragraph.heading[tag])}</h3><p>{escaped(paragraph.text[tag])}</p>"
        for paragraph in part.paragraphs
    )
    return f'<div class="notice">{mark}<h2>{escaped(part.title[tag])}</h2>{body}</div>'


def html_of(name: str, texts: Mapping[str, str]) -> Properties:
    """Return an element that shows HTML, language tag -> HTML."""
    return {"type": "html", "name": name, "html": localised(texts)}
