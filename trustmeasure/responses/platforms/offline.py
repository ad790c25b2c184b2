"""What the offline HTML form saves: a CSV file of one row for each respondent, alone or many in a folder."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.platforms.base import Platform, Sign
from trustmeasure.responses.platforms.plain import bookkeeping
from trustmeasure.responses.platforms.shapes import retyped
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers import csv
from trustmeasure.responses.readers.tidy import says_simulated

SAVED_AS = "answers-*.csv"
MARKS = ("questionnaire", "started_at", "saved_at", "respondent_id", "language")
_HASH = re.compile(r"[0-9a-f]{8,64}")


def recognise(raw: RawTable) -> Sign | None:
    """Return a sign when every row names its questionnaire by hash, and when it was saved."""
    if not all(mark in raw.frame.columns for mark in MARKS):
        return None
    hashes = [str(cell) for cell in raw.frame["questionnaire"].dropna().unique()]
    if not hashes or not all(_HASH.fullmatch(text) for text in hashes):
        return None
    return Sign(95, "every row says which questionnaire it answers, and when it was saved")


def reads(path: Path) -> bool:
    """Return whether a path is a folder of saved forms."""
    return path.is_dir() and next(path.glob(SAVED_AS), None) is not None


def load(path: Path, options: ReadOptions) -> RawTable:
    """Return all forms saved in a folder, one row each, in the order of the files' names.

    Raises
    ------
    ResponseError
        If a file is no saved form.
    """
    files = sorted(path.glob(SAVED_AS))
    tables = [csv.read(file, options) for file in files]
    for table in tables:
        if recognise(table) is None:
            raise ResponseError(
                f"{path.name}/{table.source} is no saved form: it lacks one of {', '.join(MARKS)}. "
                "Move it out of the folder."
            )
    frame = retyped(pd.concat([table.frame.astype(object) for table in tables], ignore_index=True))
    told = f"{len(files)} saved forms were read from the folder {path.name}."
    notes = dict.fromkeys(note for table in tables for note in table.notes)
    return RawTable(frame, path.name, simulated=says_simulated(frame), notes=(told, *notes))


PLATFORM = Platform(
    name="offline",
    title="Offline HTML form of trustmeasure",
    recognise=recognise,
    formats=("html",),
    bookkeeping=bookkeeping,
    reads=reads,
    load=load,
)
