"""Loadings of an exploratory factor analysis as a coloured table: items in rows, factors in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.heatmap import COLORS
from trustmeasure.plots.naming import Labels, names
from trustmeasure.plots.text import measure, wrap
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.factors import EfaResult

WIDEST_LABEL = 250.0
WIDE, HIGH = 46.0, 18.0
"""Least width and height of a cell in points."""
GAP = 0.35
"""Between the loadings and the communalities, in cells."""


def loading_map(
    result: EfaResult,
    *,
    labels: Labels = None,
    sort: bool = True,
    hide_below: float = 0.0,
    decimals: int = 2,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw the loadings of an exploratory factor analysis as a coloured table.

    Blue is negative, red positive, white zero, from -1 to 1 in every figure. Beside the loadings stands the
    share of the item's variance that the factors explain (h², the communality).

    Parameters
    ----------
    result : EfaResult
        An analysis by `efa`.
    labels : mapping, Instrument, sequence of Instrument or Responses, optional
        Names of items and factors: item -> name (or -> name per language); instruments and responses give the
        wording of items. Factors are called F1, F2, ... otherwise.
    sort : bool
        Whether items are put together by the factor that they load highest on.
    hide_below : float
        Loadings smaller than this in size are coloured but not printed.
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
    ArgumentError
        If `result` is no exploratory factor analysis, or an argument has an unknown value.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = tm.efa(tm.load_sample("trust-survey").items("cognitive_trust"), 3)
    >>> fig = loading_map(found)
    >>> [text.get_text() for text in fig.axes[0].get_xticklabels()]
    ['F1', 'F2', 'F3', 'h²']
    """
    require_language(language)
    if not hasattr(result, "sorted_items"):
        raise ArgumentError(f"result is a {type(result).__name__}; give what efa(...) returns.")
    order = result.sorted_items() if sort else list(range(len(result.loadings)))
    called = names(labels, language, wording=True)
    items = [str(name) for name in result.loadings.index[order]]
    pattern = result.loadings.to_numpy(dtype=float)[order]
    shared = np.asarray(result.communalities, dtype=float)[order]
    with style.drawing():
        texts = [wrap(called.get(name, name), WIDEST_LABEL, style.SMALL, 2) for name in items]
        room = max(measure(text, style.SMALL)[0] for text in texts) + 14.0
        tall = max(HIGH, max(measure(text, style.SMALL)[1] for text in texts) + 5.0)
        wide = room + WIDE * (pattern.shape[1] + 1 + GAP) + 10.0
        on = canvas(ax, figsize, (wide / 72, (tall * len(items) + 40.0 + (16.0 if title else 0.0)) / 72))
        _cells(on, pattern, hide_below, decimals)
        _communalities(on, shared, pattern.shape[1], decimals)
        for i, text in enumerate(texts):
            on.beside(text, 0, i + 0.5, -6.0, style.SMALL, style.INK, "right", label="_name")
        factors = [called.get(name, name) for name in map(str, result.loadings.columns)]
        _axes(on, factors, len(items), language)
        on.head(title)
        return on.finish()


def _cells(on: Canvas, pattern: Array, hide_below: float, decimals: int) -> None:
    """Colour and print the loadings."""
    p, m = pattern.shape
    norm = mpl.colors.Normalize(-1.0, 1.0)
    on.ax.pcolormesh(
        np.arange(m + 1), np.arange(p + 1), pattern, cmap=COLORS, norm=norm, edgecolors="white", lw=1.0
    )
    colors = mpl.colormaps[COLORS]
    for i in range(p):
        for j in range(m):
            value = float(pattern[i, j])
            if abs(value) < hide_below:
                continue
            how = {"ha": "center", "va": "center_baseline", "label": "_loading"}
            color = style.readable_on(colors(float(norm(value))))
            on.write(_short(value, decimals), j + 0.5, i + 0.5, style.SMALL, color, **how)


def _communalities(on: Canvas, shared: Array, m: int, decimals: int) -> None:
    for i, value in enumerate(shared):
        how = {"ha": "center", "va": "center_baseline", "label": "_communality"}
        on.write(_short(float(value), decimals), m + GAP + 0.5, i + 0.5, style.SMALL, style.SOFT, **how)


def _short(value: float, decimals: int) -> str:
    """Return a number that cannot exceed 1 without the zero before its point."""
    text = number(value, decimals)
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def _axes(on: Canvas, factors: list[str], p: int, language: Language) -> None:
    m = len(factors)
    on.ax.set_xlim(0, m + 1 + GAP)
    on.ax.set_ylim(p, 0)
    on.ax.set_yticks([])
    on.ax.xaxis.tick_top()
    places = [j + 0.5 for j in range(m)]
    on.ax.set_xticks(
        [*places, m + GAP + 0.5], [wrap(f, WIDE + 20.0, style.SMALL, 3) for f in factors] + ["h²"]
    )
    on.bare()
    on.ax.set_xlabel(
        word("loading_std_all", language), fontsize=on.font(style.NOTE), color=style.SOFT, loc="left"
    )
