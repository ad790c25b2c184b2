"""Model texts of plain lines only, read by one pattern, as most are; all others are left to `tokens`.

A plain line is `name op term + term ...` with the operators `=~`, `~`, `~~` and `<~`, where a term is a name
or `label*name`; or it is `name := expression`. No error is found here: what is wrong is not plain.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = r"[^\W\d][\w.]*"
_BEGIN = rf"(?:^|[^\S\n]*\n)\s*({_NAME})\s*"
_PIECE = re.compile(
    rf"((?:{_BEGIN}(=~|~~|~|<~)|\s*\+)\s*(?:({_NAME})\s*\*\s*)?)({_NAME})"  # a term, what is before it
    rf"|({_BEGIN}:=)([^\S\n]*\S(?:[^\n]*\S)?)"  # a definition
)
_COMMENT = re.compile(r"[#!][^\n]*")


class PlainTerm(NamedTuple):
    """A relation `lhs op label*rhs`; the label may be empty, and `offset` characters stand before `rhs`."""

    lhs: str
    op: str
    label: str
    rhs: str
    offset: int


class PlainDefinition(NamedTuple):
    """A line `name := expression`; the expression is the text from `start` to `stop`."""

    name: str
    offset: int
    start: int
    stop: int


def plain_lines(text: str) -> tuple[list[PlainTerm], list[PlainDefinition]] | None:
    """Return the relations and definitions of a text; None when it has anything but plain lines.

    Line ends inside a relation need no look: each stands beside an operator, a `+` or a `*`, where a line
    goes on in any case.
    """
    if "#" in text or "!" in text:
        text = _COMMENT.sub(lambda found: " " * len(found[0]), text)
    terms: list[PlainTerm] = []
    definitions: list[PlainDefinition] = []
    lhs = op = ""
    offset = 0
    for before, left, operator, label, rhs, begin, name, rest in _PIECE.findall(text):
        if begin:
            start = offset + len(begin)
            definitions.append(PlainDefinition(name, start - len(begin.lstrip()), start, start + len(rest)))
            offset, lhs = start + len(rest), ""
            continue
        if left:
            lhs, op = left, operator
        if not lhs:
            return None
        offset += len(before)
        terms.append(PlainTerm(lhs, op, label, rhs, offset))
        offset += len(rhs)
    # Whatever the pattern passed over is missing from the sum of lengths.
    return (terms, definitions) if offset == len(text.rstrip()) else None
