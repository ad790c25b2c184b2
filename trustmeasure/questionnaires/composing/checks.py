"""What a questionnaire must fulfil before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from trustmeasure.check import suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import Instrument, ResponseScale, list_instruments, load_instrument
from trustmeasure.instruments.names import is_reserved
from trustmeasure.questionnaires.elements import Choice, Matrix, Page
from trustmeasure.questionnaires.texts import form_texts

MOST_ID = 20
RESERVED = frozenset(
    {
        "respondent_id",
        "consent",
        "link_id",
        "wave",
        "language",
        "started_at",
        "saved_at",
        "questionnaire",
        "item_order",
        "time",
        "other",
        "all",
    }
)
"""Names of columns that a form adds itself, and names that survey platforms keep for themselves."""

_ITEM_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NOT_TEXT = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(name: str, text: str) -> str:
    """Return `text` without blanks around it; raise QuestionnaireError when it is empty or cannot be shown.

    Control characters and half surrogates cannot stand in a Word file or a web page.
    """
    if not isinstance(text, str):
        raise QuestionnaireError(f"{name} is a {type(text).__name__}, not text. Give the words to show.")
    hit = _NOT_TEXT.search(text)
    if hit:
        raise QuestionnaireError(
            f"{name} holds the character {hit.group()!r} at position {hit.start() + 1}, "
            "which cannot be shown. Remove it."
        )
    if not text.strip():
        raise QuestionnaireError(f"{name} is empty. Give the words to show, or leave it out.")
    return text.strip()


def find_instrument(named: str | Path | Instrument) -> Instrument:
    """Return the instrument that an id, a path or an instrument names.

    Raises
    ------
    QuestionnaireError
        If no instrument has this id. A malformed file raises InstrumentError instead.
    """
    if isinstance(named, Instrument):
        return named
    if isinstance(named, str) and not _is_path(named):
        known = [str(id) for id in list_instruments()["id"]]
        if named not in known:
            raise QuestionnaireError(f"There is no instrument '{named}'. {suggestion(named, known)}")
    return load_instrument(named)


def _is_path(named: str) -> bool:
    return any(sign in named for sign in "/\\") or Path(named).suffix in {".yaml", ".yml"}


def require_languages(given: Sequence[str] | str, instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """Return the language tags, each once, when the form and all instruments have them."""
    tags = (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))
    if not tags:
        raise QuestionnaireError("No language was named. Give at least one, such as languages=['en'].")
    for tag in tags:
        for instrument in instruments:
            if tag not in instrument.language_tags:
                raise QuestionnaireError(
                    f"The instrument '{instrument.id}' does not exist in the language '{tag}'. "
                    f"{suggestion(str(tag), instrument.language_tags)}"
                )
        form_texts(tag)
    return tags


def require_sound(instruments: Sequence[Instrument]) -> None:
    """Raise QuestionnaireError when the instruments cannot stand in one questionnaire."""
    owners: dict[str, str] = {}
    scales: dict[str, ResponseScale] = {}
    for instrument in instruments:
        _require_new_items(instrument, owners)
        _require_same_scales(instrument, scales)
    if not owners:
        raise QuestionnaireError("The instruments hold no items, so there is nothing to ask.")


def _require_new_items(instrument: Instrument, owners: dict[str, str]) -> None:
    for id in (id for block in instrument.blocks for id in block.items):
        require_column_name(id, f"The item id {id!r} of the instrument '{instrument.id}'")
        if id in owners:
            where = (
                f"'{instrument.id}'" if owners[id] == instrument.id else f"'{owners[id]}', '{instrument.id}'"
            )
            raise QuestionnaireError(f"The item '{id}' is asked twice ({where}). Name each instrument once.")
        owners[id] = instrument.id


def require_unique(pages: Sequence[Page]) -> None:
    """Raise QuestionnaireError when two columns, two parts or two scales have one name."""
    for kind, names in (
        ("column", [column for page in pages for element in page.elements for column in element.columns]),
        ("id", [element.id for page in pages for element in page.elements]),
    ):
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise QuestionnaireError(f"The {kind} '{repeated}' comes twice. Ask each question once.")
    _require_one_scale_a_name(pages)


def _require_one_scale_a_name(pages: Sequence[Page]) -> None:
    """Raise QuestionnaireError when two response scales have one id: answers are read by the scale's id."""
    known: dict[str, ResponseScale] = {}
    for element in (element for page in pages for element in page.elements):
        if isinstance(element, Matrix | Choice):
            scale = element.scale
            if known.setdefault(scale.id, scale) != scale:
                raise QuestionnaireError(
                    f"The answers of '{element.id}' are a response scale '{scale.id}', which differs from "
                    "another of the same name. Rename one of them."
                )


def require_column_name(id: str, where: str) -> None:
    """Raise QuestionnaireError when an id cannot be the name of a column on every platform."""
    if id in RESERVED or is_reserved(id):
        raise QuestionnaireError(f"{where} is the name of another column of the data. Rename the item.")
    if len(id) > MOST_ID or not _ITEM_ID.fullmatch(id):
        raise QuestionnaireError(
            f"{where} cannot be a column name. Use at most {MOST_ID} lower-case letters, digits and single "
            "underscores, beginning with a letter."
        )


def _require_same_scales(instrument: Instrument, scales: dict[str, ResponseScale]) -> None:
    for scale in instrument.response_scales.values():
        if scales.setdefault(scale.id, scale) != scale:
            raise QuestionnaireError(
                f"The instrument '{instrument.id}' has a response scale '{scale.id}' that differs from "
                "the one of the same name in another instrument. Rename one of them."
            )


def require_distinct(scale: ResponseScale, language: str) -> None:
    """Raise QuestionnaireError when two answers of a scale have the same words."""
    seen: dict[str, int] = {}
    for code, label in scale.labels(language, missing=True).items():
        if seen.setdefault(label, code) != code:
            raise QuestionnaireError(
                f"The response scale '{scale.id}' has the label {label!r} ({language}) for both "
                f"{seen[label]} and {code}. Give each answer its own words."
            )
