"""What the frame of the readers needs to know of a survey platform, and how to add one.

One module in this package that holds a `PLATFORM` is found by its file alone; `plain.py` is a complete
example. Answers come in through these steps, and a platform only says what is special about its own export:

1. **Load.** Tables (CSV, Excel, SPSS, Stata, Parquet, frames) are read by `responses.readers`: the first row
   with content is the header, all further rows are cells. What is no table (nested JSON, a folder of saved
   files) is read by the platform's own `load`, which is asked when its `reads(path)` is true.
2. **Recognise.** Every platform looks at the table (`recognise`) and returns a `Sign`, how sure it is and
   why, or None. The surest one is taken, unless the caller or a manifest names one. Sureness: 90 and more for
   marks that nothing else has (`{"ImportId":...}`, `startlanguage` with `lastpage`), about 60 for a typical
   set of columns, about 30 for the shape of names alone. The plain table answers 1.
3. **Tidy.** `tidy(raw, options)` returns the table as one row a respondent, one column a question, values as
   the platform writes them: further header rows out of the cells and into `labels` (the question's text) and
   `aliases` (other names of the column, such as Qualtrics' import id), then `retyped` so that numbers become
   numbers. Rows that are no respondents (an empty preview, a sum) go out with a note. Column names stay those
   of the export.
4. **Map.** For each column, the first that fits: what the caller says (`columns=`); the manifest's columns,
   by name or alias; `candidates(name)`, the ids that the name may stand for, of which those count that are
   asked for; `texts(name, label)`, the questions that the column may show, compared with the exact wording
   (placeholders filled, all languages). A column that fits nothing is kept and reported. Nothing is guessed
   from position.
5. **Standard names.** `bookkeeping(name)` says which columns of the platform hold ids, times, order, language
   and the like. They are renamed to the names in `STANDARD` (where no other column has that name) and read by
   `Kept.read` (to ISO 8601 times, to seconds).
6. **Code.** Labels and codes become codes by the response scales, in any language; `missing` says which
   values of this platform mean that there is no answer, and why. A value that is an answer on the item's
   scale stays one.

The functions get plain values and return new ones; they never ask the network, and write nothing. Errors are
`ResponseError` with the file's name, what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.raw import RawTable, ReadOptions

Kind = Literal[
    "identifier", "time", "duration", "order", "language", "wave", "link", "status", "personal", "other"
]

STANDARD: Mapping[str, Kind] = {
    "respondent_id": "identifier",
    "link_id": "link",
    "language": "language",
    "started_at": "time",
    "saved_at": "time",
    "duration_seconds": "duration",
    "item_order": "order",
    "wave": "wave",
    "questionnaire": "other",
    "finished": "status",
    "last_page": "status",
    "channel": "other",
    "ip_address": "personal",
    "email": "personal",
    "name": "personal",
    "phone": "personal",
    "latitude": "personal",
    "longitude": "personal",
    "device": "personal",
    "user_agent": "personal",
}
"""Names under which the columns that every platform adds are kept, whatever the platform calls them.

`started_at` and `saved_at` are points in time as ISO 8601 (`2026-01-31T09:15:00`, with offset where known),
`duration_seconds` is a number, `item_order` holds item ids with blanks between, `finished` 1 or 0. The time
that a page or an item took is kept as `seconds_<block or item id>`. `"personal"` marks what tells who
somebody is.
"""

PAGE_SECONDS = "seconds_"
"""Beginning of the columns with the seconds that a page (id of its block) or an item took."""


def unchanged(column: pd.Series) -> pd.Series:
    """Return a column as it is."""
    return column


@dataclass(frozen=True, slots=True)
class Kept:
    """A column that a platform adds to the answers.

    Attributes
    ----------
    name : str
        The name it is kept under: one of `STANDARD`, or `seconds_<block or item id>`; empty to keep its own.
    kind : str
        What it holds; `"personal"` for what tells who somebody is (such columns do not pass unasked).
    read : function
        Column as the platform writes it -> as `STANDARD` describes it.
    """

    name: str
    kind: Kind = "other"
    read: Callable[[pd.Series], pd.Series] = unchanged


@dataclass(frozen=True, slots=True)
class Sign:
    """How sure it is that a table comes from a platform.

    Attributes
    ----------
    sureness : int
        From 1 (could be anything) to 100 (nothing else writes this).
    reason : str
        What was seen, for a reader: "columns startlanguage, lastpage and seed".
    """

    sureness: int
    reason: str


@dataclass(frozen=True, slots=True)
class TidyOptions:
    """What is known about an export when it is tidied.

    Attributes
    ----------
    manifest : Manifest or None
        What the questionnaire's writer said: columns, scales, order; None when there is none.
    language : str or None
        The language of the labels, when the caller says so.
    """

    manifest: Manifest | None = None
    language: str | None = None


def never(path: Path) -> bool:
    """Return False: the platform exports tables only."""
    return False


def no_load(path: Path, options: ReadOptions) -> RawTable:
    """Refuse: a platform whose `reads` is true for some path brings its own `load`."""
    raise ResponseError(f"{path.name}: this platform has no way of its own to load files. Name another one.")


def as_it_is(raw: RawTable, options: TidyOptions) -> RawTable:
    """Return the table unchanged: one row a respondent already."""
    return raw


def the_name(column: str) -> tuple[str, ...]:
    """Return the column's name as the only id that it may stand for."""
    return (column,)


def no_text(column: str, label: str) -> tuple[str, ...]:
    """Return no wording: the platform exports no question texts."""
    return ()


def nothing_kept(column: str) -> Kept | None:
    """Return None: the platform adds no column of its own."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One survey platform's way of exporting answers.

    Attributes
    ----------
    name : str
        What the caller writes in `platform=`, such as `"limesurvey"`.
    title : str
        The platform's name for readers.
    recognise : function
        Table as loaded -> Sign, or None when it is something else.
    formats : tuple of str
        Names of the questionnaire formats (`Writer.name`) that are put into this platform; a manifest of one
        of them names the platform.
    tidy : function
        Table as loaded, TidyOptions -> one row a respondent, one column a question.
    candidates : function
        Column name -> ids that it may stand for, most specific first. Case does not matter. See `shapes`.
    texts : function
        Column name, label of the column (empty when there is none) -> wordings it may show. See `shapes`.
    bookkeeping : function
        Column name -> Kept for a column that the platform adds, or None. See `shapes.kept_by_name`.
    missing : mapping
        Value in an answer's cell (number, or text without regard to case) -> why there is no answer.
    reads : function
        Path -> whether `load` is to read it instead of the readers of tables.
    load : function
        Path, ReadOptions -> table.
    """

    name: str
    title: str
    recognise: Callable[[RawTable], Sign | None]
    formats: tuple[str, ...] = ()
    tidy: Callable[[RawTable, TidyOptions], RawTable] = as_it_is
    candidates: Callable[[str], tuple[str, ...]] = the_name
    texts: Callable[[str, str], tuple[str, ...]] = no_text
    bookkeeping: Callable[[str], Kept | None] = nothing_kept
    missing: Mapping[float | str, str] = field(default_factory=dict)
    reads: Callable[[Path], bool] = never
    load: Callable[[Path, ReadOptions], RawTable] = no_load
