"""How all figures look, without touching the settings of the session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from trustmeasure.errors import ArgumentError
from trustmeasure.plots import typeface

INK = "#1f2328"
SOFT = "#6b7280"
FAINT = "#d0d4da"
ACCENT = "#1f4e79"
LATENT_FILL = "#eaf1f8"
OBSERVED_FILL = "#ffffff"
SIZE = 9.0
SMALL = 8.0
NOTE = 7.5
TITLE = 10.5

_STYLE: dict[str, Any] = {
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.labelsize": SIZE,
    "axes.titlesize": TITLE,
    "axes.titlelocation": "left",
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "figure.dpi": 100,
}


class Picture(Figure):
    """A matplotlib Figure that also shows itself in a notebook in which pyplot was never imported."""

    def _repr_png_(self) -> bytes:
        from trustmeasure.plots.output import to_png

        return to_png(self, dpi=144)


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with the settings and fonts of this package; the session's own settings come back afterwards."""
    fonts = typeface.families()
    with mpl_style.context(["default", {**_STYLE, "font.family": fonts}]):
        yield


def canvas(
    ax: Axes | None, figsize: tuple[float, float] | None, default: tuple[float, float]
) -> tuple[Figure, Axes]:
    """Return the figure and axes to draw on: the caller's, or new ones of `figsize` inches."""
    if ax is None:
        fig = Picture(figsize=figsize or default, layout="constrained")
        return fig, fig.add_subplot()
    if figsize is not None:
        raise ArgumentError("Give ax= or figsize=, not both: axes have the size of their own figure.")
    return figure_of(ax), ax


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that `ax` belongs to, also when it lies in a subfigure."""
    holder = ax.get_figure()
    while not isinstance(holder, Figure):
        if holder is None:
            raise ArgumentError("ax= belongs to no figure (it was removed). Give axes of a figure.")
        holder = holder.get_figure()
    return holder


def finish(fig: Figure) -> Figure:
    """Return `fig` after a check that every character in it can be seen."""
    texts = [t for t in fig.findobj(Text) if isinstance(t, Text) and t.get_visible()]
    typeface.warn_unshown([t.get_text() for t in texts], mpl.rcParams["font.family"])
    return fig


def bare(ax: Axes, *, keep: tuple[str, ...] = ()) -> None:
    """Take away the frame of `ax` except for the sides in `keep`, and all tick marks."""
    for side, spine in ax.spines.items():
        spine.set_visible(side in keep)
    ax.tick_params(length=0, labelfontfamily=mpl.rcParams["font.family"])
