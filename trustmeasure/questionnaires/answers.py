"""The answers that a respondent can choose from, in the order in which they are shown."""

from __future__ import annotations

from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires.scales import offered


def answers(scale: ResponseScale) -> tuple[ScalePoint | MissingCode, ...]:
    """Return the points of a scale, then the missing codes that can be chosen, such as "Not applicable"."""
    return (*scale.points, *offered(scale))
