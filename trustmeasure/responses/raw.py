"""What a reader hands over: a frame with everything the file says about its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

ROW_OFFSET = 1  # the first respondent is row 1 for readers, and 0 in the index


@dataclass(frozen=True, slots=True)
class UserMissing:
    """A range of values that the file itself declares missing; one value when both ends are equal.

    Attributes
    ----------
    low, high : float or str
        Ends of the range, both included. Stata's extended missing values are letters.
    """

    low: float | str
    high: float | str

    def holds(self, value: float | str) -> bool:
        """Return whether `value` lies in the range."""
        if isinstance(value, str) or isinstance(self.low, str) or isinstance(self.high, str):
            return value == self.low
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class RawTable:
    """Answers as read, before any of them is checked.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a respondent. The index counts the rows of the source from 0.
    source : str
        Name of the file, or the kind of frame.
    labels : mapping
        Column -> label that the file gives it.
    value_labels : mapping
        Column -> value -> label that the file gives it.
    aliases : mapping
        Column -> further names of it in the export, such as Qualtrics' import ids.
    user_missing : mapping
        Column -> ranges that the file declares missing.
    simulated : bool
        True when the file says that its answers are simulated.
    notes : tuple of str
        What a reader of the results should know.
    """

    frame: pd.DataFrame
    source: str
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[float | str, str]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    user_missing: Mapping[str, tuple[UserMissing, ...]] = field(default_factory=dict)
    simulated: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a caller may say about a file; each reader uses what concerns it.

    Attributes
    ----------
    sheet : str or int or None
        Sheet of an Excel file, by name or counted from 0; None for the first.
    encoding, delimiter : str or None
        Of a text file; None to find out.
    """

    sheet: str | int | None = None
    encoding: str | None = None
    delimiter: str | None = None


def place(index: pd.Index, position: int) -> int:
    """Return the row number that a reader sees (counted from 1) for a position in a frame's index."""
    return int(index[position]) + ROW_OFFSET
