"""How the answers to items are distributed: diverging stacked bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.patches import Rectangle

from trustmeasure.check import one_of
from trustmeasure.display import number
from trustmeasure.plots import style
from trustmeasure.plots.answers import MARK, Answers, Scale, answers
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.text import measure, wrap
from trustmeasure.plots.words import Language, chosen, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.responses import Responses

WIDEST_LABEL = 190.0
BARS = 350.0
BAR = 0.66
SWATCH = 22.0
TOP = 0.62
NEUTRAL = "#e3e3e3"
_COLUMN = 46.0


def likert(
    items: Any | Responses,
    *,
    construct: str | Sequence[str] | None = None,
    scale: Scale = None,
    labels: Mapping[str, str | Mapping[str, str]] | None = None,
    order: Literal["given", "mean"] = "given",
    counts: bool = True,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw how the answers to each item are distributed.

    One bar an item, cut into the shares of the answers among those who answered. The bars are centred on the
    middle answer (or between the two middle ones), so that low answers lie left and high answers right of
    zero. Beside each bar stand the number of answers and the share of rows without one.

    Parameters
    ----------
    items : frame or Responses
        Codes of answers, one column an item; or responses, whose wording and scale are used. The answers of
        responses are already turned: a reverse-worded item says so behind its wording.
    construct : str or sequence of str, optional
        Constructs of the responses to draw; all items otherwise.
    scale : ResponseScale, mapping or sequence of int, optional
        The possible answers, 2 to 11: a scale of an instrument, code -> label, or codes. By default the scale
        of the responses' items, or all whole numbers between the smallest and the largest code.
    labels : mapping, optional
        Item -> what it is called (or -> name per language); the wording or the column name otherwise.
    order : {"given", "mean"}
        Items in the given order, or the highest mean first.
    counts : bool
        Whether to show n and the share of missing answers.
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of the wording and of the figure's own words.
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
        If a column holds text, or a value that is no answer of the scale.
    ArgumentError
        If the items use different scales, or an argument has an unknown value.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"sat_1": [1, 2, 3, 3], "sat_2": [3, 3, 2, None]})
    >>> fig = likert(items, scale={1: "no", 2: "undecided", 3: "yes"})
    >>> [text.get_text() for text in fig.axes[0].get_legend().get_texts()]
    ['no', 'undecided', 'yes']
    """
    require_language(language)
    one_of("order", order, ("given", "mean"))
    names = {item: chosen(text, language) for item, text in (labels or {}).items()}
    counted = answers(items, construct, scale, names, language)
    rows = _order(counted, order)
    with style.drawing():
        texts = {item: _wrapped(counted.labels[item]) for item in counted.items}
        frame = _Frame.around(counted, texts, counts=counts)
        on = canvas(ax, figsize, frame.inches)
        _draw_bars(on.ax, counted, rows)
        _draw_names(on, counted, rows, texts, frame)
        if counts:
            _draw_counts(on, counted, rows, language)
        _draw_legend(on, counted, frame)
        _finish_axes(on, counted, language)
        on.head(title, above=18.0 + frame.legend)
        on.fig.draw_without_rendering()
        _draw_shares(on, counted, rows)
        return on.finish()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Sizes in points: of the widest name, of a row, of the legend, of all."""

    names: float
    row: float
    legend: float
    width: float
    height: float

    @classmethod
    def around(cls, counted: Answers, texts: Mapping[str, str], *, counts: bool) -> _Frame:
        """Return the sizes that names and rows need."""
        sizes = [measure(texts[item], style.SIZE) for item in counted.items]
        names = max(width for width, _ in sizes)
        row = max(24.0, max(height for _, height in sizes) + 9.0)
        width = names + BARS + (2 * _COLUMN if counts else 0.0) + 30.0
        legend = 15.0 * len(_legend_rows(counted, names + BARS))
        return cls(names, row, legend, width, row * len(counted.items) + legend + 62.0)

    @property
    def inches(self) -> tuple[float, float]:
        """The size of the figure."""
        return self.width / 72, self.height / 72


def _wrapped(label: str) -> str:
    """Return a name in lines; a remark behind it stays in one piece."""
    text, _, remark = label.partition(MARK)
    lines = wrap(text, WIDEST_LABEL, style.SIZE)
    last = lines.rsplit("\n", 1)[-1]
    fits = measure(last + remark, style.SIZE)[0] <= WIDEST_LABEL
    return lines + remark if fits else f"{lines}\n{remark.strip()}"


def _order(counted: Answers, order: str) -> list[int]:
    """Return the numbers of the items from top to bottom."""
    rows = list(range(len(counted.items)))
    if order == "given":
        return rows
    means = counted.shares @ np.array(counted.categories.codes)
    return sorted(rows, key=lambda i: (counted.n[i] == 0, -means[i]))


def palette(count: int) -> list[str]:
    """Return `count` colours from brown over grey to blue-green, told apart by all kinds of colour vision."""
    half = count // 2
    strength = np.linspace(0.08, 0.37, half) if half > 1 else np.array([0.22])
    colormap = mpl.colormaps["BrBG"]
    low = [mpl.colors.to_hex(colormap(s)) for s in strength]
    high = [mpl.colors.to_hex(colormap(1 - s)) for s in strength[::-1]]
    return [*low, *([NEUTRAL] if count % 2 else []), *high]


def _starts(shares: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return where each part of each bar begins, in percent, shape (k, c)."""
    count = shares.shape[1]
    left = shares[:, : count // 2].sum(axis=1)
    if count % 2:
        left = left + shares[:, count // 2] / 2
    return np.asarray(100 * (np.cumsum(shares, axis=1) - shares - left[:, None]))


def _draw_bars(ax: Axes, counted: Answers, rows: Sequence[int]) -> None:
    starts, colors = _starts(counted.shares), palette(len(counted.categories.codes))
    for place, i in enumerate(rows):
        for j, color in enumerate(colors):
            width = 100 * float(counted.shares[i, j])
            if width:
                corner = (float(starts[i, j]), -place - BAR / 2)
                ax.add_patch(Rectangle(corner, width, BAR, fc=color, ec="white", lw=0.6, label="_share"))


def _draw_shares(on: Canvas, counted: Answers, rows: Sequence[int]) -> None:
    """Write the percentages into the parts that are wide enough for them."""
    starts, colors = _starts(counted.shares), palette(len(counted.categories.codes))
    percent, row = _points_per_unit(on)
    for place, i in enumerate(rows):
        for j, color in enumerate(colors):
            share = 100 * float(counted.shares[i, j])
            text = number(share, 0)
            width, height = (on.scale * side for side in measure(text, style.SMALL))
            if share >= 0.5 and width + 3 < share * percent and height < BAR * row:
                middle = float(starts[i, j]) + share / 2
                how = {"ha": "center", "va": "center_baseline", "label": "_percent"}
                on.write(text, middle, -place, style.SMALL, style.readable_on(color), **how)


def _points_per_unit(on: Canvas) -> tuple[float, float]:
    """Return how many points a percent takes on the x axis, and a row on the y axis."""
    (left, right), (low, high) = on.ax.get_xlim(), on.ax.get_ylim()
    box, points = on.ax.bbox, 72 / on.fig.dpi
    return box.width * points / (right - left), box.height * points / (high - low)


def _draw_names(
    on: Canvas, counted: Answers, rows: Sequence[int], texts: Mapping[str, str], frame: _Frame
) -> None:
    for place, i in enumerate(rows):
        text = texts[counted.items[i]]
        on.beside(text, 0, -place, -frame.names - 8, style.SIZE, style.INK, "left", label="_item")


def _draw_counts(on: Canvas, counted: Answers, rows: Sequence[int], language: str) -> None:
    """Write n and the share of missing answers beside each bar."""
    columns = [
        (_COLUMN - 6.0, word("n", language), [number(int(n), 0) for n in counted.n]),
        (2 * _COLUMN, word("missing", language), [f"{number(100 * m, 1)}%" for m in counted.missing]),
    ]
    for offset, heading, values in columns:
        on.beside(heading, 1, TOP, offset, style.SMALL, style.SOFT, "right", va="bottom")
        for place, i in enumerate(rows):
            on.beside(values[i], 1, -place, offset, style.SMALL, style.SOFT, "right")
    for place, i in enumerate(rows):
        if not counted.n[i]:
            text, how = word("no_answers", language), {"ha": "center", "va": "center"}
            on.write(text, 0, -place, style.SMALL, style.SOFT, backgroundcolor="white", **how)


def _legend_rows(counted: Answers, room: float) -> list[list[int]]:
    """Return the numbers of the answers in the rows of the legend, as few rows as fit into `room`."""
    count = len(counted.categories.codes)
    sizes = [measure(label, style.SMALL)[0] + SWATCH for label in counted.categories.labels]
    for columns in range(count, 0, -1):
        widths = [max(sizes[j::columns]) for j in range(columns)]
        if sum(widths) <= room or columns == 1:
            even = -(-count // -(-count // columns))
            return [list(range(start, min(start + even, count))) for start in range(0, count, even)]
    return []


def _draw_legend(on: Canvas, counted: Answers, frame: _Frame) -> None:
    colors, labels = palette(len(counted.categories.codes)), counted.categories.labels
    rows = _legend_rows(counted, frame.names + BARS)
    columns = len(rows[0])
    down_columns = [row[j] for j in range(columns) for row in rows if j < len(row)]
    on.ax.legend(
        handles=[Rectangle((0, 0), 1, 1, fc=colors[i], ec="none") for i in down_columns],
        labels=[labels[i] for i in down_columns],
        ncols=columns,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        bbox_transform=on.ax.transAxes,
        fontsize=on.font(style.SMALL),
        handlelength=1.0,
        handleheight=1.0,
        handletextpad=0.4,
        columnspacing=1.0,
        borderaxespad=1.6,
        borderpad=0.0,
        frameon=False,
    )


def _finish_axes(on: Canvas, counted: Answers, language: str) -> None:
    starts = _starts(counted.shares)
    low = float(np.floor(min(starts.min(), -10.0) / 10) * 10)
    high = float(np.ceil(max((starts + 100 * counted.shares).max(), 10.0) / 10) * 10)
    on.ax.set_xlim(low, high)
    on.ax.set_ylim(TOP - len(counted.items) - 0.24, TOP)
    ticks = [t for t in range(-100, 101, 20) if low <= t <= high]
    on.ax.set_xticks(ticks, [str(abs(t)) for t in ticks])
    on.ax.set_yticks([])
    on.ax.set_xlabel(word("share", language), fontsize=on.font(style.SMALL))
    on.ax.grid(axis="x", color=style.FAINT, lw=0.5)
    on.ax.set_axisbelow(True)
    on.ax.axvline(0, color=style.SOFT, lw=0.8, zorder=0.9)
    on.bare()
