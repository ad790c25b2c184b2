"""Path diagrams of structural equation models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.diagram.content import Content, Estimates, Options, content
from trustmeasure.plots.diagram.draw import Pen, draw
from trustmeasure.plots.diagram.graph import Layout
from trustmeasure.plots.diagram.layout import layout
from trustmeasure.plots.groups import rows_of_group
from trustmeasure.plots.naming import Labels, names
from trustmeasure.plots.text import measure, wrap
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.sem import SemResult

NARROWEST = 240.0
_MARGIN = 8.0


def path_diagram(
    result: SemResult,
    *,
    what: Literal["structural", "all"] = "structural",
    estimates: Estimates | None = "std_all",
    labels: Labels = None,
    stars: bool = False,
    r_squared: bool = True,
    residuals: bool = True,
    min_abs: float | None = None,
    decimals: int = 2,
    group: int | str | None = None,
    title: str | None = None,
    note: bool = True,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw a fitted model as a path diagram.

    Latent variables are ellipses, observed variables rectangles. Causes stand left of effects. Regressions
    and loadings are arrows, covariances double-headed bows. Shapes are as large as their texts need, and
    nothing covers anything else. Intercepts, variances of latent variables, defined parameters and
    parameters fixed at zero are not drawn.

    Parameters
    ----------
    result : SemResult
        A fitted model.
    what : {"structural", "all"}
        The structural part only, or indicators and dimensions too.
    estimates : {"std_all", "std_lv", "estimate"} or None
        Column of `result.parameters` that stands on the lines; None for no figures.
    labels : mapping, Instrument, sequence of Instrument or Responses, optional
        Names of the variables: variable -> name (or -> name per language); instruments and responses give the
        names of their constructs.
    stars : bool
        Whether to mark p < .05, .01 and .001 by stars.
    r_squared : bool
        Whether to show R-squared below the names of latent and structural variables.
    residuals : bool
        Whether to show the residual variances of indicators (with `what="all"`).
    min_abs : float, optional
        Leave out lines whose absolute value (of `estimates`, else of `std_all`) is smaller; the note says so.
    decimals : int
        Digits after the point.
    group : int or str, optional
        The group to draw; needed when the model has several.
    title : str, optional
        Title above the diagram.
    note : bool
        Whether to say below the diagram what the figures are.
    language : {"en", "zh"}
        Language of the note, and of names that exist in several.
    ax : Axes, optional
        Axes to draw on; the diagram is scaled to fit.
    figsize : pair of float, optional
        Size in inches to scale to; by default as large as texts of 8 to 10 points need.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Raises
    ------
    ArgumentError
        If an argument has an unknown value, or nothing is left to draw.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> rng = np.random.default_rng(1)
    >>> trust = rng.normal(size=200)
    >>> data = pd.DataFrame({"trust": trust, "loyalty": 0.5 * trust + rng.normal(size=200)})
    >>> fig = path_diagram(fit_sem("loyalty ~ trust", data))
    >>> sorted(text.get_text() for text in fig.axes[0].texts)[-2:]
    ['loyalty', 'trust']
    """
    one_of("what", what, ("structural", "all"))
    if estimates is not None:
        one_of("estimates", estimates, ("std_all", "std_lv", "estimate"))
    require_language(language)
    options = Options(what, estimates, stars, r_squared, residuals, min_abs, decimals)
    with style.drawing():
        shown = content(
            result, rows_of_group(result.parameters, group), names(labels, language, wording=False), options
        )
        if not shown.graph.boxes:
            raise ArgumentError(f"what={what!r} leaves nothing to draw: the model has no such relation.")
        made = layout(shown.graph)
        frame = _frame(made, title, _note(shown, options, language) if note else "")
        on = canvas(ax, figsize, (frame.width / 72, frame.height / 72))
        pen = _pen(on, frame)
        draw(made, shown, pen)
        _write_around(frame, made, pen)
        return on.finish()


@dataclass(frozen=True, slots=True)
class _Frame:
    """The sheet: the drawing with a title above and a note below, in points."""

    width: float
    height: float
    left: float
    bottom: float
    title: str
    note: str


def _note(shown: Content, options: Options, language: str) -> str:
    parts = []
    if options.estimates is not None:
        parts.append(word(options.estimates, language))
    if shown.below:
        parts.append(word("r_squared", language))
    if options.stars:
        parts.append(word("stars", language))
    if shown.n_hidden and options.min_abs is not None:
        parts.append(word("hidden", language, least=f"{options.min_abs:g}"))
    return word("stop", language).join(parts)


def _frame(made: Layout, title: str | None, note: str) -> _Frame:
    width = max(made.width, NARROWEST)
    room = 0.97 * (width - 2 * _MARGIN)
    heading = wrap(title, room, style.TITLE) if title else ""
    below = wrap(note, room, style.NOTE) if note else ""
    top = measure(heading, style.TITLE)[1] + _MARGIN if heading else 0.0
    foot = measure(below, style.NOTE)[1] + _MARGIN if below else 0.0
    return _Frame(width, made.height + top + foot, (width - made.width) / 2, foot, heading, below)


def _pen(on: Canvas, frame: _Frame) -> Pen:
    """Prepare the axes so that their data units are points of the drawing, as large as fits."""
    if on.own:
        on.fig.set_layout_engine("none")
        on.ax.set_position((0, 0, 1, 1))
    width, height = on.ax.bbox.width / on.fig.dpi * 72, on.ax.bbox.height / on.fig.dpi * 72
    scale = min(width / frame.width, height / frame.height)
    x, y = (width / scale - frame.width) / 2, (height / scale - frame.height) / 2
    on.ax.set_xlim(-x - frame.left, frame.width + x - frame.left)
    on.ax.set_ylim(-y - frame.bottom, frame.height + y - frame.bottom)
    on.ax.set_aspect("equal", adjustable="box")
    on.ax.set_axis_off()
    return Pen(on.ax, scale)


def _write_around(frame: _Frame, made: Layout, pen: Pen) -> None:
    left = _MARGIN - frame.left
    how = {"ha": "left", "multialignment": "left", "label": "_frame"}
    if frame.note:
        pen.write(frame.note, left, -2.0, style.NOTE, style.SOFT, va="top", **how)
    if frame.title:
        pen.write(frame.title, left, made.height + 2.0, style.TITLE, style.INK, va="bottom", **how)
