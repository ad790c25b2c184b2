"""Curves of items along the trait: categories, information, and what groups answer at the same level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.naming import Labels, names
from trustmeasure.plots.panels import panel_title, panels
from trustmeasure.plots.power_curves import COLOURS, DASHES
from trustmeasure.plots.text import measure
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.item_response import DifResult, GradedResponse

PANEL = (175.0, 135.0)
COLUMNS = 3
GRID = np.linspace(-4.0, 4.0, 161)


def category_curves(
    model: GradedResponse,
    items: Sequence[str] | None = None,
    *,
    labels: Labels = None,
    columns: int = COLUMNS,
    title: str | None = None,
    language: Language = "en",
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw how probable each answer is along the trait, one panel an item.

    A category whose curve is nowhere the highest is one that people hardly need. The code of each category
    stands at the top of its curve.

    Parameters
    ----------
    model : GradedResponse
        A fitted model, from `graded_response`.
    items : sequence of str, optional
        The items to draw, in this order; all otherwise.
    labels : mapping, Instrument, sequence of Instrument or Responses, optional
        Names of items, as for `loadings`.
    columns : int
        Panels in a row.
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of names and of the figure's own words.
    figsize : pair of float, optional
        Size in inches; texts shrink when it is too small for them.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Raises
    ------
    ArgumentError
        If an item is not in the model, or an argument has an unknown value.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> len(category_curves(model).axes)
    4
    """
    require_language(language)
    chosen = _chosen(items, list(model.names))
    called = names(labels, language, wording=True)
    frame = model.probabilities(GRID)
    with style.drawing():
        on = panels(len(chosen), columns, PANEL, figsize, sharex=True, sharey=True)
        for panel, name in zip(on.each, chosen, strict=True):
            part = frame[frame["item"] == name]
            for i, (code, curve) in enumerate(part.groupby("category")):
                _category(panel, i, f"{code:g}", curve["probability"].to_numpy(dtype=float))
            panel.ax.set(xlim=(-4, 4), ylim=(0, 1.12), yticks=[0, 0.5, 1], xticks=[-4, -2, 0, 2, 4])
            panel.bare(keep=("left", "bottom"), ticks=2.5)
            panel_title(panel, called.get(name, name), PANEL[0] - 30)
        on.name_axes(word("trait", language), word("probability", language))
        on.head(title)
        return on.finish()


