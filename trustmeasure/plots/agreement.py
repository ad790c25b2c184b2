"""How far two measurements of the same people agree: the Bland-Altman plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.reliability_analysis import BlandAltman

WIDTH, HEIGHT, BESIDE = 330.0, 230.0, 118.0
LINES = (("upper_limit", (0, (5, 3))), ("bias", "-"), ("lower_limit", (0, (5, 3))))


def bland_altman(
    result: BlandAltman,
    *,
    trend: bool = False,
    decimals: int = 2,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw the differences of two measurements against their means, with bias and limits of agreement.

    The bands are the confidence intervals of bias and limits. Points on top of each other are darker.

    Parameters
    ----------
    result : BlandAltman
        What `bland_altman` returns.
    trend : bool
        Whether to draw the regression of the difference on the mean.
    decimals : int
        Digits after the point.
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
        If `result` is not one of a Bland-Altman analysis, or an argument has an unknown value.

    Examples
    --------
    >>> import numpy as np
    >>> from trustmeasure.reliability_analysis import bland_altman as analyse
    >>> rng = np.random.default_rng(1)
    >>> truth = rng.normal(50, 10, size=80)
    >>> fig = bland_altman(analyse(truth + rng.normal(size=80), truth + rng.normal(size=80)))
    >>> fig.axes[0].get_xlabel()
    'Mean of both'
    """
    require_language(language)
    if not hasattr(result, "pairs"):
        raise ArgumentError("plots.bland_altman draws what tm.bland_altman returns; give that result.")
    with style.drawing():
        size = ((WIDTH + BESIDE + 60) / 72, (HEIGHT + (16 if title else 0)) / 72)
        on = canvas(ax, figsize, size)
        _draw_points(on, result)
        _draw_lines(on, result, decimals, language)
        if trend:
            _draw_trend(on, result)
        on.bare(keep=("bottom", "left"), ticks=3.0)
        on.ax.set_xlabel(word("mean_of_both", language), fontsize=on.font(style.SMALL))
        named = word("difference", language, first=result.names[0], second=result.names[1])
        on.ax.set_ylabel(named, fontsize=on.font(style.SMALL))
        on.head(title)
        return on.finish()


def _draw_points(on: Canvas, result: BlandAltman) -> None:
    pairs = result.pairs
    share: Any = {"ms": 4.0 * on.scale, "mew": 0.0, "mfc": style.ACCENT, "alpha": 0.45}
    on.ax.plot(pairs["mean"], pairs["difference"], "o", label="_points", **share)


def _draw_lines(on: Canvas, result: BlandAltman, decimals: int, language: str) -> None:
    numbers = result.frame.set_index("measure")[["estimate", "ci_lower", "ci_upper"]].T.to_dict("list")
    share = f"{100 * result.coverage:g}"
    for name, dash in LINES:
        value, low, high = numbers[name]
        on.ax.axhspan(low, high, color=style.ACCENT, alpha=0.10, lw=0, zorder=0.4, label=f"_band:{name}")
        on.ax.axhline(value, color=style.INK, lw=1.0 * on.scale, ls=dash, zorder=0.6, label=f"_line:{name}")
        called = word(name, language, share=share)
        text = f"{called} {number(value, decimals)}\n[{number(low, decimals)}, {number(high, decimals)}]"
        on.beside(text, 1, value, 6.0, style.NOTE, style.SOFT, "left", label=f"_value:{name}")
    on.ax.axhline(0.0, color=style.FAINT, lw=0.8, zorder=0.3)


def _draw_trend(on: Canvas, result: BlandAltman) -> None:
    slope = dict(zip(result.trends["trend"], result.trends["slope"], strict=True))["proportional_bias"]
    if not np.isfinite(slope):
        return
    mean = result.pairs["mean"].to_numpy(dtype=float)
    ends = np.array([mean.min(), mean.max()])
    middle = float(result.pairs["difference"].mean())
    line = middle + slope * (ends - mean.mean())
    on.ax.plot(ends, line, color="#b4541a", lw=1.2 * on.scale, label="_trend")
