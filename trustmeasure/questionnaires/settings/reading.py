"""From a questionnaire file to a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from trustmeasure.check import existing_file
from trustmeasure.errors import QuestionnaireError
from trustmeasure.fields import (
    Check,
    Place,
    choice,
    entries,
    flag,
    kept,
    pairs,
    read_toml,
    several,
    text,
    whole,
)
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires.composing.compose import compose
from trustmeasure.questionnaires.composing.consent import Consent
from trustmeasure.questionnaires.composing.wording import Wording
from trustmeasure.questionnaires.elements import Choice, Entry, Field
from trustmeasure.questionnaires.model import ORDERS, Questionnaire

KINDS = ("choice", "integer", "text", "date")
ROLES = ("behaviour", "demographics")
MOST_CODE = 99_999


def read_questionnaire_file(path: str | Path) -> Questionnaire:
    """Return the questionnaire that a file describes; `Questionnaire.from_file` says more."""
    file = existing_file(path, error=QuestionnaireError)
    place = Place(file, kind=QuestionnaireError)
    found = entries(read_toml(file, QuestionnaireError), place, _ENTRIES)
    if "instruments" not in found:
        raise place.error("the key 'instruments' is missing. Name what is asked, such as [\"satisfaction\"].")
    own = found.pop("question", ())
    for role in ROLES:
        found[role] = (*found.get(role, ()), *(question for question in own if question.role == role))
    try:
        return compose(**found)
    except QuestionnaireError as error:
        raise QuestionnaireError(f"{file}: {error}") from error


def _instrument(value: Any, place: Place) -> str | Path:
    """Return an id, or a path taken from the folder of the file."""
    named = text(value, place)
    return place.file.parent / named if Path(named).suffix in {".yaml", ".yml"} else named


def _words(value: Any, place: Place) -> Wording:
    """Return one text, or a text per language."""
    return pairs(text)(value, place) if isinstance(value, dict) else text(value, place)


def _form(value: Any, place: Place) -> str | Mapping[str, str]:
    return pairs(text)(value, place) if isinstance(value, dict) else text(value, place)


def _consent(value: Any, place: Place) -> Consent | bool:
    if isinstance(value, bool):
        return value
    return Consent(**entries(value, place, {field.name: _words for field in fields(Consent)}))


def _label(value: Any, place: Place) -> FrozenMap[str]:
    return FrozenMap.of(pairs(text)(value, place))


def _answer(value: Any, place: Place) -> ScalePoint:
    found = _complete(value, place, {"code": whole(0, MOST_CODE), "label": _label})
    return ScalePoint(found["code"], found["label"])


def _no_answer(value: Any, place: Place) -> MissingCode:
    found = _answer(value, place)
    return MissingCode(found.code, found.label, "refused")


def _complete(value: Any, place: Place, checks: Mapping[str, Check]) -> dict[str, Any]:
    """Return the entries of a table in which no key may be missing."""
    found = entries(value, place, checks)
    for key in checks:
        if key not in found:
            raise place.error(f"the key '{key}' is missing. Add it.")
    return found


_QUESTION: dict[str, Check] = {
    "id": text,
    "role": choice(ROLES),
    "kind": choice(KINDS),
    "text": _label,
    "answers": several(_answer),
    "no_answer": _no_answer,
    "minimum": whole(-MOST_CODE, MOST_CODE),
    "maximum": whole(-MOST_CODE, MOST_CODE),
    "longest": whole(1, MOST_CODE),
    "required": flag,
}


def _question(value: Any, place: Place) -> Field:
    found = entries(value, place, _QUESTION)
    _complete({key: found[key] for key in ("id", "kind", "text") if key in found}, place, _NEEDED)
    kind, role = found.pop("kind"), found.pop("role", "demographics")
    if kind == "choice":
        return _choice(found, role, place)
    for key in ("answers", "no_answer"):
        if key in found:
            raise (place / key).error(f"a question of the kind '{kind}' has no list of answers. Remove it.")
    return Entry(kind=kind, role=role, **found)


def _choice(found: dict[str, Any], role: Any, place: Place) -> Choice:
    for key in ("minimum", "maximum", "longest"):
        if key in found:
            raise (place / key).error("a question of the kind 'choice' has no such limit. Remove it.")
    points = found.pop("answers", ())
    codes = [point.code for point in points]
    if len(codes) < 2 or codes != sorted(set(codes)):
        raise (place / "answers").error(
            "at least two answers are needed, each with a larger code than the last."
        )
    declared = found.pop("no_answer", None)
    if declared is not None and declared.code <= codes[-1]:
        raise (place / "no_answer").error("its code must be larger than those of the answers, such as 98.")
    scale = ResponseScale(found["id"].replace("_", "-"), points, () if declared is None else (declared,))
    return Choice(scale=scale, role=role, **found)


_NEEDED: dict[str, Check] = {"id": kept, "kind": kept, "text": kept}

_ENTRIES: dict[str, Check] = {
    "instruments": several(_instrument),
    "languages": several(text),
    "brand": _words,
    "sector": text,
    "form": _form,
    "title": _words,
    "intro": _words,
    "version": text,
    "order": choice(ORDERS),
    "seed": whole(0, 2**31 - 1),
    "checks": whole(0, 99),
    "consent": _consent,
    "behaviour": several(text),
    "demographics": several(text),
    "question": several(_question),
    "logic": pairs(text),
    "wave": text,
    "link": flag,
}
