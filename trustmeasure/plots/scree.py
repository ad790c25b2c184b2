"""Eigenvalues from the largest to the smallest, beside those of random data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from trustmeasure.check import one_of
from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.text import measure
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.factors import ParallelAnalysis

WIDTH, HEIGHT = 300.0, 210.0
RANDOM = "#b4541a"
MODELS = ("components", "factors")
NARROW = 12
"""From this many eigenvalues on, points are small."""


def scree(
    result: Any,
    *,
    model: str = "components",
    most: int | None = None,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw a scree plot with the lines of a parallel analysis.

    Points are the eigenvalues of the items; those above the quantile of random data, in a row from the first,
    are filled. Lines are the mean and the quantile of the random ones.

    Parameters
    ----------
    result : ParallelAnalysis or NumberOfFactors
        What `parallel_analysis` or `number_of_factors` returned.
    model : {"components", "factors"}
        Eigenvalues of the correlations, or with communalities in the diagonal.
    most : int, optional
        Eigenvalues to draw, from the first; all of them otherwise.
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
        If `result` is something else, or an argument has an unknown value.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> items = tm.load_sample("trust-survey").items("cognitive_trust")
    >>> fig = scree(tm.parallel_analysis(items, draws=50, seed=1))
    >>> fig.axes[0].get_xlabel()
    'Component'
    """
    require_language(language)
    one_of("model", model, MODELS)
    parallel = _parallel(result)
    shown = parallel.n_items if most is None else min(_checked(most), parallel.n_items)
    with style.drawing():
        lines = _lines(parallel, model, language)
        beside = max(measure(name, style.SMALL)[0] for name in lines)
        on = canvas(ax, figsize, ((WIDTH + beside + 70) / 72, (HEIGHT + (16 if title else 0)) / 72))
        x = np.arange(1, shown + 1)
        _draw_random(on, x, lines)
        _draw_points(on, x, parallel, model)
        _finish(on, x, model, language)
        _name_lines(on, x, lines)
        on.head(title)
        return on.finish()


def _parallel(result: Any) -> ParallelAnalysis:
    from trustmeasure.factors import ParallelAnalysis

    found = getattr(result, "parallel", result)
    if isinstance(found, ParallelAnalysis):
        return found
    raise ArgumentError(
        f"scree draws what parallel_analysis or number_of_factors returned, not a {type(result).__name__}."
    )


def _checked(most: int) -> int:
    if most < 2:
        raise ArgumentError(f"most={most!r}: at least 2 eigenvalues are drawn.")
    return most


def _lines(parallel: ParallelAnalysis, model: Any, language: str) -> dict[str, Any]:
    """Return the random eigenvalues by the name of their line, the higher one first."""
    level = f"{100 * parallel.level:g}"
    return {
        word("random_quantile", language, level=level): parallel.threshold(model, "quantile"),
        word("random_mean", language): parallel.threshold(model, "mean"),
    }


def _draw_random(on: Canvas, x: Any, lines: dict[str, Any]) -> None:
    for (name, values), dash in zip(lines.items(), ("-", (0, (4, 2))), strict=True):
        on.ax.plot(
            x, values[: len(x)], ls=dash, color=RANDOM, lw=1.2 * on.scale, label=f"_random:{name}", zorder=2
        )


def _draw_points(on: Canvas, x: Any, parallel: ParallelAnalysis, model: Any) -> None:
    values, kept = parallel.eigenvalues[model][: len(x)], min(parallel.suggested(model), len(x))
    size = (5.0 if len(x) <= NARROW else 3.5) * on.scale
    on.ax.plot(x, values, color=style.ACCENT, lw=1.0 * on.scale, zorder=2.1, label="_eigenvalues")
    marks: dict[str, Any] = {"mec": style.ACCENT, "mew": 1.2 * on.scale, "ms": size, "zorder": 2.2}
    on.ax.plot(x[:kept], values[:kept], "o", mfc=style.ACCENT, label="_above", **marks)
    on.ax.plot(x[kept:], values[kept:], "o", mfc="white", label="_below", **marks)


def _finish(on: Canvas, x: Any, model: str, language: str) -> None:
    on.ax.set_xlim(0.5, len(x) + 0.5)
    on.ax.set_xticks(x if len(x) <= 2 * NARROW else x[4::5])
    on.ax.margins(y=0.06)
    ticks = [t for t in on.ax.get_yticks() if on.ax.get_ylim()[0] <= t <= on.ax.get_ylim()[1]]
    on.ax.set_yticks(ticks)
    on.ax.set_yticklabels([number(float(t), 1) for t in ticks])
    for height in ticks:
        on.ax.axhline(height, color=style.FAINT, lw=0.5, zorder=0.5)
    if min(ticks) < 0.0:
        on.ax.axhline(0.0, color=style.SOFT, lw=0.8, zorder=0.6)
    on.bare(keep=("bottom",), ticks=3.0)
    on.ax.tick_params(axis="y", length=0)
    on.ax.set_xlabel(word(model[:-1], language), fontsize=on.font(style.SMALL))
    on.ax.set_ylabel(word("eigenvalue", language), fontsize=on.font(style.SMALL))


def _name_lines(on: Canvas, x: Any, lines: dict[str, Any]) -> None:
    """Write the names of the lines beside their ends, moved apart so that they do not touch."""
    low, high = on.ax.get_ylim()
    line = 1.5 * style.SMALL / HEIGHT * (high - low)
    ends = [float(values[len(x) - 1]) for values in lines.values()]
    middle, apart = sum(ends) / 2, max(ends[0] - ends[1], line) / 2
    for name, place in zip(lines, (middle + apart, middle - apart), strict=True):
        on.beside(name, 1, place, 8.0, style.SMALL, RANDOM, "left", label="_name")