def _category(on: Canvas, i: int, code: str, probability: np.ndarray[Any, Any]) -> None:
    colour = COLOURS[i % len(COLOURS)]
    dash = DASHES[i // len(COLOURS) % len(DASHES)]
    on.ax.plot(GRID, probability, color=colour, ls=dash, lw=1.2 * on.scale, label=f"_category:{code}")
    top = int(np.argmax(probability))
    at = float(np.clip(GRID[top], -3.75, 3.75))
    on.write(code, at, float(probability[top]) + 0.02, style.NOTE, colour, ha="center", va="bottom")


def item_information(
    model: GradedResponse,
    items: Sequence[str] | None = None,
    *,
    labels: Labels = None,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw how much each item tells along the trait, one curve an item, named at its end.

    Parameters
    ----------
    model : GradedResponse
        A fitted model, from `graded_response`.
    items, labels, title, language, figsize
        As for `category_curves`.
    ax : Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Raises
    ------
    ArgumentError
        If an item is not in the model, or an argument has an unknown value.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> item_information(model).axes[0].get_ylabel()
    'Information'
    """
    require_language(language)
    chosen = _chosen(items, list(model.names))
    called = names(labels, language, wording=False)
    frame = model.information(GRID)
    with style.drawing():
        width = max(measure(called.get(name, name), style.SMALL)[0] for name in chosen)
        lines = 1.35 * style.SMALL * len(chosen)
        on = canvas(ax, figsize, ((340 + width) / 72, (max(190.0, lines) + 60) / 72))
        for i, name in enumerate(chosen):
            look: dict[str, Any] = {
                "color": COLOURS[i % len(COLOURS)],
                "ls": DASHES[i // len(COLOURS) % len(DASHES)],
            }
            on.ax.plot(GRID, frame[name], lw=1.3 * on.scale, label=called.get(name, name), **look)
        on.ax.legend(
            loc="center left",
            bbox_to_anchor=(1.01, 0.5),
            fontsize=on.font(style.SMALL),
            handlelength=1.8,
            labelspacing=0.35,
        )
        on.ax.set(xlim=(-4, 4), ylim=(0, None))
        on.bare(keep=("left", "bottom"), ticks=3.0)
        _axis_names(on, word("trait", language), word("information", language))
        on.head(title)
        return on.finish()


def total_information(
    model: GradedResponse,
    *,
    title: str | None = None,
    language: Language = "en",
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw how much all items together tell along the trait, and the standard error that is left.

    Parameters
    ----------
    model : GradedResponse
        A fitted model, from `graded_response`.
    title, language, figsize
        As for `category_curves`.

    Returns
    -------
    matplotlib.figure.Figure
        Two panels: information above, standard error of a maximum likelihood score below.

    Raises
    ------
    ArgumentError
        If an argument has an unknown value.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> model = tm.graded_response(tm.load_sample("trust-survey"), "competence")
    >>> len(total_information(model).axes)
    2
    """
    require_language(language)
    frame = model.test_information(GRID)
    with style.drawing():
        on = panels(2, 1, (300.0, 120.0), figsize, sharex=True)
        for panel, column, name in zip(
            on.each, ("information", "se"), ("information", "standard_error"), strict=True
        ):
            y = frame[column].to_numpy(dtype=float)
            panel.ax.plot(GRID, y, color=style.ACCENT, lw=1.5 * panel.scale, label=f"_{column}")
            panel.ax.set(xlim=(-4, 4), ylim=(0, 1.08 * float(np.nanmax(y))))
            panel.bare(keep=("left", "bottom"), ticks=3.0)
            panel_title(panel, word(name, language), 260)
        on.each[-1].ax.set_xlabel(word("trait", language), fontsize=on.each[0].font(style.SMALL))
        on.head(title)
        return on.finish()


def dif_curves(
    result: DifResult,
    items: Sequence[str] | None = None,
    *,
    labels: Labels = None,
    columns: int = COLUMNS,
    title: str | None = None,
    language: Language = "en",
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw what each group answers at the same level, one panel an item, one curve a group.

    Parameters
    ----------
    result : DifResult
        From `dif`.
    items : sequence of str, optional
        The items to draw, in this order; those that are flagged otherwise, all when none is.
    labels, columns, title, language, figsize
        As for `category_curves`.

    Returns
    -------
    matplotlib.figure.Figure
        The figure; it is not registered with pyplot.

    Raises
    ------
    ArgumentError
        If an item is not among those tested, or an argument has an unknown value.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = tm.dif(tm.load_sample("trust-survey"), "language", "competence")
    >>> len(dif_curves(found, ["cog_com_1", "cog_com_2"]).axes)
    2
    """
    require_language(language)
    chosen = _chosen(items if items is not None else (result.flagged or None), list(result.tests))
    called = names(labels, language, wording=True)
    axis = {"trait": "trait", "sum": "matching_sum", "given": "matching_given"}[result.matching]
    with style.drawing():
        on = panels(len(chosen), columns, PANEL, figsize, sharex=True)
        for panel, name in zip(on.each, chosen, strict=True):
            _groups(panel, result, name)
            panel_title(panel, called.get(name, name), PANEL[0] - 30)
        on.name_axes(word(axis, language), word("expected_answer", language))
        handles, texts = on.each[0].ax.get_legend_handles_labels()
        size = on.each[0].font(style.SMALL)
        on.fig.legend(handles, texts, loc="outside upper right", ncols=len(texts), fontsize=size)
        on.head(title)
        return on.finish()


def _groups(on: Canvas, result: DifResult, item: str) -> None:
    curves = result.curves(item)
    for i, group in enumerate(result.groups):
        own = curves[curves["group"] == group]
        look: dict[str, Any] = {"color": COLOURS[i % len(COLOURS)], "ls": DASHES[i % len(DASHES)]}
        on.ax.plot(own["match"], own["expected"], lw=1.4 * on.scale, label=group, **look)
    codes = result.tests[item].codes
    on.ax.set_ylim(codes[0] - 0.1, codes[-1] + 0.1)
    on.bare(keep=("left", "bottom"), ticks=2.5)


def _axis_names(on: Canvas, x: str, y: str) -> None:
    on.ax.set_xlabel(x, fontsize=on.font(style.SMALL))
    on.ax.set_ylabel(y, fontsize=on.font(style.SMALL))


def _chosen(items: Sequence[str] | None, known: list[str]) -> list[str]:
    if items is None:
        return known
    if isinstance(items, str) or len(items) == 0:
        raise ArgumentError(f"items={items!r} must be a list of at least one item.")
    return [one_of("items", name, known) for name in items]
