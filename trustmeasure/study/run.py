"""The whole way once: a study becomes a report, tables and a record."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.check import existing_file
from trustmeasure.display import number
from trustmeasure.errors import ResponseError, TrustMeasureWarning, collecting
from trustmeasure.files import safe_frame
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.reliability_analysis import reliability
from trustmeasure.reporting import Failure, Findings, Provenance, headline, report_html, tables
from trustmeasure.reporting.estimation import reported_fit
from trustmeasure.responses import Responses
from trustmeasure.sem import SemResult
from trustmeasure.study.folder import RECORD, whole_folder
from trustmeasure.study.model import Study
from trustmeasure.study.progress import Teller
from trustmeasure.study.reading import read_study
from trustmeasure.study.record import as_json, file_sha256, record
from trustmeasure.study.result import StudyResult
from trustmeasure.study.stages import (
    attempt,
    data_source,
    fit,
    model_texts,
    read_answers,
    require_variables,
    score_constructs,
)
from trustmeasure.versions import versions

REPORT = "report.html"
TABLES = "tables"
STAGES = 6


def run_study(
    study: Study | str | Path, out: str | Path, *, data: Any = None, progress: bool = True
) -> StudyResult:
    """Run a study: read, check, score, estimate, draw, and write the report.

    The folder `out` appears whole or not at all: `report.html`, `study.json` and, unless the study says
    otherwise, `tables/*.csv` (UTF-8, unrounded). A model that cannot be fitted does not stop the run: the
    report says what stood in the way, and `.failures` names it.

    Parameters
    ----------
    study : Study, str or Path
        A study, or the path of its file.
    out : str or Path
        The folder to write; an empty one, or one that an earlier run wrote, is replaced.
    data : str, Path or frame, optional
        Answers to use in the place of those that the study names.
    progress : bool
        Whether the stages are told on standard error.

    Returns
    -------
    StudyResult
        `.findings`, `.headline`, `.report`, `.files`, `.failures`.

    Raises
    ------
    StudyError, ResponseError, ModelSyntaxError
        If the study file, the answers, the model text or the folder do not allow a run; nothing is written.

    Warns
    -----
    TrustMeasureWarning
        What the analyses warn of, each once, after everything is written.

    Examples
    --------
    >>> import tempfile, warnings
    >>> from pathlib import Path
    >>> from trustmeasure.study import run_study
    >>> folder = Path(tempfile.mkdtemp())
    >>> text = '''
    ... [instruments]
    ... use = ["satisfaction"]
    ... [responses]
    ... sample = "trust-survey"
    ... [report]
    ... plots = false
    ... '''
    >>> _ = (folder / "study.toml").write_text(text)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     result = run_study(folder / "study.toml", folder / "out", progress=False)
    >>> result.report.name, result.complete
    ('report.html', True)
    """
    told: list[str] = []
    plan = study if isinstance(study, Study) else read_study(study)
    teller = Teller(STAGES, progress)
    with whole_folder(out) as folder:
        with collecting(told):
            findings = _analyse(plan, data, teller)
        with teller.stage("Report"):
            with collecting(told):
                page = report_html(findings)
            files = _write(plan, findings, page, told, folder)
            teller.outcome = f"{len(files)} files"
    for message in told:
        warnings.warn(message, TrustMeasureWarning, stacklevel=2)
    target = Path(out)
    return StudyResult(
        study=plan,
        findings=findings,
        folder=target,
        report=target / REPORT,
        files=tuple(target / name for name in files),
        headline=FrozenMap.of(headline(findings)),
        warnings=tuple(told),
    )


def _analyse(study: Study, data: Any, teller: Teller) -> Findings:
    """Run every stage before the report."""
    measurement, structural = model_texts(study)
    with teller.stage("Answers"):
        source = _source(study, data)
        responses = read_answers(study, source)
        require_variables(study, responses)
        teller.outcome = _counted(responses)
    failures: list[Failure] = []
    with teller.stage("Scores"):
        scores = score_constructs(responses, study.scoring.method, study.scoring.min_valid)
        teller.outcome = f"{scores.shape[1]} constructs"
    with teller.stage("Reliability"):
        how = study.reliability
        table = reliability(responses, how.ci, missing=how.missing, ordered=how.ordered)
        teller.outcome = f"{len(table)} scales"
    fits: dict[str, SemResult | None] = {}
    for name, title, text in (
        ("measurement", "Measurement model", measurement),
        ("structural", "Structural model", structural),
    ):
        with teller.stage(title):
            fits[name] = _fitted(study, name, text, responses, failures)
            teller.outcome = _fit_line(fits[name], text)
    return Findings(
        responses=responses,
        title=study.title,
        language=study.language,
        authors=study.authors,
        brand=study.brand,
        reliability=table,
        reliability_ci=study.reliability.ci,
        reliability_missing=study.reliability.missing,
        scores=scores,
        score_method=study.scoring.method,
        min_valid=study.scoring.min_valid,
        measurement=fits["measurement"],
        structural=fits["structural"],
        std=study.model.std,
        failures=tuple(failures),
        provenance=_provenance(study, responses, source),
        remedies=study.remedies,
        figures=study.output.plots,
        decimals=study.output.decimals,
    )


def _source(study: Study, data: Any) -> Any:
    """Return the answers to read: a path that exists, or a frame."""
    source = data_source(study.answers) if data is None else data
    return existing_file(source, error=ResponseError) if isinstance(source, str | Path) else source


def _counted(responses: Responses) -> str:
    kind = "simulated respondents" if responses.simulated else "respondents"
    left_out = f", {len(responses.excluded):,} excluded" if len(responses.excluded) else ""
    return f"{responses.n_rows:,} {kind}{left_out}"


def _fitted(
    study: Study, stage: str, text: str, responses: Responses, failures: list[Failure]
) -> SemResult | None:
    return attempt(stage, failures, lambda: fit(study, text, responses)) if text else None


def _fit_line(result: SemResult | None, text: str) -> str:
    if result is None:
        return "not computed, see the report" if text else "none in this study"
    measures = reported_fit(result)
    return f"n = {result.n_obs:,}, CFI {number(measures.cfi)}, RMSEA {number(measures.rmsea)}"


def _provenance(study: Study, responses: Responses, source: Any) -> Provenance:
    return Provenance(
        study=study.file.name if study.file else "",
        study_sha256=study.sha256,
        data=responses.source,
        data_sha256=file_sha256(Path(source)) if isinstance(source, str | Path) else "",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=study.seed,
        versions=FrozenMap.of(versions("numpy", "scipy", "pandas")),
    )


def _write(study: Study, findings: Findings, page: str, told: list[str], folder: Path) -> list[str]:
    """Write report, tables and record into `folder`; return their names."""
    (folder / REPORT).write_text(page, encoding="utf-8", newline="\n")
    files = [REPORT]
    if study.output.tables:
        (folder / TABLES).mkdir()
        for name, frame in tables(findings).items():
            files.append(f"{TABLES}/{name}.csv")
            write_csv(frame, folder / files[-1])
    files.append(RECORD)
    content = record(study, findings, headline(findings), told, files)
    (folder / RECORD).write_text(as_json(content), encoding="utf-8", newline="\n")
    return files


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV: UTF-8, comma, unrounded."""
    safe_frame(frame).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
