"""Let several attributes share one description: `lhs, op, rhs : str` becomes three fields.

Napoleon does this for parameters, but not for the attributes of a class.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SHARED = re.compile(r"^(\w+(?:, \w+)+)( : .+)?$")


def split_shared(lines: list[str]) -> list[str]:
    """Return the docstring's lines with each shared field of the Attributes section written out."""
    result: list[str] = []
    inside, at = False, 0
    while at < len(lines):
        inside = _in_attributes(lines, at, inside)
        match = SHARED.match(lines[at]) if inside else None
        end = _end_of_field(lines, at) if match else at + 1
        for name in match.group(1).split(", ") if match else [""]:
            result += [name + (match.group(2) or ""), *lines[at + 1 : end]] if match else lines[at:end]
        at = end
    return result


def _in_attributes(lines: list[str], at: int, inside: bool) -> bool:
    underlined = at + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[at + 1])
    return lines[at] == "Attributes" if underlined else inside


def _end_of_field(lines: list[str], at: int) -> int:
    end = at + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    return end


def process(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Rewrite a docstring in place, before Napoleon reads it."""
    lines[:] = split_shared(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect with a priority before Napoleon's."""
    app.connect("autodoc-process-docstring", process, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
