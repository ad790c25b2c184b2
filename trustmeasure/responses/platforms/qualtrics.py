"""Answers from Qualtrics: CSV with three header rows, older CSV and Excel with two, SPSS; codes or labels.

The third header row of a CSV holds import ids, such as `{"ImportId":"QID3_1"}`. They stay the same when
somebody renames the tags of the first row, so they become further names of the columns.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.questionnaires.qualtrics.questions import TIMER
from trustmeasure.responses.columns import folded
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.platforms.base import PAGE_SECONDS, Kept, Platform, Sign, TidyOptions
from trustmeasure.responses.platforms.shapes import kept_by_name, moments, numbers, truths, without_rows
from trustmeasure.responses.raw import RawTable

LANGUAGES = {"zh-s": "zh", "zh-t": "zh-hant"}
"""Qualtrics' codes of languages -> our tags, where they differ."""

NEWER = ("ResponseId", "RecordedDate", "Finished", "Progress")
OLDER = ("ResponseID", "ResponseSet", "StartDate", "EndDate")
PREVIEWS = frozenset({"1", "2", "17", "survey preview", "survey test", "offline survey preview"})
SPAM = frozenset({"8", "spam"})
_ORDER = re.compile(r"(?P<question>.+)_DO(_(?P<row>[^_]+))?")
_TIMING = ("_First Click", "_Last Click", "_Click Count")
_SUBMITTED = "_Page Submit"
_MOST_HEADERS = 2


def recognise(raw: RawTable) -> Sign | None:
    """Return how sure it is that Qualtrics wrote a table."""
    if any(_import_ids(raw, row) for row in range(min(_MOST_HEADERS, len(raw.frame)))):
        return Sign(99, "a header row of import ids")
    for marks in (NEWER, OLDER):
        if all(mark in raw.frame.columns for mark in marks):
            return Sign(85, f"columns {', '.join(marks)}")
    return None


def _import_ids(raw: RawTable, row: int) -> dict[str, dict[str, Any]]:
    """Return column -> what its cell in a row says as import id; nothing when the row holds none."""
    found = {}
    for name in raw.frame.columns:
        cell = raw.frame[name].iloc[row]
        if isinstance(cell, str) and cell.strip().startswith('{"ImportId"'):
            found[str(name)] = _parsed(cell)
    return found


def _parsed(cell: str) -> dict[str, Any]:
    try:
        values = json.loads(cell)
    except json.JSONDecodeError:
        return {}
    return values if isinstance(values, dict) else {}


def tidy(raw: RawTable, options: TidyOptions) -> RawTable:
    """Return one row a respondent: header rows taken out, previews and tests left out, order put together."""
    headers = _header_rows(raw)
    ids = {} if len(headers) < _MOST_HEADERS else _import_ids(raw, headers[-1])
    labels = _labels(raw, headers)
    answered, notes = _respondents(without_rows(raw, headers) if headers else raw)
    frame = answered.frame.assign(**_item_order(answered.frame, ids, options.manifest))
    aliases, told = _aliases(ids, options.manifest)
    return replace(
        answered,
        frame=_plain_words(frame, ids),
        labels={**raw.labels, **labels},
        aliases={**raw.aliases, **aliases},
        notes=(*raw.notes, *notes, *told),
    )


def _header_rows(raw: RawTable) -> list[int]:
    """Return the positions of the rows below the names that are no answers."""
    if len(raw.frame) >= _MOST_HEADERS and _import_ids(raw, 1):
        return [0, 1]
    if len(raw.frame) and _import_ids(raw, 0):
        return [0]
    return [0] if len(raw.frame) and _is_label_row(raw) else []


def _is_label_row(raw: RawTable) -> bool:
    """Return whether the first row says what the columns are: there stands no date under a date."""
    dates = [name for name in ("StartDate", "EndDate") if name in raw.frame.columns]
    cells = [raw.frame[name].iloc[0] for name in dates]
    return bool(cells) and all(isinstance(cell, str) and not re.search(r"\d", cell) for cell in cells)


def _labels(raw: RawTable, headers: Sequence[int]) -> dict[str, str]:
    if not headers or _import_ids(raw, headers[0]):
        return {}
    first = raw.frame.iloc[headers[0]]
    return {str(name): cell for name, cell in first.items() if isinstance(cell, str)}


def _respondents(raw: RawTable) -> tuple[RawTable, tuple[str, ...]]:
    """Return the table without previews and tests, and notes on them and on answers marked as spam."""
    if "Status" not in raw.frame.columns:
        return raw, ()
    said = [_key(cell) for cell in raw.frame["Status"]]
    previews = [position for position, status in enumerate(said) if status in PREVIEWS]
    spam = sum(status in SPAM for status in said)
    notes = []
    if previews:
        notes.append(f"{len(previews)} previews and tests of the survey were left out (column Status).")
    if spam:
        notes.append(f"{spam} responses are marked as spam by Qualtrics (column Status); they were kept.")
    return (without_rows(raw, previews) if previews else raw), tuple(notes)


def _key(cell: object) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole and isinstance(cell, float) else cell).strip().casefold()


