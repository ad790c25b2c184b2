"""A correlation matrix as a coloured lower triangle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Normalize

from trustmeasure.check import one_of
from trustmeasure.display import number
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.correlations import Correlations, correlations
from trustmeasure.plots.text import measure, wrap
from trustmeasure.plots.words import Language, chosen, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colorbar import Colorbar
    from matplotlib.figure import Figure

WIDEST_LABEL = 200.0
COLORS = "RdBu_r"
NUMBER = 16.0
BAR_ROOM = 58.0
FOOT = 34.0
_SIZES = ((12, 27.0, 8.0), (25, 22.0, 6.6), (10_000, 17.5, 5.2))


def correlation_heatmap(
    data: Any,
    *,
    construct: str | Sequence[str] | None = None,
    groups: Mapping[str, str] | None = None,
    labels: Mapping[str, str | Mapping[str, str]] | None = None,
    method: Literal["pearson", "spearman"] = "pearson",
    values: bool = True,
    decimals: int = 2,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw correlations as the lower triangle of a matrix.

    Rows are numbered and named, columns carry the numbers. Blue is negative, red positive, white zero; the
    colours always span -1 to 1, so that figures can be compared.

    Parameters
    ----------
    data : frame, matrix or Responses
        Variables as columns (correlated here, each pair with the rows it has), a correlation matrix, or
        responses, whose items are grouped by construct.
    construct : str or sequence of str, optional
        Constructs of the responses to draw; all items otherwise.
    groups : mapping, optional
        Variable -> group; variables of a group are put together and named.
    labels : mapping, optional
        Variable -> what it is called (or -> name per language); wording or column name otherwise.
    method : {"pearson", "spearman"}
        Kind of correlation, when it is computed here.
    values : bool
        Whether to print the correlations.
    decimals : int
        Digits after the point.
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of names and of the figure's own words.
    ax : Axes, optional
        Axes to draw on.
    figsize : pair of float, optional
        Size in inches; texts shrink when it is too small for them.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Raises
    ------
    DataError
        If a column holds text, or there are fewer than two columns or rows.
    ArgumentError
        If an argument has an unknown value.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [4, 3, 2, 1]})
    >>> fig = correlation_heatmap(data)
    >>> [text.get_text() for text in fig.axes[0].texts if text.get_label() == "_value"]
    ['.60', '−1.00', '−.60']
    """
    one_of("method", method, ("pearson", "spearman"))
    require_language(language)
    found = correlations(data, construct, groups, method, language)
    given = {name: chosen(text, language) for name, text in (labels or {}).items()}
    return triangle(
        found, given, decimals if values else None, title=title, language=language, ax=ax, figsize=figsize
    )


def triangle(
    found: Correlations,
    given: Mapping[str, str],
    decimals: int | None,
    *,
    title: str | None,
    language: Language,
    ax: Axes | None,
    figsize: tuple[float, float] | None,
) -> Figure:
    """Draw the lower triangle of a matrix; without `decimals` no values are printed."""
    with style.drawing():
        sheet = _Sheet.around(found, _row_names(found, given), titled=bool(title))
        on = canvas(ax, figsize, sheet.inches)
        mesh = _draw_cells(on.ax, found)
        if decimals is not None:
            _draw_values(on, found, sheet.font, decimals)
        _draw_groups(on, found)
        _draw_names(on, sheet)
        _finish_axes(on, found, language)
        holder = {"cax": _place(on, sheet)} if on.own else {"ax": on.ax, "shrink": 0.5}
        _finish_bar(on, on.fig.colorbar(mesh, aspect=18, **holder), found, language)
        on.head(title)
        return on.finish()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Sizes in points, and the names of the rows."""

    cell: float
    font: float
    names: float
    beyond: float
    top: float
    rows: tuple[str, ...]

    @classmethod
    def around(cls, found: Correlations, rows: Sequence[str], *, titled: bool) -> _Sheet:
        """Return the sizes that names, groups and title need."""
        cell, font = next((cell, font) for most, cell, font in _SIZES if len(rows) <= most)
        names = max(measure(text, style.SMALL)[0] for text in rows) + NUMBER + 12.0
        last = list(found.groups.values())[-1:]
        beyond = max((measure(group, style.SMALL)[0] for group in last), default=0.0)
        return cls(cell, font, names, beyond, 26.0 if titled else 6.0, tuple(rows))

    @property
    def side(self) -> float:
        """Width and height of the triangle."""
        return self.cell * len(self.rows)

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height of the figure."""
        width = self.names + self.side + max(16.0, self.beyond) + BAR_ROOM
        return width / 72, (max(self.side, 96.0) + self.top + FOOT) / 72


