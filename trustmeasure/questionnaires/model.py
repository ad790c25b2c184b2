"""The records of a questionnaire: how instruments are asked, page by page.

A questionnaire is a value. It holds the words exactly as respondents read them (placeholders filled, only the
languages asked for), and every export is a function of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from trustmeasure.instruments import Instrument, ResponseScale
from trustmeasure.instruments.records import Texts

if TYPE_CHECKING:
    import pandas as pd

    from trustmeasure.display import Summary

Order = Literal["fixed", "random"]
ORDERS: tuple[Order, ...] = ("fixed", "random")


@dataclass(frozen=True, slots=True)
class Question:
    """One statement or question: a row of a matrix and a column of the data.

    Attributes
    ----------
    id : str
        Name of the column in the data: the item's id.
    instrument : str
        Id of the instrument that the item belongs to.
    text : mapping
        The wording per language, placeholders filled.
    """

    id: str
    instrument: str
    text: Texts


@dataclass(frozen=True, slots=True)
class Matrix:
    """Questions that share a stem and a response scale.

    Attributes
    ----------
    id : str
        Id of the instrument's block.
    stem : mapping
        The words above the questions, per language.
    scale : ResponseScale
        The answers, in the questionnaire's languages.
    questions : tuple of Question
        In the order in which a printed form shows them.
    randomised : bool
        Whether a form on a screen may draw a new order for each respondent.
    """

    id: str
    stem: Texts
    scale: ResponseScale
    questions: tuple[Question, ...]
    randomised: bool = False


Element: TypeAlias = Matrix
"""What a page is made of; each writer knows every kind."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a respondent sees at one time.

    Attributes
    ----------
    id : str
        Name of the page: instrument and block.
    elements : tuple
        The parts of the page, from top to bottom.
    """

    id: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument that the questionnaire asks.

    Attributes
    ----------
    id, version : str
        Name and version of the instrument.
    """

    id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Questionnaire:
    """Instruments put together for respondents; made by `Questionnaire.compose`.

    Attributes
    ----------
    title, intro : mapping
        Heading and opening words, per language.
    languages : tuple of str
        Tags of the languages, the first one shown first.
    brand : mapping or None
        The name in the place of `{brand}`, per language.
    order : {"fixed", "random"}
        Whether the questions of a block that allows it are shown in random order.
    seed : int or None
        What the random order is drawn from; None when the order is fixed.
    version : str
        The survey team's own version of this questionnaire.
    sources : tuple of Source
        The instruments and their versions.
    pages : tuple of Page
        One page a block of an instrument.

    Examples
    --------
    >>> from trustmeasure.questionnaires import Questionnaire
    >>> questionnaire = Questionnaire.compose(["satisfaction", "repurchase"], brand="Acme")
    >>> questionnaire.columns
    ('sat_1', 'sat_2', 'sat_3', 'sat_4', 'rep_1', 'rep_2', 'rep_3')
    """

    title: Texts
    intro: Texts
    languages: tuple[str, ...]
    sources: tuple[Source, ...]
    pages: tuple[Page, ...]
    brand: Texts | None = None
    order: Order = "fixed"
    seed: int | None = None
    version: str = "1.0.0"

    @classmethod
    def compose(
        cls,
        instruments: Sequence[str | Path | Instrument] | str | Path | Instrument,
        *,
        brand: str | Mapping[str, str] | None = None,
        languages: Sequence[str] | str = ("en", "zh"),
        title: str | Mapping[str, str] | None = None,
        intro: str | Mapping[str, str] | None = None,
        order: Order = "fixed",
        seed: int | None = None,
        version: str = "1.0.0",
    ) -> Questionnaire:
        """Put instruments together, in the order given, one page a block.

        Parameters
        ----------
        instruments : sequence of str, Path or Instrument
            Ids of shipped instruments, paths of instrument files, or instruments; one alone is allowed.
        brand : str or mapping, optional
            The name of the company or product, the same in all languages or per language
            (`{"en": "Acme", "zh": "艾克米"}`). With None the instruments' own words, such as "the company".
        languages : sequence of str
            Tags of the languages; the first is shown first.
        title, intro : str or mapping, optional
            Heading and opening words, the same in all languages or per language. With None neutral words
            that do not give away what is measured.
        order : {"fixed", "random"}
            `"random"` shuffles the questions inside the blocks that allow it. A printed form has one order,
            drawn with `seed`; the HTML form draws an order for each respondent and saves it.
        seed : int, optional
            What the printed order is drawn from; 1 when left out. Has no effect on a fixed order.
        version : str
            Your own version of this questionnaire, shown at its end and in the manifest.

        Returns
        -------
        Questionnaire
            The same input gives an equal value and byte-identical exports.

        Raises
        ------
        QuestionnaireError
            If an instrument id, a language or the order is unknown, two instruments share an item, or a name
            is empty.

        Examples
        --------
        >>> from trustmeasure.questionnaires import Questionnaire
        >>> questionnaire = Questionnaire.compose("satisfaction", brand="Acme", languages=["en"])
        >>> questionnaire.title["en"]
        'Customer survey: Acme'
        """
        from trustmeasure.questionnaires.compose import compose

        return compose(
            instruments,
            brand=brand,
            languages=languages,
            title=title,
            intro=intro,
            order=order,
            seed=seed,
            version=version,
        )

    def __repr__(self) -> str:
        asked = " + ".join(source.id for source in self.sources)
        tags = ", ".join(self.languages)
        return f"<Questionnaire {asked}: {len(self.columns)} items, {tags}, {self.hash[:12]}>"

    def __str__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    @property
    def elements(self) -> tuple[Element, ...]:
        """The parts of all pages, in their order."""
        return tuple(element for page in self.pages for element in page.elements)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order in which a printed form shows them."""
        return tuple(question for element in self.elements for question in element.questions)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the data's columns, in the order of the printed form."""
        return tuple(question.id for question in self.questions)

    @property
    def scales(self) -> tuple[ResponseScale, ...]:
        """The response scales, each once."""
        return tuple({element.scale.id: element.scale for element in self.elements}.values())

    @property
    def hash(self) -> str:
        """SHA-256 of everything that respondents see and of how it is asked, as 64 hexadecimal digits."""
        from trustmeasure.questionnaires.identity import content_hash

        return content_hash(self)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a question.

        Returns
        -------
        pandas.DataFrame
            Columns number, item, instrument, block, scale and the wording as `text_<language>`.
        """
        from trustmeasure.questionnaires.views import question_frame

        return question_frame(self)

    def summary(self) -> Summary:
        """Return title, instruments and wording for reading, as text or HTML."""
        from trustmeasure.questionnaires.views import summary

        return summary(self)

    def write(self, path: str | Path, to: str | None = None) -> Path:
        """Write the questionnaire in one format, with its manifest beside it.

        The HTML form switches between the languages. A Word document holds them one after the other, each
        beginning on a new page; for a file per language, compose a questionnaire for each language.

        Parameters
        ----------
        path : str or Path
            The file to write. The manifest becomes `<file name>.manifest.json`.
        to : str, optional
            Name of the format, see `list_formats`; with None the path's ending decides.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        QuestionnaireError
            If the format is unknown or the file cannot be written; then neither file is changed.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from trustmeasure.questionnaires import Questionnaire
        >>> folder = Path(tempfile.mkdtemp())
        >>> Questionnaire.compose(["satisfaction"]).write(folder / "survey.html").name
        'survey.html'
        """
        from trustmeasure.questionnaires.write import write_questionnaire

        return write_questionnaire(self, path, to=to)
