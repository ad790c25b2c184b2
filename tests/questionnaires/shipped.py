"""Questionnaires of all shipped instruments, in every language, with many options, to try writers on."""

from __future__ import annotations

from functools import cache
from typing import Any

from trustmeasure.instruments import list_instruments, load_instrument
from trustmeasure.questionnaires import Questionnaire

HOSTILE = (
    "</script><b>\"'&",
    "=1+1",
    "{x} ${q://QID1} {{7*7}}",
    "]]> [[PageBreak]] \\{a\\}",
    "one\ntwo",
    "\u202eright to left\u202c",
    "很长的名字" * 30,
)
"""Names of a company that nobody has, and that no format may stumble over."""

OPTIONS: tuple[dict[str, Any], ...] = (
    {"languages": ["en"]},
    {"languages": ["zh"]},
    {"languages": ["zh", "en"], "order": "random", "seed": 3, "consent": True, "brand": "Acme"},
    {"languages": ["en", "zh"], "link": True, "behaviour": ["customer_now"], "demographics": ["age_group"]},
)


@cache
def shipped() -> tuple[Questionnaire, ...]:
    """Return each shipped instrument with each set of options; those asked in waves in their first wave."""
    found = []
    for id in map(str, list_instruments()["id"]):
        instrument = load_instrument(id)
        wave = {"wave": instrument.waves[0].id} if instrument.waves else {}
        found += [Questionnaire.compose(instrument, **{**options, **wave}) for options in OPTIONS]
    return tuple(found)
