"""Everything a report can be made from: what was asked, answered and found, without any file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.reporting.estimation import refuse_undescribed

if TYPE_CHECKING:
    from trustmeasure.responses import Responses
    from trustmeasure.sem import SemResult

Language = Literal["en", "zh"]
FIGURES = ("items", "correlations", "loadings", "path-diagram")


@dataclass(frozen=True, slots=True)
class Failure:
    """A stage that could not be finished.

    Attributes
    ----------
    stage : str
        `"reliability"`, `"measurement"`, `"structural"` or the name of a figure.
    message : str
        What stood in the way.
    """

    stage: str
    message: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers come from.

    Attributes
    ----------
    study, study_sha256 : str
        Name and hash of the study file; empty when there is none.
    data, data_sha256 : str
        Name and hash of the file with the answers.
    created : str
        When the analysis ran, ISO 8601.
    seed : int or None
        Seed for random numbers.
    versions : mapping
        Software -> version.
    """

    study: str = ""
    study_sha256: str = ""
    data: str = ""
    data_sha256: str = ""
    created: str = ""
    seed: int | None = None
    versions: Mapping[str, str] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Findings:
    """What a report shows.

    Attributes
    ----------
    responses : Responses
        The answers that were used; they carry instruments, exclusions and missing values.
    title : str
        Title of the report.
    language : {"en", "zh"}
        Language of headings, labels and generated text.
    authors : tuple of str
        Who is responsible.
    brand : str
        Words for the placeholder `{brand}`; empty for each instrument's own.
    reliability : DataFrame or None
        The table of `reliability(responses)`.
    reliability_ci : float
        Level of its intervals.
    reliability_missing : str
        What alpha did with missing answers.
    scores : DataFrame or None
        One column a construct.
    score_method, min_valid
        How the scores were made.
    measurement, structural : SemResult or None
        The measurement model alone, and the whole model.
    std : {"std_all", "std_lv"}
        Which standardised estimates are shown.
    failures : tuple of Failure
        Stages that could not be finished.
    provenance : Provenance
        Files, versions, seed.
    remedies : tuple of str
        What was done about common method bias when the answers were collected.
    figures : tuple of str
        Figures wanted, of `FIGURES`.
    decimals : int
        Digits after the point.
    """

    responses: Responses
    title: str = ""
    language: Language = "en"
    authors: tuple[str, ...] = ()
    brand: str = ""
    reliability: pd.DataFrame | None = None
    reliability_ci: float = 0.95
    reliability_missing: str = "pairwise"
    scores: pd.DataFrame | None = None
    score_method: str = "mean"
    min_valid: float = 0.5
    measurement: SemResult | None = None
    structural: SemResult | None = None
    std: Literal["std_all", "std_lv"] = "std_all"
    failures: tuple[Failure, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    remedies: tuple[str, ...] = ()
    figures: tuple[str, ...] = FIGURES
    decimals: int = 3

    def __repr__(self) -> str:
        found = [name for name in ("reliability", "measurement", "structural") if self.has(name)]
        return f"<Findings: {self.responses.n_rows} respondents; {', '.join(found) or 'answers only'}>"

    def __post_init__(self) -> None:
        for result in (self.measurement, self.structural):
            if result is not None:
                refuse_undescribed(result)

    def has(self, part: str) -> bool:
        """Return whether a part was found."""
        return getattr(self, part) is not None

    def failed(self, stage: str) -> Failure | None:
        """Return what stood in the way of a stage, or None."""
        return next((failure for failure in self.failures if failure.stage == stage), None)
