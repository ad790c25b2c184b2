"""Tables of counts without cells that are so small that they show single people."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import at_least
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import numeric_columns, to_pandas

Mask = npt.NDArray[np.bool_]


def suppress_small(frame: Any, k: int = 5, *, complementary: bool = True) -> pd.DataFrame:
    """Return a table of counts with every count from 1 to k - 1 hidden.

    A hidden cell could be found again when it is the only one of its row or column and the total is known. So
    the smallest other cell of such a row or column is hidden too (complementary suppression), until none is
    alone. This guards a single table; it does not guard against comparing several tables of the same people.

    Parameters
    ----------
    frame : frame
        Counts, one row and one column a category, such as `pandas.crosstab` returns; with or without totals.
    k : int
        Smallest count that is shown, 2 or more. Zeros are shown.
    complementary : bool
        Whether to hide further cells, so that totals give nothing away.

    Returns
    -------
    pandas.DataFrame
        The same table with `<NA>` where a count is hidden (type Int64).

    Raises
    ------
    ArgumentError
        If a cell is no count.

    Examples
    --------
    >>> import pandas as pd
    >>> import trustmeasure as tm
    >>> table = pd.DataFrame({"women": [12, 3, 40], "men": [9, 20, 33]}, index=["18-24", "25-34", "35+"])
    >>> tm.suppress_small(table, k=5)["women"].tolist()
    [<NA>, <NA>, 40]
    """
    least = at_least("k", k, 2)
    table = to_pandas(frame)
    counts = numeric_columns(table, list(table.columns)).to_numpy(dtype=float)
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.round(counts)).any():
        raise ArgumentError("suppress_small needs counts: whole numbers of 0 or more in every cell.")
    hidden = (counts > 0) & (counts < least)
    if complementary:
        hidden = _complemented(hidden, counts)
    shown = pd.DataFrame(counts, index=table.index, columns=table.columns).astype("Int64")
    return shown.mask(pd.DataFrame(hidden, index=table.index, columns=table.columns))


def _complemented(hidden: Mask, counts: npt.NDArray[np.float64]) -> Mask:
    """Return the mask with more cells hidden, until no row and no column hides exactly one."""
    found = hidden.copy()
    while (place := _next(found, counts)) is not None:
        found[place] = True
    return found


def _next(hidden: Mask, counts: npt.NDArray[np.float64]) -> tuple[int, int] | None:
    """Return the smallest cell beside one that is hidden alone; counted ones before zeros."""
    for axis, size in ((1, counts.shape[1]), (0, counts.shape[0])):
        alone = np.flatnonzero(hidden.sum(axis=axis) == 1) if size > 1 else np.array([], dtype=int)
        if len(alone):
            line = int(alone[0])
            values, gone = (counts[line], hidden[line]) if axis == 1 else (counts[:, line], hidden[:, line])
            order = np.where(gone, np.inf, np.where(values == 0, np.finfo(float).max, values))
            other = int(np.argmin(order))
            return (line, other) if axis == 1 else (other, line)
    return None
