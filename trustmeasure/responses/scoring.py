"""Scores of constructs from the answers to their items."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array

Method = Literal["mean", "sum"]
METHODS: tuple[Method, ...] = ("mean", "sum")


def score_rows(answers: Array, n_items: int, method: Method = "mean", min_valid: float = 0.5) -> Array:
    r"""Return one score for each row of answers.

    The mean of the answers given, or the sum. A sum over fewer answers than items is prorated: the mean of
    the answers given, times the number of items (person-mean substitution).

    Parameters
    ----------
    answers : array of shape (n, m)
        Answers to the items that were asked, high meaning more; NaN where there is none.
    n_items : int
        How many items the construct has, `m` or more.
    method : {"mean", "sum"}
        What the score is.
    min_valid : float or int
        How many of the `n_items` must be answered: a float is a share above 0 up to 1.0, an integer a count
        from 1. A count above `n_items` means all of them.

    Returns
    -------
    array of shape (n,)
        NaN for a row with fewer answers than asked for.

    Raises
    ------
    ArgumentError
        If `method` or `min_valid` is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from trustmeasure.responses.scoring import score_rows
    >>> answers = np.array([[5.0, 6.0, np.nan, 7.0], [5.0, np.nan, np.nan, np.nan]])
    >>> score_rows(answers, 4)
    array([ 6., nan])
    >>> score_rows(answers, 4, "sum")
    array([24., nan])
    """
    one_of("method", method, METHODS)
    needed = needed_answers(n_items, min_valid)
    given = np.isfinite(answers).sum(axis=1)
    mean = np.nansum(answers, axis=1) / np.maximum(given, 1)
    scores = mean * n_items if method == "sum" else mean
    return np.where(given >= needed, scores, np.nan)


def needed_answers(n_items: int, min_valid: float) -> int:
    """Return how many answers a score needs; see `score_rows` for the meaning of `min_valid`."""
    if isinstance(min_valid, bool | np.bool_):
        raise ArgumentError("min_valid needs a share such as 0.5 or a count such as 2.")
    if isinstance(min_valid, int | np.integer):
        if min_valid < 1:
            raise ArgumentError(
                f"min_valid={min_valid} must be a count of at least 1, or a share such as 0.5."
            )
        return min(int(min_valid), n_items)
    if min_valid != 1.0:
        in_range("min_valid", min_valid, 0, 1)
    return max(1, math.ceil(min_valid * n_items - 1e-9))


def score_frame(
    data: pd.DataFrame,
    constructs: Mapping[str, Sequence[str]],
    method: Method = "mean",
    min_valid: float = 0.5,
) -> pd.DataFrame:
    """Return one column a construct, in the order of `constructs`.

    Parameters
    ----------
    data : pandas.DataFrame
        Answers under item ids; items that were not asked have no column.
    constructs : mapping
        Construct id -> ids of all of its items.
    method, min_valid
        As in `score_rows`.
    """
    scores = {
        id: score_rows(_answers(data, items), len(items), method, min_valid)
        for id, items in constructs.items()
    }
    return pd.DataFrame(scores, index=data.index, columns=list(constructs), dtype="float64")


def _answers(data: pd.DataFrame, items: Sequence[str]) -> Array:
    asked = [item for item in items if item in data.columns]
    return data[asked].to_numpy(dtype="float64")
