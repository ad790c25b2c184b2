"""Measurements -> benchmarks/RESULTS.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from benchmarks.answers import Gap
from benchmarks.memory import Use
from benchmarks.timing import LAVAAN, OURS, SEMOPY, Row

NOTHING = "–"
HEAD = """\
# Speed

Written by `make bench`; README.md beside this file says what is timed and how. Whole calls with standard
errors and all fit indices. Every side has a process of its own; they take turns, and in its turn a side
calls the same for half a second, at least once. Times are medians over turns of the median call. The first
call of a turn comes after others had the machine, with cold caches: "first calls" are the medians of those
alone. Answers are compared first: without agreement there is no time.
"""
REFERENCE_BLAS = """
**R IS NOT LINKED TO OPENBLAS HERE.** lavaan would be faster with it: these ratios flatter ours. On Debian
and Ubuntu: `apt-get install libopenblas0-pthread`.
"""
NOTES = """
- {nothing}: this side does not offer it. semopy has no `:=`: its model has no indirect effects.
- "once": lavaan ran once, because of its length; the others are medians. "from 50 draws": it made 50 draws
  once, and the time is that for as many as ours.
- "difference" is the largest one between ours and lavaan: estimates in standard errors, then standard errors
  relative. Modification indices are compared relative to their size, correlations as they are. Bootstrap and
  Monte Carlo draw different random numbers on both sides, so that their means and spreads agree within Monte
  Carlo error only.
- Bootstrap and Monte Carlo use one process on each side.
"""


def page(
    rows: Sequence[Row],
    uses: Sequence[Use],
    imports: Mapping[str, float],
    about: Mapping[str, str],
    *,
    openblas: bool,
) -> str:
    """Return the whole page."""
    parts = [HEAD]
    if not openblas:
        parts.append(REFERENCE_BLAS)
    parts += ["", *_speed(rows), NOTES.format(nothing=NOTHING).rstrip("\n"), *_others(rows), ""]
    if uses:
        parts += ["## Memory", "", *_memory(uses), ""]
    if imports:
        shown = ", ".join(f"{side} {seconds(x)}" for side, x in imports.items())
        parts += [
            "## Start",
            "",
            f"Start of the interpreter with the imports, in none of the times above: {shown}.",
            "",
        ]
    parts += ["## Measured on", "", *(f"- {name}: {text}" for name, text in about.items()), ""]
    return "\n".join(parts)


def _speed(rows: Sequence[Row]) -> list[str]:
    first = ["first calls: lavaan", "ours", "times faster"]
    head = ["case", "lavaan", "semopy", "ours", "times faster", "goal", *first, "difference"]
    lines = [[row.case.title, *_cells(row)] for row in rows]
    return table(head, lines)


def _others(rows: Sequence[Row]) -> list[str]:
    """Return a line for each further function that was run."""
    return [
        f"- {row.case.title}: {row.case.other} took {seconds(row.other[0])} (once); largest difference from "
        f"ours {row.other[1].estimate:.1e}."
        for row in rows
        if row.other is not None
    ]


def _cells(row: Row) -> list[str]:
    if not row.agrees:
        none = [NOTHING] * 3
        return [*none, "**answers differ**", _goal(row), *none, difference(row.gap)]
    return [
        seconds(row.median(LAVAAN)) + _how_often(row),
        seconds(row.median(SEMOPY)),
        seconds(row.median(OURS)),
        times(row.ratio),
        _goal(row),
        seconds(row.first(LAVAAN)),
        seconds(row.first(OURS)),
        times(row.ratio_of_first),
        difference(row.gap),
    ]


def _how_often(row: Row) -> str:
    """Return what is behind lavaan's time, where it is not a median of runs."""
    if row.case.peer_draws:
        return f" (from {row.case.peer_draws} draws)"
    return " (once)" if row.case.long else ""


def _goal(row: Row) -> str:
    if row.case.goal is None:
        return NOTHING
    if not row.agrees or row.ratio is None:
        return f"{row.case.goal:.0f}"
    return f"{row.case.goal:.0f} ({'met' if row.ratio >= row.case.goal else '**missed**'})"


def _memory(uses: Sequence[Use]) -> list[str]:
    head = ["case", "side", "time", "held before", "most held", "data + work, times the data", "chi-square"]
    lines = [
        [
            use.case,
            use.side,
            seconds(use.seconds),
            f"{use.loaded:.0f} MB",
            f"{use.peak:.0f} MB",
            NOTHING if use.times_data is None else f"{use.times_data:.2f}",
            NOTHING if math.isnan(use.chisq) else f"{use.chisq:.4f}",
        ]
        for use in uses
    ]
    return table(head, lines)


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table, the first column to the left and the others to the right."""
    rule = ["---", *("---:" for _ in head[1:])]
    return ["| " + " | ".join(cells) + " |" for cells in (head, rule, *lines)]


def seconds(x: float | None) -> str:
    """Return a time with three digits: `8.21 ms`, `1.90 s`."""
    if x is None:
        return NOTHING
    value, unit = (x * 1e3, "ms") if x < 1 else (x, "s")
    digits = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:.{digits}f} {unit}"


def times(ratio: float | None) -> str:
    """Return a ratio with two or three digits."""
    if ratio is None:
        return NOTHING
    return f"{ratio:.1f}" if ratio < 100 else f"{ratio:.0f}"


def difference(gap: Gap) -> str:
    """Return the largest differences of estimates and standard errors."""
    return f"{gap.estimate:.1e}, {gap.unit:.1e}"
