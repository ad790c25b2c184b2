"""Manifests read: what the columns of an export mean, as the questionnaire's writer left it there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from trustmeasure.check import existing_file
from trustmeasure.errors import ResponseError
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.questionnaires import Questionnaire
from trustmeasure.questionnaires.elements import Source
from trustmeasure.questionnaires.manifest import LAYOUT, manifest as manifest_values
from trustmeasure.questionnaires.writers.base import Writer
from trustmeasure.responses.meaning import Meaning

ENDING = ".manifest.json"
MOST_BYTES = 20_000_000
_SCHEMA = Path(__file__).with_name("manifest.schema.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is known of a questionnaire when its answers come back.

    Attributes
    ----------
    source : str
        Name of the manifest's file, or what it was made from.
    format : str
        The format that the questionnaire was exported in, such as `"limesurvey"`.
    hash : str
        The questionnaire's hash; empty when no questionnaire is known.
    version : str
        The survey team's version of the questionnaire.
    languages : tuple of str
        Its languages.
    order : str
        What was shown in random order: `"fixed"` for nothing.
    wave : str or None
        Which of several times it was.
    instruments : tuple of Source
        What was asked, in which version.
    columns : mapping
        Column of the platform's export -> Meaning.
    values : mapping
        Everything the file holds.
    """

    source: str
    format: str
    hash: str
    version: str
    languages: tuple[str, ...]
    order: str
    wave: str | None
    instruments: tuple[Source, ...]
    columns: Mapping[str, Meaning]
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def ids(self) -> dict[str, str]:
        """Column of the platform's export -> column of the data."""
        return {column: meaning.id for column, meaning in self.columns.items()}

    @property
    def asked(self) -> tuple[str, ...]:
        """The columns of the data in the order of the printed questionnaire."""
        return tuple(m.id for m in sorted(self.columns.values(), key=lambda meaning: meaning.number))


def read_manifest(path: str | Path) -> Manifest:
    """Return what a manifest says.

    Parameters
    ----------
    path : str or Path
        A file that `write_questionnaire` put beside an export, or the export itself.

    Returns
    -------
    Manifest
        What its columns mean.

    Raises
    ------
    ResponseError
        If there is no such file, it is no manifest, or a newer trustmeasure made it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from trustmeasure.questionnaires import Questionnaire
    >>> from trustmeasure.responses import read_manifest
    >>> form = Questionnaire.compose("satisfaction").write(Path(tempfile.mkdtemp()) / "form.html")
    >>> read_manifest(form).asked
    ('sat_1', 'sat_2', 'sat_3', 'sat_4')
    """
    file = existing_file(_of_export(Path(path)), error=ResponseError)
    if file.stat().st_size > MOST_BYTES:
        raise ResponseError(f"{file.name} is too large for a manifest. Name the file {ENDING} of the export.")
    try:
        values = json.loads(file.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ResponseError(f"{file.name} is no manifest: it is not JSON ({error}).") from error
    return manifest_of(values, file.name)


def manifest_of_questionnaire(questionnaire: Questionnaire) -> Manifest:
    """Return the manifest of a questionnaire whose columns have the names of the data."""
    writer = Writer("questionnaire", ".csv", "Answers", lambda _: b"")
    return manifest_of(manifest_values(questionnaire, writer, "answers.csv", b""), "the questionnaire")


def manifest_of(values: Any, source: str) -> Manifest:
    """Return the manifest that plain values hold.

    Parameters
    ----------
    values : object
        What the JSON file holds.
    source : str
        Name of the file, for messages.

    Raises
    ------
    ResponseError
        If a part is missing or malformed, or the layout is newer than this trustmeasure.
    """
    _require_layout(values, source)
    _require_schema(values, source)
    about = values["questionnaire"]
    scales = {id: _scale(id, raw, source) for id, raw in values["scales"].items()}
    columns = {name: _meaning(name, raw, scales, source) for name, raw in values["columns"].items()}
    _require_each_once(columns, source)
    return Manifest(
        source=source,
        format=values["format"],
        hash=about["hash"],
        version=about["version"],
        languages=tuple(about["languages"]),
        order=about["order"],
        wave=about.get("wave"),
        instruments=tuple(_instrument(raw) for raw in values["instruments"]),
        columns=columns,
        values=values,
    )


def _of_export(path: Path) -> Path:
    """Return the manifest's path; a caller may name the export that it belongs to."""
    beside = path.with_name(f"{path.name}{ENDING}")
    return beside if not path.name.endswith(ENDING) and beside.is_file() else path


def _require_layout(values: Any, source: str) -> None:
    layout = values.get("manifest") if isinstance(values, Mapping) else None
    if not isinstance(layout, int) or isinstance(layout, bool):
        raise ResponseError(f"{source} is no manifest of trustmeasure. Name the file {ENDING} of the export.")
    if layout > LAYOUT:
        raise ResponseError(
            f"{source} was made by a newer trustmeasure ({values.get('made_with', 'unknown version')}). "
            "Update trustmeasure to read it."
        )


def _require_schema(values: Any, source: str) -> None:
    from jsonschema.exceptions import best_match

    error = best_match(_validator().iter_errors(values))
    if error is not None:
        where = " > ".join(map(str, error.absolute_path)) or "the top level"
        told = error.message if len(error.message) < 200 else f"{error.message[:200]}..."
        raise ResponseError(f"{source} is damaged at {where}: {told}. Write the questionnaire again.")


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def _instrument(raw: Mapping[str, Any]) -> Source:
    return Source(raw["id"], raw["version"], raw.get("form", "long"), raw.get("context", ""))


def _scale(id: str, raw: Mapping[str, Any], source: str) -> ResponseScale:
    reasons = {int(code): reason for code, reason in raw["reasons"].items()}
    missing = _labels(raw["missing"])
    lost = [code for code in missing if code not in reasons]
    if lost:
        raise ResponseError(
            f"{source} is damaged: the scale '{id}' gives no reason for the code {lost[0]}. "
            "Write the questionnaire again."
        )
    return ResponseScale(
        id,
        tuple(ScalePoint(code, labels) for code, labels in sorted(_labels(raw["answers"]).items())),
        tuple(MissingCode(code, labels, reasons[code]) for code, labels in sorted(missing.items())),
    )


def _labels(per_language: Mapping[str, Mapping[str, int]]) -> dict[int, FrozenMap[str]]:
    found: dict[int, dict[str, str]] = {}
    for language, codes in per_language.items():
        for label, code in codes.items():
            found.setdefault(code, {})[language] = label
    return {code: FrozenMap.of(labels) for code, labels in found.items()}


def _meaning(name: str, raw: Mapping[str, Any], scales: Mapping[str, ResponseScale], source: str) -> Meaning:
    scale = raw.get("scale")
    if scale is not None and scale not in scales:
        raise ResponseError(
            f"{source} is damaged: the column '{name}' has the scale '{scale}', which is not described. "
            "Write the questionnaire again."
        )
    return Meaning(
        id=raw["id"],
        kind=raw["kind"],
        text=FrozenMap.of(raw["text"]),
        scale=None if scale is None else scales[scale],
        entry=raw.get("entry", ""),
        instrument=raw.get("instrument", ""),
        block=raw.get("block", ""),
        expected=raw.get("expected"),
        number=raw["number"],
    )


def _require_each_once(columns: Mapping[str, Meaning], source: str) -> None:
    ids: Sequence[str] = [meaning.id for meaning in columns.values()]
    repeated = next((id for id in ids if ids.count(id) > 1), None)
    if repeated is not None:
        raise ResponseError(f"{source} is damaged: '{repeated}' has several columns. Write it again.")
