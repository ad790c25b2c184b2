"""How a response scale is shown to a respondent."""

from __future__ import annotations

from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint

NO_ANSWER = "no-answer"
"""Reason of the missing code that nobody chooses: it stands for a question left without an answer."""


def offered(scale: ResponseScale) -> tuple[MissingCode, ...]:
    """Return the missing codes that a respondent can choose: all but the one for no answer at all."""
    return tuple(code for code in scale.missing if code.reason != NO_ANSWER)


def choosable(scale: ResponseScale) -> tuple[ScalePoint | MissingCode, ...]:
    """Return everything that a respondent can choose, in the order in which it is shown."""
    return (*scale.points, *offered(scale))


def unanswered_code(scale: ResponseScale) -> int | None:
    """Return the code that stands for a question left without an answer, or None when the scale has none."""
    return next((code.code for code in scale.missing if code.reason == NO_ANSWER), None)


def is_bare(entry: ScalePoint | MissingCode) -> bool:
    """Return whether an answer has no words in any language, only its code."""
    return all(label == str(entry.code) for label in entry.label.values())


def is_numeric(scale: ResponseScale) -> bool:
    """Return whether the answers between the two ends are bare numbers, as in a scale from 0 to 10."""
    inner = scale.points[1:-1]
    return bool(inner) and all(is_bare(point) for point in inner)
