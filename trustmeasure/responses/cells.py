"""One cell: an answer, missing for a reason, empty, or one of the things that are not allowed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Literal

import numpy as np

from trustmeasure.instruments import ResponseScale
from trustmeasure.responses.raw import RawTable, UserMissing
from trustmeasure.responses.readers.tidy import is_blank
from trustmeasure.responses.words import file_reasons, label_codes, plain_text

Kind = Literal["answer", "missing", "empty", "outside", "fraction", "text"]
Form = Literal["code", "label", "either"]

OUT_OF_RANGE = "out of range"
USER_MISSING = "declared missing in the file"
EMPTY_WORDS = frozenset(
    {"na", "nan", "null", "none", "#n/a", "#null!", "."}
)  # as R, Excel, SPSS, Stata write

NOT_APPLICABLE = frozenset({"n/a", "n.a."})
"""What people and platforms write where a question did not apply; kept as the reason."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one value of a column means.

    Attributes
    ----------
    kind : str
        An answer, missing for a reason, empty, or one of three kinds that are not allowed.
    value : float or str or None
        The code, or the text when it is no code.
    reason : str
        Why a missing answer is missing.
    form : {"code", "label", "either"}
        How it is written; a number that is the label of its own code is either, as is what a platform writes
        for no answer.
    """

    kind: Kind
    value: float | str | None = None
    reason: str = ""
    form: Form = "code"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is allowed in one column.

    Attributes
    ----------
    column : str
        Name in the source.
    id : str
        Id of the item or question that it holds.
    scale : ResponseScale
        Its answers.
    words : mapping
        Label -> code.
    declared : mapping
        Value -> reason, from the scale, the labels of the file and the caller.
    ranges : tuple of UserMissing
        What the file declares missing.
    labels : mapping
        Value -> label, as the file has it.
    """

    column: str
    id: str
    scale: ResponseScale
    words: Mapping[str, int]
    declared: Mapping[float | str, str]
    ranges: tuple[UserMissing, ...] = ()
    labels: Mapping[float | str, str] | None = None


def rules_for(
    column: str,
    id: str,
    scale: ResponseScale,
    raw: RawTable,
    missing_codes: Mapping[float | str, str],
    *,
    language: str | None = None,
    others: Sequence[ResponseScale] = (),
) -> Rules:
    """Return what is allowed in a column: the scale, the file's own declarations and the caller's.

    A missing code of the caller that is an answer on this scale stays an answer.

    Parameters
    ----------
    column, id : str
        Name in the source, and the item or question that it holds.
    scale : ResponseScale
        The answers.
    raw : RawTable
        The table, for labels and missing values that the file declares.
    missing_codes : mapping
        Value -> reason, from the caller and the platform.
    language : str, optional
        The language of the labels; None for any.
    others : sequence of ResponseScale
        Scales with the same codes whose labels may stand in the cells too.
    """
    words = label_codes(scale, language, others)
    labels = raw.value_labels.get(column, {})
    known: dict[float | str, str] = {code.code: code.reason for code in scale.missing}
    caller = {
        plain_text(code) if isinstance(code, str) else code: reason
        for code, reason in missing_codes.items()
        if code not in scale.codes
    }
    declared = file_reasons(column, labels, scale, words) | caller | known
    return Rules(column, id, scale, words, declared, raw.user_missing.get(column, ()), labels)


def read_cell(value: object, rules: Rules) -> Cell:
    """Return what one value means under `rules`."""
    if isinstance(value, str):
        return _read_text(value, rules)
    if isinstance(value, bool | np.bool_) and not set(rules.scale.codes) <= {0, 1}:
        return Cell("text", str(value))
    number = _as_number(value)
    if number is None:
        return Cell("empty") if is_blank(value) else Cell("text", str(value))
    return _read_number(number, rules)


def _as_number(value: object) -> float | None:
    """Return a number as a float; None for NaN and for everything that is no number."""
    number = float(value) if isinstance(value, Real | Decimal | np.bool_) else np.nan
    return None if np.isnan(number) else number


def _read_text(value: str, rules: Rules) -> Cell:
    text = plain_text(value)
    if _NUMBER.fullmatch(text):
        return _read_number(float(text), rules)
    if text in rules.words:
        code = rules.words[text]
        reason = rules.declared.get(code, "")
        return Cell("missing" if reason else "answer", code, reason, "label")
    if text in rules.declared or any(entry.holds(text) for entry in rules.ranges):
        return Cell("missing", text, _reason(text, rules), "either")
    if text in NOT_APPLICABLE:
        return Cell("missing", value.strip(), "not applicable", "either")
    return Cell("empty") if not text or text in EMPTY_WORDS else Cell("text", value.strip())


def _read_number(number: float, rules: Rules) -> Cell:
    whole = bool(np.isfinite(number)) and number == round(number)
    value = int(number) if whole else number
    form: Form = "either" if rules.words.get(str(value)) == value else "code"
    if number in rules.declared or any(entry.holds(number) for entry in rules.ranges):
        foreign = number not in rules.scale.missing_codes  # a platform's sign stands among codes and labels
        return Cell("missing", value, _reason(number, rules), "either" if foreign else form)
    if number in rules.scale.codes:
        return Cell("answer", value, "", form)
    return Cell("outside" if whole or np.isinf(number) else "fraction", value, OUT_OF_RANGE, form)


def _reason(value: float | str, rules: Rules) -> str:
    label = (rules.labels or {}).get(value, "")
    return rules.declared.get(value) or (f"{USER_MISSING}: {label}" if label else USER_MISSING)
