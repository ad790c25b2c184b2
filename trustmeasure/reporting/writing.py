"""The report: findings become one self-contained HTML file, or a Word document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from trustmeasure.check import one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.files import write_with
from trustmeasure.reporting.blocks import Section
from trustmeasure.reporting.context import Context
from trustmeasure.reporting.findings import Findings
from trustmeasure.reporting.page import Page
from trustmeasure.reporting.render import render
from trustmeasure.reporting.sections import sections
from trustmeasure.reporting.words import Words

ENDINGS = (".html", ".htm", ".docx")


class HasFindings(Protocol):
    """Anything that carries findings, such as the result of a study."""

    @property
    def findings(self) -> Findings:
        """What was found."""
        ...


def report(result: Findings | HasFindings, path: str | Path) -> Path:
    """Write a report as one HTML file that needs no other file and no network, or as a Word document.

    Parameters
    ----------
    result : Findings or StudyResult
        What was found; `run_study` returns it, and `Findings(responses=..., structural=...)` puts it together
        by hand.
    path : str or Path
        The file; its ending says which: `.html` or `.docx`.

    Returns
    -------
    Path
        The file written, whole or not at all.

    Raises
    ------
    ArgumentError
        If `result` carries no findings, or `path` has another ending.

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
    context = _context(result)
    return write_document(page_of(context), sections(context), path)


def write_document(page: Page, parts: Sequence[Section], path: str | Path) -> Path:
    """Write sections as HTML or Word, as the ending of `path` says; whole or not at all."""
    target = Path(path)
    ending = one_of("the ending of path", target.suffix.lower(), ENDINGS)
    if ending == ".docx":
        from trustmeasure.reporting.word import render_word

        content = render_word(page, parts)
    else:
        content = render(page, parts).encode("utf-8")
    return write_with(target, lambda file: file.write_bytes(content))


def report_html(result: Findings | HasFindings) -> str:
    """Return a report as HTML text."""
    context = _context(result)
    return render(page_of(context), sections(context))


def _context(result: Findings | HasFindings) -> Context:
    findings = result if isinstance(result, Findings) else getattr(result, "findings", None)
    if not isinstance(findings, Findings):
        raise ArgumentError(
            f"result is a {type(result).__name__}; give Findings, or what run_study returned."
        )
    return Context(findings, Words(findings.language))


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
