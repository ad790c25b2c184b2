"""Pieces that platforms share: shapes of column names, header rows, times, wordings with markup."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from trustmeasure.instruments import ResponseScale
from trustmeasure.responses.columns import folded
from trustmeasure.responses.manifest import Manifest
from trustmeasure.responses.platforms.base import PAGE_SECONDS, Kept
from trustmeasure.responses.raw import RawTable
from trustmeasure.responses.readers.tidy import is_blank, typed

_BRACKETS = re.compile(r"(?P<before>.*?)\s*\[(?P<inside>[^\[\]]+)\]\s*", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def in_brackets(column: str) -> tuple[str, ...]:
    """Return what stands in the brackets of `X[id]`; nothing for another shape.

    Examples
    --------
    >>> in_brackets("COG[cog_1]"), in_brackets("cog_1")
    (('cog_1',), ())
    """
    found = _BRACKETS.fullmatch(column)
    return (found["inside"].strip(),) if found else ()


def after_slash(column: str) -> tuple[str, ...]:
    """Return the last part of `group/id`; nothing without a slash.

    Examples
    --------
    >>> after_slash("page_1/cog/cog_1")
    ('cog_1',)
    """
    return (column.rpartition("/")[2],) if "/" in column else ()


def after_prefix(column: str) -> tuple[str, ...]:
    """Return what follows the first underscore of `X_id`; nothing without one.

    Only for platforms that join the code of a matrix and the id of its row in this way.

    Examples
    --------
    >>> after_prefix("COG_cog_1")
    ('cog_1',)
    """
    first, mark, rest = column.partition("_")
    return (rest,) if mark and first and rest else ()


def kept_by_name(named: Mapping[str, Kept]) -> Callable[[str], Kept | None]:
    """Return a function that finds a column in `named` without regard to case and full-width letters."""
    known = {folded(name): kept for name, kept in named.items()}

    def find(column: str) -> Kept | None:
        return known.get(folded(column))

    return find


def seconds_columns(column: str) -> Kept | None:
    """Return what `seconds_<block or item>` holds; None for another name."""
    name = folded(column)
    return Kept(name, "duration", numbers) if name.startswith(PAGE_SECONDS) else None


def without_rows(raw: RawTable, positions: Sequence[int]) -> RawTable:
    """Return the table without some rows (counted from 0), each column read anew.

    For header rows that stand among the cells. The index keeps counting the rows of the source.
    """
    keep = np.ones(len(raw.frame), dtype=bool)
    keep[list(positions)] = False
    return replace(raw, frame=retyped(raw.frame.loc[keep]))


def retyped(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns of text are numbers where every cell is written as a plain number."""
    return pd.DataFrame({name: _retyped(frame[name]) for name in frame.columns}, index=frame.index)


def _retyped(column: pd.Series) -> pd.Series:
    cells = column.tolist()
    if not all(isinstance(cell, str) or is_blank(cell) for cell in cells):
        return column.infer_objects()
    read = typed(["" if is_blank(cell) else cell for cell in cells])
    return pd.Series(read.to_numpy(), index=column.index)


def numbers(column: pd.Series) -> pd.Series:
    """Return a column as numbers; cells that are none become missing."""
    return pd.to_numeric(column, errors="coerce")


def truths(column: pd.Series) -> pd.Series:
    """Return 1 for true, yes or complete, 0 for their opposites, in English or Chinese; else missing."""
    return column.map(lambda cell: _TRUTHS.get(str(cell).strip().casefold(), np.nan))


_TRUTHS = {
    **dict.fromkeys(("1", "1.0", "true", "yes", "y", "complete", "completed", "是", "真", "完成"), 1),
    **dict.fromkeys(("0", "0.0", "false", "no", "n", "incomplete", "否", "假", "未完成"), 0),
}


def moments(*forms: str) -> Callable[[pd.Series], pd.Series]:
    """Return a function that turns points in time into ISO 8601 text.

    A column is read in the first form that fits all its cells; one that fits none stays as it is.

    Parameters
    ----------
    *forms : str
        As in `strptime`, such as `"%Y/%m/%d %H:%M:%S"`; ISO 8601 is always tried first.

    Examples
    --------
    >>> import pandas as pd
    >>> moments("%Y/%m/%d %H:%M:%S")(pd.Series(["2026/1/31 9:15:00"])).tolist()
    ['2026-01-31T09:15:00']
    """

    def read(column: pd.Series) -> pd.Series:
        if pd.api.types.is_numeric_dtype(column.dtype):
            return column
        for form in ("ISO8601", *forms):
            try:
                found = pd.to_datetime(column, format=form)
            except (ValueError, TypeError, OverflowError):
                continue
            if pd.api.types.is_datetime64_any_dtype(found.dtype):
                return _iso(found)
        return column

    return read


def _iso(column: pd.Series) -> pd.Series:
    texts = [np.nan if pd.isna(moment) else moment.isoformat() for moment in column]
    return pd.Series(texts, index=column.index, dtype=object)


def without_markup(text: str) -> str:
    """Return a text without HTML tags and entities, blanks as one.

    Examples
    --------
    >>> without_markup("<p>Tom &amp; <b>Co</b></p>")
    'Tom & Co'
    """
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def with_labels(raw: RawTable, words: Mapping[str, str]) -> RawTable:
    """Return the table with other words in its cells, where a whole cell is one of `words`."""
    if not words:
        return raw
    columns = {name: _put(raw.frame[name], words) for name in raw.frame.columns}
    return replace(raw, frame=pd.DataFrame(columns, index=raw.frame.index))


def _put(column: pd.Series, words: Mapping[str, str]) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    return column.map(lambda cell: words.get(cell, cell) if isinstance(cell, str) else cell)


def labels_of_all(scale: ResponseScale) -> set[str]:
    """Return the words of all answers of a scale, in all languages."""
    texts = [*(point.label for point in scale.points), *(code.label for code in scale.missing)]
    return {label for text in texts for label in text.values()}


def marked_labels(manifest: Manifest | None, *marks: Callable[[str], str]) -> dict[str, str]:
    """Return the words of answers as a platform's form marks them -> as they are, for those that differ.

    Parameters
    ----------
    manifest : Manifest or None
        What was asked.
    *marks : function
        Words -> words with the marks that the questionnaire's writer gives them.
    """
    scales = [] if manifest is None else [meaning.scale for meaning in manifest.columns.values()]
    labels = {label for scale in scales if scale is not None for label in labels_of_all(scale)}
    pairs = ((mark(label), label) for label in sorted(labels) for mark in marks)
    return {marked: label for marked, label in pairs if marked != label and marked not in labels}
