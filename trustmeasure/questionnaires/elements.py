"""The parts of a questionnaire: questions, notices, and the pages they stand on.

Every text is a mapping from a language tag to the words as respondents read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from trustmeasure.instruments import ResponseScale
from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.logic import Expression

EntryKind = Literal["integer", "text", "date"]
Role = Literal["consent", "behaviour", "demographics", "link"]


@dataclass(frozen=True, slots=True)
class Question:
    """One statement or question: a row of a matrix and a column of the data.

    Attributes
    ----------
    id : str
        Name of the column in the data: the item's id.
    instrument : str
        Id of the instrument that the item belongs to; empty for an instructed-response item.
    text : mapping
        The wording per language, placeholders filled.
    expected : int or None
        The code that an instructed-response item asks for; None for every other question.
    """

    id: str
    instrument: str
    text: Texts
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Questions that share a stem and a response scale.

    Attributes
    ----------
    id : str
        Id of the instrument's block: letters and digits only.
    stem : mapping
        The words above the questions, per language.
    scale : ResponseScale
        The answers, in the questionnaire's languages.
    questions : tuple of Question
        In the order in which a printed form shows them.
    randomised : bool
        Whether a form on a screen may draw a new order for each respondent.
    shown_if : Expression or None
        When the matrix is asked; None for always.
    """

    id: str
    stem: Texts
    scale: ResponseScale
    questions: tuple[Question, ...]
    randomised: bool = False
    shown_if: Expression | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns in the data."""
        return tuple(question.id for question in self.questions)


@dataclass(frozen=True, slots=True)
class Choice:
    """One question with one answer of a list, such as an age group.

    Attributes
    ----------
    id : str
        Name of the column in the data.
    text : mapping
        The question, per language.
    scale : ResponseScale
        The answers; its missing codes are answers such as "Prefer not to say".
    role : {"consent", "behaviour", "demographics"}
        What the question is for.
    required : bool
        Whether the form goes on only with an answer.
    shown_if : Expression or None
        When the question is asked; None for always.
    """

    id: str
    text: Texts
    scale: ResponseScale
    role: Role = "demographics"
    required: bool = False
    shown_if: Expression | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns in the data."""
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Entry:
    """One question that is answered by writing a number, a date or words.

    Attributes
    ----------
    id : str
        Name of the column in the data.
    text : mapping
        The question, per language.
    kind : {"integer", "text", "date"}
        What is written; a date as year-month-day.
    role : {"behaviour", "demographics", "link"}
        What the question is for; `"link"` marks the code that links the waves of one person.
    minimum, maximum : int or None
        Smallest and largest number allowed; None for no limit. Only for integers.
    longest : int or None
        Most signs of a text; None for no limit.
    pattern : str
        Regular expression that the whole text must match; empty for any. Only character classes, counts and
        groups, so that every platform understands it.
    required : bool
        Whether the form goes on only with an answer.
    shown_if : Expression or None
        When the question is asked; None for always.
    """

    id: str
    text: Texts
    kind: EntryKind = "text"
    role: Role = "demographics"
    minimum: int | None = None
    maximum: int | None = None
    longest: int | None = None
    pattern: str = ""
    required: bool = False
    shown_if: Expression | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns in the data."""
        return (self.id,)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words under a heading of a notice.

    Attributes
    ----------
    heading, text : mapping
        Per language.
    """

    heading: Texts
    text: Texts


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to read, such as the privacy notice; it has no answer.

    Attributes
    ----------
    id : str
        Name of the notice: letters and digits only.
    title : mapping
        Heading, per language.
    paragraphs : tuple of Paragraph
        The parts from top to bottom.
    mark : mapping or None
        A line that stands above everything while the text is a template that nobody has reviewed.
    shown_if : Expression or None
        When the notice is shown; None for always.
    """

    id: str
    title: Texts
    paragraphs: tuple[Paragraph, ...]
    mark: Texts | None = None
    shown_if: Expression | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """No column: nothing is answered."""
        return ()


Element: TypeAlias = Matrix | Choice | Entry | Notice
"""What a page is made of; each writer knows every kind."""

Field: TypeAlias = Choice | Entry
"""A question that stands alone."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a respondent sees at one time.

    Attributes
    ----------
    id : str
        Name of the page, such as instrument and block.
    elements : tuple
        The parts of the page, from top to bottom.
    shuffled : bool
        Whether a form on a screen may draw, for each respondent, where among the shuffled pages it comes.
    shown_if : Expression or None
        When the page is shown; None for always.
    """

    id: str
    elements: tuple[Element, ...]
    shuffled: bool = False
    shown_if: Expression | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument that the questionnaire asks.

    Attributes
    ----------
    id, version : str
        Name and version of the instrument.
    form : str
        Which of its forms is asked, `"long"` for all items.
    context : str
        Which of its sector wordings is asked; empty for the general one.
    """

    id: str
    version: str
    form: str = "long"
    context: str = ""
