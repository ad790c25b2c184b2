"""Signs that a platform or a spreadsheet would read as a command, written so that they stay what they are.

Where a platform has no escape of its own, a zero-width space goes between the signs. Nobody sees it, and
readers of answers take it out again.
"""

from __future__ import annotations

import re

from trustmeasure.files import safe_cell

BREAK = "\u200b"


def broken(text: str, pattern: str) -> str:
    """Return a text with a zero-width space after the first sign of everything that fits `pattern`."""
    return re.sub(pattern, lambda hit: hit[0][0] + BREAK + hit[0][1:], text)


def mended(text: str) -> str:
    """Return a text without the zero-width spaces that `broken` and `no_formula` put in."""
    return text.replace(BREAK, "")


def no_formula(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula, and that a platform shows unchanged.

    For files that a platform reads: an apostrophe before the text, as in tables for people, would be shown.
    """
    return text if safe_cell(text) == text else BREAK + text


def one_line(text: str) -> str:
    """Return a text in one line, each run of blanks and line ends as one blank."""
    return " ".join(text.split())
