"""What should be done before people are asked."""

from __future__ import annotations

from trustmeasure.questionnaires.elements import Notice
from trustmeasure.questionnaires.model import Questionnaire

LONG = 15
"""Minutes above which a questionnaire is called long; a rule of thumb of this package."""


def remarks(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return sentences on what is unfinished; none when nothing is."""
    found = []
    if any(isinstance(part, Notice) and part.mark is not None for part in questionnaire.elements):
        found.append("The privacy notice is a template. Let counsel review it, then give reviewed_by.")
    if questionnaire.gaps:
        found.append(f"The privacy notice has gaps to be filled in: {', '.join(questionnaire.gaps)}.")
    if questionnaire.minutes() > LONG:
        found.append(
            f"It takes about {questionnaire.minutes()} minutes. Ask fewer instruments, or their short forms."
        )
    if questionnaire.brand is None:
        found.append("No brand is named: the questions speak of 'the company'.")
    return tuple(found)
