"""Codes of answers, counted per item: what a Likert figure shows, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import numeric_columns, to_pandas
from trustmeasure.plots.naming import instruments_of, item_text
from trustmeasure.plots.words import chosen, word

if TYPE_CHECKING:
    from trustmeasure.instruments import ResponseScale

FEWEST, MOST = 2, 11
MARK = "\0"
Scale: TypeAlias = "ResponseScale | Mapping[int, str | Mapping[str, str]] | Sequence[int] | None"


@dataclass(frozen=True, slots=True)
class Categories:
    """The answers that could be given, low to high.

    Attributes
    ----------
    codes : tuple of int
        The numbers in the data.
    labels : tuple of str
        The words for them.
    missing : tuple of int
        Codes that mean that no answer was given.
    """

    codes: tuple[int, ...]
    labels: tuple[str, ...]
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Counts of answers.

    Attributes
    ----------
    items : tuple of str
        Ids of the items.
    labels : mapping
        Item -> what it is called; a remark behind the wording stands after `MARK`.
    categories : Categories
        The answers.
    counts : array (k, c)
        How often each answer was given to each item.
    n_rows : int
        Rows of the data; those without an answer included.
    """

    items: tuple[str, ...]
    labels: Mapping[str, str]
    categories: Categories
    counts: np.ndarray[Any, np.dtype[np.int64]]
    n_rows: int

    @property
    def n(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Answers per item, shape (k,)."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def shares(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Share of each answer among the answers to an item, shape (k, c); 0 where nobody answered."""
        return np.asarray(self.counts / np.maximum(self.n, 1)[:, None])

    @property
    def missing(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Share of rows without an answer, shape (k,)."""
        return np.asarray(1 - self.n / max(self.n_rows, 1))


def answers(
    items: Any,
    construct: str | Sequence[str] | None,
    scale: Scale,
    labels: Mapping[str, str],
    language: str,
) -> Answers:
    """Return the counted answers to the items of a frame, or of constructs of responses."""
    found: Categories | None = None
    if hasattr(items, "instruments") and callable(getattr(items, "items", None)):
        frame, known, found = _of_responses(items, construct, language)
    else:
        if construct is not None:
            raise ArgumentError("construct= needs responses. Of a frame, select the columns instead.")
        frame, known = to_pandas(items, name="items"), {}
    names = [str(column) for column in frame.columns]
    frame = numeric_columns(frame.set_axis(names, axis=1), names)
    if frame.empty:
        raise DataError("items has no rows or no columns; there is nothing to draw.")
    shown = _given(scale, language) if scale is not None else found or _observed(frame)
    called = {name: labels.get(name) or known.get(name) or name for name in names}
    return Answers(tuple(names), called, shown, _counts(frame, shown), len(frame))


def _of_responses(
    responses: Any, construct: str | Sequence[str] | None, language: str
) -> tuple[pd.DataFrame, dict[str, str], Categories]:
    """Return the items' frame, their wording, and the one scale that all of them use."""
    wanted = [construct] if isinstance(construct, str) else list(construct or [])
    parts = [responses.items(name) for name in wanted] or [responses.items(None)]
    frame = pd.concat(parts, axis=1)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    known: dict[str, str] = {}
    scales: dict[str, Any] = {}
    for instrument in instruments_of(responses):
        for item in instrument.items:
            if item.id in frame.columns:
                turned = MARK + word("reversed", language) if item.reverse else ""
                known[item.id] = item_text(instrument, item, language) + turned
                scales[item.scale] = instrument.scale_of(item.id)
    if len(scales) != 1:
        raise ArgumentError(
            f"The items use {len(scales)} response scales ({', '.join(scales)}); one figure shows one scale. "
            "Name constructs with construct= that share a scale."
        )
    return frame, known, _given(next(iter(scales.values())), language)


def _given(scale: Any, language: str) -> Categories:
    """Return the categories that an argument describes."""
    if hasattr(scale, "points"):
        words = {point.code: point.label for point in scale.points}
        return _checked(words, language, tuple(scale.missing_codes))
    if isinstance(scale, Mapping):
        return _checked(dict(scale), language, ())
    return _checked({code: str(code) for code in scale}, language, ())


def _checked(words: Mapping[Any, Any], language: str, missing: tuple[int, ...]) -> Categories:
    codes = sorted(words)
    if not all(isinstance(code, int | np.integer) for code in codes):
        raise ArgumentError(f"scale= must have whole numbers as codes; it has {codes}.")
    if not FEWEST <= len(codes) <= MOST:
        raise ArgumentError(f"scale= has {len(codes)} answers; {FEWEST} to {MOST} can be drawn.")
    labels = tuple(chosen(words[code], language) for code in codes)
    return Categories(tuple(int(code) for code in codes), labels, missing)


def _observed(frame: pd.DataFrame) -> Categories:
    """Return the whole numbers from the smallest to the largest in the data."""
    values = frame.to_numpy()
    values = values[np.isfinite(values)]
    if not len(values):
        raise DataError("items holds no answer at all. Give the answers that were possible with scale=.")
    if (values != np.round(values)).any():
        raise DataError("items holds values that are no whole numbers; codes of answers are needed.")
    low, high = int(values.min()), int(values.max())
    codes = range(low, max(high, low + 1) + 1)
    if len(codes) > MOST:
        raise DataError(
            f"items holds codes from {low} to {high}, more than {MOST} answers. Name the answers with "
            "scale=, and set codes of missing answers to missing."
        )
    return Categories(tuple(codes), tuple(str(code) for code in codes))


def _counts(frame: pd.DataFrame, categories: Categories) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return how often each category occurs in each column; raise DataError for any other value."""
    values = frame.to_numpy()
    known = np.isin(values, [*categories.codes, *categories.missing]) | np.isnan(values)
    if not known.all():
        row, column = (int(i) for i in np.argwhere(~known)[0])
        allowed = suggestion(f"{values[row, column]:g}", [str(code) for code in categories.codes])
        raise DataError(
            f"Column '{frame.columns[column]}' holds {values[row, column]:g} in row {row + 1}, which is no "
            f"answer of the scale. {allowed}"
        )
    return np.array([(values == code).sum(axis=0) for code in categories.codes], dtype=np.int64).T
