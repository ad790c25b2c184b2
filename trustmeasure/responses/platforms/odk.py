"""ODK Central, KoboToolbox and other servers that take XLSForms: CSV or Excel, with names or words."""

from __future__ import annotations

import re

from trustmeasure.questionnaires.xlsform.wording import heard, said
from trustmeasure.responses.columns import folded
from trustmeasure.responses.platforms.base import Kept, Platform, Sign, TidyOptions
from trustmeasure.responses.platforms.shapes import kept_by_name, marked_labels, moments, with_labels
from trustmeasure.responses.raw import RawTable

_LAST = re.compile(r"[^/:\-]+$")
_MARKS = (
    ({"_uuid", "_submission_time"}, "columns _uuid and _submission_time of KoboToolbox", 95),
    ({"key", "submissiondate"}, "columns KEY and SubmissionDate of ODK", 95),
    ({"meta-instanceid"}, "the column meta-instanceID of ODK", 90),
    ({"meta/instanceid"}, "the column meta/instanceID of ODK or KoboToolbox", 90),
)
_LEAST_GROUPED = 3
_ID = Kept("respondent_id", "identifier")
_WHEN = moments()

_NAMED = kept_by_name(
    {
        "start": Kept("started_at", "time", _WHEN),
        "end": Kept("saved_at", "time", _WHEN),
        **dict.fromkeys(("_submission_time", "SubmissionDate"), Kept("saved_at", "time", _WHEN)),
        **dict.fromkeys(("_uuid", "KEY", "instanceID"), _ID),
        **dict.fromkeys(("_id", "_index", "rootUuid", "deprecatedID"), Kept("", "identifier")),
        "wave": Kept("wave", "wave"),
        "questionnaire": Kept("questionnaire", "other"),
        **dict.fromkeys(("deviceid", "_device_id"), Kept("device", "personal")),
        **dict.fromkeys(("username", "_submitted_by", "SubmitterName"), Kept("name", "personal")),
        **dict.fromkeys(("SubmitterID", "subscriberid", "simserial", "_geolocation"), Kept("", "personal")),
        "phonenumber": Kept("phone", "personal"),
        "email": Kept("email", "personal"),
        **dict.fromkeys(("_status", "_validation_status", "ReviewState", "Status"), Kept("", "status")),
        **dict.fromkeys(
            ("__version__", "FormVersion", "_notes", "_tags", "_parent_index", "_parent_table_name", "Edits"),
            Kept("", "other"),
        ),
        **dict.fromkeys(("AttachmentsPresent", "AttachmentsExpected", "formhub"), Kept("", "other")),
    }
)
_UNANSWERED = re.compile(r"(intro|refused|\w+_text|\w+_answers)(_\d+)?")
"""Rows of our forms that nobody answers: words to read, and the answers above a matrix."""


def recognise(raw: RawTable) -> Sign | None:
    """Return what shows that a table comes from such a server."""
    names = [folded(str(name)) for name in raw.frame.columns]
    for marks, reason, sureness in _MARKS:
        if marks <= set(names):
            return Sign(sureness, reason)
    grouped = [name for name in names if "/" in name]
    if len(grouped) >= _LEAST_GROUPED:
        return Sign(30, f"{len(grouped)} columns named group/question")
    return None


def last_part(column: str) -> str:
    """Return the name without its groups, which stand before `/`, `-` or `:`."""
    found = _LAST.search(column.strip())
    return found[0] if found else column


def candidates(column: str) -> tuple[str, ...]:
    """Return the name of the question without its groups.

    Examples
    --------
    >>> candidates("consent/cog_1"), candidates("consent-cog_1")
    (('cog_1',), ('cog_1',))
    """
    return (last_part(column),)


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wording that a column may show when its header is the question's label."""
    return tuple(dict.fromkeys(heard(text) for text in (column, column.rpartition("/")[2], label) if text))


def bookkeeping(column: str) -> Kept | None:
    """Return what a column beside the answers holds."""
    name = last_part(column)
    kept = _NAMED(column) or _NAMED(name)
    return kept or (Kept("", "other") if _UNANSWERED.fullmatch(folded(name)) else None)


def tidy(raw: RawTable, options: TidyOptions) -> RawTable:
    """Return the table with the words of answers as the questionnaire has them, without marks of Markdown."""
    return with_labels(raw, marked_labels(options.manifest, said))


PLATFORM = Platform(
    name="odk",
    title="ODK or KoboToolbox",
    recognise=recognise,
    formats=("xlsform", "xlsform-list"),
    tidy=tidy,
    candidates=candidates,
    texts=texts,
    bookkeeping=bookkeeping,
    missing={"n/a": "not shown"},
)
