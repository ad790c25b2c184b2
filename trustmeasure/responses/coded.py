"""Columns become codes: items, instructed answers, consent and background questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.cells import EMPTY_WORDS, rules_for
from trustmeasure.responses.coding import Coded, Drop, OutOfRange, code_column
from trustmeasure.responses.export import Export
from trustmeasure.responses.found import Found
from trustmeasure.responses.meaning import Meaning
from trustmeasure.responses.privacy.keys import canonical
from trustmeasure.responses.raw import place
from trustmeasure.responses.readers.tidy import is_blank
from trustmeasure.responses.sought import Sought

NOT_A_NUMBER = "not a whole number"


@dataclass(frozen=True, slots=True)
class Coding:
    """How cells are read.

    Attributes
    ----------
    out_of_range : {"error", "missing"}
        What to do with a code that a scale does not have.
    missing : mapping
        Value -> why there is no answer, from the caller and the platform.
    language : str or None
        The language of the labels; None for any.
    """

    out_of_range: OutOfRange
    missing: Mapping[float | str, str]
    language: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """The columns of all questions, read.

    Attributes
    ----------
    coded : mapping
        Id -> codes.
    plain : mapping
        Id -> what was written, for questions without codes.
    uncoded : tuple of str
        Ids of background questions whose cells do not fit the shipped answers; kept as they came.
    """

    coded: Mapping[str, Coded]
    plain: Mapping[str, pd.Series]
    uncoded: tuple[str, ...] = ()


def read_columns(found: Sequence[Found], sought: Sought, export: Export, coding: Coding) -> Read:
    """Return the answers of every question that has a column.

    Raises
    ------
    ResponseError
        If a cell does not fit; for a background question only where a manifest says what was asked.
    """
    coded: dict[str, Coded] = {}
    plain: dict[str, pd.Series] = {}
    uncoded = []
    for one in found:
        if one.id is None:
            continue
        meaning = sought.meanings[one.id]
        try:
            if meaning.scale is not None:
                coded[one.id] = _choice(one.column, meaning, sought, export, coding)
            elif meaning.entry == "integer":
                coded[one.id] = _integer(one.column, meaning, export, coding)
            else:
                column = written(export.raw.frame[one.column], coding)
                plain[one.id] = as_text(column) if meaning.kind == "link" else column
        except ResponseError:
            if sought.certain or meaning.kind == "item":
                raise
            uncoded.append(one.id)
    return Read(coded, plain, tuple(uncoded))


def _choice(column: str, meaning: Meaning, sought: Sought, export: Export, coding: Coding) -> Coded:
    scale = meaning.scale
    if scale is None:
        raise ResponseError(f"Column '{column}': no answers are known for '{meaning.id}'.")
    others = (sought.labels[meaning.id],) if meaning.id in sought.labels else ()
    rules = rules_for(
        column, meaning.id, scale, export.raw, coding.missing, language=coding.language, others=others
    )
    return code_column(export.raw.frame[column], rules, coding.out_of_range)


def _integer(column: str, meaning: Meaning, export: Export, coding: Coding) -> Coded:
    """Return whole numbers that respondents wrote; a missing code of the platform is no number."""
    values = export.raw.frame[column]
    numbers = np.full(len(values), np.nan)
    drops = []
    for row, value in enumerate(written(values, coding).tolist()):
        if is_blank(value):
            continue
        number = _whole(value)
        if number is None:
            drops.append(Drop(row, column, value, NOT_A_NUMBER))
        else:
            numbers[row] = number
    if drops and coding.out_of_range == "error":
        first = drops[0]
        raise ResponseError(
            f"Column '{column}' ({meaning.id}), row {place(values.index, first.position)}: {first.value!r} "
            "is not a whole number. Correct the data, or pass out_of_range='missing' to set such values "
            "missing."
        )
    return Coded(numbers, tuple(drops))


def _whole(value: object) -> float | None:
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return number if np.isfinite(number) and number == round(number) else None


def written(column: pd.Series, coding: Coding) -> pd.Series:
    """Return what was written, without the values by which a platform says that nothing was."""
    gone = {_key(value) for value in coding.missing} | EMPTY_WORDS
    cells = [np.nan if is_blank(cell) or _key(cell) in gone else cell for cell in column.tolist()]
    return pd.Series(cells, index=column.index, dtype=object).infer_objects()


def as_text(column: pd.Series) -> pd.Series:
    """Return codes that people were given as text, also where a file holds them as numbers."""
    cells = [cell if is_blank(cell) else canonical(cell) for cell in column.tolist()]
    return pd.Series(cells, index=column.index, dtype=object)


def _key(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()
