"""The names of everything in the form that is no question: none may be the name of a column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import ResponseScale
from trustmeasure.questionnaires.elements import Choice, Matrix, Notice
from trustmeasure.questionnaires.model import Questionnaire

OWN = ("start", "end", "questionnaire", "wave", "intro", "refused")
"""What the form itself adds."""

_RESERVED = frozenset({"meta"})
"""Names that XForms keeps for its own part of every answer sheet."""

_LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class Names:
    """Names in the survey sheet, and of the lists of answers.

    Attributes
    ----------
    own : mapping
        What the form itself adds -> its name.
    groups : mapping
        Id of a page -> name of its group.
    heads : mapping
        Id of a matrix -> name of the row with its answers' words.
    notes : mapping
        Id of a notice -> its name.
    lists : tuple
        Each response scale with the name of its list.
    """

    own: Mapping[str, str]
    groups: Mapping[str, str]
    heads: Mapping[str, str]
    notes: Mapping[str, str]
    lists: tuple[tuple[ResponseScale, str], ...]

    def list_of(self, scale: ResponseScale) -> str:
        """Return the name of a scale's list."""
        return next(name for known, name in self.lists if known == scale)


def names(questionnaire: Questionnaire) -> Names:
    """Return the names, the same for the same questionnaire.

    Raises
    ------
    QuestionnaireError
        If a question has a name that XForms keeps for itself.
    """
    for column in questionnaire.columns:
        if column in _RESERVED:
            raise QuestionnaireError(f"XLSForm keeps the name '{column}' for itself. Rename the question.")
    taken = set(questionnaire.columns) | _RESERVED
    elements = questionnaire.elements
    return Names(
        own={key: _free(key, taken) for key in OWN},
        groups={page.id: _free(page.id, taken) for page in questionnaire.pages},
        heads={e.id: _free(f"{e.id}_answers", taken) for e in elements if isinstance(e, Matrix)},
        notes={e.id: _free(f"{e.id}_text", taken) for e in elements if isinstance(e, Notice)},
        lists=_lists(questionnaire),
    )


def _lists(questionnaire: Questionnaire) -> tuple[tuple[ResponseScale, str], ...]:
    found: list[tuple[ResponseScale, str]] = []
    taken: set[str] = set()
    for element in questionnaire.elements:
        if isinstance(element, Matrix | Choice) and all(known != element.scale for known, _ in found):
            found.append((element.scale, _free(element.scale.id, taken)))
    return tuple(found)


def _free(wanted: str, taken: set[str]) -> str:
    """Return a name that is not taken, and take it."""
    base = name = plain_name(wanted)
    number = 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name)
    return name


def plain_name(wanted: str) -> str:
    """Return a name of lower-case ASCII letters, digits and underscores that begins with a letter."""
    name = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")
    return name if name[:1].isalpha() else f"x_{name}".rstrip("_")


def form_id(questionnaire: Questionnaire) -> str:
    """Return the id of the form: the same for all versions of a survey, another for each brand and wave."""
    about = [source.id for source in questionnaire.sources]
    brand = [] if questionnaire.brand is None else list(questionnaire.brand.values())[:1]
    parts = [*brand, *about, *([questionnaire.wave] if questionnaire.wave else [])]
    name = plain_name("_".join(part for part in map(_ascii, parts) if part))
    return name[:_LONGEST_ID].rstrip("_")


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