def _place(on: Canvas, sheet: _Sheet) -> Axes:
    """Place the triangle and return axes for the colour bar, in a figure of our own."""
    on.fig.set_layout_engine("none")
    width, height = (72 * float(inches) / on.scale for inches in on.fig.get_size_inches())
    tall = max(sheet.side, 96.0)
    low = height - sheet.top - tall
    on.ax.set_position((sheet.names / width, low / height, sheet.side / width, tall / height))
    on.ax.set_anchor("NW")
    bar = min(150.0, 0.7 * tall)
    left = sheet.inches[0] * 72 - BAR_ROOM + 10.0
    return on.fig.add_axes((left / width, 1 - (sheet.top + bar) / height, 9.0 / width, bar / height))


def _row_names(found: Correlations, given: Mapping[str, str]) -> list[str]:
    called = [given.get(v) or found.called.get(v) or v for v in map(str, found.matrix.columns)]
    return [wrap(name, WIDEST_LABEL, style.SMALL, 2) for name in called]


def _draw_names(on: Canvas, sheet: _Sheet) -> None:
    """Write number and name of each row beside the axes."""
    for i, name in enumerate(sheet.rows):
        left = NUMBER - sheet.names
        on.beside(str(i + 1), 0, i + 0.5, left, style.SMALL, style.SOFT, "right")
        on.beside(name, 0, i + 0.5, left + 5.0, style.SMALL, style.INK, "left", label="_name")


def _draw_cells(ax: Axes, found: Correlations) -> Any:
    matrix = found.matrix.to_numpy(dtype=float)
    count = len(matrix)
    lower = np.tril(np.ones((count, count), dtype=bool), -1)
    shown = np.ma.masked_where(~lower | ~np.isfinite(matrix), matrix)
    edges = np.arange(count + 1)
    norm = Normalize(-found.limit, found.limit)
    return ax.pcolormesh(edges, edges, shown, cmap=COLORS, norm=norm, edgecolors="white", lw=0.5)


def _draw_values(on: Canvas, found: Correlations, font: float, decimals: int) -> None:
    matrix = found.matrix.to_numpy(dtype=float)
    colors = mpl.colormaps[COLORS]
    how = {"ha": "center", "va": "center_baseline", "label": "_value"}
    for i in range(len(matrix)):
        for j in range(i):
            value = float(matrix[i, j])
            text = _shown(value, decimals, found.limit) if np.isfinite(value) else "–"
            background = colors((value / found.limit + 1) / 2) if np.isfinite(value) else "white"
            on.write(text, j + 0.5, i + 0.5, font, style.readable_on(background), **how)


def _shown(value: float, decimals: int, limit: float) -> str:
    """Return a value as text; of what cannot exceed 1 without the zero before the point."""
    text = number(value, decimals)
    return text.replace("0.", ".", 1) if limit <= 1 and abs(value) < 1 else text


def _draw_groups(on: Canvas, found: Correlations) -> None:
    """Outline the cells of each group, and name it beside its part of the diagonal."""
    columns = [str(c) for c in found.matrix.columns]
    for group in dict.fromkeys(found.groups.get(c, "") for c in columns):
        members = [i for i, c in enumerate(columns) if found.groups.get(c, "") == group]
        if not group:
            continue
        first, last = members[0], members[-1]
        if last > first:
            line: dict[str, Any] = {
                "color": style.INK,
                "lw": 0.9 * on.scale,
                "clip_on": False,
                "label": "_outline",
            }
            on.ax.plot(*_outline(first, last), zorder=3, **line)
        row = (first + last) // 2
        on.write(group, row + 0.3, row + 0.5, style.SMALL, style.INK, ha="left", va="center", label="_group")


def _outline(first: int, last: int) -> tuple[list[float], list[float]]:
    """Return the outline of the cells below the diagonal between two variables."""
    stairs = [corner for i in range(first, last) for corner in ((i, i + 1), (i + 1, i + 1))]
    corners = [*stairs, (last, last + 1), (first, last + 1), (first, first + 1)]
    return [float(x) for x, _ in corners], [float(y) for _, y in corners]


def _finish_axes(on: Canvas, found: Correlations, language: str) -> None:
    count = len(found.matrix)
    on.ax.set_aspect("equal")
    on.ax.set_xlim(0, count)
    on.ax.set_ylim(count, 0)
    on.ax.set_yticks([])
    on.ax.set_xticks([i + 0.5 for i in range(count - 1)], [str(i) for i in range(1, count)])
    on.bare()
    if found.n is not None:
        low, high = (number(n, 0) for n in found.n)
        text = word("pairs", language, n=low if low == high else f"{low} – {high}")
        on.ax.set_xlabel(text, fontsize=on.font(style.NOTE), color=style.SOFT, loc="left")


def _finish_bar(on: Canvas, bar: Colorbar, found: Correlations, language: str) -> None:
    marks = [found.limit * share for share in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    fonts = mpl.rcParams["font.family"]
    bar.set_ticks(marks, labels=[number(t, 1) for t in marks])
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=on.font(style.SMALL), length=0, labelfontfamily=fonts)
    bar.set_label(word(found.what, language), fontsize=on.font(style.SMALL), fontfamily=fonts)
