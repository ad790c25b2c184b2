"""One self-contained page that works without a network: the form for a phone or a computer.

The page sends nothing anywhere (its content security policy forbids every connection). It saves the
answers as a CSV file of one row, whose columns are the item ids and whose values are the codes.

A link may bring the respondent's id and the language: `form.html#id=K-1027&lang=zh`. Each id has its own
answers in the browser's memory. In random order each respondent gets one of their own, saved as `item_order`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires.elements import Matrix, Page
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import is_bare, is_numeric, offered, unanswered_code
from trustmeasure.questionnaires.texts import form_texts, words
from trustmeasure.questionnaires.writers.base import Writer

TEMPLATES = Path(__file__).parent.parent / "templates"

SCRIPT_WORDS = ("progress", "unanswered_page", "incomplete", "go_to_part", "saved", "clear_question")
"""The texts that the page's script fills with figures."""

_WORDED, _NUMBERED = 5.0, 2.6
"""Widths of the answers' columns of a wide form, in rem: in words, as bare numbers."""


def render(questionnaire: Questionnaire) -> bytes:
    """Return the page as UTF-8."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = _style(questionnaire), _asset("form.js")
    page = environment.get_template("form.html.j2").render(
        **_view(questionnaire),
        style=Markup(style),  # noqa: S704  our own file and figures, no text of the questionnaire
        script=Markup(script),  # noqa: S704  our own file
        data=Markup(_json(_script_data(questionnaire))),  # noqa: S704  escaped by _json
        style_hash=_policy_hash(style),
        script_hash=_policy_hash(script),
    )
    return page.strip().encode() + b"\n"


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _json(values: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _style(questionnaire: Questionnaire) -> str:
    """Return the style sheet with the rules that depend on languages and scales."""
    languages = (
        f':root[data-language="{tag}"] [data-l]:not([data-l="{tag}"]) {{ display: none !important; }}'
        for tag in questionnaire.languages
    )
    columns = (_columns(place, scale) for place, scale in enumerate(questionnaire.scales))
    wide = f"@media (min-width: 68rem) {{ {' '.join(columns)} }}"
    return "\n".join([_asset("form.css"), *languages, wide, ""])


def _columns(place: int, scale: ResponseScale) -> str:
    answers = [_NUMBERED if is_numeric(scale) and is_bare(point) else _WORDED for point in scale.points]
    tracks = " ".join(f"{width}rem" for width in [*answers, *[_WORDED] * len(offered(scale))])
    return f".scale-{place} {{ grid-template-columns: minmax(0, 1fr) {tracks}; }}"


def _view(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return what the template shows."""
    tags = questionnaire.languages
    numbers = {id: number for number, id in enumerate(questionnaire.columns, start=1)}
    scales = {scale.id: _scale_view(place, scale) for place, scale in enumerate(questionnaire.scales)}
    total, parts = len(questionnaire.columns), len(questionnaire.pages)
    return {
        "languages": tags,
        "html_tag": {tag: form_texts(tag)["html"] for tag in tags},
        "own_words": {key: {tag: form_texts(tag)[key] for tag in tags} for key in form_texts(tags[0])},
        "title": questionnaire.title,
        "intro": questionnaire.intro,
        "facts": {tag: words("facts", tag, count=total) for tag in tags},
        "version": {tag: words("version", tag, version=questionnaire.version) for tag in tags},
        "hash": questionnaire.hash,
        "total": total,
        "pages": [
            _page_view(place, page, parts, tags, scales, numbers)
            for place, page in enumerate(questionnaire.pages, start=1)
        ],
    }


def _page_view(
    place: int,
    page: Page,
    parts: int,
    tags: tuple[str, ...],
    scales: dict[str, dict[str, Any]],
    numbers: dict[str, int],
) -> dict[str, Any]:
    return {
        "heading": {tag: words("part", tag, part=place, parts=parts) for tag in tags},
        "matrices": [
            _matrix_view(f"{place}-{row}", element, scales[element.scale.id], numbers)
            for row, element in enumerate(page.elements, start=1)
        ],
    }


def _matrix_view(
    place: str, matrix: Matrix, scale: dict[str, Any], numbers: dict[str, int]
) -> dict[str, Any]:
    return {
        "place": place,
        "stem": matrix.stem,
        "scale": scale,
        "randomised": matrix.randomised,
        "questions": [
            {"id": question.id, "number": numbers[question.id], "text": question.text}
            for question in matrix.questions
        ],
    }


def _scale_view(place: int, scale: ResponseScale) -> dict[str, Any]:
    points = [_option(point, "") for point in scale.points]
    others = [_option(code, "other" if i else "other first-other") for i, code in enumerate(offered(scale))]
    code = unanswered_code(scale)
    return {
        "css": f"scale-{place}",
        "numeric": is_numeric(scale),
        "none": "" if code is None else code,
        "options": points + others,
        "last": points[-1],
    }


def _option(entry: ScalePoint | MissingCode, css: str) -> dict[str, Any]:
    return {
        "code": entry.code,
        "label": entry.label,
        "css": css,
        "other": bool(css),
        "bare": is_bare(entry),
    }


def _script_data(questionnaire: Questionnaire) -> dict[str, Any]:
    tags = questionnaire.languages
    return {
        "hash": questionnaire.hash,
        "languages": list(tags),
        "html": {tag: form_texts(tag)["html"] for tag in tags},
        "title": dict(questionnaire.title),
        "words": {tag: {key: form_texts(tag)[key] for key in SCRIPT_WORDS} for tag in tags},
        "other": list(other_columns(questionnaire)),
        "columns": list(questionnaire.columns),
    }


def other_columns(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the columns that the form adds: who, which language, when, and a drawn order."""
    always = ("respondent_id", "language", "started_at", "saved_at", "questionnaire")
    drawn = any(matrix.randomised for matrix in questionnaire.matrices)
    return (*always, "item_order") if drawn else always


def limits(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return what this format cannot keep."""
    return (
        "Each respondent saves a CSV file of their own, which reaches you only when it is handed over.",
        "Answers left out are saved under the scale's code for no answer where it has one, else empty.",
    )


WRITER = Writer(
    name="html",
    ending=".html",
    title="Offline form for a browser, one file; saves the answers as CSV",
    render=render,
    limits=limits,
    other_columns=other_columns,
)
