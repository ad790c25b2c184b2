"""Sizes of texts as the renderer draws them, and line breaks that fit a width."""

from __future__ import annotations

import re
import unicodedata
import warnings
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.backends import backend_agg
from matplotlib.figure import Figure

from trustmeasure.plots import typeface

NOT_FIRST = "，。、；：！？）】》」』”’…—％%,.;:!?)]}·"
_SPACES = re.compile(r"[ \t\r\n]+")
NOT_LAST = "（【《「『“‘([{"


def measure(text: str, size: float) -> tuple[float, float]:
    """Return width and height of `text` in points, at font size `size`, line breaks kept.

    The fonts are those of the figures, whatever the settings of the session are.
    """
    return _measured(text, float(size), tuple(typeface.families()))


@lru_cache(maxsize=4096)
def _measured(text: str, size: float, fonts: tuple[str, ...]) -> tuple[float, float]:
    agg: Any = backend_agg
    fig = Figure(dpi=144)
    renderer = agg.RendererAgg(1, 1, fig.dpi)
    shown = fig.text(0, 0, text, fontsize=size, fontfamily=list(fonts), parse_math=False, usetex=False)
    with mpl.rc_context({"text.hinting": "no_hinting"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # the finished figure warns, see typeface
        box = shown.get_window_extent(renderer)
    return float(box.width) / 2, float(box.height) / 2


def wrap(text: str, width: float, size: float, most_lines: int | None = None) -> str:
    r"""Return `text` with line breaks so that no line is wider than `width` points.

    Latin text breaks at spaces, Chinese text between any two characters except before closing and after
    opening punctuation. A single word that is too wide is broken. What goes beyond `most_lines` is cut,
    with an ellipsis.

    Parameters
    ----------
    text : str
        One paragraph; white space is evened out, except for no-break spaces.
    width : float
        Room in points.
    size : float
        Font size.
    most_lines : int, optional
        Largest number of lines.

    Returns
    -------
    str
        The lines, joined by newlines.

    Examples
    --------
    >>> wrap("keeps its promises", 60, 9)
    'keeps its\npromises'
    """
    lines: list[str] = []
    here = ""
    for piece in _pieces(_SPACES.sub(" ", text.strip())):
        if not here or measure((here + piece).rstrip(), size)[0] <= width:
            here += piece
        else:
            lines.append(here.rstrip())
            here = piece.lstrip()
        *full, here = _broken(here, width, size)
        lines += full
    lines.append(here.rstrip())
    return "\n".join(_cut(lines, most_lines, width, size))


def balanced(text: str, width: float, size: float, most_lines: int | None = None) -> str:
    """Return `text` wrapped to `width`, with lines as even as the same number of lines allows."""
    best = wrap(text, width, size, most_lines)
    widest = min(width, max((measure(piece.rstrip(), size)[0] for piece in _pieces(text)), default=0.0))
    for share in (0.5, 0.6, 0.7, 0.8, 0.9):
        tried = wrap(text, max(width * share, widest), size)
        if tried.count("\n") == best.count("\n") and not best.endswith("…"):
            return tried
    return best


def _cut(lines: list[str], most: int | None, width: float, size: float) -> list[str]:
    if most is None or len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and measure(last + "…", size)[0] > width:
        last = last[:-1].rstrip()
    return [*lines[: most - 1], last + "…"]


def _broken(text: str, width: float, size: float) -> list[str]:
    """Break a text without a place to break at, where it gets too wide."""
    lines = []
    while len(text) > 1 and measure(text.rstrip(), size)[0] > width:
        count = max(
            1, next(i for i in range(len(text), 0, -1) if i == 1 or measure(text[:i], size)[0] <= width)
        )
        lines.append(text[:count])
        text = text[count:]
    return [*lines, text]


def _pieces(text: str) -> list[str]:
    """Split a text into the parts that stay together, spaces at the end of a part."""
    pieces: list[str] = []
    for c in text:
        if pieces and not _may_break(pieces[-1][-1], c):
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _may_break(before: str, after: str) -> bool:
    if after == " " or before in NOT_LAST or after in NOT_FIRST:
        return False
    return before == " " or before in "-/_" or _wide(before) or _wide(after)


def _wide(c: str) -> bool:
    return unicodedata.east_asian_width(c) in "WF"
