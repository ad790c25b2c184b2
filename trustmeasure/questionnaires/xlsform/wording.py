"""Words for a form: marks that ODK and Kobo would obey are made signs again."""

from __future__ import annotations

import re

from trustmeasure.questionnaires.signs import broken, mended

_REFERENCE = r"\$\{"
_TAG = r"<[A-Za-z/!?]"
_LINK = r"\]\("
_ESCAPED = re.compile(r"\\(?=[\\#_*])")
_HEADING = re.compile(r"^#", re.MULTILINE)


def said(text: str) -> str:
    """Return words as a label that shows exactly them.

    Labels know Markdown, so its signs get the backslash that its reader takes away. References to answers and
    tags know no escape and are broken by a zero-width space.
    """
    safe = _ESCAPED.sub(r"\\\\", text)
    for sign in "*_":
        if safe.count(sign) > 1:
            safe = safe.replace(sign, f"\\{sign}")
    return plain(_HEADING.sub(r"\\#", safe))


def plain(text: str) -> str:
    """Return words for a place that knows no Markdown, such as a title."""
    for pattern in (_REFERENCE, _TAG, _LINK):
        text = broken(text, pattern)
    return text


def heard(text: str) -> str:
    """Return the words that a label made by `said` shows."""
    return re.sub(r"\\([\\#_*])", r"\1", mended(text))
