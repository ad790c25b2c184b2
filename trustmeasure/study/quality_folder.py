"""A report on measurement quality, or a dossier, as a folder: documents, tables, and a record of the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.files import safe_frame, write_text
from trustmeasure.study.folder import MAKER, whole_folder
from trustmeasure.study.record import as_json, file_sha256
from trustmeasure.validation import MeasurementReport, Validation
from trustmeasure.versions import versions

ENDINGS = ("html", "docx")


def write_quality(found: MeasurementReport, out: str | Path, *, data: Path, language: str = "en") -> Path:
    """Write quality.html, quality.docx, tables/*.csv and quality.json; whole or not at all.

    Parameters
    ----------
    found : MeasurementReport
        What was found.
    out : str or Path
        The folder; an empty one, or one that an earlier run wrote, is replaced.
    data : Path
        The file with the answers, for the record.
    language : {"en", "zh"}
        Language of the documents.
    """
    with whole_folder(out) as folder:
        _documents(folder, "quality", lambda path: found.write(path, language=language))
        _tables(folder, found.tables)
        _record(folder, "quality", found, data, {})
    return Path(out)


def write_validation(found: Validation, out: str | Path, *, data: Path, language: str = "en") -> Path:
    """Write the dossier as HTML and Word, evidence.yaml, tables/*.csv and validation.json."""
    with whole_folder(out) as folder:
        _documents(folder, "dossier", lambda path: found.write(path, language=language))
        write_text(folder / "evidence.yaml", found.evidence_block())
        _tables(folder, found.tables)
        more = {
            "instrument": {"id": found.instrument.id, "version": found.instrument.version},
            "status": found.status,
            "people": dict(found.sizes),
            "claims": found.to_frame().to_dict("records"),
        }
        _record(folder, "validation", found, data, more)
    return Path(out)


def _documents(folder: Path, name: str, write: Callable[[Path], object]) -> None:
    for ending in ENDINGS:
        write(folder / f"{name}.{ending}")


def _tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    for name, frame in tables.items():
        write_text(
            folder / "tables" / f"{name}.csv", str(safe_frame(frame).to_csv(index=False, lineterminator="\n"))
        )


def _record(
    folder: Path, name: str, found: MeasurementReport | Validation, data: Path, more: Mapping[str, Any]
) -> None:
    """Write the record, which names every file of the run so that a later run may replace them."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    options = found.options
    record = {
        "made_by": MAKER,
        "created": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "simulated": found.survey.simulated,
        "data": {"source": data.name, "sha256": file_sha256(data)},
        "seed": options.seed,
        "options": {
            "model": options.model,
            "ordered": options.ordered,
            "groups": list(options.groups),
            "ci": options.ci,
            "n_bootstrap": options.n_bootstrap,
        },
        "versions": versions("numpy", "scipy", "pandas"),
        **more,
        "failures": found.failures,
        "files": files,
    }
    write_text(folder / f"{name}.json", as_json(record))
