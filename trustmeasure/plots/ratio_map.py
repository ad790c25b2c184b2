"""Heterotrait-monotrait ratios of pairs of constructs as a coloured lower triangle, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from trustmeasure.check import one_of
from trustmeasure.display import number
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.naming import Labels, names
from trustmeasure.plots.text import measure, wrap
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.validity import HeterotraitRatios

Array = npt.NDArray[np.float64]

COLORS = "YlOrBr"
CELL = (52.0, 34.0)
"""Width and height of a cell in points."""
HEAD = 0.5
"""Height, in cells, of the line that names the first construct."""
WIDEST_LABEL = 160.0
NUMBER = 6.8
INTERVAL = 5.6


def htmt_map(
    ratios: HeterotraitRatios,
    *,
    kind: Literal["htmt", "htmt2"] = "htmt",
    reference: float | None = None,
    labels: Labels = None,
    decimals: int = 2,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    r"""Draw heterotrait-monotrait ratios as the lower triangle of a matrix, each with its interval.

    The darker, the less the items tell two constructs apart; the colours always span 0 to 1. Under a ratio
    stand the two-sided limits, where there are draws. A dash stands for a ratio that does not exist.

    Parameters
    ----------
    ratios : HeterotraitRatios
        What `htmt` found.
    kind : {"htmt", "htmt2"}
        Which ratio.
    reference : float, optional
        Cells are outlined whose one-sided upper limit (without draws: the ratio) is not below this, such as 1
        or 0.9.
    labels : mapping, Instrument, sequence of Instrument or Responses, optional
        Names of constructs (or -> name per language).
    decimals : int
        Digits after the point.
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of names and of the figure's own words.
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
        If an argument has an unknown value.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> answers = tm.simulate("a =~ .8*a1 + .7*a2\nb =~ .7*b1 + .9*b2\na ~~ .5*b", 300, seed=1)
    >>> found = tm.htmt(answers, {"care": ["a1", "a2"], "skill": ["b1", "b2"]}, n_bootstrap=0)
    >>> fig = htmt_map(found)
    >>> [text.get_text() for text in fig.axes[0].texts if text.get_label() == "_value"]
    ['.62']
    """
    one_of("kind", kind, ("htmt", "htmt2"))
    require_language(language)
    called = names(labels, language, wording=False)
    with style.drawing():
        rows = [wrap(called.get(n, n), WIDEST_LABEL, style.SMALL, 2) for n in ratios.constructs]
        widest = max(measure(f"{text}  {len(rows)}", style.SMALL)[0] for text in rows)
        width = widest + 40.0 + CELL[0] * (len(rows) - 1)
        height = CELL[1] * (len(rows) - 0.5) + 58.0 + (16.0 if title else 0.0)
        on = canvas(ax, figsize, (max(width, 240.0) / 72, height / 72))
        values = ratios.matrix(kind).to_numpy(dtype=float)
        mesh = _cells(on, values)
        _numbers(on, ratios, kind, values, decimals)
        if reference is not None:
            _outline(on, ratios, kind, reference)
        _axes(on, rows)
        _bar(on, mesh, ratios, kind, language)
        on.head(title)
        return on.finish()


def _cells(on: Canvas, values: Array) -> Any:
    """Colour the cells below the diagonal; the first construct has no row, the last no column."""
    k = len(values)
    lower = np.tril(np.ones((k, k), dtype=bool), -1)
    shown = np.ma.masked_where(~lower | ~np.isfinite(values), values)[1:, :-1]
    edges = np.arange(k)
    return on.ax.pcolormesh(
        edges, edges, shown, cmap=COLORS, norm=Normalize(0.0, 1.0), edgecolors="white", lw=0.8
    )


def _numbers(on: Canvas, ratios: HeterotraitRatios, kind: str, values: Array, decimals: int) -> None:
    colors = mpl.colormaps[COLORS]
    ends = [ratios.matrix(f"{kind}_ci_{end}").to_numpy(dtype=float) for end in ("lower", "upper")]
    how: dict[str, Any] = {"ha": "center", "va": "center"}
    for i in range(1, len(values)):
        for j in range(i):
            value = values[i, j]
            ink = style.readable_on(colors(min(value, 1.0)) if np.isfinite(value) else "white")
            limits = [float(end[i, j]) for end in ends]
            known = np.isfinite(limits).all()
            text = _shown(value, decimals) if np.isfinite(value) else "–"
            at = (j + 0.5, i - 0.5)
            on.write(text, at[0], at[1] - (0.15 if known else 0.0), NUMBER, ink, label="_value", **how)
            if known:
                both = f"[{_shown(limits[0], decimals)}, {_shown(limits[1], decimals)}]"
                on.write(both, at[0], at[1] + 0.21, INTERVAL, ink, label="_interval", **how)


def _shown(value: float, decimals: int) -> str:
    text = number(float(value), decimals)
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def _outline(on: Canvas, ratios: HeterotraitRatios, kind: str, reference: float) -> None:
    upper = ratios.matrix(f"{kind}_upper").to_numpy(dtype=float)
    held = np.where(np.isfinite(upper), upper, ratios.matrix(kind).to_numpy(dtype=float))
    for i, j in zip(*np.nonzero(np.tril(held >= reference, -1)), strict=True):
        box = Rectangle((j + 0.03, i - 0.97), 0.94, 0.94, fill=False, ec=style.INK, lw=1.2 * on.scale)
        box.set_label("_outline")
        on.ax.add_patch(box)


def _axes(on: Canvas, rows: Sequence[str]) -> None:
    k = len(rows)
    on.ax.set_xlim(0, k - 1)
    on.ax.set_ylim(k - 1, -HEAD)
    on.ax.set_aspect(CELL[1] / CELL[0])
    numbered = [f"{text}  {i + 1}" for i, text in enumerate(rows)]
    on.ax.set_yticks([-HEAD / 2, *(i + 0.5 for i in range(k - 1))], numbered)
    on.ax.set_xticks([i + 0.5 for i in range(k - 1)], [str(i) for i in range(1, k)])
    on.bare()
    on.ax.tick_params(labelsize=on.font(style.SMALL))


def _bar(on: Canvas, mesh: Any, ratios: HeterotraitRatios, kind: str, language: str) -> None:
    fonts = mpl.rcParams["font.family"]
    text = kind.upper()
    if ratios.n_bootstrap:
        text += word("interval", language, level=f"{100 * ratios.ci:g}")
    bar = on.fig.colorbar(mesh, ax=on.ax, location="bottom", shrink=0.6, aspect=30, pad=0.02)
    marks = [0.0, 0.25, 0.5, 0.75, 1.0]
    bar.set_ticks(marks, labels=[number(t, 2) for t in marks])
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=on.font(style.SMALL), length=0, labelfontfamily=fonts)
    bar.set_label(text, fontsize=on.font(style.SMALL), fontfamily=fonts)
