"""Frames of respondents: a mask for rows, and lists of who was left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.raw import place

EXCLUDED_COLUMNS = ["row", "respondent", "reason"]


def exclusion_frame(respondents: pd.Series, reason: str) -> pd.DataFrame:
    """Return one row a respondent left out: row, respondent, reason."""
    rows = [(place(respondents.index, i), id, reason) for i, id in enumerate(respondents)]
    return pd.DataFrame(rows, columns=EXCLUDED_COLUMNS).astype({"row": "int64", "respondent": object})


def stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames with the same columns below each other, leaving out empty ones."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def as_mask(mask: Any, index: pd.Index) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return a mask as an array of bool; raise ResponseError when it does not fit the rows."""
    if isinstance(mask, pd.Series):
        if not index.isin(mask.index).all() or mask.index.has_duplicates:
            raise ResponseError("subset: the mask's index does not hold the rows of the responses.")
        mask = mask.reindex(index)
    values = np.asarray(mask)
    if values.shape != (len(index),):
        raise ResponseError(f"subset: the mask has shape {values.shape}; {len(index)} values are needed.")
    if not all(isinstance(value, bool | np.bool_) for value in values.tolist()):
        raise ResponseError("subset: the mask must hold True or False in every row, and nothing else.")
    return values.astype(bool)
