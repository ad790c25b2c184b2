"""Numbers out of a frame, block by block, without a copy of the frame.

A column of NumPy numbers is read where it is. Columns of other kinds (nullable, Arrow, polars, text that
spells numbers) are converted one block at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import DataError
from trustmeasure.frames import in_place, numbers_of, require_columns, require_one

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Rows = slice | Index
"""Numbers of rows, from 0."""

CELLS = 2**17
"""Cells in a block: 1 MB of numbers, which stays in the processor's cache."""
FEWEST = 256
"""Least rows in a block."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Some columns of a frame, read as float64.

    Attributes
    ----------
    names : tuple of str, length p
        The columns.
    n_rows : int
        Rows of the frame.
    columns : tuple of function, length p
        Each gives the numbers of its column in the rows asked for; empty when there is a block.
    block : array, shape (p, n), or None
        The numbers themselves, of a small frame.
    held : frame or None
        What the columns belong to, otherwise: where pandas copies on write, what the caller changes later
        does not reach it.
    """

    names: tuple[str, ...]
    n_rows: int
    columns: tuple[Callable[[Rows], Array], ...]
    block: Array | None = None
    held: Any = field(default=None, repr=False, compare=False)

    def read(self, rows: Rows) -> tuple[Array, Flags | None]:
        """Return the cells of some rows, shape (b, p), and which rows are complete; None when all are.

        The cells of a block cannot be changed: they are the block's own.

        Raises
        ------
        DataError
            For a cell that is not a number, or infinite; the message names column and row.
        """
        cells = self._cells(rows)
        finite = np.isfinite(cells)
        if finite.all():
            return cells.T, None
        self._refuse_infinite(cells, rows)
        return cells.T, np.asarray(finite.all(axis=0))

    def _cells(self, rows: Rows) -> Array:
        """Return the cells of some rows, shape (p, b)."""
        if self.block is not None:
            return self.block[:, rows] if isinstance(rows, slice) else self.block.take(rows, axis=1)
        cells = np.empty((len(self.names), rows.stop - rows.start if isinstance(rows, slice) else rows.size))
        for line, column in zip(cells, self.columns, strict=True):
            line[:] = column(rows)
        return cells

    def blocks(self, at: Index | None = None, width: int = 0) -> Iterator[Rows]:
        """Yield the numbers of rows in blocks: those in `at`, or all rows of the frame.

        `width` is how many numbers are made of each row, when these are more than its cells.
        """
        size = max(CELLS // max(len(self.names), width, 1), FEWEST)
        total = self.n_rows if at is None else at.size
        for start in range(0, total, size):
            stop = min(start + size, total)
            yield slice(start, stop) if at is None else at[start:stop]

    def _refuse_infinite(self, cells: Array, rows: Rows) -> None:
        infinite = np.argwhere(np.isinf(cells))
        if len(infinite):
            j, i = infinite[0]
            row = row_number(rows, int(i))
            raise DataError(
                f"Column '{self.names[j]}' holds an infinite value in row {row}. Set it to missing."
            )


def row_number(rows: Rows, i: int) -> int:
    """Return the number, counted from 1, of the i-th of some rows."""
    return int(rows.start + i if isinstance(rows, slice) else rows[i]) + 1


@dataclass(frozen=True)
class Columns:
    """A frame of any kind, left where it is.

    Attributes
    ----------
    frame : pandas.DataFrame or narwhals.DataFrame
        The frame; never changed.
    """

    frame: Any
    _readers: dict[tuple[str, ...], Reader] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, data: Any, *, name: str = "data") -> Columns:
        """Take what `trustmeasure.frames.to_pandas` takes."""
        return cls(in_place(data, name=name))

    @cached_property
    def kinds(self) -> list[Any]:
        """The kinds of the columns of a pandas frame."""
        return self.frame.dtypes.tolist() if isinstance(self.frame, pd.DataFrame) else []

    @property
    def n_rows(self) -> int:
        """Rows of the frame."""
        return int(self.frame.shape[0])

    def column(self, name: str, *, what: str = "variable") -> pd.Series:
        """Return one column as a pandas Series; DataError naming the nearest when there is none."""
        require_columns(self.frame, [name], what=what)
        column = self.frame[name]
        if isinstance(column, pd.DataFrame | pd.Series):
            return require_one(column, name)
        found: pd.Series = column.to_pandas()
        return found

    def reader(self, names: Sequence[str]) -> Reader:
        """Return a reader of some columns, which all groups share; DataError for a name that is no column."""
        known = tuple(names)
        if known not in self._readers:
            self._readers[known] = self._reader(known)
        return self._readers[known]

    def _reader(self, names: tuple[str, ...]) -> Reader:
        block = _block(self.frame, self.kinds, names)
        if block is not None:
            return Reader(names, self.n_rows, (), block)
        require_columns(self.frame, list(names))
        frame = self.frame.copy(deep=False) if isinstance(self.frame, pd.DataFrame) else self.frame
        # A frame of Narwhals is held as its own kind, which can be pickled whatever the version.
        held = frame if isinstance(frame, pd.DataFrame) else frame.to_native()
        return Reader(names, self.n_rows, tuple(_reading(frame[n], str(n)) for n in names), held=held)

    def part(self, names: Sequence[str], at: Index | None) -> pd.DataFrame:
        """Return some columns and rows as a pandas frame, copied."""
        require_columns(self.frame, list(names))
        frame = self.frame[list(names)]
        part = frame if at is None else (frame.iloc[at] if isinstance(frame, pd.DataFrame) else frame[at])
        return part.copy() if isinstance(part, pd.DataFrame) else part.to_pandas()


