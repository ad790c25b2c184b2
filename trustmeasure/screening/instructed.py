"""Items that say which answer to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array, numbers_of
from trustmeasure.screening.asked import Asked, column_of

Required = float | int | str | tuple[Any, ...] | list[Any] | set[Any]


def failed_instructions(asked: Asked, instructed: Mapping[str, Required]) -> Array:
    """Return how many instructed items a person answered otherwise than told, shape (n,).

    Parameters
    ----------
    asked : Asked
        The answers; the instructed items are other columns of the same data.
    instructed : mapping
        Column -> the required code, or several that are allowed.

    Returns
    -------
    array, shape (n,)
        An item without an answer is not counted; NaN for a person who answered none of them.

    Raises
    ------
    ArgumentError
        For a column that does not exist, or that is one of the screened items.
    """
    if not isinstance(instructed, Mapping) or not instructed:
        raise ArgumentError(
            "instructed must be a mapping of column to required code, such as {'check_1': 3}."
        )
    failed, known = np.zeros(len(asked.index)), np.zeros(len(asked.index))
    for name, required in instructed.items():
        if name in asked.items:
            raise ArgumentError(
                f"instructed: '{name}' is one of the screened items. Leave it out of them with items=."
            )
        answered, right = _answers(asked, name, required)
        known += answered
        failed += answered & ~right
    return np.where(known > 0, failed, np.nan)


def _answers(asked: Asked, name: str, required: Required) -> tuple[Any, Any]:
    column = column_of(asked.data, name)
    allowed = list(required) if isinstance(required, tuple | list | set) else [required]
    if not allowed:
        raise ArgumentError(f"instructed: no code is given for '{name}'. Give the required one.")
    if any(isinstance(code, str) for code in allowed):
        texts = column.map(lambda value: value.strip() if isinstance(value, str) else value)
        answered = (texts.notna() & (texts.astype(str) != "")).to_numpy(dtype=bool)
        return answered, texts.isin(allowed).to_numpy(dtype=bool)
    values = numbers_of(column, name).to_numpy(dtype=float)
    return np.isfinite(values), np.isin(values, np.asarray(allowed, dtype=float))
