"""How all figures look, without touching the settings of the session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib import style as mpl_style
from matplotlib.colors import to_rgb

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


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with the settings and fonts of this package; the session's own settings come back afterwards."""
    fonts = typeface.families()
    with mpl_style.context(["default", {**_STYLE, "font.family": fonts}]):
        yield


def readable_on(background: Any) -> str:
    """Return the colour of a text that can be read on `background`."""
    red, green, blue = to_rgb(background)
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"
