"""Rows that are copies of each other, or nearly so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustmeasure.frames import Array

CELLS = 2**22
"""Pairs of rows that are compared at a time, which bounds the memory."""


def copies(values: Array) -> Array:
    """Return how many other rows hold exactly the same answers, gaps included, shape (n,).

    NaN for a row without any answer.
    """
    _, which = np.unique(np.nan_to_num(values, nan=np.inf), axis=0, return_inverse=True)
    which = which.ravel()
    others = np.bincount(which)[which] - 1.0 if len(values) else np.zeros(0)
    return np.where(np.isfinite(values).any(axis=1), others, np.nan)


def closest_match(values: Array) -> tuple[Array, npt.NDArray[np.intp]]:
    """Return each row's largest share of equal answers with another row, and which row that is.

    The share is taken over the items that both rows answer; pairs that have fewer than half of all items in
    common are not compared.

    Parameters
    ----------
    values : array, shape (n, p)
        Answers; NaN where there is none.

    Returns
    -------
    array, shape (n,)
        NaN for a row that can be compared with no other.
    array of int, shape (n,)
        Position of the other row, the first of several; -1 where there is none.
    """
    n, p = values.shape
    there = np.isfinite(values).astype(np.float32)
    codes = np.unique(values[np.isfinite(values)]).tolist()
    shares, partner = np.full(n, np.nan), np.full(n, -1, dtype=np.intp)
    step = max(CELLS // max(n, 1), 1)
    for start in range(0, n, step):
        rows = slice(start, min(start + step, n))
        equal = np.zeros((rows.stop - rows.start, n), dtype=np.float32)
        for code in codes:
            same = (values == code).astype(np.float32)
            equal += same[rows] @ same.T
        both = there[rows] @ there.T
        share = np.where(both >= max(p / 2, 1), equal / np.maximum(both, 1), -1.0)
        share[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = -1.0
        best = share.argmax(axis=1)
        top = share[np.arange(len(best)), best]
        shares[rows] = np.where(top >= 0, top, np.nan)
        partner[rows] = np.where(top >= 0, best, -1)
    return shares, partner
