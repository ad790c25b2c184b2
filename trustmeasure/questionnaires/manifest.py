"""The manifest beside every export: what the columns and codes of the answers mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires.elements import Choice, Element, Entry, Matrix, Question
from trustmeasure.questionnaires.model import Questionnaire
from trustmeasure.questionnaires.scales import offered
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.versions import package_version

LAYOUT = 1
"""Raised when the manifest's own layout changes."""


def manifest_path(export: str | Path) -> Path:
    """Return the path of the manifest that belongs to an export: its whole name and `.manifest.json`.

    Examples
    --------
    >>> manifest_path("acme.qsf").name
    'acme.qsf.manifest.json'
    """
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
        "instruments": [asdict(source) for source in questionnaire.sources],
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
        "sector": questionnaire.sector,
        "wave": questionnaire.wave,
    }


def _columns(questionnaire: Questionnaire, names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {
        names[id]: {"id": id, "number": questionnaire.numbers[id], **about}
        for element in questionnaire.elements
        for id, about in _asked(element)
    }


def _asked(element: Element) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield id and description of each question of a part."""
    if isinstance(element, Matrix):
        for question in element.questions:
            yield question.id, _row(question, element)
    elif isinstance(element, Choice):
        yield element.id, {"kind": element.role, "scale": element.scale.id, "text": dict(element.text)}
    elif isinstance(element, Entry):
        yield element.id, {"kind": element.role, "entry": element.kind, "text": dict(element.text)}


def _row(question: Question, matrix: Matrix) -> dict[str, Any]:
    about = {"block": matrix.id, "scale": matrix.scale.id, "text": dict(question.text)}
    if question.expected is not None:
        return {"kind": "check", "expected": question.expected, **about}
    return {"kind": "item", "instrument": question.instrument, **about}


def _scale(scale: ResponseScale, languages: tuple[str, ...]) -> dict[str, Any]:
    return {
        "answers": {language: _codes(scale.points, language) for language in languages},
        "missing": {language: _codes(scale.missing, language) for language in languages},
        "reasons": {str(code.code): code.reason for code in scale.missing},
        "shown": [*scale.codes, *(code.code for code in offered(scale))],
    }


def _codes(entries: tuple[ScalePoint, ...] | tuple[MissingCode, ...], language: str) -> dict[str, int]:
    return {entry.label[language]: entry.code for entry in entries}
