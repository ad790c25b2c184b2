"""Power against sample size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.text import measure
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 300.0, 210.0
COLOURS = (style.ACCENT, "#b4541a", "#3c7a4b", "#7a4b8c", "#8c7a2b", "#4b4b4b")
DASHES = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2)))
KEYS = ("parameter", "df", "rmsea0", "rmseaa", "population", "null", "alpha")
"""Columns that may part a frame into curves."""


def power(
    frame: pd.DataFrame,
    *,
    target: float | None = 0.8,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw power against sample size, one curve for each test in the frame.

    Parameters
    ----------
    frame : DataFrame
        Columns `n` and `power`, from `power_rmsea`, `power_satorra_saris`, `power_monte_carlo` or
        `required_n`, or several of these put together. Columns such as `parameter` or `df` that vary part it
        into curves; `power_low` and `power_high`, where they are, are drawn as lines around the points.
    target : float or None
        Power to compare with, drawn as a line.
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of the figure's own words.
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
        If the frame has no power or no sample sizes, or an argument has an unknown value.

    Examples
    --------
    >>> from trustmeasure.sem import power_rmsea
    >>> fig = power(power_rmsea(df=24, n=[100, 200, 400]))
    >>> fig.axes[0].get_xlabel()
    'Sample size'
    """
    require_language(language)
    if target is not None:
        in_range("target", target, 0.0, 1.0)
    curves = _curves(frame)
    with style.drawing():
        named = len(curves) > 1
        beside = max((measure(name, style.SMALL)[0] for name, _ in curves), default=0.0) if named else 0.0
        on = canvas(ax, figsize, ((WIDTH + beside + 70) / 72, (HEIGHT + (16 if title else 0)) / 72))
        for i, (name, part) in enumerate(curves):
            _draw(on, part, i, name)
        if named:
            _name(on, curves)
        _finish(on, target, language)
        on.head(title)
        return on.finish()


def _curves(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return each curve with its name, points in the order of n."""
    lost = [name for name in ("n", "power") if name not in frame.columns]
    if lost:
        raise ArgumentError(
            f"The frame has no column {' and no '.join(lost)}. Give what power_rmsea, power_satorra_saris, "
            "power_monte_carlo or required_n returns."
        )
    known = frame[np.isfinite(frame["power"].astype(float))]
    if known.empty:
        raise ArgumentError("The frame has no power to draw.")
    keys = [key for key in KEYS if key in known.columns and len(known[key].unique()) > 1]
    if "parameter" in keys:
        keys = [key for key in keys if known.groupby("parameter")[key].nunique(dropna=False).max() > 1]
        keys = ["parameter", *keys]
    if not keys:
        return [("", known.sort_values("n"))]
    groups = known.groupby(keys, sort=False, dropna=False)
    return [(_called(keys, values), part.sort_values("n")) for values, part in groups]


def _called(keys: list[str], values: object) -> str:
    each = values if isinstance(values, tuple) else (values,)
    texts = [
        str(x) if key == "parameter" else f"{key} = {x:g}" if isinstance(x, float) else f"{key} = {x}"
        for key, x in zip(keys, each, strict=True)
    ]
    return ", ".join(texts)


def _draw(on: Canvas, part: pd.DataFrame, i: int, name: str) -> None:
    colour, dash = COLOURS[i % len(COLOURS)], DASHES[i // len(COLOURS) % len(DASHES)]
    x, y = part["n"].to_numpy(dtype=float), part["power"].to_numpy(dtype=float)
    if {"power_low", "power_high"} <= set(part.columns):
        low, high = part["power_low"].to_numpy(dtype=float), part["power_high"].to_numpy(dtype=float)
        on.ax.vlines(x, low, high, color=colour, lw=1.0 * on.scale, alpha=0.6, label=f"_interval:{name}")
    on.ax.plot(x, y, ls=dash, color=colour, lw=1.4 * on.scale, label=f"_power:{name}", zorder=2)
    on.ax.plot(x, y, "o", color=colour, ms=(4 if len(x) < 30 else 2) * on.scale, zorder=2.1)


def _name(on: Canvas, curves: list[tuple[str, pd.DataFrame]]) -> None:
    """Write each curve's name beside its end, names that would touch moved apart."""
    ends = [float(part["power"].iloc[-1]) for _, part in curves]
    line = 1.25 * style.SMALL / HEIGHT * 1.35
    order = np.argsort(ends, kind="stable")
    places = np.array(ends)[order]
    for _ in range(200):
        gaps = np.diff(places)
        near = np.flatnonzero(gaps < line - 1e-9)
        if near.size == 0:
            break
        for k in near:
            push = (line - (places[k + 1] - places[k])) / 2
            places[k], places[k + 1] = places[k] - push, places[k + 1] + push
    places += min(0.0, 1.02 - places.max())
    for place, i in zip(places, order, strict=True):
        colour = COLOURS[int(i) % len(COLOURS)]
        on.beside(curves[int(i)][0], 1, float(place), 8.0, style.SMALL, colour, "left", label="_name")


def _finish(on: Canvas, target: float | None, language: str) -> None:
    on.ax.set_ylim(-0.02, 1.04)
    on.ax.set_yticks(np.linspace(0, 1, 6))
    on.ax.set_yticklabels([number(x, 1) for x in np.linspace(0, 1, 6)])
    for height in np.linspace(0, 1, 6):
        on.ax.axhline(height, color=style.FAINT, lw=0.5, zorder=0.5)
    if target is not None:
        on.ax.axhline(target, color=style.SOFT, lw=0.8, ls=(0, (4, 3)), zorder=0.6, label="_target")
    on.bare(keep=("bottom",), ticks=3.0)
    on.ax.tick_params(axis="y", length=0)
    on.ax.set_xlabel(word("sample_size", language), fontsize=on.font(style.SMALL))
    on.ax.set_ylabel(word("power", language), fontsize=on.font(style.SMALL))
