"""The records that the layout takes and gives: boxes and links in, places and routes out.

All lengths are points (1/72 inch); y grows upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Shape = Literal["ellipse", "rectangle"]
Kind = Literal["path", "loading", "covariance", "residual"]
Side = Literal["left", "right", "up", "down"]


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a text, both 0 when there is none."""

    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """A variable to place.

    Attributes
    ----------
    id : str
        Name of the variable.
    shape : {"ellipse", "rectangle"}
        Latent or observed.
    size : Size
        Outer size of the shape, large enough for its text.
    residual : Size or None
        Size of the text at the tail of a residual arrow; None when no such arrow is drawn.
    """

    id: str
    shape: Shape
    size: Size
    residual: Size | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A parameter to draw as a line: `source` to `target`, or between both for a covariance."""

    source: str
    target: str
    kind: Kind
    label: Size = Size()


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes and links in the order in which the model names them."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A box with its centre; `turned` when its text runs upwards.

    Attributes
    ----------
    id, shape
        As in Box.
    x, y : float
        Centre.
    width, height : float
        Outer size as placed (swapped when turned).
    turned : bool
        Whether the text is turned by 90 degrees.
    outward : {"left", "right", "up", "down"}
        The side that looks away from the factor the box belongs to.
    corner : int
        Where the residual arrow comes from: 0 straight from outside, 1 and -1 from the upper and the lower
        (right and left) corner, because another arrow comes from outside.
    """

    id: str
    shape: Shape
    x: float
    y: float
    width: float
    height: float
    turned: bool = False
    outward: Side = "right"
    corner: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """A link with its line and the centre of its label.

    Attributes
    ----------
    link : Link
        What is drawn.
    points : array (k, 2)
        The line from boundary to boundary, dense enough to be drawn as it is.
    label : tuple or None
        Centre of the label; None when the link has none.
    """

    link: Link
    points: Points
    label: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A finished drawing: everything lies between (0, 0) and (width, height)."""

    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    width: float
    height: float

    def place(self, id: str) -> Place:
        """Return the place of the variable `id`."""
        return next(p for p in self.places if p.id == id)
