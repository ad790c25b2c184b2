"""How strongly each indicator depends on its construct: dots with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.groups import rows_of_group
from trustmeasure.plots.naming import Labels, names
from trustmeasure.plots.text import measure, wrap
from trustmeasure.plots.words import Language, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.sem import SemResult

WIDEST_LABEL = 210.0
DOTS = 250.0
INDENT = 10.0
_COLUMN = 92.0


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the figure: the name of a construct, or an indicator with its loading."""

    name: str
    y: float
    value: float | None = None
    lower: float = np.nan
    upper: float = np.nan
    fixed: bool = False


def loadings(
    result: SemResult,
    *,
    estimates: Literal["std_all", "std_lv", "estimate"] = "std_all",
    constructs: Sequence[str] | None = None,
    labels: Labels = None,
    reference: float | None = None,
    decimals: int = 2,
    group: int | str | None = None,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw the loadings of a fitted model, construct by construct.

    A dot is a loading, a line its confidence interval where the result has one for these estimates: always
    for unstandardised ones, for standardised ones when `result.std` has the columns ci_lower and ci_upper. A
    loading that was fixed is a hollow dot. Dimensions of a higher-order construct count as its indicators.

    Parameters
    ----------
    result : SemResult
        A fitted model with loadings (`=~`).
    estimates : {"std_all", "std_lv", "estimate"}
        Column of `result.parameters` to draw.
    constructs : sequence of str, optional
        The constructs to draw, in this order; all in the order of the model otherwise.
    labels : mapping, Instrument, sequence of Instrument or Responses, optional
        Names of constructs and indicators: variable -> name (or -> name per language); instruments and
        responses give the names of constructs and the wording of items.
    reference : float, optional
        Where to draw a line to compare with, such as 0.7.
    decimals : int
        Digits after the point.
    group : int or str, optional
        The group to draw; needed when the model has several.
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
        If the model has no loadings, or an argument has an unknown value.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from trustmeasure.sem import fit_sem
    >>> rng = np.random.default_rng(1)
    >>> trust = rng.normal(size=300)
    >>> data = pd.DataFrame({f"t{i}": trust + rng.normal(size=300) for i in (1, 2, 3)})
    >>> fig = loadings(fit_sem("trust =~ t1 + t2 + t3", data))
    >>> fig.axes[0].get_xlabel()
    'Standardised loading'
    """
    one_of("estimates", estimates, ("std_all", "std_lv", "estimate"))
    require_language(language)
    table = _table(result, estimates, group, constructs)
    called = names(labels, language, wording=True)
    with style.drawing():
        texts = {name: _wrapped(called.get(name, name)) for name in {*table["lhs"], *table["rhs"]}}
        rows = _rows(table, texts)
        heading = max(measure(text, style.SIZE)[0] for text in texts.values()) + INDENT
        height = rows[-1].y + 62 + (16 if title else 0)
        on = canvas(ax, figsize, ((heading + DOTS + _COLUMN + 30) / 72, height / 72))
        _draw(on, rows, texts, heading, decimals)
        axis = _axis_name(rows, estimates, float(getattr(result, "ci", 0.95)), language)
        _finish_axes(on, rows, estimates, reference, axis)
        on.head(title)
        return on.finish()


def _wrapped(text: str) -> str:
    return wrap(text, WIDEST_LABEL, style.SIZE)


def _table(
    result: SemResult, estimates: str, group: int | str | None, constructs: Sequence[str] | None
) -> pd.DataFrame:
    """Return lhs, rhs, value, lower, upper, fixed of the wanted loadings."""
    rows = rows_of_group(result.parameters, group)
    rows = rows[rows["op"] == "=~"]
    if rows.empty:
        raise ArgumentError("The model has no loadings (=~); there is nothing to draw.")
    known = list(dict.fromkeys(rows["lhs"]))
    wanted = [one_of("constructs", name, known) for name in constructs] if constructs else known
    intervals = rows if estimates == "estimate" else _intervals(result, rows)
    table = pd.DataFrame(
        {
            "lhs": rows["lhs"],
            "rhs": rows["rhs"],
            "value": rows[estimates].astype(float),
            "lower": intervals["ci_lower"].astype(float),
            "upper": intervals["ci_upper"].astype(float),
            "fixed": ~(rows["se"] > 0) & (estimates == "estimate"),
        }
    )
    return pd.concat([table[table["lhs"] == name] for name in wanted])


def _intervals(result: Any, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the intervals of standardised loadings; NaN when the result has none."""
    standard = getattr(result, "std", None)
    if isinstance(standard, pd.DataFrame) and {"ci_lower", "ci_upper"} <= set(standard.columns):
        return standard.loc[rows.index, ["ci_lower", "ci_upper"]]
    return pd.DataFrame(np.nan, index=rows.index, columns=["ci_lower", "ci_upper"])


def _rows(table: pd.DataFrame, texts: Mapping[str, str]) -> list[_Row]:
    """Return the lines of the figure from top to bottom, y in points below the top."""
    rows: list[_Row] = []
    y = 0.0
    for construct, part in table.groupby("lhs", sort=False):
        y += (8.0 if rows else 0.0) + _half(texts[str(construct)])
        rows.append(_Row(str(construct), y))
        y += _half(texts[str(construct)])
        for entry in part.to_dict("records"):
            name, half = str(entry["rhs"]), _half(texts[str(entry["rhs"])])
            rows.append(_Row(name, y + half, entry["value"], entry["lower"], entry["upper"], entry["fixed"]))
            y += 2 * half
    return rows


def _half(text: str) -> float:
    """Return half the height of a line of the figure."""
    return max(16.0, measure(text, style.SIZE)[1] + 5.0) / 2


def _draw(on: Canvas, rows: Sequence[_Row], texts: Mapping[str, str], heading: float, decimals: int) -> None:
    for row in rows:
        indent, color = (0.0, style.ACCENT) if row.value is None else (INDENT, style.INK)
        on.beside(texts[row.name], 0, row.y, indent - heading - 6, style.SIZE, color, "left", label="_name")
        if row.value is not None:
            _draw_dot(on, row, row.value)
            figures = _figures(row, row.value, decimals)
            on.beside(figures, 1, row.y, 8.0, style.SMALL, style.SOFT, "left", label="_value")


def _figures(row: _Row, value: float, decimals: int) -> str:
    text = number(value, decimals)
    if row.fixed or not np.isfinite(row.lower):
        return text
    return f"{text}  [{number(row.lower, decimals)}, {number(row.upper, decimals)}]"


def _draw_dot(on: Canvas, row: _Row, value: float) -> None:
    line: dict[str, Any] = {"color": style.ACCENT, "lw": 1.4 * on.scale, "solid_capstyle": "butt"}
    if np.isfinite(row.lower) and not row.fixed:
        on.ax.plot([row.lower, row.upper], [row.y, row.y], label=f"_interval:{row.name}", **line)
    inner = "white" if row.fixed else style.ACCENT
    dot: dict[str, Any] = {"mfc": inner, "mec": style.ACCENT, "mew": 1.2 * on.scale, "ms": 5 * on.scale}
    on.ax.plot([value], [row.y], "o", label=f"_loading:{row.name}", **dot)


def _finish_axes(
    on: Canvas, rows: Sequence[_Row], estimates: str, reference: float | None, axis: str
) -> None:
    values = [v for row in rows if row.value is not None for v in (row.value, row.lower, row.upper)]
    finite = [v for v in values if np.isfinite(v)]
    low, high = min([0.0, *finite]), max([1.0 if estimates == "std_all" else 0.0, *finite])
    room = 0.03 * ((high - low) or 1.0)
    on.ax.set_xlim(low - room, high + room)
    on.ax.set_ylim(rows[-1].y + 12, 0)
    on.ax.set_yticks([])
    for row in rows:
        if row.value is not None:
            on.ax.axhline(row.y, color=style.FAINT, lw=0.5, zorder=0.5)
    on.ax.axvline(0, color=style.SOFT, lw=0.8, zorder=0.6)
    if reference is not None:
        on.ax.axvline(reference, color=style.SOFT, lw=0.8, ls=(0, (4, 3)), zorder=0.6, label="_reference")
    on.bare(keep=("bottom",), ticks=3.0)
    on.ax.set_xlabel(axis, fontsize=on.font(style.SMALL))


def _axis_name(rows: Sequence[_Row], estimates: str, level: float, language: str) -> str:
    name = word(f"loading_{estimates}", language)
    has_interval = any(np.isfinite(row.lower) for row in rows)
    return name + (word("interval", language, level=f"{100 * level:g}") if has_interval else "")
