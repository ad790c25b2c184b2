"""REDCap: CSV exports, raw (names and codes) or with labels; events become waves."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from trustmeasure.questionnaires.redcap.wording import said
from trustmeasure.questionnaires.signs import mended
from trustmeasure.responses.columns import folded
from trustmeasure.responses.platforms.base import Kept, Platform, Sign, TidyOptions
from trustmeasure.responses.platforms.shapes import kept_by_name, marked_labels, moments, with_labels
from trustmeasure.responses.raw import RawTable
from trustmeasure.responses.readers.tidy import is_blank

_EVENT, _REPEATED, _INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
_OWN = {_EVENT, _REPEATED, _INSTANCE, "redcap_survey_identifier", "redcap_data_access_group"}
_ARM = re.compile(r"_arm_\d+$|\s*\(arm \d+:.*\)$", re.IGNORECASE)
_COMPLETE = re.compile(r"[a-z]\w*_complete")
_TIMESTAMP = re.compile(r"[a-z]\w*_timestamp")
_NOT_YET = "[not completed]"
_FINISHED = {"2": 1, "complete": 1, "0": 0, "1": 0, "incomplete": 0, "unverified": 0}


def _wave(column: pd.Series) -> pd.Series:
    """Return the names of events without the arm: `before_arm_1` and `Before (Arm 1: A)` become `before`."""
    return column.map(lambda name: np.nan if is_blank(name) else _event(str(name)))


def _event(name: str) -> str:
    return re.sub(r"\s+", "-", _ARM.sub("", name).strip().casefold())


def _finished(column: pd.Series) -> pd.Series:
    """Return 1 for complete, 0 for incomplete or unverified."""
    return column.map(lambda cell: _FINISHED.get(str(cell).partition(".")[0].strip().casefold(), np.nan))


def _moment(column: pd.Series) -> pd.Series:
    return moments("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")(column.replace(_NOT_YET, np.nan))


_SAVED = Kept("saved_at", "time", _moment)
_DONE = Kept("finished", "status", _finished)
_NAMED = kept_by_name(
    {
        **dict.fromkeys(("record_id", "Record ID"), Kept("respondent_id", "identifier")),
        **dict.fromkeys((_EVENT, "Event Name"), Kept("wave", "wave", _wave)),
        **dict.fromkeys((_REPEATED, "Repeat Instrument"), Kept("", "other")),
        **dict.fromkeys((_INSTANCE, "Repeat Instance"), Kept("", "other")),
        **dict.fromkeys(("redcap_survey_identifier", "Survey Identifier"), Kept("", "personal")),
        **dict.fromkeys(("redcap_data_access_group", "Data Access Group"), Kept("", "other")),
        "wave": Kept("wave", "wave"),
        "questionnaire": Kept("questionnaire", "other"),
        "Survey Timestamp": _SAVED,
        "Complete?": _DONE,
    }
)


def recognise(raw: RawTable) -> Sign | None:
    """Return what shows that a table comes from REDCap."""
    names = {folded(str(name)) for name in raw.frame.columns}
    own = sorted(names & _OWN)
    if own:
        return Sign(95, f"the column {own[0]}")
    complete = [name for name in names if _COMPLETE.fullmatch(name)]
    if "record_id" in names and complete:
        return Sign(85, f"columns record_id and {min(complete)}")
    if {"record id", "complete?"} <= names:
        return Sign(85, "columns Record ID and Complete?")
    return None


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wording that a column may show when its header is the field's label."""
    return tuple(mended(text) for text in (column, label) if text)


def bookkeeping(column: str) -> Kept | None:
    """Return what a column beside the answers holds."""
    name = folded(column)
    kept = _NAMED(column)
    if kept is not None:
        return kept
    if _COMPLETE.fullmatch(name):
        return _DONE
    return _SAVED if _TIMESTAMP.fullmatch(name) else None


def tidy(raw: RawTable, options: TidyOptions) -> RawTable:
    """Return the table with a note on events and on forms that were filled in several times."""
    known = {folded(str(name)): str(name) for name in raw.frame.columns}
    notes = []
    repeats = known.get(_INSTANCE, known.get("repeat instance"))
    if repeats is not None and raw.frame[repeats].notna().any():
        times = int(raw.frame[repeats].notna().sum())
        notes.append(
            f"{times} rows are repeats of a form (column '{repeats}'): the same person may have several rows."
        )
    event = known.get(_EVENT, known.get("event name"))
    events = [] if event is None else sorted(map(str, raw.frame[event].dropna().unique()))
    if len(events) > 1:
        notes.append(
            f"The events {', '.join(events)} are waves: a person has a row in each. Read them with "
            "duplicates='keep'."
        )
    told = replace(raw, notes=(*raw.notes, *notes))
    return with_labels(told, marked_labels(options.manifest, said))


PLATFORM = Platform(
    name="redcap",
    title="REDCap",
    recognise=recognise,
    formats=("redcap",),
    tidy=tidy,
    texts=texts,
    bookkeeping=bookkeeping,
)
