"""What a questionnaire is, written down in one canonical way, and its hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from trustmeasure.instruments import ResponseScale
from trustmeasure.questionnaires.model import Element, Question, Questionnaire


def content(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return everything that makes up the questionnaire as plain values that JSON can hold."""
    return {
        "title": dict(questionnaire.title),
        "intro": dict(questionnaire.intro),
        "languages": list(questionnaire.languages),
        "brand": None if questionnaire.brand is None else dict(questionnaire.brand),
        "order": questionnaire.order,
        "seed": questionnaire.seed,
        "version": questionnaire.version,
        "instruments": [{"id": source.id, "version": source.version} for source in questionnaire.sources],
        "pages": [
            {"id": page.id, "elements": [_element(element) for element in page.elements]}
            for page in questionnaire.pages
        ],
    }


def _element(element: Element) -> dict[str, Any]:
    return {
        "kind": "matrix",
        "id": element.id,
        "stem": dict(element.stem),
        "randomised": element.randomised,
        "scale": _scale(element.scale),
        "questions": [_question(question) for question in element.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {"id": question.id, "instrument": question.instrument, "text": dict(question.text)}


def _scale(scale: ResponseScale) -> dict[str, Any]:
    return {
        "id": scale.id,
        "points": [{"code": point.code, "label": dict(point.label)} for point in scale.points],
        "missing": [
            {"code": code.code, "label": dict(code.label), "reason": code.reason} for code in scale.missing
        ],
    }


def content_hash(questionnaire: Questionnaire) -> str:
    """Return the SHA-256 of the canonical JSON of `content`, as hexadecimal digits."""
    canonical = json.dumps(content(questionnaire), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
