"""Conditions and limits of answers in XPath, as XLSForm writes them.

An answer that was not given is empty text, and `!=` would hold for it. So only `=` stands alone; all other
comparisons ask first whether there is an answer.
"""

from __future__ import annotations

from trustmeasure.errors import QuestionnaireError
from trustmeasure.logic import Is
from trustmeasure.questionnaires.elements import Entry
from trustmeasure.questionnaires.logic import Dialect


def _compare(comparison: Is) -> str:
    column = f"${{{comparison.column}}}"
    sign = "=" if comparison.op == "==" else comparison.op
    said = f"{column} {sign} {comparison.value}"
    return said if sign == "=" else f"({column} != '' and {said})"


DIALECT = Dialect(compare=_compare, answered=lambda column: f"${{{column}}} != ''")


def constraint(entry: Entry) -> str:
    """Return what an answer must fulfil; empty for anything."""
    parts = []
    if entry.minimum is not None:
        parts.append(f". >= {entry.minimum}")
    if entry.maximum is not None:
        parts.append(f". <= {entry.maximum}")
    if entry.longest is not None:
        parts.append(f"string-length(.) <= {entry.longest}")
    if entry.pattern:
        parts.append(f"regex(., {_quoted(entry)})")
    return " and ".join(parts)


def _quoted(entry: Entry) -> str:
    pattern = f"^(?:{entry.pattern})$"
    if "${" in pattern or ("'" in pattern and '"' in pattern):
        raise QuestionnaireError(
            f"XLSForm cannot hold the pattern of '{entry.id}': it must not have '${{', and not both kinds of "
            "quotation marks. Write it without them."
        )
    sign = '"' if "'" in pattern else "'"
    return f"{sign}{pattern}{sign}"
