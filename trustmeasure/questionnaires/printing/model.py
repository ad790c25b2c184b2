"""The records of a printed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from trustmeasure.instruments import ResponseScale
from trustmeasure.questionnaires.scales import is_numeric, offered

_WORDED, _NUMBERED, _MISSING, _LEAST_QUESTION = 1.45, 0.85, 1.5, 4.5


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a grid: its printed number and its words."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Questions in rows, answers in columns.

    Attributes
    ----------
    stem, note : str
        The words above, and what the ends of a scale of numbers mean; `note` may be empty.
    heads : tuple of str
        The words above the columns of answers.
    points : int
        How many of the columns are answers; those after them are answers such as "Not applicable".
    widths : tuple of float
        Shares of the page's width: the questions' column, then those of the answers; they add up to 1.
    rows : tuple of Row
        The questions.
    condition : str
        The line that says when it is asked; empty for always.
    """

    stem: str
    note: str
    heads: tuple[str, ...]
    points: int
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    condition: str = ""
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class Boxes:
    """One question with a list of boxes; `note` stands under them, `columns` side by side."""

    number: str
    text: str
    answers: tuple[str, ...]
    columns: int = 1
    note: str = ""
    condition: str = ""
    kind: Literal["boxes"] = "boxes"


@dataclass(frozen=True, slots=True)
class Blank:
    """One question with lines to write on; one short line, or `lines` whole ones."""

    number: str
    text: str
    hint: str
    lines: int = 1
    short: bool = True
    condition: str = ""
    kind: Literal["blank"] = "blank"


@dataclass(frozen=True, slots=True)
class Reading:
    """Something to read: heading, a mark above it (or empty), and paragraphs of heading and words."""

    title: str
    mark: str
    paragraphs: tuple[tuple[str, str], ...]
    condition: str = ""
    kind: Literal["reading"] = "reading"


Piece: TypeAlias = Grid | Boxes | Blank | Reading
"""What stands on a printed form."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the questionnaire: heading and condition (each may be empty), and its pieces.

    `alone` is true for a part that shares its sheets of paper with nothing that follows.
    """

    heading: str
    condition: str
    pieces: tuple[Piece, ...]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form in one language.

    Attributes
    ----------
    language, html : str
        Tag of the language, and the tag that programs use to choose fonts and a voice.
    title, intro, facts, instruction : str
        What stands above the questions.
    labels : tuple of str
        What is written above the questions: an id (unless a participant code is asked), a date.
    parts : tuple of Part
        The pages.
    thanks, version : str
        The last line, and the version with the hash at the foot of each page.
    page : tuple of str
        The words before and after the number of a page.
    """

    language: str
    html: str
    title: str
    intro: str
    facts: str
    instruction: str
    labels: tuple[str, ...]
    parts: tuple[Part, ...]
    thanks: str
    version: str
    page: tuple[str, str]


def widths(scale: ResponseScale, total: float) -> tuple[float, ...]:
    """Return the widths of a grid's columns in centimetres: question, answers, missing codes."""
    point = _NUMBERED if is_numeric(scale) else _WORDED
    answers = [point] * len(scale.points) + [_MISSING] * len(offered(scale))
    shrink = min(1.0, (total - _LEAST_QUESTION) / sum(answers))
    answers = [width * shrink for width in answers]
    return (total - sum(answers), *answers)
