"""Rows of dots with intervals under headings: what several figures are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trustmeasure.display import number
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.text import measure, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (style.ACCENT, "#b4541a", "#3c7a4b", "#7a4b8c", "#8c7a2b", "#4b4b4b")
MARKS = ("o", "s", "^", "D", "v", "P")
WIDEST_LABEL, DOTS, INDENT, FIGURES = 210.0, 250.0, 10.0, 104.0
STEP, GAP = 13.0, 8.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One value with its interval; `series` names its colour, `band` a range to compare with."""

    value: float
    lower: float = np.nan
    upper: float = np.nan
    series: str = ""
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the figure, or a heading when it has no dots."""

    name: str
    dots: tuple[Dot, ...] = ()


def draw_rows(
    rows: Sequence[Row],
    *,
    axis: str,
    references: Mapping[float, str],
    title: str | None,
    decimals: int,
    ax: Axes | None,
    figsize: tuple[float, float] | None,
) -> Figure:
    """Draw rows of dots; call it within `style.drawing()`.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom.
    axis : str
        What the values are.
    references : mapping of float to str
        Lines to compare with, and what they are; the text may be empty.
    title, ax, figsize
        As for the figures.
    decimals : int
        Digits after the point.
    """
    names = {row.name: wrap(row.name, WIDEST_LABEL, style.SIZE) for row in rows}
    heading = max(measure(text, style.SIZE)[0] for text in names.values()) + INDENT
    series = list(dict.fromkeys(dot.series for row in rows for dot in row.dots if dot.series))
    places, height = _places(rows, names)
    size = ((heading + DOTS + FIGURES + 30) / 72, (height + 62 + 16 * bool(title) + 14 * bool(series)) / 72)
    on = canvas(ax, figsize, size)
    for row, y in zip(rows, places, strict=True):
        _draw_row(on, row, y, names[row.name], heading, series, decimals)
    _finish(on, rows, height, references, axis)
    if series:
        _legend(on, series)
    on.head(title, above=22.0 if series else 6.0)
    return on.finish()


def _places(rows: Sequence[Row], names: Mapping[str, str]) -> tuple[list[float], float]:
    """Return the middle of each row, in points below the top, and the height of all."""
    places: list[float] = []
    y = 0.0
    for row in rows:
        half = max(STEP * max(len(row.dots), 1), measure(names[row.name], style.SIZE)[1]) / 2 + 2.5
        y += GAP if not row.dots and places else 0.0
        places.append(y + half)
        y += 2 * half
    return places, y


def _draw_row(
    on: Canvas, row: Row, y: float, text: str, heading: float, series: Sequence[str], decimals: int
) -> None:
    indent, color = (INDENT, style.INK) if row.dots else (0.0, style.ACCENT)
    on.beside(text, 0, y, indent - heading - 6, style.SIZE, color, "left", label="_name")
    for i, dot in enumerate(row.dots):
        at = y + STEP * (i - (len(row.dots) - 1) / 2)
        on.ax.axhline(at, color=style.FAINT, lw=0.5, zorder=0.5)
        if not np.isfinite(dot.value):
            continue
        own = COLOURS[series.index(dot.series) % len(COLOURS)] if dot.series else style.ACCENT
        mark = MARKS[series.index(dot.series) % len(MARKS)] if dot.series else "o"
        _draw_dot(on, row.name, dot, at, own, mark)
        on.beside(_figures(dot, decimals), 1, at, 8.0, style.SMALL, style.SOFT, "left", label="_value")


def _draw_dot(on: Canvas, name: str, dot: Dot, y: float, color: str, mark: str) -> None:
    line: dict[str, Any] = {"solid_capstyle": "butt"}
    if dot.band is not None:
        on.ax.plot(dot.band, [y, y], color=style.FAINT, lw=6 * on.scale, label=f"_band:{name}", **line)
    if np.isfinite(dot.lower) and np.isfinite(dot.upper):
        where = [dot.lower, dot.upper]
        on.ax.plot(where, [y, y], color=color, lw=1.4 * on.scale, label=f"_interval:{name}", **line)
    on.ax.plot([dot.value], [y], mark, color=color, ms=5 * on.scale, label=f"_dot:{name}")


def _figures(dot: Dot, decimals: int) -> str:
    text = number(dot.value, decimals)
    if not (np.isfinite(dot.lower) and np.isfinite(dot.upper)):
        return text
    return f"{text}  [{number(dot.lower, decimals)}, {number(dot.upper, decimals)}]"


def _finish(
    on: Canvas, rows: Sequence[Row], height: float, references: Mapping[float, str], axis: str
) -> None:
    values = [v for r in rows for d in r.dots for v in (d.value, d.lower, d.upper, *(d.band or ()))]
    finite = [v for v in values if np.isfinite(v)]
    low, high = min([0.0, *references, *finite]), max([0.0, *references, *finite])
    room = 0.05 * ((high - low) or 1.0)
    on.ax.set_xlim(low - room, high + room)
    on.ax.set_ylim(height + (16 if any(references.values()) else 4), 0)
    on.ax.set_yticks([])
    on.ax.axvline(0, color=style.SOFT, lw=0.8, zorder=0.6)
    for value, name in references.items():
        on.ax.axvline(value, color=style.SOFT, lw=0.8, ls=(0, (4, 3)), zorder=0.6, label="_reference")
        if name:
            on.ax.annotate(
                name, (value, 0), xycoords=("data", "axes fraction"), xytext=(-4, 3), ha="right", va="bottom",
                textcoords="offset points", fontsize=on.font(style.NOTE), color=style.SOFT,
                label="_reference_name",
            )  # fmt: skip
    on.bare(keep=("bottom",), ticks=3.0)
    on.ax.set_xlabel(axis, fontsize=on.font(style.SMALL))


def _legend(on: Canvas, series: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=COLOURS[i % len(COLOURS)],
            marker=MARKS[i % len(MARKS)],
            ms=5 * on.scale,
            lw=1.4,
            label=name,
        )
        for i, name in enumerate(series)
    ]
    on.ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=min(len(series), 4),
        fontsize=on.font(style.SMALL), frameon=False, borderaxespad=0.2, handlelength=1.6,
    )  # fmt: skip
