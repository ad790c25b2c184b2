"""What a section is made of; the template turns each block into HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from matplotlib import figure as mpl


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    kind: ClassVar[str] = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `language` when its texts are in another language than the report."""

    items: Sequence[str]
    language: str = ""
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True, slots=True)
class Note:
    """A framed remark, such as a stage that failed; `lines` below the title."""

    title: str
    lines: Sequence[str] = ()
    tone: str = "info"
    kind: ClassVar[str] = "note"


@dataclass(frozen=True, slots=True)
class Cards:
    """Headline figures: (figure, what it is, remark)."""

    items: Sequence[tuple[str, str, str]]
    kind: ClassVar[str] = "cards"


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of a term and what belongs to it."""

    pairs: Sequence[tuple[str, str]]
    kind: ClassVar[str] = "terms"


@dataclass(frozen=True, slots=True)
class Code:
    """Text that is shown as it is."""

    text: str
    title: str = ""
    kind: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells, or one or two texts (name, detail) that head the rows below it."""

    cells: Sequence[str]
    heads: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose cells are texts already.

    Attributes
    ----------
    caption : str
        What it shows; the number is put before it.
    heads : sequence of str
        Headings of the columns.
    rows : sequence of Row
        The rows.
    align : str
        One letter a column: `l` text, `n` text on one line, `r` figures, `c` centred, `w` long text.
    notes : sequence of str
        Lines below.
    number : int
        Its number in the report, given when all sections are there.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Row]
    align: str
    notes: Sequence[str] = ()
    number: int = 0
    kind: ClassVar[str] = "grid"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, drawn when the document is written."""

    caption: str
    drawing: mpl.Figure
    number: int = 0
    kind: ClassVar[str] = "figure"


Block: TypeAlias = Text | Heading | Bullets | Note | Cards | Terms | Code | Grid | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with its own entry in the contents."""

    id: str
    title: str
    blocks: Sequence[Block]
