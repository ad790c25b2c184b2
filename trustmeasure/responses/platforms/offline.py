"""What the offline HTML form saves: a file of one respondent, CSV or JSON, alone or many in a folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.platforms.base import Platform, Sign, TidyOptions
from trustmeasure.responses.platforms.plain import bookkeeping
from trustmeasure.responses.platforms.shapes import retyped
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers import csv
from trustmeasure.responses.readers.nested import flat, results_of, table
from trustmeasure.responses.readers.tidy import says_simulated

SAVED_AS = ("answers-*.csv", "answers-*.json")
MARKS = ("questionnaire", "started_at", "saved_at", "respondent_id", "language")
_HASH = re.compile(r"[0-9a-f]{8,64}")
_GUARDED = re.compile(r"'(?='*[=+\-@\t\r])")


def recognise(raw: RawTable) -> Sign | None:
    """Return a sign when every row names its questionnaire by hash, and when it was saved."""
    if not all(mark in raw.frame.columns for mark in MARKS):
        return None
    hashes = [str(cell) for cell in raw.frame["questionnaire"].dropna().unique()]
    if not hashes or not all(_HASH.fullmatch(text) for text in hashes):
        return None
    return Sign(95, "every row says which questionnaire it answers, and when it was saved")


def reads(path: Path) -> bool:
    """Return whether a path is a folder of saved forms, or one saved as JSON."""
    if path.is_dir():
        return bool(_saved_in(path))
    return path.suffix.casefold() == ".json" and path.is_file() and _is_saved(path)


def _saved_in(folder: Path) -> list[Path]:
    return sorted(file for pattern in SAVED_AS for file in folder.glob(pattern))


def _is_saved(path: Path) -> bool:
    try:
        return all(mark in result for result in results_of(path) for mark in MARKS)
    except ResponseError:
        return False


def load(path: Path, options: ReadOptions) -> RawTable:
    """Return the forms saved in a folder, one row each, in the order of the files' names; or one form.

    A form that was saved twice, as CSV and as JSON, comes in once.

    Raises
    ------
    ResponseError
        If a file is no saved form.
    """
    if path.is_file():
        return _from_json(path)
    files = _saved_in(path)
    tables = [_saved(path, file, options) for file in files]
    frame = pd.concat([table.frame.astype(object) for table in tables], ignore_index=True)
    once, again = _once(frame)
    told = f"{len(files)} saved forms were read from the folder {path.name}."
    notes = dict.fromkeys(note for table in tables for note in table.notes)
    return RawTable(retyped(once), path.name, simulated=says_simulated(once), notes=(told, *again, *notes))


def _saved(folder: Path, file: Path, options: ReadOptions) -> RawTable:
    found = _from_json(file) if file.suffix == ".json" else unguarded(csv.read(file, options))
    if recognise(found) is None:
        raise ResponseError(
            f"{folder.name}/{found.source} is no saved form: it lacks one of {', '.join(MARKS)}. "
            "Move it out of the folder."
        )
    return found


def _from_json(path: Path) -> RawTable:
    """Return a form saved as JSON, columns as in CSV: a row of a matrix by its own name."""
    frame = table([{_own(name): value for name, value in flat(result)} for result in results_of(path)])
    return RawTable(frame, path.name, simulated=says_simulated(frame))


def _own(name: str) -> str:
    return name.rpartition(".")[2]


def _once(frame: pd.DataFrame) -> tuple[pd.DataFrame, Sequence[str]]:
    """Return each form once; the same respondent, questionnaire and moment of saving are the same form."""
    again = frame.duplicated(["respondent_id", "questionnaire", "saved_at"])
    if not again.any():
        return frame, ()
    return frame[~again].reset_index(drop=True), (
        f"{int(again.sum())} of them are the same form saved twice.",
    )


def unguarded(raw: RawTable) -> RawTable:
    """Return a table without the sign that the form puts before text which a spreadsheet would run."""
    texts = [
        name for name in raw.frame.columns if raw.frame[name].dtype == object or _is_text(raw.frame[name])
    ]
    plain = {name: raw.frame[name].map(_without_guard) for name in texts}
    return replace(raw, frame=raw.frame.assign(**plain)) if plain else raw


def _is_text(column: pd.Series) -> bool:
    return bool(pd.api.types.is_string_dtype(column.dtype))


def _without_guard(cell: Any) -> Any:
    return cell[1:] if isinstance(cell, str) and _GUARDED.match(cell) else cell


def tidy(raw: RawTable, options: TidyOptions) -> RawTable:
    """Return the texts of a CSV file as they were written; those of a folder are so already."""
    return unguarded(raw) if raw.source.casefold().endswith(".csv") else raw


PLATFORM = Platform(
    name="offline",
    title="Offline HTML form of trustmeasure",
    recognise=recognise,
    formats=("html",),
    tidy=tidy,
    bookkeeping=bookkeeping,
    reads=reads,
    load=load,
)
