"""The report on measurement quality: everything that a reviewer asks about scales, in one call."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.check import at_least, in_range, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.reporting.page import Page
from trustmeasure.reporting.words import Words
from trustmeasure.reporting.writing import write_document
from trustmeasure.validation.analyses import ANALYSES, Options, analysed
from trustmeasure.validation.context import Context
from trustmeasure.validation.findings import Finding
from trustmeasure.validation.glance import glance
from trustmeasure.validation.held import held_frame
from trustmeasure.validation.sections.order import quality_sections
from trustmeasure.validation.survey import Survey, survey_of
from trustmeasure.validation.tables import tables_of
from trustmeasure.versions import package_version


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MeasurementReport:
    """What was found about the quality of scales, analysis by analysis.

    Attributes
    ----------
    survey : Survey
        Answers and scales.
    options : Options
        How the analyses were made.
    found : mapping of str to Finding
        Analysis -> its result (`.value`, the record that its own function returns), or why there is none
        (`.failure`), and what was warned of (`.warnings`).
    """

    survey: Survey
    options: Options
    found: Mapping[str, Finding]

    def __getitem__(self, name: str) -> Any:
        """Return the result of an analysis; ArgumentError when there is none, saying why."""
        if name not in self.found:
            raise ArgumentError(f"There is no analysis '{name}'. {suggestion(name, list(self.found))}")
        one = self.found[name]
        if one.value is None:
            raise ArgumentError(f"{name} could not be computed: {one.failure}")
        return one.value

    @property
    def scales(self) -> pd.DataFrame:
        """One row a scale: n, alpha, omega, CR, AVE, MSV, smallest loading, largest HTMT, with intervals."""
        return glance(self.survey, self.found)

    @property
    def failures(self) -> dict[str, str]:
        """Analysis -> what stood in its way, for those that could not be made."""
        return {name: one.failure for name, one in self.found.items() if one.failure}

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Name -> table, unrounded, for every table that the findings allow."""
        return tables_of(self.survey, self.found)

    def criteria(self) -> pd.DataFrame:
        """Return one row a figure and cited rule: of, metric, value, rule, met, citation, scope, caveat."""
        return held_frame(self.survey, self.found)

    def to_frame(self) -> pd.DataFrame:
        """Return the scales at a glance."""
        return self.scales

    def write(self, path: str | Path, *, language: str = "en", title: str = "", figures: bool = True) -> Path:
        """Write the report as a self-contained HTML page or a Word document, as the ending of `path` says.

        Parameters
        ----------
        path : str or Path
            The file: `.html` or `.docx`.
        language : {"en", "zh"}
            Language of headings, labels and generated text.
        title : str
            Title; "Measurement quality" in the language when empty.
        figures : bool
            Whether figures are drawn.

        Returns
        -------
        Path
            The file written, whole or not at all.
        """
        words = Words(language)
        context = Context(self.survey, self.options, self.found, words, figures)
        page = Page(
            title=title or words("quality.title"),
            language=language,
            made=self.survey.responses.source if self.survey.responses is not None else "",
            simulated=self.survey.simulated,
            version=package_version("trustmeasure"),
        )
        return write_document(page, quality_sections(context), path)

    def summary(self) -> Summary:
        """Return the scales at a glance and what could not be computed, for reading."""
        parts: list[Table | str] = [Table("Scales", self.scales)]
        if self.survey.simulated:
            parts.insert(0, "The answers are simulated: no real person gave them.")
        parts += [f"Not computed: {name}: {why}" for name, why in self.failures.items()]
        return Summary("Measurement quality", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def measurement_report(
    responses: Any,
    model: str = "",
    *,
    ordered: bool | None = None,
    groups: str | Sequence[str] = (),
    skip: Collection[str] = (),
    ci: float = 0.95,
    n_bootstrap: int = 1000,
    seed: int = 1,
) -> MeasurementReport:
    """Report whether scales may be trusted: screening, items, reliability, factors, validity, method, IRT.

    Parameters
    ----------
    responses : Responses or mapping
        Answers with their instruments; or a mapping from the name of a scale to a frame of its items, one row
        a person, the same people in each.
    model : str
        Text of the measurement model; by default one factor for each reflective scale of two items or more,
        all of them correlated.
    ordered : bool, optional
        Whether the answers are ordinal (polychoric correlations, WLSMV). None: when any item has fewer than
        five different answers; with more, robust maximum likelihood serves (Rhemtulla, Brosseau-Liard &
        Savalei 2012).
    groups : str or sequence of str
        Columns (language, sector, wave) over whose groups invariance is tested.
    skip : collection of str
        Analyses to leave out, of "screening", "items", "reliability", "adequacy", "factor_numbers",
        "exploratory", "confirmatory", "convergent", "discriminant", "method", "item_response", "invariance".
    ci : float
        Level of the intervals.
    n_bootstrap : int
        Draws of the intervals of HTMT.
    seed : int
        The same seed gives the same report.

    Returns
    -------
    MeasurementReport
        `.scales` (the table at a glance), `.tables`, `.criteria()`, `["reliability"]` and so on for the
        result of each analysis, `.failures`, `.write("quality.html")`.

    Raises
    ------
    ArgumentError, DataError
        If the arguments do not fit the answers. An analysis that cannot be made is a failure of the report,
        with its reason, never an error.

    References
    ----------
    Rhemtulla, M., Brosseau-Liard, P. E., & Savalei, V. (2012). When can categorical variables be treated as
    continuous? Psychological Methods, 17(3), 354-373.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> only = tm.measurement_report(responses, skip=set(ANALYSES) - {"reliability"})
    >>> float(only.scales.set_index("construct")["alpha"].round(2)["satisfaction"])
    0.85
    """
    survey = survey_of(responses)
    in_range("ci", ci, 0.0, 1.0)
    wanted = (groups,) if isinstance(groups, str) else tuple(groups)
    _require_columns(survey, wanted)
    for name in skip:
        if name not in ANALYSES:
            raise ArgumentError(f"skip: there is no analysis '{name}'. {suggestion(name, list(ANALYSES))}")
    options = Options(model, ordered, wanted, ci, at_least("n_bootstrap", n_bootstrap, 1), seed)
    names = tuple(name for name in ANALYSES if name not in skip and (name != "invariance" or options.groups))
    return MeasurementReport(survey, options, analysed(survey, options, names))


def _require_columns(survey: Survey, names: Sequence[str]) -> None:
    known = [str(name) for name in survey.columns.columns]
    for name in names:
        if name not in known:
            raise ArgumentError(f"groups: there is no column '{name}'. {suggestion(name, known)}")
