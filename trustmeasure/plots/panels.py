"""Several small pictures of one kind beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, Picture
from trustmeasure.plots.text import wrap


@dataclass(frozen=True, slots=True)
class Panels:
    """A figure with one canvas for each panel.

    Attributes
    ----------
    fig : Picture
        The figure.
    each : list of Canvas
        The panels, row by row.
    columns : int
        Panels in a row.
    """

    fig: Picture
    each: list[Canvas]
    columns: int

    def name_axes(self, x: str, y: str) -> None:
        """Write the names of the axes once, below and beside all panels."""
        size = self.each[0].font(style.SMALL)
        self.fig.supxlabel(x, fontsize=size, color=style.INK)
        self.fig.supylabel(y, fontsize=size, color=style.INK)

    def head(self, title: str | None) -> None:
        """Write a title over all panels."""
        self.each[0].head(title)

    def finish(self) -> Picture:
        """Return the figure with fonts that show its texts."""
        for panel in self.each:
            panel.finish()
        return self.fig


def panels(
    n: int, columns: int, size: tuple[float, float], figsize: tuple[float, float] | None, **shared: Any
) -> Panels:
    """Return a figure with n panels, `columns` in a row, each of a size in points.

    `figsize` is the wanted size of the whole figure in inches; texts shrink when it is too small.
    """
    across = min(columns, n)
    down = -(-n // across)
    needed = ((size[0] * across + 40) / 72, (size[1] * down + 40) / 72)
    width, height = figsize or needed
    if not (width > 0 and height > 0):
        raise ArgumentError(f"figsize={figsize!r} must be a width and a height in inches, both above 0.")
    fig = Picture(figsize=(width, height), layout="constrained")
    axes = fig.subplots(down, across, squeeze=False, **shared).reshape(-1)
    scale = min(1.0, width / needed[0], height / needed[1])
    for ax in axes[n:]:
        ax.remove()
    return Panels(fig, [Canvas(fig, ax, own=True, scale=scale) for ax in axes[:n]], across)


def panel_title(on: Canvas, text: str, width: float) -> None:
    """Write the name of one panel above it, in at most two lines."""
    shown = wrap(text, width, style.SMALL, most_lines=2)
    on.ax.set_title(shown, loc="left", fontsize=on.font(style.SMALL), pad=4.0 * on.scale, color=style.INK)
