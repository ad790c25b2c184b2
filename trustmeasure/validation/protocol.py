"""The protocol that validates an instrument on a team's own data: one call, a dossier, an evidence block."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.instruments import EvidenceStep, Instrument, load_instrument
from trustmeasure.instruments.content import content_validity
from trustmeasure.instruments.evidence import evidence_text, merged_steps, status_of, write_evidence
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.instruments.records import Evidence, EvidenceStatus
from trustmeasure.responses import Responses
from trustmeasure.validation.analyses import Options, analysed
from trustmeasure.validation.claims import Claim, claims, claims_frame
from trustmeasure.validation.cosmin import cosmin_frame
from trustmeasure.validation.findings import Finding, finding
from trustmeasure.validation.glance import glance
from trustmeasure.validation.halves import first_half
from trustmeasure.validation.survey import Survey, survey_of
from trustmeasure.validation.tables import tables_of
from trustmeasure.versions import package_version

WHOLE = ("screening", "items", "reliability", "method", "item_response", "invariance")
EXPLORED = ("adequacy", "factor_numbers", "exploratory")
CONFIRMED = ("confirmatory", "convergent", "discriminant")
SOURCES = ("content", "response_process", "internal_structure", "other_variables", "consequences")
"""The sources of validity evidence of the Standards (AERA, APA & NCME 2014)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Validation:
    """What the protocol found about an instrument.

    Attributes
    ----------
    instrument : Instrument
        As it was asked.
    survey : Survey
        The answers to its items.
    options : Options
        How the analyses were made.
    found : mapping of str to Finding
        Analysis -> its result, or why there is none.
    claims : tuple of Claim
        Each status with its rules, met or not.
    steps : tuple of EvidenceStep
        The steps of the claims that were reached; marked as simulated where the answers are.
    sizes : mapping of str to int
        People: "all", "explored", "confirmed"; "items".
    statements : mapping of str to str
        What the team says of a source of evidence that figures cannot show.
    """

    instrument: Instrument
    survey: Survey
    options: Options
    found: Mapping[str, Finding]
    claims: tuple[Claim, ...]
    steps: tuple[EvidenceStep, ...]
    sizes: Mapping[str, int]
    statements: Mapping[str, str] = field(default_factory=FrozenMap)

    @property
    def evidence(self) -> Evidence:
        """The instrument's evidence with the new steps."""
        merged = merged_steps(self.instrument.evidence.steps, self.steps)
        return Evidence(status_of(merged), merged)

    @property
    def status(self) -> EvidenceStatus:
        """The status that the evidence carries; simulated answers never raise it."""
        return self.evidence.status

    @property
    def failures(self) -> dict[str, str]:
        """Analysis -> what stood in its way."""
        return {name: one.failure for name, one in self.found.items() if one.failure}

    @property
    def scales(self) -> pd.DataFrame:
        """One row a scale, as in `measurement_report`."""
        return glance(self.survey, self.found)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Name -> unrounded table, with the claims and COSMIN's rules."""
        own = tables_of(self.survey, self.found)
        return {**own, "claims": claims_frame(self.claims), "cosmin": self.cosmin()}

    def cosmin(self) -> pd.DataFrame:
        """Return COSMIN's criteria for good measurement properties beside what was found."""
        return cosmin_frame(self.survey, self.found)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a claim and rule: status, reached, figure, value, rule, citation, met, lacking."""
        return claims_frame(self.claims)

    def evidence_block(self) -> str:
        """Return the evidence block as it stands in an instrument file."""
        return evidence_text(self.evidence)

    def write_evidence(self, path: str | Path, target: str | Path | None = None) -> Path:
        """Write the steps into the instrument file at `path` (or into a copy, `target`)."""
        return write_evidence(path, self.steps, target)

    def write(self, path: str | Path, *, language: str = "en", title: str = "", figures: bool = True) -> Path:
        """Write the dossier as an HTML page or a Word document, as the ending of `path` says.

        Parameters
        ----------
        path : str or Path
            The file: `.html` or `.docx`.
        language : {"en", "zh"}
            Language of headings, labels and generated text.
        title : str
            Title; made from the instrument's when empty.
        figures : bool
            Whether figures are drawn.

        Returns
        -------
        Path
            The file written, whole or not at all.
        """
        from trustmeasure.validation.dossier import write_dossier

        return write_dossier(self, path, language=language, title=title, figures=figures)

    def summary(self) -> Summary:
        """Return the status, the claims and what could not be computed, for reading."""
        simulated = " The answers are simulated and do not count." if self.survey.simulated else ""
        parts: list[Table | str] = [
            f"Status: {self.status}.{simulated}",
            Table("Claims", self.to_frame()),
            Table("Scales", self.scales),
        ]
        parts += [f"Not computed: {name}: {why}" for name, why in self.failures.items()]
        return Summary(f"Validation of {self.instrument.id} {self.instrument.version}", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def validate(
    instrument: str | Path | Instrument,
    responses: Responses,
    *,
    ratings: Any = None,
    groups: str | Sequence[str] = (),
    behaviour: Mapping[str, str] | None = None,
    retest: Responses | None = None,
    statements: Mapping[str, str] | None = None,
    country: str = "",
    date: str = "",
    ordered: bool | None = None,
    share: float = 0.5,
    ci: float = 0.95,
    n_bootstrap: int = 1000,
    seed: int = 1,
) -> Validation:
    """Run the validation protocol of an instrument on answers to it.

    Content evidence from experts' ratings; screening and item analysis; exploratory factor analysis on one
    random half and confirmatory on the other; reliability, convergent and discriminant validity; invariance
    over groups; relations with observed behaviour. The result writes the dossier and the evidence block.

    Parameters
    ----------
    instrument : str, Path or Instrument
        Its id, file, or itself.
    responses : Responses
        Answers to it, and perhaps to others.
    ratings : frame, optional
        Experts' ratings, as `content_validity` takes them.
    groups : str or sequence of str
        Columns (language, sector) over whose groups invariance is tested.
    behaviour : mapping of str to str, optional
        Column with observed behaviour -> expected sign of its correlation with every scale, "+" or "-".
    retest : Responses, optional
        Answers of the same people a second time, joined by respondent id.
    statements : mapping of str to str, optional
        Source of evidence ("content", "response_process", "internal_structure", "other_variables",
        "consequences") -> what the team has to say about it, printed as its own words.
    country, date : str
        Where the people answered; the day of the analysis (year-month-day), today when empty.
    ordered, ci, n_bootstrap, seed
        As in `measurement_report`.
    share : float
        Share of the people in the half that is explored.

    Returns
    -------
    Validation
        `.status`, `.claims`, `.cosmin()`, `.tables`, `.write("dossier.docx")`, `.write_evidence(file)`.

    Raises
    ------
    ArgumentError, DataError, InstrumentError
        If the arguments do not fit the answers. An analysis that cannot be made is a failure with its reason.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> answers = tm.load_sample("trust-survey")
    >>> found = tm.validate("cognitive-trust", answers, n_bootstrap=50, date="2025-01-31")
    >>> found.status, [claim.status for claim in found.claims if claim.reached]
    ('developed', ['piloted', 'structurally-validated'])
    """
    own = load_instrument(instrument)
    survey = _survey(own, responses)
    wanted = (groups,) if isinstance(groups, str) else tuple(groups)
    signs = _checked_columns(survey, wanted, behaviour or {})
    said = _checked_statements(statements or {})
    in_range("ci", ci, 0.0, 1.0)
    options = Options("", ordered, wanted, ci, n_bootstrap, seed)
    half = first_half(len(survey.answers), share, seed)
    found = _found(survey, options, half, ratings, own, signs, retest)
    sizes = FrozenMap.of(_sizes(survey, half))
    made = claims(found, sizes)
    step = partial(
        Claim.step,
        date=date or datetime.now(tz=UTC).date().isoformat(),
        country=country,
        language=_language(survey),
        simulated=survey.simulated,
        hash=_hash(own, survey, options, share, signs),
    )
    steps = tuple(step(claim) for claim in made if claim.reached)
    return Validation(own, survey, options, found, made, steps, sizes, FrozenMap.of(said))


def _survey(instrument: Instrument, responses: Any) -> Survey:
    """Return the answers to the items of one instrument."""
    if not isinstance(responses, Responses):
        raise ArgumentError(
            f"responses is a {type(responses).__name__}; read the answers with read_responses first."
        )
    if all(one.id != instrument.id for one in responses.instruments):
        known = [one.id for one in responses.instruments]
        raise ArgumentError(
            f"responses hold no answers to '{instrument.id}'. {suggestion(instrument.id, known)}"
        )
    survey = survey_of(replace(responses, instruments=(instrument,)))
    if not survey.scales:
        raise DataError(f"None of the items of '{instrument.id}' has a column in {responses.source}.")
    return survey


def _checked_columns(survey: Survey, groups: Sequence[str], behaviour: Mapping[str, str]) -> dict[str, str]:
    known = [str(name) for name in survey.columns.columns]
    for argument, names in (("groups", groups), ("behaviour", behaviour)):
        for name in names:
            if name not in known:
                raise ArgumentError(f"{argument}: there is no column '{name}'. {suggestion(name, known)}")
    return {name: one_of(f"behaviour['{name}']", sign, ("+", "-")) for name, sign in behaviour.items()}


def _checked_statements(statements: Mapping[str, str]) -> dict[str, str]:
    return {one_of("statements", name, SOURCES): str(text) for name, text in statements.items()}


def _found(
    survey: Survey,
    options: Options,
    half: Any,
    ratings: Any,
    instrument: Instrument,
    signs: Mapping[str, str],
    retest: Responses | None,
) -> dict[str, Finding]:
    """Return what every part of the protocol found, in the order of the dossier."""
    from trustmeasure.validation.relations import criterion, retested

    found: dict[str, Finding] = {}
    if ratings is not None:
        found["content"] = finding("content", partial(content_validity, ratings, instrument))
    whole = WHOLE if options.groups else WHOLE[:-1]
    found |= analysed(survey, options, whole)
    found |= analysed(survey.rows(half), options, EXPLORED)
    found |= analysed(survey.rows(~np.asarray(half)), options, CONFIRMED)
    if signs:
        found["criterion"] = finding("criterion", partial(criterion, survey, signs, options))
    if retest is not None:
        found["retest"] = finding("retest", partial(retested, survey, retest, options))
    return found


def _sizes(survey: Survey, half: Any) -> dict[str, int]:
    n = len(survey.answers)
    explored = int(np.sum(half))
    return {"all": n, "explored": explored, "confirmed": n - explored, "items": survey.answers.shape[1]}


def _language(survey: Survey) -> str:
    """Return the language in which all answered; empty when there were several or it is not known."""
    if "language" not in survey.columns or survey.responses is None:
        return ""
    tags = {tag for instrument in survey.responses.instruments for tag in instrument.language_tags}
    seen = set(survey.columns["language"].dropna().astype(str))
    return seen.pop() if len(seen) == 1 and seen <= tags else ""


def _hash(
    instrument: Instrument, survey: Survey, options: Options, share: float, signs: Mapping[str, str]
) -> str:
    """Return what names the analysis: the same answers, instrument, options and version give the same."""
    made = hashlib.sha256()
    parts = (instrument.id, instrument.version, repr(options), repr(share), repr(sorted(signs.items())))
    made.update("\n".join([*parts, package_version("trustmeasure"), *survey.answers.columns]).encode())
    made.update(np.ascontiguousarray(survey.answers.to_numpy(dtype="<f8")).tobytes())
    return made.hexdigest()
