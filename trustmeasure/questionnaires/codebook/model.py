"""The records of a codebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trustmeasure.instruments import Construct
from trustmeasure.instruments.records import Texts

Kind = Literal["item", "check", "consent", "link", "behaviour", "demographics"]
Level = Literal["nominal", "ordinal", "scale", "date", "text"]


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a variable.

    Attributes
    ----------
    value : int
        The number in the data.
    label : mapping
        The words per language.
    missing : str
        Why the answer is missing; empty for an answer.
    """

    value: int
    label: Texts
    missing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A column of the data.

    Attributes
    ----------
    number : int
        The printed number of the question.
    column : str
        Name of the column.
    kind : str
        What it is for: an instrument's item, an instructed item, consent, a participant code, behaviour,
        demographics.
    level : {"nominal", "ordinal", "scale", "date", "text"}
        Items are ordinal; a list of answers beside the instruments is nominal, because its order may mean
        nothing; a written number is a scale.
    text, stem : mapping
        The question, and the words above a block of them (empty for a question that stands alone).
    instrument, version : str
        The instrument and its version; empty for other questions.
    construct : Construct or None
        What the item measures, where the instrument tells.
    reverse : bool
        Whether agreement means less of the construct.
    block, scale : str
        Ids of block and response scale; empty for other questions.
    codes : tuple of Code
        Answers and missing codes, ascending.
    expected : int or None
        The code that an instructed item asks for.
    minimum, maximum, longest : int or None
        Limits of a number, most signs of a text.
    pattern : str
        Regular expression that a text must match; empty for any.
    condition : mapping
        When it is asked, in words; empty for always.
    """

    number: int
    column: str
    kind: Kind
    level: Level
    text: Texts
    stem: Texts
    condition: Texts
    instrument: str = ""
    version: str = ""
    construct: Construct | None = None
    reverse: bool = False
    block: str = ""
    scale: str = ""
    codes: tuple[Code, ...] = ()
    expected: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    longest: int | None = None
    pattern: str = ""

    @property
    def answers(self) -> tuple[Code, ...]:
        """The codes of answers."""
        return tuple(code for code in self.codes if not code.missing)

    @property
    def missing(self) -> tuple[Code, ...]:
        """The codes that mean that no answer was given."""
        return tuple(code for code in self.codes if code.missing)
