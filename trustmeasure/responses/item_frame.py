"""Answers to items as a frame of numbers, whatever they came in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trustmeasure.frames import numeric_columns, to_pandas


def item_frame(items: Any) -> pd.DataFrame:
    """Return the items as float64 columns with text names; DataError where a column is not numbers.

    Parameters
    ----------
    items : frame, 2-D array or mapping
        One row a person, one column an item.
    """
    frame = to_pandas(items, name="items").reset_index(drop=True)
    frame.columns = pd.Index([str(name) for name in frame.columns])
    return numeric_columns(frame, list(frame.columns))
