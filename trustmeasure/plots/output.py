"""Figures as files and as SVG text, the same bytes each time."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from trustmeasure.check import in_range, one_of
from trustmeasure.files import write_with

SALT = "trustmeasure"
FORMATS = ("png", "svg", "pdf")
_ID = re.compile(r'(?<=[\s(])id="([^"]+)"')
_REFERENCE = re.compile(r'(href="#|url\(#)([^")]+)')
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def save(fig: Figure, path: str | Path, *, dpi: float = 200) -> Path:
    """Write a figure to a PNG, SVG or PDF file, the same bytes for the same figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Any figure, also one that was not made here.
    path : str or Path
        The file; its ending says the format: `.png`, `.svg` or `.pdf`. Its folder is made when needed.
    dpi : float
        Dots per inch of a PNG.

    Returns
    -------
    Path
        The file that was written, whole or not at all.

    Raises
    ------
    ArgumentError
        If the ending is not one of the three, or `dpi` is not positive.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from matplotlib.figure import Figure
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> save(Figure(figsize=(1, 1)), folder / "empty.png").name
    'empty.png'
    """
    target = Path(path)
    ending = one_of("the ending of path", target.suffix.lower().lstrip("."), FORMATS)
    data = _bytes(fig, ending, dpi=in_range("dpi", dpi, 0, 10_000))
    return write_with(target, lambda file: file.write_bytes(data))


def to_png(fig: Figure, *, dpi: float = 200) -> bytes:
    """Return a figure as the bytes of a PNG file without date and software version.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Any figure.
    dpi : float
        Dots per inch.

    Returns
    -------
    bytes
        The same bytes each time.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> to_png(Figure(figsize=(1, 1)))[1:4]
    b'PNG'
    """
    return _bytes(fig, "png", dpi=dpi)


def to_svg(fig: Figure, *, title: str | None = None) -> str:
    """Return a figure as SVG text that can be put into an HTML page, the same text each time.

    Every id gets a prefix made from the picture's content, so that several pictures in one page do not take
    each other's shapes. Text is drawn as outlines: it looks the same without the fonts.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Any figure.
    title : str, optional
        What the picture shows, read aloud by a screen reader.

    Returns
    -------
    str
        One `<svg>` element, without XML declaration.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> to_svg(Figure(figsize=(1, 1)))[:4]
    '<svg'
    """
    metadata = {"Title": title} if title else {}
    text = _bytes(fig, "svg", dpi=72, metadata=metadata).decode("utf-8")
    svg = text[text.index("<svg") :]
    return _with_prefix(svg, "tm" + hashlib.sha256(svg.encode()).hexdigest()[:10])


def _with_prefix(svg: str, prefix: str) -> str:
    named = _ID.sub(rf'id="{prefix}-\1"', svg)
    linked = _REFERENCE.sub(rf"\1{prefix}-\2", named)
    inside = linked.replace('<style type="text/css">*{', f'<style type="text/css">.{prefix} *{{', 1)
    return inside.replace("<svg ", f'<svg class="{prefix}" role="img" ', 1)


def _bytes(fig: Figure, ending: str, *, dpi: float, metadata: dict[str, Any] | None = None) -> bytes:
    buffer = io.BytesIO()
    with _fixed():
        fig.savefig(buffer, format=ending, dpi=dpi, metadata={**_METADATA[ending], **(metadata or {})})
    return buffer.getvalue()


@contextmanager
def _fixed() -> Iterator[None]:
    """Write under settings that always give the same bytes for the same figure."""
    settings: dict[Any, Any] = {
        "svg.hashsalt": SALT,
        "svg.fonttype": "path",
        "pdf.fonttype": 3,
        "text.hinting": "no_hinting",
        "savefig.bbox": None,
        "savefig.facecolor": "auto",
        "savefig.transparent": False,
        "axes.unicode_minus": True,
    }
    with mpl.rc_context(settings):
        yield
