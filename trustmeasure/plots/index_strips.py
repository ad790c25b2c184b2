"""How indices of careless answering are distributed, and where the limits lie."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.patches import Rectangle

from trustmeasure.check import one_of
from trustmeasure.display import number
from trustmeasure.errors import ArgumentError
from trustmeasure.plots import style
from trustmeasure.plots.canvas import Canvas, canvas
from trustmeasure.plots.text import measure, wrap
from trustmeasure.plots.words import Language, chosen, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustmeasure.screening import Screening

Array = npt.NDArray[np.float64]

WIDEST, STRIP, ROW, HILL = 190.0, 300.0, 46.0, 0.56
BINS = 40
BAR, FLAGGED = "#9db4ca", "#b4541a"
_CUT = re.compile(r"(absolute )?\D*?(-?\d+(?:\.\d+)?)$")
ZH = {
    "missing_share": "未作答题目占比",
    "long_string": "最长连续相同作答",
    "long_string_share": "最长连续相同作答（占题目比例）",
    "long_string_page": "单页最长连续相同作答",
    "average_string": "连续相同作答的平均长度",
    "straight_lined": "全部选同一答案的量表占比",
    "irv": "个体内作答标准差",
    "even_odd": "奇偶一致性",
    "synonyms": "同义题目对的个体内相关",
    "antonyms": "反义题目对的个体内相关",
    "person_total": "与其他人题目均值的相关",
    "mahalanobis": "马氏距离平方",
    "mahalanobis_p": "马氏距离的卡方概率",
    "seconds": "总作答时间（秒）",
    "seconds_per_item": "每题作答时间（秒）",
    "fast_parts": "作答过快的页数或题数",
    "time_z": "作答时间对数的稳健 z 值",
    "instructed_failed": "未按指示作答的题数",
    "duplicates": "作答完全相同的其他人数",
    "max_match": "与另一人作答相同的最大比例",
}


@dataclass(frozen=True, slots=True)
class _Strip:
    """One index: its values, which of them are flagged, its name, and where its limits lie."""

    name: str
    label: str
    values: Array
    flagged: npt.NDArray[np.bool_] | None
    cuts: tuple[float, ...]


def screening_indices(
    screening: Screening,
    *,
    indices: Sequence[str] | None = None,
    labels: Mapping[str, str | Mapping[str, str]] | None = None,
    title: str | None = None,
    language: Language = "en",
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
) -> Figure:
    """Draw how each index of a screening is distributed over the respondents.

    One strip an index, from its smallest to its largest value; the height of a bar grows with the root of the
    number of people, so that few can be seen beside many. Where an index has a limit, a dashed line
    marks it, flagged respondents are drawn in another colour, and their number stands at the right.

    Parameters
    ----------
    screening : Screening
        What `screen` found.
    indices : sequence of str, optional
        The indices, from top to bottom; all that vary otherwise.
    labels : mapping, optional
        Index -> what it is called (or -> name per language).
    title : str, optional
        Title above the figure.
    language : {"en", "zh"}
        Language of the names of the indices and of the figure's own words.
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
        If an index is unknown, or no index varies.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> fig = screening_indices(tm.screen(tm.load_sample("trust-survey")), indices=["irv", "even_odd"])
    >>> [text.get_text() for text in fig.axes[0].texts if text.get_label() == "_index"]
    ["standard deviation of a person's answers", 'even-odd consistency over the scales']
    """
    require_language(language)
    given = {name: chosen(text, language) for name, text in (labels or {}).items()}
    strips = _strips(screening, indices, given, language)
    with style.drawing():
        texts = [wrap(strip.label, WIDEST, style.SIZE) for strip in strips]
        names = max(measure(text, style.SIZE)[0] for text in texts)
        width, height = names + STRIP + 120.0, ROW * len(strips) + 30.0 + (16 if title else 0)
        on = canvas(ax, figsize, (width / 72, height / 72))
        for place, (strip, text) in enumerate(zip(strips, texts, strict=True)):
            _draw(on, strip, -place)
            on.beside(text, 0, -place + 0.2, -names - 10, style.SIZE, style.INK, "left", label="_index")
            _tell(on, strip, -place, language)
        on.ax.set_xlim(-0.01, 1.01)
        on.ax.set_ylim(-len(strips) + 0.55, 0.75)
        on.ax.set_xticks([])
        on.ax.set_yticks([])
        on.bare()
        on.head(title)
        return on.finish()


def _strips(
    screening: Screening, indices: Sequence[str] | None, given: Mapping[str, str], language: str
) -> list[_Strip]:
    counts = screening.counts.set_index("index")
    wanted = counts.index.tolist() if indices is None else list(indices)
    found = []
    for name in wanted:
        one_of("indices", name, counts.index.tolist())
        column = screening.persons[name].to_numpy(dtype=float)
        seen = np.isfinite(column)
        if not seen.any() or (indices is None and np.ptp(column[seen]) == 0):
            continue
        flag = screening.persons.get(f"flag_{name}")
        flagged = None if flag is None else flag.to_numpy(dtype=bool)[seen]
        known = ZH[name] if language == "zh" else str(counts.loc[name, "label"])
        cuts = _cuts(str(counts.loc[name, "flagged_when"]))
        found.append(_Strip(name, given.get(name, known), column[seen], flagged, cuts))
    if not found:
        raise ArgumentError("No index of this screening varies, so there is nothing to draw.")
    return found


def _cuts(rule: str) -> tuple[float, ...]:
    """Return where a limit lies; nothing for limits such as "lowest 5 %"."""
    hit = _CUT.fullmatch(rule)
    if hit is None:
        return ()
    cut = float(hit.group(2))
    return (-cut, cut) if hit.group(1) else (cut,)


def _ends(strip: _Strip) -> tuple[float, float]:
    low, high = float(strip.values.min()), float(strip.values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _draw(on: Canvas, strip: _Strip, y: float) -> None:
    """Draw one histogram as high as its row, with its limits and ends."""
    low, high = _ends(strip)
    edges = np.linspace(low, high, BINS + 1)
    whole, _ = np.histogram(strip.values, edges)
    marked = np.zeros_like(whole)
    if strip.flagged is not None:
        marked, _ = np.histogram(strip.values[strip.flagged], edges)
    top = float(np.sqrt(whole.max()))
    for i, (n, m) in enumerate(zip(whole, marked, strict=True)):
        if not n:
            continue
        tall = HILL * float(np.sqrt(n)) / top  # roots, so that few people can be seen beside many
        part = tall * m / n
        for bottom, size, colour in ((y, part, FLAGGED), (y + part, tall - part, BAR)):
            if size > 0:
                bar = Rectangle(
                    (i / BINS, bottom), 1 / BINS, size, fc=colour, ec="white", lw=0.3, label="_bar"
                )
                on.ax.add_patch(bar)
    on.ax.plot([0, 1], [y, y], color=style.SOFT, lw=0.6, zorder=0.5)
    for cut in strip.cuts:
        at = (cut - low) / (high - low)
        if 0 <= at <= 1:
            how: dict[str, Any] = {"color": style.INK, "lw": 0.9 * on.scale, "ls": (0, (4, 3))}
            on.ax.plot([at, at], [y, y + HILL + 0.06], label=f"_limit:{strip.name}", **how)


def _tell(on: Canvas, strip: _Strip, y: float, language: str) -> None:
    """Write the ends below a strip, and how many are flagged beside it."""
    low, high = _ends(strip)
    digits = 0 if np.array_equal(strip.values, np.round(strip.values)) else 2
    for x, value, side in ((0.0, low, "left"), (1.0, high, "right")):
        text = number(value, digits)
        on.write(text, x, y - 0.05, style.NOTE, style.SOFT, ha=side, va="top", label="_end")
    text = word("n_people", language, n=f"{strip.values.size:,}")
    if strip.flagged is not None:
        text += "\n" + word("flagged", language, n=f"{int(strip.flagged.sum()):,}")
    on.beside(text, 1, y + 0.25, 10.0, style.SMALL, style.SOFT, "left", label="_count")
