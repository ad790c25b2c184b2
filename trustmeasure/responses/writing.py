"""Checked answers written to a file that `read_responses` reads again to the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ResponseError
from trustmeasure.files import csv_text, replacing, write_text
from trustmeasure.instruments import MissingCode, ResponseScale, ScalePoint
from trustmeasure.questionnaires.manifest import LAYOUT
from trustmeasure.responses.given import given_codes, lost_reasons
from trustmeasure.responses.manifest import ENDING
from trustmeasure.responses.meaning import Meaning, labels_of
from trustmeasure.responses.model import Responses
from trustmeasure.versions import package_version

_NOT_IN_SPSS = re.compile(r"[^A-Za-z0-9_.@#$]")
LONGEST_SPSS_NAME = 60


def write_responses(responses: Responses, path: str | Path, *, language: str = "en") -> Path:
    """Write checked answers, with a manifest beside them that `read_responses` takes.

    Items stand under their ids as they were given: codes, not turned, with the scale's codes for answers that
    were not given. Free text is not written (`Responses.free_text` has it), and people who were left out are
    not in the file. In CSV, text that a spreadsheet program would take for a formula gets an apostrophe.

    Parameters
    ----------
    responses : Responses
        The answers.
    path : str or Path
        A file ending in .csv, .sav or .parquet.
    language : str
        Tag of the language of the labels in a .sav file.

    Returns
    -------
    Path
        The file. The manifest is `<file name>.manifest.json`.

    Raises
    ------
    ResponseError
        If the ending is unknown.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import trustmeasure as tm
    >>> responses = tm.load_sample("trust-survey")
    >>> file = tm.write_responses(responses, Path(tempfile.mkdtemp()) / "answers.csv")
    >>> tm.read_responses(file).data.equals(responses.data)
    True
    """
    file = Path(path)
    ending = file.suffix.casefold()
    if ending not in WRITERS:
        raise ResponseError(
            f"{file.name}: answers are not written as '{file.suffix}'. {suggestion(ending, list(WRITERS))}"
        )
    frame = given_codes(responses).join(_aside(responses))
    names = WRITERS[ending](frame, responses, file, language)
    values = manifest_values(responses, file, names)
    write_text(
        file.with_name(f"{file.name}{ENDING}"), json.dumps(values, ensure_ascii=False, indent=2) + "\n"
    )
    return file


def lost_in_file(responses: Responses) -> tuple[str, ...]:
    """Return what the file does not keep."""
    lost = []
    if len(responses.free_text.columns):
        lost.append(f"Free text is not written: {', '.join(map(str, responses.free_text))}.")
    reasons = lost_reasons(responses)
    if reasons:
        lost.append(f"{reasons} values that no code stands for are written as empty cells.")
    return tuple(lost)


def _aside(responses: Responses) -> pd.DataFrame:
    return responses.aside if len(responses.aside) else pd.DataFrame(index=responses.data.index)


def _csv(frame: pd.DataFrame, responses: Responses, file: Path, language: str) -> dict[str, str]:
    rows = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    write_text(file, csv_text([[str(name) for name in frame], *rows]))
    return {str(name): str(name) for name in frame}


def _parquet(frame: pd.DataFrame, responses: Responses, file: Path, language: str) -> dict[str, str]:
    plain = pd.DataFrame({str(name): _one_kind(frame[name]) for name in frame}, index=frame.index)
    with replacing(file) as temporary:
        plain.to_parquet(temporary, engine="pyarrow", index=False)
    return {str(name): str(name) for name in frame}


def _one_kind(column: pd.Series) -> pd.Series:
    """Return a column of several types as text, because one file column has one type."""
    kinds = {type(value) for value in column.dropna().tolist()} if column.dtype == object else set()
    return column if len(kinds) <= 1 else column.map(lambda v: v if pd.isna(v) else str(v))


def _sav(frame: pd.DataFrame, responses: Responses, file: Path, language: str) -> dict[str, str]:
    import pyreadstat

    names = spss_names([str(name) for name in frame])
    columns = {names[str(name)]: _spss_column(frame[name]) for name in frame}
    meanings = {names[id]: meaning for id, meaning in responses.meanings.items() if id in frame}
    labels: dict[str, dict[float, str]] = {
        name: {float(code): text for code, text in labels_of(meaning, language).items()}
        for name, meaning in meanings.items()
    }
    missing: dict[str, list[Any]] = {name: _missing_codes(meaning) for name, meaning in meanings.items()}
    with replacing(file) as temporary:
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            str(temporary),
            column_labels={name: _question(meaning, language) for name, meaning in meanings.items()},
            variable_value_labels={name: found for name, found in labels.items() if found},
            missing_ranges={name: found for name, found in missing.items() if found},
            file_label="simulated answers" if responses.simulated else "",
        )
    return names


def spss_names(names: Sequence[str]) -> dict[str, str]:
    """Return name -> a name that SPSS allows, each once.

    Examples
    --------
    >>> spss_names(["sat_1", "first visit", "城市"])
    {'sat_1': 'sat_1', 'first visit': 'first_visit', '城市': 'v3'}
    """
    found: dict[str, str] = {}
    taken = {name.casefold() for name in names}
    for place, name in enumerate(names, start=1):
        plain = _NOT_IN_SPSS.sub("_", name)[:LONGEST_SPSS_NAME].rstrip("._")
        usable = bool(plain) and plain[0].isalpha()
        chosen = plain if usable else f"v{place}"
        while chosen != name and chosen.casefold() in taken:
            chosen = f"{chosen}_{place}"
        taken.add(chosen.casefold())
        found[name] = chosen
    return found


def _spss_column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.astype("int64")
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    return column.map(lambda value: "" if pd.isna(value) else str(value)).astype(object)


def _question(meaning: Meaning, language: str) -> str:
    return meaning.text.get(language, next(iter(meaning.text.values()), ""))


def _missing_codes(meaning: Meaning) -> list[float]:
    """Return at most three missing codes: as many as SPSS takes one by one."""
    return [] if meaning.scale is None else [float(code) for code in meaning.scale.missing_codes[:3]]


WRITERS: Mapping[str, Callable[[pd.DataFrame, Responses, Path, str], dict[str, str]]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".sav": _sav,
}


def manifest_values(responses: Responses, file: Path, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the manifest of a file of answers as plain values.

    Parameters
    ----------
    responses : Responses
        The answers.
    file : Path
        The file that was written.
    names : mapping
        Column of the data -> column of the file.
    """
    known = responses.manifest
    meanings = {names[id]: meaning for id, meaning in _all_meanings(responses).items() if id in names}
    scales = {m.scale.id: m.scale for m in meanings.values() if m.scale is not None}
    ids = {instrument.id for instrument in responses.instruments}
    forms = {source.id: source for source in known.instruments} if known is not None else {}
    languages = list(_languages(responses))
    return {
        "manifest": LAYOUT,
        "made_with": f"trustmeasure {package_version('trustmeasure')}",
        "format": "plain",
        "file": file.name,
        "file_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "cells": "safe" if file.suffix.casefold() == ".csv" else "plain",
        "questionnaire": _about(responses, languages),
        "instruments": [
            {
                "id": id,
                "version": responses.versions[id],
                "form": forms[id].form if id in forms else "long",
                "context": forms[id].context if id in forms else "",
            }
            for id in responses.versions
            if id in ids
        ],
        "limits": list(lost_in_file(responses)),
        "other_columns": [column for column in names.values() if column not in meanings],
        "columns": {column: _column(meaning) for column, meaning in meanings.items()},
        "scales": {id: _scale(scale, languages) for id, scale in scales.items()},
    }


