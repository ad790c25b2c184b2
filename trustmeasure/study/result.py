"""What a finished study hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.reporting.findings import Failure, Findings
from trustmeasure.study.model import Study

if TYPE_CHECKING:
    from trustmeasure.responses import Responses
    from trustmeasure.sem import SemResult


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StudyResult:
    """A study that was run.

    Attributes
    ----------
    study : Study
        What was asked for.
    findings : Findings
        What was found.
    folder : Path
        Where the files are.
    report : Path
        The report.
    files : tuple of Path
        Every file written.
    headline : mapping
        Headline figures, unrounded; see `trustmeasure.reporting.headline`.
    warnings : tuple of str
        Everything the analyses warned of, each once.
    """

    study: Study
    findings: Findings
    folder: Path
    report: Path
    files: tuple[Path, ...]
    headline: Mapping[str, float]
    warnings: tuple[str, ...] = ()

    @property
    def responses(self) -> Responses:
        """The answers that were used."""
        return self.findings.responses

    @property
    def reliability(self) -> pd.DataFrame | None:
        """The table of reliabilities."""
        return self.findings.reliability

    @property
    def measurement(self) -> SemResult | None:
        """The measurement model, fitted."""
        return self.findings.measurement

    @property
    def structural(self) -> SemResult | None:
        """The whole model, fitted."""
        return self.findings.structural

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The stages that could not be finished."""
        return self.findings.failures

    @property
    def complete(self) -> bool:
        """Whether every stage was finished."""
        return not self.findings.failures

    def summary(self) -> Summary:
        """Return the headline figures for reading."""
        frame = pd.DataFrame({"figure": list(self.headline), "value": list(self.headline.values())})
        failed = [f"Not computed: {failure.stage}: {failure.message}" for failure in self.failures]
        return Summary(
            self.study.title, [Table("Headline figures", frame), *failed, f"Report: {self.report}"]
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()