def _aliases(
    ids: Mapping[str, Mapping[str, Any]], manifest: Manifest | None
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return column -> its import id, unless the tags show that the ids are those of another survey."""
    own = {name: str(said["ImportId"]) for name, said in ids.items() if set(said) == {"ImportId"}}
    known = {} if manifest is None else manifest.ids
    meant = set(known.values())
    for name, id in own.items():
        if id in known and name in meant and known[id] != name:
            return {}, (
                f"The import ids are not those of the manifest: '{name}' has {id}, which the manifest gives "
                f"to '{known[id]}'. The columns were matched by their tags.",
            )
    return {name: (id,) for name, id in own.items()}, ()


def _item_order(
    frame: pd.DataFrame, ids: Mapping[str, Mapping[str, Any]], manifest: Manifest | None
) -> dict[str, pd.Series]:
    """Return the column `item_order`, put together from the columns that say where each row stood."""
    known = {} if manifest is None else manifest.ids
    rows = {
        str(said.get("ImportId")): known.get(str(said.get("ImportId")), name) for name, said in ids.items()
    }
    placed: dict[str, dict[str, str]] = {}
    for name, said in ids.items():
        question, choice = str(said.get("ImportId", "")), str(said.get("choiceId", ""))
        item = rows.get(f"{question.removesuffix('_DO')}_{choice}")
        if question.endswith("_DO") and item is not None and name in frame.columns:
            placed.setdefault(question, {})[name] = item
    if not placed or "item_order" in frame.columns:
        return {}
    orders = [_ordered(frame, columns) for columns in placed.values()]
    joined = [" ".join(filter(None, parts)) or np.nan for parts in zip(*orders, strict=True)]
    return {"item_order": pd.Series(joined, index=frame.index, dtype=object)}


def _ordered(frame: pd.DataFrame, columns: Mapping[str, str]) -> list[str]:
    """Return for each row the items of one question in the order in which they were shown."""
    where = frame[list(columns)].apply(numbers).to_numpy(dtype=float)
    items = np.array(list(columns.values()), dtype=object)
    return [
        " ".join(items[np.argsort(row, kind="stable")]) if np.isfinite(row).all() else "" for row in where
    ]


def _plain_words(frame: pd.DataFrame, ids: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the frame with entities of HTML turned into signs in columns of chosen answers."""
    chosen = [
        name
        for name, said in ids.items()
        if name in frame.columns and re.fullmatch(r"QID\d+(_\d+)?", str(said.get("ImportId")))
    ]
    written = [name for name in chosen if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    return frame.assign(**{name: frame[name].map(_unescaped) for name in written})


def _unescaped(cell: object) -> object:
    return html.unescape(cell) if isinstance(cell, str) else cell


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wordings that a label may show: all of it, and what follows the stem of a matrix.

    Examples
    --------
    >>> texts("Q1_1", "About Acme: - I trust it.")
    ('About Acme: - I trust it.', 'I trust it.')
    """
    return tuple(_after_dashes(label))


def _after_dashes(label: str) -> Iterator[str]:
    yield label
    before, mark, rest = label.partition(" - ")
    if mark and before:
        yield from _after_dashes(rest)


def languages(column: pd.Series) -> pd.Series:
    """Return our tags in the place of Qualtrics' codes."""
    return column.map(lambda cell: _tag(cell) if isinstance(cell, str) else cell)


def _tag(code: str) -> str:
    plain = code.strip().lower()
    return LANGUAGES.get(plain, plain)


_WHEN = moments("%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S")
_NAMED = kept_by_name(
    {
        "ResponseId": Kept("respondent_id", "identifier"),
        "StartDate": Kept("started_at", "time", _WHEN),
        "EndDate": Kept("saved_at", "time", _WHEN),
        "RecordedDate": Kept("", "time", _WHEN),
        "Status": Kept("", "status"),
        "Progress": Kept("", "status", numbers),
        "Finished": Kept("finished", "status", truths),
        "Duration (in seconds)": Kept("duration_seconds", "duration", numbers),
        "IPAddress": Kept("ip_address", "personal"),
        "RecipientLastName": Kept("", "personal"),
        "RecipientFirstName": Kept("", "personal"),
        "RecipientEmail": Kept("email", "personal"),
        "EmailAddress": Kept("email", "personal"),
        "Name": Kept("name", "personal"),
        "ExternalReference": Kept("", "identifier"),
        "ExternalDataReference": Kept("", "identifier"),
        "ResponseSet": Kept("", "other"),
        "LocationLatitude": Kept("latitude", "personal"),
        "LocationLongitude": Kept("longitude", "personal"),
        "LocationAccuracy": Kept("", "personal"),
        "DistributionChannel": Kept("channel", "other"),
        "UserLanguage": Kept("language", "language", languages),
        "Q_Language": Kept("language", "language", languages),
        "wave": Kept("wave", "wave"),
        "link": Kept("", "link"),
        "questionnaire": Kept("questionnaire", "other"),
        "item_order": Kept("item_order", "order"),
    }
)


def bookkeeping(column: str) -> Kept | None:
    """Return what a column beside the answers holds."""
    if column.endswith(_SUBMITTED):
        named = column.removesuffix(_SUBMITTED).removeprefix(TIMER)
        return Kept(f"{PAGE_SECONDS}{folded(named)}", "duration", numbers)
    if column.endswith(_TIMING):
        return Kept("", "duration", numbers)
    return _NAMED(column) or (Kept("", "order") if _ORDER.fullmatch(column) else None)


PLATFORM = Platform(
    name="qualtrics",
    title="Qualtrics",
    recognise=recognise,
    formats=("qualtrics", "qualtrics-txt"),
    tidy=tidy,
    texts=texts,
    bookkeeping=bookkeeping,
    missing={-99: "seen but not answered"},
)