def _all_meanings(responses: Responses) -> dict[str, Meaning]:
    """Return column -> meaning, with the retired items that a manifest describes."""
    if responses.manifest is None:
        return dict(responses.meanings)
    asked = {meaning.id: meaning for meaning in responses.manifest.columns.values()}
    aside = {id: asked[id] for id in map(str, responses.aside) if id in asked}
    return {**responses.meanings, **aside}


def _languages(responses: Responses) -> tuple[str, ...]:
    if responses.manifest is not None:
        return responses.manifest.languages
    return tuple(dict.fromkeys(tag for own in responses.instruments for tag in own.language_tags))


def _about(responses: Responses, languages: list[str]) -> dict[str, Any]:
    if responses.manifest is not None:
        return dict(responses.manifest.values["questionnaire"])
    unknown: dict[str, Any] = {
        "title": {},
        "version": "",
        "hash": "",
        "brand": None,
        "seed": None,
        "sector": None,
        "wave": None,
    }
    return {**unknown, "languages": languages, "order": "unknown"}


def _column(meaning: Meaning) -> dict[str, Any]:
    about: dict[str, Any] = {
        "id": meaning.id.partition("@")[0],
        "number": meaning.number,
        "kind": meaning.kind,
        "text": dict(meaning.text),
    }
    if meaning.scale is not None:
        about["scale"] = meaning.scale.id
    if meaning.entry:
        about["entry"] = meaning.entry
    if meaning.expected is not None:
        about["expected"] = meaning.expected
    return about | {
        name: value for name, value in (("instrument", meaning.instrument), ("block", meaning.block)) if value
    }


def _scale(scale: ResponseScale, languages: Sequence[str]) -> dict[str, Any]:
    def labels(entries: Sequence[ScalePoint | MissingCode]) -> dict[str, dict[str, int]]:
        return {tag: {e.label[tag]: e.code for e in entries if tag in e.label} for tag in languages}

    return {
        "answers": labels(scale.points),
        "missing": labels(scale.missing),
        "reasons": {str(code.code): code.reason for code in scale.missing},
        "shown": [int(code) for code in np.unique([*scale.codes, *scale.missing_codes])],
    }
