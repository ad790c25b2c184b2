"""Answers to items, checked before they are correlated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import DataError
from trustmeasure.frames import Array
from trustmeasure.responses import Responses
from trustmeasure.responses.item_frame import item_frame
from trustmeasure.responses.scales import scales_of

HOW = {
    "pairwise": "each correlation from all people who answered both items",
    "listwise": "only people who answered every item",
    "fiml": "normal-theory maximum likelihood from all answers",
}
FEWEST_ROWS = 3


def items_of(data: Any) -> pd.DataFrame:
    """Return the items of what `correlations_of` takes as float64 columns, side by side."""
    if isinstance(data, Responses):
        return item_frame(data.items())
    if isinstance(data, Mapping) and data and all(np.ndim(v) == 2 for v in data.values()):
        frames = [scale.read() for scale in scales_of(data)]
        lengths = sorted({len(frame) for frame in frames})
        if len(lengths) > 1:
            raise DataError(f"The scales have different numbers of rows ({lengths}). Give the same people.")
        frame = pd.concat(frames, axis=1)
    else:
        frame = item_frame(data)
    doubled = frame.columns[frame.columns.duplicated()].unique().tolist()
    if doubled:
        raise DataError(f"More than one item is called {', '.join(doubled)}. Rename or drop all but one.")
    return frame


def refuse_empty(frame: pd.DataFrame) -> None:
    """Raise DataError when there are no rows, or items that nobody answered."""
    if not len(frame):
        raise DataError("There are no rows; correlations need people who answered.")
    empty = [str(name) for name in frame.columns[frame.count() == 0]]
    if empty:
        raise DataError(f"Without any answer: {', '.join(empty)}. Leave out what nobody answered.")


def refuse_few(used: pd.DataFrame, frame: pd.DataFrame, missing: str) -> None:
    """Raise DataError when too few rows can be used."""
    if len(used) >= FEWEST_ROWS:
        return
    what = "an answer to every item" if missing == "listwise" else "an answer"
    remedy = " Use missing='pairwise', or fewer items." if missing == "listwise" and len(frame) > 2 else ""
    raise DataError(
        f"{len(used)} of {len(frame)} rows have {what}; at least {FEWEST_ROWS} are needed.{remedy}"
    )


def refuse_constant(used: pd.DataFrame) -> None:
    """Raise DataError naming the items to which everybody gave the same answer."""
    constant = [str(name) for name in used.columns[used.max() == used.min()]]
    if constant:
        raise DataError(
            f"Everybody gave the same answer ({used[constant[0]].max():g} to '{constant[0]}') in the "
            f"{len(used)} rows used: {', '.join(constant)}. Without variance there is no correlation; leave "
            "such items out."
        )


def pair_counts(frame: pd.DataFrame) -> Array:
    """Return how many people answered both of every two items, shape (p, p)."""
    there = frame.notna().to_numpy(dtype=float)
    return np.asarray(there.T @ there)


def refuse_apart(pairs: Array, names: Sequence[str]) -> None:
    """Raise DataError naming two items that too few people answered both."""
    if pairs.min() >= FEWEST_ROWS:
        return
    row, col = divmod(int(pairs.argmin()), len(names))
    raise DataError(
        f"'{names[row]}' and '{names[col]}' were answered together by {int(pairs.min())} people; at least "
        f"{FEWEST_ROWS} are needed. Leave one of them out, or collect more answers."
    )


def row_notes(n_rows: int, n_obs: int, n_complete: int, least: int, missing: str) -> tuple[str, ...]:
    """Say how many rows were used, and how."""
    if n_rows == n_complete:
        return (f"All {n_rows} rows are complete.",)
    pair = f", at least {least}" if missing == "pairwise" else ""
    return (
        f"{n_obs} of {n_rows} rows used, {n_complete} of them complete. {missing}: {HOW[missing]}{pair}.",
    )
