"""The only place that rounds: a titled frame becomes text or HTML."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

P_COLUMNS = frozenset({"p_value", "pvalue", "p"})


@dataclass(frozen=True, slots=True)
class Table:
    """A frame with what a reader needs to read it alone.

    Attributes
    ----------
    title : str
        What the table shows.
    frame : pandas.DataFrame
        The unrounded values; the index is shown when it has a name.
    notes : sequence of str
        Lines below the table.
    decimals : int
        Digits shown after the point.
    labels : dict
        Column name -> heading shown instead.
    bold : set of (int, int)
        Cells that HTML shows in bold: row and column from 0, the index not counted.
    """

    title: str
    frame: pd.DataFrame
    notes: Sequence[str] = ()
    decimals: int = 3
    labels: dict[str, str] = field(default_factory=dict)
    bold: frozenset[tuple[int, int]] = frozenset()

    def __str__(self) -> str:
        return to_text(self)

    def __repr__(self) -> str:
        return to_text(self)

    def _repr_html_(self) -> str:
        return to_html(self)


@dataclass(frozen=True, slots=True)
class Summary:
    """Several tables and lines in order, shown as text or HTML."""

    title: str
    parts: Sequence[Table | str]

    def __str__(self) -> str:
        body = "\n\n".join(str(part) for part in self.parts)
        return f"{self.title}\n{'=' * width(self.title)}\n\n{body}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        shown = [to_html(p) if isinstance(p, Table) else f"<p>{html.escape(p)}</p>" for p in self.parts]
        return f"<h3>{html.escape(self.title)}</h3>{''.join(shown)}"


def number(value: float, decimals: int = 3) -> str:
    """Return `value` rounded for reading; empty text for a value that does not exist."""
    if value is None or np.isnan(value):
        return ""
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.{decimals}f}"
    negative_zero = text.startswith("-") and not text.strip("-0.,")
    return text[1:] if negative_zero else text.replace("-", "−")


def p_value(value: float, decimals: int = 3) -> str:
    """Return a probability for reading: `< .001` below the last digit shown."""
    if value is None or np.isnan(value):
        return ""
    least = 10.0**-decimals
    return f"< {least:.{decimals}f}".replace("0.", ".") if value < least else f"{value:.{decimals}f}"


def cell(value: object, column: str, decimals: int) -> str:
    """Return one value of a table as text."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{int(value):,}".replace("-", "−")
    if isinstance(value, float | np.floating):
        shown = p_value if _is_p(column) else number
        return shown(float(value), decimals)
    return str(value)


def _is_p(column: str) -> bool:
    return column in P_COLUMNS or column.endswith("_p") or column.startswith("p_value_")


def _grid(table: Table) -> tuple[list[str], list[list[str]], list[bool]]:
    frame = table.frame.reset_index() if table.frame.index.name else table.frame
    heads = [table.labels.get(str(c), str(c)) for c in frame.columns]
    columns = [
        [cell(v, str(name), table.decimals) for v in frame.iloc[:, i].tolist()]
        for i, name in enumerate(frame.columns)
    ]
    right = [bool(pd.api.types.is_numeric_dtype(frame.dtypes.iloc[i])) for i in range(frame.shape[1])]
    return heads, [list(row) for row in zip(*columns, strict=True)], right


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, size: int, right: bool) -> str:
    space = " " * (size - width(text))
    return space + text if right else text + space


def to_text(table: Table) -> str:
    """Return `table` as aligned plain text."""
    heads, rows, right = _grid(table)
    sizes = [max([width(h), *(width(r[i]) for r in rows)]) for i, h in enumerate(heads)]

    def line(cells: list[str]) -> str:
        return "  ".join(_padded(c, sizes[i], right[i]) for i, c in enumerate(cells)).rstrip()

    rule = "-" * width(line(heads)) if heads else ""
    lines = [table.title, line(heads), rule, *(line(r) for r in rows), *table.notes]
    return "\n".join(part for part in lines if part != "")


# Inline, because a notebook or a documentation theme brings its own rules for cells.
_NUMBER = "text-align:right;white-space:nowrap;padding:.15em .7em"
_TEXT = "text-align:left;padding:.15em .7em"
_BOLD = ";font-weight:bold"


def to_html(table: Table) -> str:
    """Return `table` as an HTML table; every text is escaped."""
    heads, rows, right = _grid(table)

    shift = 1 if table.frame.index.name else 0
    bold = {(i, j + shift) for i, j in table.bold}

    def cells(values: list[str], tag: str, row: int = -1) -> str:
        return "".join(
            f'<{tag} style="{_NUMBER if right[i] else _TEXT}{_BOLD if (row, i) in bold else ""}">'
            f"{html.escape(v)}</{tag}>"
            for i, v in enumerate(values)
        )

    body = "".join(f"<tr>{cells(r, 'td', i)}</tr>" for i, r in enumerate(rows))
    notes = "".join(f"<p class=note>{html.escape(n)}</p>" for n in table.notes)
    return (
        f"<table class=tm><caption>{html.escape(table.title)}</caption>"
        f"<thead><tr>{cells(heads, 'th')}</tr></thead><tbody>{body}</tbody></table>{notes}"
    )
