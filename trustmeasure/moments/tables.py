"""Answers become category numbers, and category numbers become tables of every two variables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

ROWS = 2**13
"""Rows counted at a time."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Ordinal answers as numbers of categories.

    Attributes
    ----------
    values : array of int, shape (n, p)
        Number of the category from 0; for a missing answer the number that no variable has, `width`.
    sizes : array of int, shape (p,)
        Categories of each variable.
    width : int
        The most categories that a variable has.
    """

    values: Index
    sizes: Index
    width: int

    @property
    def complete(self) -> bool:
        """Whether no answer is missing."""
        return not bool((self.values == self.width).any())


def codes_of(values: Array, categories: tuple[tuple[float, ...], ...]) -> Codes:
    """Return answers (n, p), NaN where missing, as numbers of their categories."""
    sizes = np.array([len(codes) for codes in categories], dtype=np.intp)
    width = int(sizes.max(initial=0))
    found = np.full(values.shape, width, dtype=np.intp)
    # NaN is searched for beyond the last code.
    for codes in set(categories):
        same = [j for j, own in enumerate(categories) if own == codes]
        at = np.searchsorted(np.asarray(codes), values[:, same])
        at[at == len(codes)] = width
        found[:, same] = at
    return Codes(found, sizes, width)


def pair_tables(codes: Codes, weights: Array | None = None, *, missing: bool = False) -> Array:
    """Return how often two categories come together, for every two variables.

    Parameters
    ----------
    codes : Codes
        Answers of n rows to p variables.
    weights : array, shape (n,) or (b, n), or None
        What each row counts for; several lines give several sets of tables.
    missing : bool
        Whether missing answers have a category of their own, the last.

    Returns
    -------
    array, shape (p, p, c, c) or (b, p, p, c, c)
        c is `codes.width`, and one more with `missing`. Categories that a variable does not have stay empty.
    """
    n, p = codes.values.shape
    c = codes.width + missing
    lines = None if weights is None else np.atleast_2d(weights)
    found = np.zeros((1 if lines is None else len(lines), p * c, p * c))
    for start in range(0, n, ROWS):
        part = one_hot(codes.values[start : start + ROWS], codes.width, missing=missing)
        if lines is None:
            found[0] += part.T @ part
            continue
        for total, weight in zip(found, lines, strict=True):
            total += part.T @ (part * weight[start : start + ROWS, None])
    tables = found.reshape(-1, p, c, p, c).transpose(0, 1, 3, 2, 4)
    return tables if weights is not None and np.ndim(weights) == 2 else np.asarray(tables[0])


def filled(tables: Array, binary: npt.NDArray[np.bool_]) -> Array:
    """Return tables (..., c, c) in which no 2 x 2 table has one empty cell.

    An empty cell and the one opposite get half a row, the two others lose half a row: the margins stay.
    Tables with two empty cells, and larger ones, are left as they are.

    Parameters
    ----------
    tables : array, shape (..., c, c)
        Counts.
    binary : array of bool, shape (...)
        Which are 2 x 2 tables.
    """
    corner = tables[..., :2, :2]
    empty = corner == 0.0
    one = binary & (empty.sum(axis=(-2, -1)) == 1)
    if not one.any():
        return tables
    found = tables.copy()
    signs = np.array([[1.0, -1.0], [-1.0, 1.0]])
    sign = (empty[one] * signs).sum(axis=(-2, -1))
    found[one, :2, :2] += 0.5 * sign[:, None, None] * signs
    return found


def one_hot(values: Index, width: int, *, missing: bool = False) -> Array:
    """Return category numbers (n, p) as indicators (n, p * c); c is `width`, and one more with `missing`."""
    c = width + missing
    n, p = values.shape
    found = np.zeros((n, p * (width + 1)))
    at = values + (width + 1) * np.arange(p)
    np.put_along_axis(found, at, 1.0, axis=1)
    if c == width + 1:
        return found
    return np.ascontiguousarray(found.reshape(n, p, width + 1)[:, :, :width]).reshape(n, p * width)
