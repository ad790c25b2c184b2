"""Which answers are missing together, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from trustmeasure.check import at_least
from trustmeasure.display import number
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.text import measure
from trustmeasure.plots.words import Language, chosen, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.moments import MissingPatterns

CELL, TALL = 15.0, 15.0
ANSWERED, MISSING = "#e3e9f0", "#b4541a"


def missing_pattern_map(
    data: Any,
    *,
    most: int = 20,
    labels: Mapping[str, str | Mapping[str, str]] | None = None,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw which answers are missing together: a row a pattern, a column a variable.

    The most frequent pattern stands on top, with its number of rows at the right. Above each column stands
    the share of its answers that are missing, in percent.

    Parameters
    ----------
    data : MissingPatterns, Screening, Responses or frame
        What `missing_patterns` or `screen` found, or the data themselves (of responses the items).
    most : int
        Patterns to draw; how many more there are is said below.
    labels : mapping, optional
        Variable -> what it is called (or -> name per language).
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
        If `most` is no whole number of at least 1.
    DataError
        For data without rows.

    Examples
    --------
    >>> import pandas as pd
    >>> fig = missing_pattern_map(pd.DataFrame({"a": [1, None, 3], "b": [1, 2, 3]}))
    >>> [text.get_text() for text in fig.axes[0].texts if text.get_label() == "_rows"]
    ['2', '1']
    """
    require_language(language)
    at_least("most", most, 1)
    found = _patterns(data)
    variables = list(found.coverage.columns)
    called = {name: chosen(text, language) for name, text in (labels or {}).items()}
    rows = found.patterns.head(most)
    with style.drawing():
        texts = [called.get(name, name) for name in variables]
        below = max(measure(text, style.SMALL)[0] for text in texts)
        width = CELL * len(variables) + 110.0
        height = TALL * len(rows) + below + 70.0 + (16 if title else 0)
        on = canvas(ax, figsize, (max(width, 200.0) / 72, height / 72))
        _cells(on, rows, variables)
        _counts(on, rows, language)
        _shares(on, found.variables.loc[variables, "share_missing"].to_numpy(dtype=float), language)
        _finish(on, texts, len(rows), len(found.patterns) - len(rows), language)
        on.head(title, above=18.0)
        return on.finish()


def _patterns(data: Any) -> MissingPatterns:
    from trustmeasure.moments import MissingPatterns
    from trustmeasure.moments.gaps import missing_patterns as patterns_of

    held = getattr(data, "missing", None)
    for known in (data, held):
        if isinstance(known, MissingPatterns):
            return known
    items = getattr(data, "item_ids", None)
    return patterns_of(data, list(items) if isinstance(items, tuple) else None)


def _cells(on: Canvas, rows: pd.DataFrame, variables: list[str]) -> None:
    seen = rows[variables].to_numpy(dtype=bool)
    for (i, j), answered in np.ndenumerate(seen):
        colour, label = (ANSWERED, "_answered") if answered else (MISSING, "_missing")
        cell = Rectangle((j - 0.5, -i - 0.5), 1, 1, fc=colour, ec="white", lw=0.8 * on.scale, label=label)
        on.ax.add_patch(cell)


def _counts(on: Canvas, rows: pd.DataFrame, language: str) -> None:
    on.beside(word("rows", language), 1, 1.0, 46.0, style.NOTE, style.SOFT, "right")
    for i, n in enumerate(rows["rows"].tolist()):
        on.beside(f"{int(n):,}", 1, -i, 46.0, style.SMALL, style.INK, "right", label="_rows")


def _shares(on: Canvas, shares: np.ndarray[Any, np.dtype[np.float64]], language: str) -> None:
    size = style.NOTE if len(shares) < 15 else 0.8 * style.NOTE
    for j, share in enumerate(shares):
        on.write(
            number(100 * share, 0 if share >= 0.1 or share == 0 else 1), j, 1.0, size, style.SOFT,
            ha="center", va="center", rotation=0 if len(shares) < 15 else 90, label="_share",
        )  # fmt: skip
    on.beside(word("missing_percent", language), 0, 1.0, -6.0, style.NOTE, style.SOFT, "right")


def _finish(on: Canvas, texts: list[str], n_rows: int, more: int, language: str) -> None:
    on.ax.set_xlim(-0.5, len(texts) - 0.5)
    on.ax.set_ylim(-n_rows + 0.5, 1.6)
    on.bare()
    on.ax.set_yticks([])
    on.ax.set_xticks(range(len(texts)))
    on.ax.set_xticklabels(texts, rotation=90, fontsize=on.font(style.SMALL))
    if more > 0:
        said = word("more_patterns", language, n=f"{more:,}")
        on.ax.set_xlabel(said, fontsize=on.font(style.NOTE), color=style.SOFT)
