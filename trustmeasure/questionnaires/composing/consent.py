"""The privacy notice and the question of consent: the fields of GDPR Art. 13 and PIPL Art. 17."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trustmeasure.check import suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale, ScalePoint
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires.composing.wording import Wording, per_language
from trustmeasure.questionnaires.elements import Choice, Notice, Page, Paragraph
from trustmeasure.questionnaires.logic import Expression, Is
from trustmeasure.questionnaires.texts import fill_in, require_form_language

CONSENT = "consent"
AGREE, REFUSE = 1, 2
_FILE = Path(__file__).parent.parent / "consent.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the privacy notice says; each field is text, or text per language.

    The notice is a template: it names the fields of Art. 13 of the GDPR and of Art. 17 of China's Personal
    Information Protection Law, and says that it is to be reviewed by counsel until `reviewed_by` is given.
    A field left out is shown as a gap to be filled in; `representative`, `protection_officer` and
    `interests` are left out of the notice instead.

    Attributes
    ----------
    controller, contact : str or mapping
        Who is responsible, with address, and how to reach them.
    representative, protection_officer : str or mapping
        Where there is one: the representative, the contact of the data protection officer.
    purpose, legal_basis, interests : str or mapping
        What the answers are used for, on which legal basis (consent when left out), and legitimate interests.
    data, method : str or mapping
        Which kinds of personal data are collected, and how they are processed.
    recipients, transfer, retention : str or mapping
        Who receives the data, whether they go abroad, how long they are kept.
    rights, authority : str or mapping
        How to exercise one's rights, and the supervisory authority.
    automated : str or mapping
        Automated decisions; none when left out.
    reviewed_by : str or mapping
        Who reviewed the notice; the mark "template" goes when this is given.

    Examples
    --------
    >>> from trustmeasure.questionnaires import Consent, Questionnaire
    >>> notice = Consent(controller="Acme Ltd, 1 High Street", contact="privacy@acme.example")
    >>> Questionnaire.compose("satisfaction", consent=notice).columns[0]
    'consent'
    """

    controller: Wording = ""
    contact: Wording = ""
    representative: Wording = ""
    protection_officer: Wording = ""
    purpose: Wording = ""
    legal_basis: Wording = ""
    interests: Wording = ""
    data: Wording = ""
    method: Wording = ""
    recipients: Wording = ""
    transfer: Wording = ""
    retention: Wording = ""
    rights: Wording = ""
    authority: Wording = ""
    automated: Wording = ""
    reviewed_by: Wording = ""


Given = Consent | Mapping[str, Wording] | bool | None


def consent_page(given: Given, tags: tuple[str, ...]) -> Page | None:
    """Return the page with the notice and the question; None when no consent is asked for."""
    if given is None or given is False:
        return None
    consent = _consent(given)
    return Page(CONSENT, (_notice(consent, tags), _question(tags)))


def agreed() -> Expression:
    """Return the condition that the respondent agreed."""
    return Is(CONSENT, "==", AGREE)


def open_fields(given: Given) -> tuple[str, ...]:
    """Return the names of the fields that the notice needs and that were not given."""
    if given is None or given is False:
        return ()
    consent, texts = _consent(given), _texts("en")
    needed = [
        name
        for part in texts["parts"]
        if not part.get("optional")
        for name in texts["names"]
        if f"{{{name}}}" in part["text"]
    ]
    return tuple(name for name in needed if not getattr(consent, name) and name not in texts["defaults"])


def _consent(given: Consent | Mapping[str, Wording] | bool) -> Consent:
    if isinstance(given, Consent):
        return given
    if given is True:
        return Consent()
    if not isinstance(given, Mapping):
        raise QuestionnaireError("consent must be True, a Consent, or a mapping of its fields.")
    known = [field.name for field in fields(Consent)]
    for name in given:
        if name not in known:
            raise QuestionnaireError(f"consent has no field '{name}'. {suggestion(str(name), known)}")
    return Consent(**given)


@cache
def _all() -> Mapping[str, Mapping[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def _texts(tag: str) -> Mapping[str, Any]:
    return _all()[require_form_language(tag, tuple(_all()))]


def _notice(consent: Consent, tags: tuple[str, ...]) -> Notice:
    values = {tag: _values(consent, tag, tags) for tag in tags}
    parts = [part for part in _texts(tags[0])["parts"] if _belongs(part, consent)]
    mark = None if consent.reviewed_by else FrozenMap.of({tag: _texts(tag)["mark"] for tag in tags})
    return Notice(
        id="privacy",
        title=FrozenMap.of({tag: _texts(tag)["title"] for tag in tags}),
        paragraphs=tuple(_paragraph(part["key"], values) for part in parts),
        mark=mark,
    )


def _belongs(part: Mapping[str, Any], consent: Consent) -> bool:
    return not part.get("optional") or bool(getattr(consent, part["key"]))


def _paragraph(key: str, values: Mapping[str, Mapping[str, str]]) -> Paragraph:
    found = {tag: next(part for part in _texts(tag)["parts"] if part["key"] == key) for tag in values}
    return Paragraph(
        FrozenMap.of({tag: part["heading"] for tag, part in found.items()}),
        FrozenMap.of({tag: fill_in(part["text"], values[tag]) for tag, part in found.items()}),
    )


def _values(consent: Consent, tag: str, tags: tuple[str, ...]) -> dict[str, str]:
    texts = _texts(tag)
    return {name: _value(consent, name, tag, tags, texts) for name in texts["names"]}


def _value(consent: Consent, name: str, tag: str, tags: tuple[str, ...], texts: Mapping[str, Any]) -> str:
    given = getattr(consent, name)
    if given:
        return per_language(f"consent.{name}", given, tags)[tag].rstrip(".。")
    gap = fill_in(texts["open"], {"name": texts["names"][name]})
    return str(texts["defaults"].get(name, gap))


def _question(tags: tuple[str, ...]) -> Choice:
    def said(key: str) -> FrozenMap[str]:
        return FrozenMap.of({tag: _texts(tag)[key] for tag in tags})

    scale = ResponseScale(CONSENT, (ScalePoint(AGREE, said("agree")), ScalePoint(REFUSE, said("refuse"))))
    return Choice(CONSENT, said("question"), scale, role="consent", required=True)
