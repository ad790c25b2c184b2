"""All rules of the linter, in the order of the documentation."""

from __future__ import annotations

from trustmeasure.instruments.lint import (
    answers,
    asking,
    chinese,
    length,
    negation,
    sound,
    structure,
    translation,
    typography,
)
from trustmeasure.instruments.lint.exemptions import unknown_rules
from trustmeasure.instruments.lint.model import Rule

_OWN = (
    *sound.RULES,
    *translation.RULES,
    *asking.RULES,
    *negation.RULES,
    *length.RULES,
    *chinese.RULES,
    *typography.RULES,
    *answers.RULES,
    *structure.RULES,
)
IDLE = "idle-exemption"
RULES: tuple[Rule, ...] = (
    *_OWN,
    unknown_rules(_OWN),
    Rule(
        id=IDLE,
        severity="advice",
        about="An exemption silences something.",
        remedy="Remove the exemption.",
        check=lambda file: (),
        firm=True,
    ),
)
