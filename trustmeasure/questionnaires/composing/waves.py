"""Waves: the same people asked several times, linked by a code without their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trustmeasure.check import suggestion
from trustmeasure.errors import QuestionnaireError
from trustmeasure.instruments import Instrument
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires.elements import Entry, Page
from trustmeasure.questionnaires.texts import form_texts

LINK = "link_id"
LINK_PATTERN = "[A-Za-z0-9][A-Za-z0-9-]{3,39}"
_WAVE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def require_wave(wave: str | None, instruments: Sequence[Instrument]) -> str | None:
    """Return the wave when it can be one: of the instruments, where they have any, else any short name.

    Raises
    ------
    QuestionnaireError
        If an instrument that is asked in waves does not have this one, or the name is malformed.
    """
    known = tuple(dict.fromkeys(one.id for instrument in instruments for one in instrument.waves))
    if wave is None:
        if known:
            raise QuestionnaireError(
                f"This instrument is asked in waves. Name one with wave=: {', '.join(known)}."
            )
        return None
    if known and wave not in known:
        raise QuestionnaireError(f"There is no wave '{wave}'. {suggestion(str(wave), known)}")
    if not isinstance(wave, str) or len(wave) > 20 or not _WAVE.fullmatch(wave):
        raise QuestionnaireError(
            f"wave={wave!r} is no name. Use small letters, digits and hyphens, at most 20, such as 'before'."
        )
    return wave


def link_page(tags: tuple[str, ...]) -> Page:
    """Return the page that asks for the code which links the waves of one person."""
    text = FrozenMap.of({tag: form_texts(tag)["link_text"] for tag in tags})
    entry = Entry(LINK, text, role="link", longest=40, pattern=LINK_PATTERN, required=True)
    return Page("link", (entry,))
