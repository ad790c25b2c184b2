"""An SPSS file without rows: names, labels, missing codes and levels, ready for answers."""

from __future__ import annotations

import math
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.errors import QuestionnaireError
from trustmeasure.questionnaires.codebook.model import Variable
from trustmeasure.questionnaires.codebook.variables import variables
from trustmeasure.questionnaires.model import Questionnaire

MOST_LABEL, MOST_VALUE_LABEL, MOST_FILE_LABEL = 255, 120, 64
"""What the format holds, in bytes; a Chinese character takes three."""

LONGEST_TEXT = 500
BYTES_A_SIGN = 3
_MOST_SINGLE_CODES = 3
_CASE_SIZE, _CASES, _DATE, _TIME = 68, 80, 92, 101
_END_OF_DICTIONARY = struct.pack("<ii", 999, 0)
_MEASURES = {"nominal": "nominal", "ordinal": "ordinal", "scale": "scale", "date": "scale", "text": "nominal"}


def render(questionnaire: Questionnaire) -> bytes:
    """Return the file, in the questionnaire's first language."""
    import pyreadstat

    language, found = questionnaire.languages[0], variables(questionnaire)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.sav"
        pyreadstat.write_sav(
            pd.DataFrame({one.column: [_placeholder(one)] for one in found}),
            str(path),
            file_label=cut(questionnaire.title[language], MOST_FILE_LABEL),
            column_labels={one.column: cut(one.text[language], MOST_LABEL) for one in found},
            variable_value_labels={one.column: _labels(one, language) for one in found if one.codes},
            missing_ranges={one.column: _missing(one) for one in found if one.missing},
            variable_measure={one.column: _MEASURES[one.level] for one in found},
            variable_format={one.column: _format(one) for one in found if one.level != "text"},
            note=f"Hash of the questionnaire: {questionnaire.hash[:40]}",
        )
        return without_rows(path.read_bytes())


def cut(text: str, most: int) -> str:
    """Return a text of at most `most` bytes in UTF-8: cut between characters, with an ellipsis at its end."""
    if len(text.encode()) <= most:
        return text
    end = "…"
    kept = text.encode()[: most - len(end.encode())].decode(errors="ignore")
    return kept.rstrip() + end


def shortened(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield what is cut, as sentences."""
    language, found = questionnaire.languages[0], variables(questionnaire)
    labels = [one.column for one in found if _is_cut(one.text[language], MOST_LABEL)]
    if labels:
        yield f"Variable labels hold {MOST_LABEL} bytes; cut, with an ellipsis: {', '.join(labels)}."
    values = {
        one.scale for one in found for code in one.codes if _is_cut(code.label[language], MOST_VALUE_LABEL)
    }
    if values:
        named = ", ".join(sorted(values))
        yield f"Value labels hold {MOST_VALUE_LABEL} bytes; cut, with an ellipsis: {named}."
    if _is_cut(questionnaire.title[language], MOST_FILE_LABEL):
        yield f"The file's label holds {MOST_FILE_LABEL} bytes; the title is cut, with an ellipsis."


def without_rows(content: bytes) -> bytes:
    """Return an uncompressed SPSS file without its rows, and without the day and time of its making.

    The writer needs a row to know how long texts may be.
    """
    start = content.rindex(_END_OF_DICTIONARY) + len(_END_OF_DICTIONARY)
    head = bytearray(content[:start])
    if len(content) - start != struct.unpack_from("<i", content, _CASE_SIZE)[0] * 8:
        raise ValueError("The SPSS file is laid out in another way than expected: its rows were not found.")
    struct.pack_into("<i", head, _CASES, 0)
    head[_DATE:_TIME] = b"01 Jan 00"
    head[_TIME : _TIME + 8] = b"00:00:00"
    return bytes(head)


def _is_cut(text: str, most: int) -> bool:
    return cut(text, most) != text


def _placeholder(variable: Variable) -> float | str:
    """Return the value of the row that goes again: blanks as long as a text may be."""
    if variable.level != "text":
        return math.nan
    return " " * (BYTES_A_SIGN * (variable.longest or LONGEST_TEXT))


def _labels(variable: Variable, language: str) -> dict[float, str]:
    return {float(code.value): cut(code.label[language], MOST_VALUE_LABEL) for code in variable.codes}


def _missing(variable: Variable) -> list[Any]:
    """Return the missing codes one by one, or as a range where there are more than the format names."""
    values = [float(code.value) for code in variable.missing]
    if len(values) <= _MOST_SINGLE_CODES:
        return values
    between = [code.value for code in variable.answers if min(values) <= code.value <= max(values)]
    if between:
        raise QuestionnaireError(
            f"SPSS names at most {_MOST_SINGLE_CODES} missing codes singly, and the answers {between} of "
            f"'{variable.column}' lie between its missing codes. Give missing codes above all answers."
        )
    return [{"lo": min(values), "hi": max(values)}]


def _format(variable: Variable) -> str:
    if variable.level == "date":
        return "SDATE10"
    known = [code.value for code in variable.codes]
    widest = max(
        (len(str(value)) for value in [*known, variable.maximum, variable.minimum] if value is not None),
        default=8,
    )
    return f"F{widest}.0"
