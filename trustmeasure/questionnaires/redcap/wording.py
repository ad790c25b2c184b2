"""Words for a data dictionary: REDCap reads labels as HTML, and names in square brackets as answers."""

from __future__ import annotations

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.signs import broken, one_line

_TAG = r"<[A-Za-z/!?]"
_ENTITY = r"&(?=#?\w+;)"
_PIPED = r"\[(?=[A-Za-z][\w-]*[\]:])"


def said(text: str) -> str:
    """Return words as a label that shows exactly them: no tag, no entity, no answer to another question.

    REDCap has no escape for these. A zero-width space after their first sign makes them signs.
    """
    for pattern in (_TAG, _ENTITY, _PIPED):
        text = broken(text, pattern)
    return text


def choices(labels: list[tuple[int, str]], scale: str) -> str:
    """Return the answers of a field as `1, A | 2, B`.

    Raises
    ------
    QuestionnaireError
        If an answer holds the sign that stands between answers.
    """
    for _, label in labels:
        if "|" in label:
            raise QuestionnaireError(
                f"REDCap writes '|' between answers, so it cannot stand in {label!r} of the scale '{scale}'. "
                "Write the answer without it."
            )
    return " | ".join(f"{code}, {said(one_line(label))}" for code, label in labels)
