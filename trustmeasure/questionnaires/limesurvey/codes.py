"""Codes that LimeSurvey allows: letters and digits only, beginning with a letter, at most 20 signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trustmeasure.questionnaires.elements import Choice, Entry, Matrix, Notice
from trustmeasure.questionnaires.model import Questionnaire

MOST = 20
RESERVED = frozenset({"lang", "sid", "savedid", "token", "qid", "gid", "sgq", "self", "that", "this", "time"})
"""Words that LimeSurvey keeps for itself, in small letters."""

ADDED = ("questionnaire", "wave", "refused")
"""Codes of the questions that only this format adds."""


def element_codes(questionnaire: Questionnaire) -> dict[str, str]:
    """Return element id -> question code, each once whatever the case of its letters.

    What is answered comes first, so that a notice never changes the name of a column.
    """
    elements = sorted(questionnaire.elements, key=lambda element: isinstance(element, Notice))
    taken, codes = set(RESERVED) | set(ADDED), {}
    for element in elements:
        codes[element.id] = _free(element.id, taken)
        taken.add(codes[element.id].lower())
    return codes


def _free(id: str, taken: set[str]) -> str:
    plain = re.sub("[^A-Za-z0-9]", "", id)[:MOST]
    code, number = plain, 1
    while code.lower() in taken:
        number += 1
        code = f"{plain[: MOST - len(str(number))]}{number}"
    return code


def column_names(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> its name in LimeSurvey's export; rows of a matrix are `code[item]`."""
    codes = element_codes(questionnaire)
    found: dict[str, str] = {}
    for element in questionnaire.elements:
        if isinstance(element, Matrix):
            found |= {column: f"{codes[element.id]}[{column}]" for column in element.columns}
        elif isinstance(element, Choice | Entry):
            found[element.id] = codes[element.id]
    return found


def variables(questionnaire: Questionnaire) -> Mapping[str, str]:
    """Return column -> its name in LimeSurvey's conditions; rows of a matrix are `code_item`."""
    names = column_names(questionnaire).items()
    return {column: name.replace("[", "_").rstrip("]") for column, name in names}
