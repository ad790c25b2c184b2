"""The machine-readable record of a run."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from trustmeasure.reporting.findings import Findings
from trustmeasure.reporting.frames import exclusion_counts, rows_of, stage_frame
from trustmeasure.sem import SemResult
from trustmeasure.study.folder import MAKER
from trustmeasure.study.model import Study


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def record(
    study: Study,
    findings: Findings,
    headline: Mapping[str, float],
    warnings: Sequence[str],
    files: Sequence[str],
) -> dict[str, Any]:
    """Return what a reader or a program needs to trace every figure back.

    Parameters
    ----------
    study : Study
        What was asked for.
    findings : Findings
        What was found.
    headline : mapping
        Headline figures.
    warnings : sequence of str
        What the analyses warned of.
    files : sequence of str
        Files written, relative to the folder.
    """
    source, responses = findings.provenance, findings.responses
    return {
        "made_by": MAKER,
        "created": source.created,
        "title": study.title,
        "simulated": responses.simulated,
        "study": {"file": source.study, "sha256": source.study_sha256},
        "data": {"source": source.data, "sha256": source.data_sha256},
        "seed": study.seed,
        "versions": dict(source.versions),
        "instruments": [{"id": i.id, "version": i.version} for i in responses.instruments],
        "n": {row.stage: int(row.n) for row in rows_of(stage_frame(findings))},
        "exclusions": exclusion_counts(responses).to_dict("records"),
        "missing": responses.missing().to_dict("records"),
        "notes": list(responses.notes),
        "remedies": list(study.remedies),
        "models": {
            name: _model(result)
            for name, result in (("measurement", findings.measurement), ("structural", findings.structural))
        },
        "warnings": list(warnings),
        "failures": [{"stage": f.stage, "message": f.message} for f in findings.failures],
        "headline": dict(headline),
        "files": list(files),
    }


def _model(result: SemResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {
        "text": result.model.text,
        "estimator": result.estimator,
        "missing": result.missing,
        "engine": result.engine,
        "n_obs": result.n_obs,
        "n_dropped": result.n_dropped,
        "npar": result.npar,
        "df": result.df,
        "converged": result.converged,
        "iterations": result.iterations,
        "warnings": list(result.warnings),
    }


def as_json(value: Any) -> str:
    """Return a record as JSON text; a number that does not exist becomes null."""
    return json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, bool | str) or value is None:
        return value
    number = value.item() if hasattr(value, "item") else value
    return None if isinstance(number, float) and not math.isfinite(number) else number
