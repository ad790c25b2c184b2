"""Frames as tables of a document: columns in the wanted order, rounded, headed in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from trustmeasure.display import number, p_value
from trustmeasure.reporting.blocks import Grid, Row
from trustmeasure.reporting.said import DASH
from trustmeasure.reporting.words import Words

Kind = Literal["text", "long", "whole", "number", "percent", "p", "interval", "flag"]
ALIGN: Mapping[str, str] = {
    "text": "l",
    "long": "w",
    "whole": "r",
    "number": "r",
    "percent": "r",
    "p": "r",
    "interval": "c",
    "flag": "c",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    head : str
        Key of its heading among the words.
    kind : str
        How its cells are written: text, long (text that may be broken), whole, number, percent (of a share),
        p, interval (from two columns), flag (yes, no).
    names : tuple of str
        The columns of the frame: one, for an interval the lower and the upper limit.
    decimals : int
        Digits after the point.
    """

    head: str
    kind: Kind
    names: tuple[str, ...]
    decimals: int = 3


def text(head: str, name: str) -> Column:
    """Return a column of texts."""
    return Column(head, "text", (name,))


def long(head: str, name: str) -> Column:
    """Return a column of texts that may be broken into lines."""
    return Column(head, "long", (name,))


def whole(head: str, name: str) -> Column:
    """Return a column of whole numbers."""
    return Column(head, "whole", (name,), 0)


def figure(head: str, name: str, decimals: int = 3) -> Column:
    """Return a column of numbers."""
    return Column(head, "number", (name,), decimals)


def percent(head: str, name: str) -> Column:
    """Return a column of shares, shown in percent."""
    return Column(head, "percent", (name,), 1)


def probability(head: str, name: str) -> Column:
    """Return a column of p-values."""
    return Column(head, "p", (name,))


def interval(head: str, lower: str, upper: str, decimals: int = 3) -> Column:
    """Return a column of intervals."""
    return Column(head, "interval", (lower, upper), decimals)


def flag(head: str, name: str) -> Column:
    """Return a column of yes and no."""
    return Column(head, "flag", (name,))


def grid(
    words: Words,
    caption: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    notes: Sequence[str] = (),
    group: str | None = None,
    labels: Mapping[str, str] | None = None,
    strong: Callable[[Any], bool] | None = None,
) -> Grid:
    """Return a frame as a table of a document.

    Parameters
    ----------
    words : Words
        The language.
    caption : str
        What the table shows, as it is printed.
    frame : pandas.DataFrame
        The unrounded values. A column that it lacks is left out of the table.
    columns : sequence of Column
        What is shown, in order.
    notes : sequence of str
        Lines below.
    group : str, optional
        Column by whose values the rows are headed.
    labels : mapping, optional
        Text of a cell -> what is printed in its place.
    strong : callable, optional
        Whether a row is printed bold.
    """
    shown = [column for column in columns if all(name in frame for name in column.names)]
    rows: list[Row] = []
    last: object = None
    for record in frame.to_dict("records"):
        if group is not None and record[group] != last:
            last = record[group]
            rows.append(Row((_label(str(last), labels),), heads=True))
        cells = [_cell(record, column, words, labels) for column in shown]
        rows.append(Row(cells, strong=bool(strong and strong(record))))
    heads = [words(f"head.{column.head}") for column in shown]
    return Grid(caption, heads, rows, "".join(ALIGN[column.kind] for column in shown), notes)


def _label(cell: str, labels: Mapping[str, str] | None) -> str:
    return labels.get(cell, cell) if labels else cell


def _cell(record: Mapping[Any, Any], column: Column, words: Words, labels: Mapping[str, str] | None) -> str:
    values = [record[name] for name in column.names]
    value = values[0]
    if column.kind in ("text", "long"):
        return DASH if _absent(value) else _label(str(value), labels)
    if any(_absent(one) for one in values):
        return DASH
    if column.kind == "flag":
        return words("word.yes" if value else "word.no")
    if column.kind == "interval":
        return f"[{number(float(values[0]), column.decimals)}, {number(float(values[1]), column.decimals)}]"
    if column.kind == "p":
        return p_value(float(value), column.decimals).removeprefix("0") or DASH
    scale = 100.0 if column.kind == "percent" else 1.0
    return number(scale * float(value), column.decimals) or DASH


def _absent(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)
