"""The records of a questionnaire: how instruments are asked, page by page.

A questionnaire is a value. It holds the words exactly as respondents read them (placeholders filled, only the
languages asked for), and every export is a function of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trustmeasure.instruments import Instrument, ResponseScale
from trustmeasure.instruments.records import Texts
from trustmeasure.questionnaires.elements import (
    Choice,
    Element,
    Entry,
    Field,
    Matrix,
    Page,
    Question,
    Source,
)
from trustmeasure.questionnaires.logic import Expression

if TYPE_CHECKING:
    import pandas as pd

    from trustmeasure.display import Summary
    from trustmeasure.questionnaires.composing.consent import Consent

Order = Literal["fixed", "items", "blocks", "random"]
ORDERS: tuple[Order, ...] = ("fixed", "items", "blocks", "random")


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
    order : {"fixed", "items", "blocks", "random"}
        What is shown in random order: nothing, the questions inside blocks, the blocks, or both.
    seed : int or None
        What printed orders and instructed items are drawn from; None when nothing is drawn.
    sector : str or None
        The sector whose wording is asked, where an instrument has one.
    wave : str or None
        Which of several times this is.
    gaps : tuple of str
        Fields of the privacy notice that are still to be filled in.
    version : str
        The survey team's own version of this questionnaire.
    sources : tuple of Source
        The instruments and their versions.
    pages : tuple of Page
        One page a block of an instrument; before them consent, participant code and behaviour, after them
        demographics.
    instruments : tuple of Instrument
        The instruments themselves, in the words of the sector, for documents that tell more than respondents
        see; no part of the hash.

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
    sector: str | None = None
    wave: str | None = None
    version: str = "1.0.0"
    gaps: tuple[str, ...] = ()
    instruments: tuple[Instrument, ...] = field(default=(), compare=False)

    @classmethod
    def compose(
        cls,
        instruments: Sequence[str | Path | Instrument] | str | Path | Instrument,
        *,
        brand: str | Mapping[str, str] | None = None,
        sector: str | None = None,
        languages: Sequence[str] | str = ("en", "zh"),
        form: str | Mapping[str, str] = "long",
        title: str | Mapping[str, str] | None = None,
        intro: str | Mapping[str, str] | None = None,
        order: Order = "fixed",
        seed: int | None = None,
        checks: int = 0,
        consent: Consent | Mapping[str, str | Mapping[str, str]] | bool | None = None,
        behaviour: Sequence[str | Choice | Entry] | str | Choice | Entry = (),
        demographics: Sequence[str | Choice | Entry] | str | Choice | Entry = (),
        logic: Mapping[str, str | Expression] | None = None,
        wave: str | None = None,
        link: bool = False,
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
        sector : str, optional
            Ask in the words of a sector, such as `"finance"`; instruments without it keep their general
            words, and `sources` says which have it.
        languages : sequence of str
            Tags of the languages; the first is shown first.
        form : str or mapping
            `"long"` (all items), or a form that every instrument has, such as `"short"`; or instrument id ->
            form, those not named being long.
        title, intro : str or mapping, optional
            Heading and opening words, the same in all languages or per language. With None neutral words
            that do not give away what is measured.
        order : {"fixed", "items", "blocks", "random"}
            What may be in random order: nothing; the questions inside the blocks that allow it; the blocks;
            or both. Answers of a scale never. A printed form has one order, drawn with `seed`; a form on a
            screen draws an order for each respondent where its platform can. A page that a condition hangs
            on keeps its place.
        seed : int, optional
            What printed orders and instructed items are drawn from; 1 when left out.
        checks : int
            How many instructed-response items ("please choose ...") to put into the blocks; columns
            `check_1`, `check_2`, ...
        consent : Consent, mapping or True, optional
            Begin with a privacy notice and the question of consent; who refuses gets no further question.
            True gives the template with all gaps open. See `Consent`.
        behaviour, demographics : sequence of str, Choice or Entry
            Questions beside the instruments: ids (see `list_background_questions`) or your own. Behaviour is
            asked before the instruments, demographics after them.
        logic : mapping, optional
            Id of a page, block or lone question -> condition on which it is asked, such as
            `{"loy": "customer_now == 1"}`; see `parse_expression`. It may ask for what comes before it only.
        wave : str, optional
            Which of several times this is, such as `"before"`; instruments made for waves need it.
        link : bool
            Ask for the participant code (`link_id`) that links the waves of one person; `link_codes` makes
            codes.
        version : str
            Your own version of this questionnaire, shown at its end and in the manifest.

        Returns
        -------
        Questionnaire
            The same input gives an equal value and byte-identical exports.

        Raises
        ------
        QuestionnaireError
            If an instrument id, a language, a form, a sector, a wave or the order is unknown, two questions
            share a column, a condition asks for what is not asked before it, or a text is empty.

        Examples
        --------
        >>> from trustmeasure.questionnaires import Questionnaire
        >>> questionnaire = Questionnaire.compose("satisfaction", brand="Acme", languages=["en"])
        >>> questionnaire.title["en"]
        'Customer survey: Acme'
        """
        from trustmeasure.questionnaires.composing.compose import compose

        return compose(
            instruments,
            brand=brand,
            sector=sector,
            languages=languages,
            form=form,
            title=title,
            intro=intro,
            order=order,
            seed=seed,
            checks=checks,
            consent=consent,
            behaviour=behaviour,
            demographics=demographics,
            logic=logic,
            wave=wave,
            link=link,
            version=version,
        )

    @classmethod
    def from_file(cls, path: str | Path) -> Questionnaire:
        """Return the questionnaire that a TOML file describes.

        Parameters
        ----------
        path : str or Path
            A file such as `write_questionnaire_file` writes: the arguments of `compose` as keys, and tables
            `[[question]]` for questions of one's own. Paths in it are relative to its folder.

        Returns
        -------
        Questionnaire
            The same file gives an equal value.

        Raises
        ------
        QuestionnaireError
            If the file is missing or no TOML, a key is unknown or has a value of the wrong type, or what it
            describes cannot be composed. The message names the file and the place.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from trustmeasure.questionnaires import Questionnaire
        >>> file = Path(tempfile.mkdtemp()) / "survey.toml"
        >>> _ = file.write_text('instruments = ["satisfaction"]', encoding="utf-8")
        >>> Questionnaire.from_file(file).columns
        ('sat_1', 'sat_2', 'sat_3', 'sat_4')
        """
        from trustmeasure.questionnaires.settings.reading import read_questionnaire_file

        return read_questionnaire_file(path)

    def __repr__(self) -> str:
        asked = " + ".join(source.id for source in self.sources)
        tags = ", ".join(self.languages)
        return f"<Questionnaire {asked}: {len(self.columns)} questions, {tags}, {self.hash[:12]}>"

    def __str__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    @property
    def elements(self) -> tuple[Element, ...]:
        """The parts of all pages, in their order."""
        return tuple(element for page in self.pages for element in page.elements)

    @property
    def matrices(self) -> tuple[Matrix, ...]:
        """The matrices, in their order."""
        return tuple(element for element in self.elements if isinstance(element, Matrix))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions that stand alone, in their order."""
        return tuple(element for element in self.elements if isinstance(element, Choice | Entry))

    @property
    def questions(self) -> tuple[Question, ...]:
        """All rows of matrices, in the order in which a printed form shows them."""
        return tuple(question for matrix in self.matrices for question in matrix.questions)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the data's columns, in the order of the printed form."""
        return tuple(column for element in self.elements for column in element.columns)

    @property
    def numbers(self) -> dict[str, int]:
        """Column -> the number that a printed form shows, counted from 1."""
        return {column: number for number, column in enumerate(self.columns, start=1)}

    @property
    def expected(self) -> dict[str, int]:
        """Column -> the code that an instructed-response item asks for."""
        return {q.id: q.expected for q in self.questions if q.expected is not None}

    @property
    def scales(self) -> tuple[ResponseScale, ...]:
        """The response scales, each once."""
        asked = (element.scale for element in self.elements if isinstance(element, Matrix | Choice))
        return tuple({scale.id: scale for scale in asked}.values())

    @property
    def remarks(self) -> tuple[str, ...]:
        """What should be done before people are asked, such as gaps in the privacy notice."""
        from trustmeasure.questionnaires.remarks import remarks

        return remarks(self)

    def minutes(self, language: str | None = None) -> int:
        """Return about how many minutes the questionnaire takes; the first language when None.

        An estimate from the number of words and answers with rates that are assumptions, see
        `trustmeasure.questionnaires.duration`; replace it by the times of a pilot.
        """
        from trustmeasure.questionnaires.duration import minutes

        return minutes(self, language or self.languages[0])

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
            Columns number, column, kind, instrument, block, scale and the wording as `text_<language>`.
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
