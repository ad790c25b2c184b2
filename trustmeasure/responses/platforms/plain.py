"""A table whose columns are the item ids: what trustmeasure's own forms save, and any tidy file of a team.

This is also the example of a platform: every other module in this folder has the same parts.
"""

from __future__ import annotations

from trustmeasure.responses.platforms.base import Kept, Platform, Sign
from trustmeasure.responses.platforms.shapes import kept_by_name, seconds_columns
from trustmeasure.responses.raw import RawTable

_NAMED = kept_by_name(
    {
        "respondent_id": Kept("respondent_id", "identifier"),
        "language": Kept("language", "language"),
        "started_at": Kept("started_at", "time"),
        "saved_at": Kept("saved_at", "time"),
        "duration_seconds": Kept("duration_seconds", "duration"),
        "item_order": Kept("item_order", "order"),
        "wave": Kept("wave", "wave"),
        "questionnaire": Kept("questionnaire", "other"),
    }
)


def recognise(raw: RawTable) -> Sign | None:
    """Return the weakest sign: any table may be a plain one."""
    return Sign(1, "one row a person and no mark of a survey platform")


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wording that a column may show: the label that a file of SPSS or Stata gives it."""
    return (label,) if label else ()


def bookkeeping(column: str) -> Kept | None:
    """Return what a column beside the answers holds."""
    return _NAMED(column) or seconds_columns(column)


PLATFORM = Platform(
    name="plain",
    title="Plain table with item ids as column names",
    recognise=recognise,
    formats=("docx", "plain"),
    texts=texts,
    bookkeeping=bookkeeping,
)
