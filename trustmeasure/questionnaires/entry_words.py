"""What a form tells people about a question that is answered by writing."""

from __future__ import annotations

from trustmeasure.questionnaires.elements import Entry
from trustmeasure.questionnaires.texts import words


def how_to_answer(entry: Entry, language: str) -> str:
    """Return what may be written, as a sentence for respondents; empty where anything may.

    Serves as a hint beside the question and as the message when an answer does not fit.
    """
    if entry.kind == "date":
        return words("write_date", language)
    if entry.kind == "integer":
        return _number(entry, language)
    if entry.pattern:
        return words("link_error" if entry.role == "link" else "write_form", language)
    return "" if entry.longest is None else words("write_short", language, longest=entry.longest)


def _number(entry: Entry, language: str) -> str:
    if entry.minimum is not None and entry.maximum is not None:
        return words("write_number_between", language, minimum=entry.minimum, maximum=entry.maximum)
    if entry.minimum is not None:
        return words("write_at_least", language, minimum=entry.minimum)
    if entry.maximum is not None:
        return words("write_at_most", language, maximum=entry.maximum)
    return words("write_number", language)
