"""The figure and the axes that a plot is drawn on, new ones or the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style, typeface

Side = Literal["left", "right"]


class Picture(Figure):
    """A matplotlib Figure that also shows itself in a notebook in which pyplot was never imported."""

    def _repr_png_(self) -> bytes:
        from trustmeasure.plots.output import to_png

        return to_png(self, dpi=144)


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where a plot is drawn.

    Attributes
    ----------
    fig, ax : Figure, Axes
        The figure and the axes in it.
    own : bool
        Whether the figure was made here; otherwise nothing outside of `ax` is touched.
    scale : float
        Factor on all lengths in points: less than 1 when the wanted figure is smaller than texts need.
    """

    fig: Figure
    ax: Axes
    own: bool
    scale: float = 1.0

    def font(self, size: float) -> float:
        """Return a font size on this canvas."""
        return size * self.scale

    def write(self, text: str, x: float, y: float, size: float, color: Any, **how: Any) -> Text:
        """Write a text at a point of the axes, in data units."""
        return self.ax.text(x, y, text, fontsize=self.font(size), color=color, **how)

    def beside(
        self, text: str, x: float, y: float, offset: float, size: float, color: str, side: Side, **how: Any
    ) -> Text:
        """Write a text `offset` points beside the left (x = 0) or right (x = 1) end of the axes, at `y`."""
        shown = self.ax.annotate(
            text,
            xy=(x, y),
            xycoords=self.ax.get_yaxis_transform(),
            xytext=(offset * self.scale, 0),
            textcoords="offset points",
            ha=side,
            annotation_clip=False,
            **{"va": "center", **how},
        )
        shown.set(fontsize=self.font(size), color=color)
        return shown

    def bare(self, *, keep: tuple[str, ...] = (), ticks: float = 0.0) -> None:
        """Take away the background and the frame of the axes except for the sides in `keep`."""
        self.ax.set_facecolor("none")
        for side, spine in self.ax.spines.items():
            spine.set_visible(side in keep)
        self.ax.tick_params(length=ticks * self.scale, labelsize=self.font(style.SMALL), pad=3.5 * self.scale)

    def head(self, title: str | None, above: float = 6.0) -> None:
        """Write a title: over a figure of our own, else `above` points over the caller's axes."""
        size = self.font(style.TITLE)
        if not title:
            return
        if not self.own:
            self.ax.set_title(title, loc="left", pad=above, fontsize=size)
        elif isinstance(self.fig.get_layout_engine(), ConstrainedLayoutEngine):
            self.fig.suptitle(title, x=0.01, ha="left", fontsize=size)
        else:
            top = 1 - 4 / (72 * self.fig.get_figheight())
            self.fig.suptitle(title, x=0.01, y=top, ha="left", va="top", fontsize=size)

    def finish(self) -> Figure:
        """Return the figure, after all its texts got fonts that show them (or a warning)."""
        fonts = list(mpl.rcParams["font.family"])
        texts = [t for t in (self.fig if self.own else self.ax).findobj(Text) if isinstance(t, Text)]
        for text in texts:
            text.set_fontfamily(fonts)
        self.ax.tick_params(labelfontfamily=fonts)
        typeface.warn_unshown([text.get_text() for text in texts if text.get_visible()], fonts)
        return self.fig


def canvas(ax: Axes | None, figsize: tuple[float, float] | None, needed: tuple[float, float]) -> Canvas:
    """Return the caller's axes, or a new figure with one.

    Parameters
    ----------
    ax : Axes or None
        The caller's axes.
    figsize : pair of float or None
        Wanted size of a new figure in inches.
    needed : pair of float
        The size that texts of full size need; the size of a new figure when no other is wanted.
    """
    if ax is not None:
        if figsize is not None:
            raise ArgumentError("Give ax= or figsize=, not both: axes have the size of their own figure.")
        return Canvas(figure_of(ax), ax, own=False)
    width, height = figsize or needed
    if not (width > 0 and height > 0):
        raise ArgumentError(f"figsize={figsize!r} must be a width and a height in inches, both above 0.")
    fig = Picture(figsize=(width, height), layout="constrained")
    scale = min(1.0, width / needed[0], height / needed[1])
    return Canvas(fig, fig.add_subplot(), own=True, scale=scale)


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that `ax` belongs to, also when it lies in a subfigure."""
    holder = ax.get_figure()
    while not isinstance(holder, Figure):
        if holder is None:
            raise ArgumentError("ax= belongs to no figure (it was removed). Give axes of a figure.")
        holder = holder.get_figure()
    return holder
