"""How wide the columns of a printed table are: as wide as their longest word asks, then as their text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trustmeasure.display import width
from trustmeasure.reporting.blocks import Grid

POINT = 2.54 / 72  # centimetres
CHARACTER = (
    0.58  # the mean width of a letter, in sizes of the type; wide fonts stand in where Calibri is missing
)
SPACE = 0.25  # centimetres between columns
WHOLE = "rcn"  # columns whose cells are not broken
LONGEST = 60  # letters beyond which a text gets no wider column


def column_widths(grid: Grid, available: float, size: float) -> list[float]:
    """Return the widths in centimetres, `available` in all.

    Each column gets room for its longest word (figures are one word); what is left goes to the columns whose
    texts are longer than that.
    """
    letter = size * POINT * CHARACTER
    needs = [_needs(head, cells, kind) for head, cells, kind in _columns(grid)]
    least = [needed * letter + SPACE for needed, _ in needs]
    wanted = [most * letter + SPACE for _, most in needs]
    if sum(least) >= available:
        return [one * available / sum(least) for one in least]
    extra = [most - needed for most, needed in zip(wanted, least, strict=True)]
    room = available - sum(least)
    if sum(extra) <= 0:
        return [one * available / sum(least) for one in least]
    return [needed + one * room / sum(extra) for needed, one in zip(least, extra, strict=True)]


def _columns(grid: Grid) -> Iterator[tuple[str, Sequence[str], str]]:
    bodies = [row.cells for row in grid.rows if not row.heads]
    for place, (head, kind) in enumerate(zip(grid.heads, grid.align, strict=True)):
        yield head, [cells[place] for cells in bodies], kind


def _needs(head: str, cells: Sequence[str], kind: str) -> tuple[int, int]:
    """Return the least and the wanted width in letters; figures and their intervals stay on one line."""
    words = [_longest_word(text) for text in (head, *cells)]
    if kind in WHOLE:
        least = max(words[0] + 1, *(width(text) for text in cells), 1)  # heads are bold
        return least, least
    return max(words), max(min(width(text), LONGEST) for text in (head, *cells))


def _longest_word(text: str) -> int:
    """Return the width of the longest word; Chinese may break anywhere, so it counts four characters."""
    words = text.replace("\u00a0", "_").split()
    return max((width(word) if word.isascii() else min(width(word), 8) for word in words), default=1)
