"""Labels of a response scale as codes, in any language of the instrument, and the labels a file gives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_PARTS = re.compile(r"\s+[|/]\s+")


def plain_text(text: str) -> str:
    """Return text without case, full-width forms, curly quotation marks and double spaces, for comparing."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().split())


def label_codes(
    scale: ResponseScale, language: str | None = None, others: Sequence[ResponseScale] = ()
) -> dict[str, int]:
    """Return label -> code for the answers and missing codes of a scale, over all languages or in one.

    A label that stands for two codes in two languages is left out: it decides nothing. `others` are scales
    with the same codes, such as the same one in another version, whose labels count as well.
    """
    allowed = {*scale.codes, *scale.missing_codes}
    pairs = [
        (plain_text(label), entry.code)
        for one in (scale, *others)
        for entry in _entries(one)
        for tag, label in entry.label.items()
        if entry.code in allowed and language in (None, tag)
    ]
    codes: dict[str, set[int]] = {}
    for label, code in pairs:
        codes.setdefault(label, set()).add(code)
    return {label: found.copy().pop() for label, found in codes.items() if len(found) == 1}


def _entries(scale: ResponseScale) -> tuple[ScalePoint | MissingCode, ...]:
    return (*scale.points, *scale.missing)


def file_reasons(
    column: str, labels: Mapping[float | str, str], scale: ResponseScale, words: Mapping[str, int]
) -> dict[float | str, str]:
    """Return the values that the file's own labels show to be missing, with the reason.

    Parameters
    ----------
    column : str
        Name of the column, for messages.
    labels : mapping
        Value -> label, as the file has it.
    scale : ResponseScale
        The scale of the item.
    words : mapping
        What `label_codes` returns for `scale`.

    Raises
    ------
    ResponseError
        If a label of the scale stands for another code in the file than in the instrument.
    """
    reasons = {missing.code: missing.reason for missing in scale.missing}
    found: dict[float | str, str] = {}
    for value, label in labels.items():
        for code in _meant(label, words):
            if code in reasons:
                found[value] = reasons[code]
            elif code != value:
                raise ResponseError(
                    f"Column '{column}': the file labels {value!r} as '{label}', but on the scale "
                    f"'{scale.id}' that answer has the code {code}. Recode the column, or correct the labels."
                )
    return found


def _meant(label: str, words: Mapping[str, int]) -> list[int]:
    """Return the codes that a label of the file names; labels of two languages may stand as "a | b"."""
    parts = [label, *_PARTS.split(label)]
    return [words[text] for text in map(plain_text, parts) if text in words]
