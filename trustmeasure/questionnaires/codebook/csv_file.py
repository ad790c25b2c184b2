"""The codebook as a table, one row a column of the data."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.codebook.model import Code, Variable
from trustmeasure.questionnaires.codebook.variables import variables
from trustmeasure.questionnaires.model import Questionnaire

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(questionnaire: Questionnaire) -> bytes:
    """Return the table as UTF-8 with a byte-order mark, so that Excel shows Chinese."""
    rows = [_row(one, questionnaire.languages) for one in variables(questionnaire)]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def plain(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula: an apostrophe goes before what begins one."""
    return f"'{text}" if text.lstrip(" \n\u3000").startswith(_STARTS_A_FORMULA) else text


def _row(variable: Variable, languages: Sequence[str]) -> dict[str, object]:
    construct = variable.construct
    return {
        "number": variable.number,
        "column": variable.column,
        "kind": variable.kind,
        "level": variable.level,
        **_texts("text", variable.text, languages),
        **_texts("stem", variable.stem, languages),
        **_codes("answers", variable.answers, languages),
        **_codes("missing", variable.missing, languages),
        "missing_reasons": " | ".join(f"{code.value} = {code.missing}" for code in variable.missing),
        "minimum": _number(variable.minimum),
        "maximum": _number(variable.maximum),
        "longest": _number(variable.longest),
        "pattern": plain(variable.pattern),
        "expected": _number(variable.expected),
        "reverse": int(variable.reverse),
        "instrument": variable.instrument,
        "version": variable.version,
        "construct": "" if construct is None else construct.id,
        **_texts("construct", None if construct is None else construct.label, languages),
        **_texts("definition", None if construct is None else construct.definition, languages),
        "block": variable.block,
        "scale": variable.scale,
        **_texts("asked_if", variable.condition, languages),
    }


def _number(value: int | None) -> int | str:
    return "" if value is None else value


def _texts(name: str, given: Texts | None, languages: Sequence[str]) -> Mapping[str, str]:
    return {f"{name}_{tag}": "" if given is None else plain(given[tag]) for tag in languages}


def _codes(name: str, codes: Sequence[Code], languages: Sequence[str]) -> Mapping[str, str]:
    return {
        f"{name}_{tag}": plain(" | ".join(f"{code.value} = {code.label[tag]}" for code in codes))
        for tag in languages
    }
