"""A column as codes of its item's response scale, with a record of every value that was set missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.frames import Array
from trustmeasure.responses.cells import Cell, Rules, read_cell
from trustmeasure.responses.raw import place

OutOfRange = Literal["error", "missing"]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Drop:
    """A value that was set missing.

    Attributes
    ----------
    position : int
        Place of the row in the frame, counted from 0.
    column : str
        Name in the source.
    value : float or str or None
        What was there.
    reason : str
        Why it is no answer.
    """

    position: int
    column: str
    value: float | str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Coded:
    """One item's answers.

    Attributes
    ----------
    values : array of shape (n,)
        Codes as in the source, NaN where there is no answer.
    dropped : tuple of Drop
        The values that were set missing, by row.
    """

    values: Array
    dropped: tuple[Drop, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as its different values and where they stand; a missing value has the place -1."""

    values: pd.Series
    cells: tuple[Cell, ...]
    positions: Positions
    rules: Rules

    def of_kind(self, kind: str) -> Positions:
        return self.rows(lambda cell: cell.kind == kind)

    def rows(self, wanted: Callable[[Cell], bool]) -> Positions:
        chosen = [i for i, cell in enumerate(self.cells) if wanted(cell)]
        return np.flatnonzero(np.isin(self.positions, chosen))

    def cell(self, row: int) -> Cell:
        return self.cells[int(self.positions[row])]

    def where(self, row: int) -> int:
        return place(self.values.index, row)

    @property
    def name(self) -> str:
        return f"Column '{self.rules.column}' (item {self.rules.id})"


def code_column(values: pd.Series, rules: Rules, out_of_range: OutOfRange = "error") -> Coded:
    """Return the codes of one column.

    Parameters
    ----------
    values : Series of length n
        The column as read: codes or labels, not both.
    rules : Rules
        What is allowed.
    out_of_range : {"error", "missing"}
        What to do with a whole number that is no code of the scale.

    Raises
    ------
    ResponseError
        If a cell is text without meaning, a fraction or (with `"error"`) out of range, or if labels and
        codes are mixed. The message names the column, the row, the value and what is allowed.
    """
    column = _distinct(values, rules)
    _refuse(column, out_of_range)
    _refuse_mixture(column)
    codes = np.array([*map(_code, column.cells), np.nan], dtype=np.float64)
    lost = column.rows(lambda cell: cell.kind in ("missing", "outside"))
    dropped = [Drop(int(r), rules.column, column.cell(r).value, column.cell(r).reason) for r in lost]
    return Coded(codes[column.positions], tuple(dropped))


def _code(cell: Cell) -> float:
    return float(cell.value) if cell.kind == "answer" and cell.value is not None else np.nan


def _distinct(values: pd.Series, rules: Rules) -> _Column:
    try:
        positions, uniques = pd.factorize(values.astype(object), use_na_sentinel=True)
    except TypeError as error:
        raise ResponseError(
            f"Column '{rules.column}' (item {rules.id}) holds several answers in a cell; "
            "one answer a cell is needed."
        ) from error
    return _Column(values, tuple(read_cell(value, rules) for value in uniques), positions, rules)


def _refuse(column: _Column, out_of_range: OutOfRange) -> None:
    """Raise ResponseError for the first cell that is not allowed, text first."""
    refused = {"text": _text_message, "fraction": _fraction_message, "outside": _outside_message}
    if out_of_range == "missing":
        del refused["outside"]
    for kind, message in refused.items():
        rows = column.of_kind(kind)
        if len(rows):
            first = int(rows[0])
            more = f" The column has {len(rows)} such cells." if len(rows) > 1 else ""
            told = message(column.cell(first).value, column.rules)
            raise ResponseError(f"{column.name}, row {column.where(first)}: {told}{more}")


def _allowed(rules: Rules) -> str:
    scale = rules.scale
    gapless = len(scale.codes) == scale.maximum - scale.minimum + 1
    codes = f"{scale.minimum} to {scale.maximum}" if gapless else ", ".join(map(str, scale.codes))
    missing = ", ".join(map(str, scale.missing_codes))
    return f"codes {codes}" + (f", and {missing} for no answer" if missing else "")


def _text_message(value: float | str | None, rules: Rules) -> str:
    return (
        f"'{value}' is neither a code nor a label of the scale '{rules.scale.id}'. "
        f"Allowed: {_allowed(rules)}, or the labels of the scale. Recode the text, or "
        "declare it with missing_codes= when it means that there is no answer."
    )


def _fraction_message(value: float | str | None, rules: Rules) -> str:
    return (
        f"{value} is not a whole number. Allowed: {_allowed(rules)}. "
        "Give the answers as they were given, not means or imputed values."
    )


def _outside_message(value: float | str | None, rules: Rules) -> str:
    return (
        f"{value} is out of range. Allowed: {_allowed(rules)}. Correct the data, declare it with "
        "missing_codes=, or pass out_of_range='missing' to set such values missing and record each."
    )


def _refuse_mixture(column: _Column) -> None:
    coded = column.rows(lambda cell: cell.value is not None and cell.form == "code")
    labelled = column.rows(lambda cell: cell.form == "label")
    if not len(coded) or not len(labelled):
        return
    shown = [f"row {column.where(r)} holds {column.values.iloc[r]!r}" for r in (coded[0], labelled[0])]
    raise ResponseError(
        f"{column.name} mixes codes and labels: {', '.join(shown)}. "
        "Export the answers again, all as codes or all as labels."
    )
