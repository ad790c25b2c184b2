"""A layout on axes: shapes, lines, arrow heads and texts, all in points of the layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse, Patch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from trustmeasure.plots import style
from trustmeasure.plots.diagram.content import LINE, Content, Label
from trustmeasure.plots.diagram.graph import Layout, Place, Points, Route

HEAD = 6.5
_WIDTH = {"path": 1.3, "loading": 0.8, "covariance": 0.8, "residual": 0.8}
_COLOR = {"path": style.INK, "loading": style.SOFT, "covariance": style.SOFT, "residual": style.SOFT}


@dataclass(frozen=True, slots=True)
class Pen:
    """Axes, and how much smaller (or larger) than the layout everything is drawn."""

    ax: Axes
    scale: float

    def write(self, text: str, x: float, y: float, size: float, color: str, **how: Any) -> None:
        """Write a text whose size is `size` points of the layout."""
        self.ax.add_artist(SheetText(x, y, text, points=size, color=color, **how))


class SheetText(Text):
    """A text with its size in data units, so that it stays in its shape when the axes change their size."""

    def __init__(self, x: float, y: float, text: str, *, points: float, **how: Any) -> None:
        super().__init__(x, y, text, **{"clip_on": False, **how})
        self._points = points

    def _fit(self) -> None:
        """Set the font size that fits the present size of the axes."""
        axes: Any = self.axes
        (_, low), (_, high) = axes.transData.transform([(0, 0), (0, 1)])
        size = float(self._points * (high - low) * 72 / axes.figure.dpi)
        if size > 0 and abs(size - float(self.get_fontsize())) > 1e-6 * size:
            self.set_fontsize(size)

    def draw(self, renderer: Any) -> None:
        """Draw the text in its present size."""
        self._fit()
        super().draw(renderer)

    def get_window_extent(self, renderer: Any = None, dpi: float | None = None) -> Bbox:
        """Return the rectangle of the text in pixels, in its present size."""
        self._fit()
        return super().get_window_extent(renderer, dpi)


def draw(made: Layout, content: Content, pen: Pen) -> None:
    """Draw everything on `pen.ax`, whose data units are the layout's points."""
    for route in made.routes:
        _draw_route(route, pen)
    for place in made.places:
        _draw_place(place, content, pen)
    for route in made.routes:
        _draw_value(route, content, pen)


def _draw_route(route: Route, pen: Pen) -> None:
    kind = route.link.kind
    points = route.points
    heads = [points] if kind != "covariance" else [points, points[::-1]]
    trimmed = _shortened(points, len(heads) == 2)
    pen.ax.add_patch(
        PathPatch(
            Path(trimmed),
            fill=False,
            ec=_COLOR[kind],
            lw=_WIDTH[kind] * pen.scale,
            zorder=1,
            label=_name(route),
        )
    )
    for line in heads:
        pen.ax.add_patch(
            Polygon(_head(line, _size(kind)), closed=True, fc=_COLOR[kind], ec="none", lw=0, zorder=2)
        )


def _name(route: Route) -> str:
    """Return the artist's label; one that begins with `_` stays out of legends."""
    return f"_{route.link.kind}:{route.link.source}:{route.link.target}"


def _size(kind: str) -> float:
    return HEAD if kind == "path" else HEAD * 0.8


def _shortened(points: Points, both: bool) -> Points:
    """Cut the line where its heads begin, so that no blunt end shows at the tip."""
    line = _cut(points, HEAD * 0.6)
    return _cut(line[::-1], HEAD * 0.6)[::-1] if both else line


def _cut(points: Points, length: float) -> Points:
    """Return the line without its last `length` points."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    left = float(steps.sum()) - length
    if left <= 0:
        return points
    walked = np.concatenate([[0.0], np.cumsum(steps)])
    end = [float(np.interp(left, walked, points[:, i])) for i in (0, 1)]
    return np.vstack([points[walked < left], end])


def _head(points: Points, size: float) -> Points:
    """Return the triangle at the end of a line."""
    base = _cut(points, size)[-1]
    tip = points[-1]
    direction = (tip - base) / (np.hypot(*(tip - base)) or 1.0)
    normal = np.array([-direction[1], direction[0]])
    back = tip - direction * size
    return np.array([tip, back + normal * size * 0.36, back - normal * size * 0.36])


def _draw_place(place: Place, content: Content, pen: Pen) -> None:
    pen.ax.add_patch(_shape(place, pen))
    name, below = content.names[place.id], content.below.get(place.id)
    drop = 0.0 if below is None else (below.size.height + LINE) / 2
    _write(name, place.x, place.y + drop, pen, turned=place.turned)
    if below is not None:
        _write(below, place.x, place.y - (name.size.height + LINE) / 2, pen, color=style.ACCENT)


def _shape(place: Place, pen: Pen) -> Patch:
    width = 1.2 * pen.scale
    if place.shape == "ellipse":
        return Ellipse(
            (place.x, place.y),
            place.width,
            place.height,
            fc=style.LATENT_FILL,
            ec=style.ACCENT,
            lw=width,
            zorder=3,
            label=f"_latent:{place.id}",
        )
    corner = (place.x - place.width / 2, place.y - place.height / 2)
    return Rectangle(
        corner,
        place.width,
        place.height,
        fc=style.OBSERVED_FILL,
        ec=style.SOFT,
        lw=0.75 * width,
        zorder=3,
        label=f"_observed:{place.id}",
    )


def _draw_value(route: Route, content: Content, pen: Pen) -> None:
    link = route.link
    if route.label is None:
        return
    color = style.INK if link.kind == "path" else style.SOFT
    text = content.values[link.source, link.target, link.kind]
    (x, y), size = route.label, link.label
    corner = (x - size.width / 2 - 1, y - size.height / 2)
    pen.ax.add_patch(Rectangle(corner, size.width + 2, size.height, fc="white", ec="none", lw=0, zorder=4))
    _write(text, x, y, pen, color=color, mark="value")


def _write(
    label: Label,
    x: float,
    y: float,
    pen: Pen,
    *,
    turned: bool = False,
    color: str = style.INK,
    mark: str = "name",
) -> None:
    how = {"ha": "center", "va": "center", "multialignment": "center", "rotation": 90 if turned else 0}
    pen.write(label.text, x, y, label.font, color, zorder=5, label=f"_{mark}", **how)
