"""The report: findings become one self-contained HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from trustmeasure.errors import ArgumentError
from trustmeasure.files import write_text
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.findings import Findings
from trustmeasure.reporting.page import Page
from trustmeasure.reporting.render import render
from trustmeasure.reporting.sections import sections
from trustmeasure.reporting.words import Words


class HasFindings(Protocol):
    """Anything that carries findings, such as the result of a study."""

    @property
    def findings(self) -> Findings:
        """What was found."""
        ...


def report(result: Findings | HasFindings, path: str | Path) -> Path:
    """Write a report as one HTML file that needs no other file and no network.

    Parameters
    ----------
    result : Findings or StudyResult
        What was found; `run_study` returns it, and `Findings(responses=..., structural=...)` puts it together
        by hand.
    path : str or Path
        The file, ending in `.html`.

    Returns
    -------
    Path
        The file written, whole or not at all.

    Raises
    ------
    ArgumentError
        If `result` carries no findings, or `path` does not end in .html.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import trustmeasure as tm
    >>> from trustmeasure.reporting import Findings, report
    >>> responses = tm.load_sample("trust-survey")
    >>> found = Findings(responses=responses, title="Trust in brief", figures=())
    >>> report(found, Path(tempfile.mkdtemp()) / "report.html").name
    'report.html'
    """
    target = Path(path)
    if target.suffix.lower() not in (".html", ".htm"):
        raise ArgumentError(f"path={str(path)!r} must end in .html; a report is an HTML file.")
    return write_text(target, report_html(result))


def report_html(result: Findings | HasFindings) -> str:
    """Return a report as HTML text."""
    findings = result if isinstance(result, Findings) else getattr(result, "findings", None)
    if not isinstance(findings, Findings):
        raise ArgumentError(
            f"result is a {type(result).__name__}; give Findings, or what run_study returned."
        )
    context = Context(findings, Words(findings.language))
    return render(page_of(context), sections(context))


def page_of(context: Context) -> Page:
    """Return what stands around the sections of a report."""
    findings = context.findings
    parts = (findings.provenance.created[:10], findings.brand, findings.responses.source)
    return Page(
        title=findings.title or context.words("report.untitled"),
        language=findings.language,
        authors=findings.authors,
        made=" · ".join(part for part in parts if part),
        simulated=findings.responses.simulated,
        version=findings.provenance.versions.get("trustmeasure", ""),
    )
