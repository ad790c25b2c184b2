"""SurveyJS: results as nested JSON (`{"cog": {"cog_1": 5}}`), or the flat table of its Dashboard."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from trustmeasure.questionnaires.surveyjs.wording import WORD_JOINER, locale
from trustmeasure.questionnaires.texts import form_languages
from trustmeasure.responses.platforms import plain
from trustmeasure.responses.platforms.base import Kept, Platform, Sign
from trustmeasure.responses.platforms.shapes import without_markup
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers.nested import flat, results_of, table
from trustmeasure.responses.readers.tidy import says_simulated

_DOTTED = re.compile(r"(?P<matrix>[a-z][a-z0-9]*)\.(?P<row>[a-z][a-z0-9_]*)")
BETWEEN = " - "
"""What the Dashboard puts between the matrix and its row."""
_LEAST = 2


def recognise(raw: RawTable) -> Sign | None:
    """Return a sign for results in JSON, or for columns of rows such as `cog.cog_1`."""
    names = [str(name) for name in raw.frame.columns]
    if raw.source.casefold().endswith(".json"):
        return Sign(70, "results in JSON")
    dotted = [name for name in names if _DOTTED.fullmatch(name)]
    if len(dotted) >= _LEAST:
        return Sign(45, f"columns of rows of a matrix, such as {dotted[0]}")
    joined = [name for name in names if BETWEEN in name]
    if len({name.partition(BETWEEN)[0] for name in joined}) < len(joined):
        return Sign(15, "several columns with one matrix before a row, as in the table of the Dashboard")
    return None


def reads(path: Path) -> bool:
    """Return whether a path is a JSON file."""
    return path.suffix.casefold() == ".json" and path.is_file()


def load(path: Path, options: ReadOptions) -> RawTable:
    """Return the results of a JSON file, a row of a matrix under `matrix.row`.

    Raises
    ------
    ResponseError
        If the file holds no results.
    """
    frame = table([dict(flat(result)) for result in results_of(path)])
    return RawTable(frame, path.name, simulated=says_simulated(frame))


def candidates(column: str) -> tuple[str, ...]:
    """Return the ids that a column may stand for: the row of `matrix.row` or `matrix - row`, or its name."""
    rows = (column.rpartition(sign)[2] for sign in (".", BETWEEN) if sign in column)
    return (*(row.strip() for row in rows), column)


def texts(column: str, label: str) -> tuple[str, ...]:
    """Return the wordings that a column may show: what follows the matrix's words, or all of it."""
    shown = without_markup((label or column).replace(WORD_JOINER, ""))
    places = [found.end() for found in re.finditer(re.escape(BETWEEN), shown)]
    return (shown, *(shown[place:] for place in places))


def bookkeeping(column: str) -> Kept | None:
    """Return what a column beside the answers holds."""
    if column == "language":
        return Kept("language", "language", _tags)
    return plain.bookkeeping(column)


def _tags(column: pd.Series) -> pd.Series:
    """Return SurveyJS's names of languages as ours: `zh-cn` as `zh`."""
    tags = {locale(tag): tag for tag in form_languages()}
    return column.map(lambda cell: tags.get(str(cell).casefold(), cell))


PLATFORM = Platform(
    name="surveyjs",
    title="SurveyJS",
    recognise=recognise,
    formats=("surveyjs",),
    candidates=candidates,
    texts=texts,
    bookkeeping=bookkeeping,
    reads=reads,
    load=load,
)
