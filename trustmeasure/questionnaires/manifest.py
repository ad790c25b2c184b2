"""The manifest beside every export: what the columns and codes of the answers mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import offered
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.versions import package_version

LAYOUT = 1
"""Raised when the manifest's own layout changes."""


def manifest_path(export: str | Path) -> Path:
    """Return the path of the manifest that belongs to an export: its whole name and `.manifest.json`."""
    export = Path(export)
    return export.with_name(f"{export.name}.manifest.json")


def manifest(questionnaire: Questionnaire, writer: Writer, file: str, exported: bytes) -> dict[str, Any]:
    """Return the manifest of one export as plain values.

    Parameters
    ----------
    questionnaire : Questionnaire
        What was exported.
    writer : Writer
        The format.
    file : str
        Name of the export.
    exported : bytes
        The export itself, for its hash.

    Returns
    -------
    dict
        Instruments, languages, columns, scales and hashes; nothing in it depends on the day or the machine.
    """
    return {
        "manifest": LAYOUT,
        "made_with": f"trustmeasure {package_version('trustmeasure')}",
        "format": writer.name,
        "file": file,
        "file_sha256": hashlib.sha256(exported).hexdigest(),
        "questionnaire": _about(questionnaire),
        "instruments": [{"id": source.id, "version": source.version} for source in questionnaire.sources],
        "limits": list(writer.limits(questionnaire)),
        "other_columns": list(writer.other_columns(questionnaire)),
        "columns": _columns(questionnaire, writer.columns(questionnaire)),
        "scales": {scale.id: _scale(scale, questionnaire.languages) for scale in questionnaire.scales},
    }


def manifest_bytes(questionnaire: Questionnaire, writer: Writer, file: str, exported: bytes) -> bytes:
    """Return the manifest as JSON for people to read: indented, UTF-8, Chinese as it is."""
    values = manifest(questionnaire, writer, file, exported)
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def _about(questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "title": dict(questionnaire.title),
        "version": questionnaire.version,
        "hash": questionnaire.hash,
        "languages": list(questionnaire.languages),
        "brand": None if questionnaire.brand is None else dict(questionnaire.brand),
        "order": questionnaire.order,
        "seed": questionnaire.seed,
    }


def _columns(questionnaire: Questionnaire, names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    numbers = {id: number for number, id in enumerate(questionnaire.columns, start=1)}
    return {
        names[question.id]: {
            "item": question.id,
            "instrument": question.instrument,
            "block": element.id,
            "scale": element.scale.id,
            "number": numbers[question.id],
            "text": dict(question.text),
        }
        for element in questionnaire.elements
        for question in element.questions
    }


def _scale(scale: ResponseScale, languages: tuple[str, ...]) -> dict[str, Any]:
    return {
        "answers": {language: _codes(scale.points, language) for language in languages},
        "missing": {language: _codes(scale.missing, language) for language in languages},
        "reasons": {str(code.code): code.reason for code in scale.missing},
        "shown": [*scale.codes, *(code.code for code in offered(scale))],
    }


def _codes(entries: tuple[ScalePoint, ...] | tuple[MissingCode, ...], language: str) -> dict[str, int]:
    return {entry.label[language]: entry.code for entry in entries}
