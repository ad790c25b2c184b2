"""Cells of the tab-separated file, written so that LimeSurvey reads back exactly what was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from trustmeasure.questionnaires.hypertext import as_html

COLUMNS = (
    "id",
    "related_id",
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "encrypted",
    "other",
    "default",
    "same_default",
    "same_script",
    "random_group",
    "random_order",
    "hidden",
    "num_value_int_only",
    "min_num_value_n",
    "max_num_value_n",
    "maximum_chars",
    "date_format",
)
_OPENS = re.compile(r"\{(?=\S|$)")


def hypertext(text: str) -> str:
    """Return a text as HTML that LimeSurvey does not run.

    What stands in braces is an expression for LimeSurvey, unless a blank follows the opening brace. An entity
    in its place would not last: the importer's filter turns it back into the sign.
    """
    return unrun(as_html(text))


def unrun(markup: str) -> str:
    """Return HTML in which a blank follows each opening brace, and which has no quotes to be taken off.

    Examples
    --------
    >>> unrun('{x} { y } "z"')
    '{ x} { y } &quot;z&quot;'
    """
    return _OPENS.sub("{ ", markup).replace('"', "&quot;")


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return the file's text: the names of the columns, then the rows, with tabs between the cells."""
    lines = [COLUMNS, *([row.get(column, "") for column in COLUMNS] for row in rows)]
    return "".join("\t".join(map(cell, line)) + "\n" for line in lines)


def cell(value: str) -> str:
    """Return a cell, in quotes where it would otherwise be cut or read with its quotes taken off."""
    stripped = re.fullmatch('".*"', value)  # LimeSurvey takes such quotes off once more
    kept = f'"{_doubled(value)}"' if stripped else value
    needed = kept.startswith('"') or any(sign in kept for sign in "\t\n\r")
    return f'"{_doubled(kept)}"' if needed else kept


def _doubled(text: str) -> str:
    return text.replace('"', '""')