def _block(frame: Any, kinds: Sequence[Any], names: Sequence[str]) -> Array | None:
    """Return columns (p, n) of a small frame that has nothing but NumPy numbers of one kind; None otherwise.

    Such a frame is one array, whose columns are taken at once instead of one by one.
    """
    if not isinstance(frame, pd.DataFrame) or len(kinds) * len(frame) > CELLS:
        return None
    first = kinds[0] if kinds else None
    if not isinstance(first, np.dtype) or first.kind not in "fiub" or kinds.count(first) < len(kinds):
        return None
    columns = frame.columns
    try:
        places = [columns.get_loc(name) for name in names]
    except (KeyError, TypeError):
        return None
    # The place of a name that several columns have is no number.
    at = [place for place in places if isinstance(place, int)]
    if len(at) < len(names) or not columns.is_unique:
        return None
    cells = frame.to_numpy(dtype=np.float64, copy=True).T
    if at != list(range(len(kinds))):
        cells = cells[at]
    cells.flags.writeable = False
    return cells


def _reading(column: Any, name: str) -> Callable[[Rows], Array]:
    if not isinstance(column, pd.DataFrame | pd.Series):
        foreign = _foreign_numbers if column.dtype.is_numeric() else _foreign_text
        return partial(foreign, column.to_native(), name)
    series = require_one(column, name)
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "fiub":
        return partial(_plain, series.to_numpy())
    if pd.api.types.is_numeric_dtype(series.dtype) and not isinstance(
        series.dtype, np.dtype | pd.SparseDtype
    ):
        return partial(_extension, series.array)
    return partial(_converted, series, name)


def _plain(column: npt.NDArray[Any], rows: Rows) -> Array:
    return np.asarray(column[rows], dtype=float)


def _extension(column: Any, rows: Rows) -> Array:
    return np.asarray(column[rows].to_numpy(dtype="float64", na_value=np.nan))


def _converted(column: pd.Series, name: str, rows: Rows) -> Array:
    return np.asarray(numbers_of(column.iloc[rows], name, place=partial(row_number, rows)), dtype=float)


def _foreign_numbers(column: Any, name: str, rows: Rows) -> Array:
    return np.asarray(_foreign(column, rows).to_numpy(), dtype=float)


def _foreign_text(column: Any, name: str, rows: Rows) -> Array:
    given = _foreign(column, rows).to_pandas()
    return np.asarray(numbers_of(given, name, place=partial(row_number, rows)), dtype=float)


def _foreign(column: Any, rows: Rows) -> Any:
    import narwhals as nw

    return nw.from_native(column, series_only=True)[rows]
