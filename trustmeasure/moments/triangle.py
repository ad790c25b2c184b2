"""Covariances or correlations out of a text, as papers print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import DataError
from trustmeasure.moments.published import covariances_of

Array = npt.NDArray[np.float64]

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_DASHES = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-"})
_ALONE = re.compile(r"-+")


def covariance_from_text(text: str, names: Sequence[str], *, sd: Any = None) -> pd.DataFrame:
    """Read a covariance or correlation matrix that is printed as a triangle.

    Parameters
    ----------
    text : str
        One line a variable, numbers apart by blanks, commas or semicolons: the lower triangle, the upper one,
        or the whole matrix. A triangle without its diagonal, or with dashes in it, holds correlations. Stars
        after a number are passed over. All numbers of a lower triangle may also stand on one line.
    names : sequence of str, length p
        The variables, in the order of the lines.
    sd : sequence or mapping of length p, optional
        Standard deviations, when the text holds correlations and covariances are wanted.

    Returns
    -------
    DataFrame, shape (p, p)
        The whole matrix, named: for `sample_cov` of `trustmeasure.fit_sem`.

    Raises
    ------
    DataError
        If the numbers make no triangle of that size (with the line), or `sd` does not go with them.

    Notes
    -----
    Checked against: `getCov` of lavaan 0.6-14, `tests/reference/sem_survey`.

    Examples
    --------
    >>> corr = covariance_from_text('''
    ...     1
    ...     .35  1
    ...     .52  .41  1
    ... ''', ["trust", "loyalty", "risk"])
    >>> float(corr.loc["trust", "risk"])
    0.52
    """
    labels = [str(n) for n in names]
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise DataError("names must hold at least two different names, one a variable.")
    matrix = _matrix([_numbers(line) for line in text.splitlines() if line.strip()], len(labels))
    if sd is not None:
        matrix = covariances_of(matrix, sd, tuple(labels))
    return pd.DataFrame(matrix, index=labels, columns=labels)


def _numbers(line: str) -> list[float]:
    """Return the numbers of a line; NaN for a dash that stands alone."""
    found = []
    for word in re.split(r"[\s,;]+", line.translate(_DASHES).strip(" \t,;")):
        bare = word.rstrip("*")
        if _ALONE.fullmatch(bare):
            found.append(np.nan)
        elif _NUMBER.fullmatch(bare):
            found.append(float(bare))
        elif bare:
            raise DataError(f"{word!r} in the line {line.strip()!r} is no number. Leave names out.")
    return found


def _matrix(lines: list[list[float]], p: int) -> Array:
    sizes = [len(line) for line in lines]
    if len(lines) == 1 and sizes[0] == p * (p + 1) // 2:
        lines = [lines[0][i * (i + 1) // 2 :][: i + 1] for i in range(p)]
        sizes = list(range(1, p + 1))
    if sizes == [p] * p:
        return _whole(_with_diagonal(np.array(lines)))
    for first in (1, 0):
        below, above = list(range(first, p + first)), list(range(p - 1 + first, first - 1, -1))
        if sizes == [n for n in below if n]:
            return _filled(lines if first else [[], *lines], p, diagonal=first == 1)
        if sizes == [n for n in above if n]:
            turned = [[line[k] for line, k in _column(lines, j)] for j in range(p - 1 + first)]
            return _filled(turned if first else [[], *turned], p, diagonal=first == 1)
    raise DataError(_no_triangle(sizes, p))


def _column(lines: list[list[float]], j: int) -> list[tuple[list[float], int]]:
    """Return the lines of an upper triangle that reach column j, and where it stands in each."""
    return [(lines[i], j - i) for i in range(j + 1)]


def _filled(lines: list[list[float]], p: int, *, diagonal: bool) -> Array:
    found = np.eye(p)
    for i, line in enumerate(lines):
        found[i, : len(line)] = found[: len(line), i] = line
    dashes = bool(np.isnan(found).any())
    found = _with_diagonal(found)
    if (dashes or not diagonal) and np.abs(found - np.eye(p)).max() > 1:
        raise DataError("A triangle without its diagonal must hold correlations, but one is beyond 1.")
    return found


def _with_diagonal(matrix: Array) -> Array:
    """Return the matrix with 1 for each dash in its diagonal; a dash elsewhere is refused."""
    filled, at = matrix.copy(), np.arange(len(matrix))
    filled[at, at] = np.where(np.isnan(matrix[at, at]), 1.0, matrix[at, at])
    if np.isnan(filled).any():
        i = int(np.argwhere(np.isnan(filled)).max(axis=1)[0])
        raise DataError(f"Line {i + 1} has a dash where a number is needed; only the diagonal may be a dash.")
    return filled


def _whole(matrix: Array) -> Array:
    gap = np.abs(matrix - matrix.T)
    if gap.max() > 1e-8 * np.abs(matrix).max():
        i, j = np.unravel_index(int(gap.argmax()), gap.shape)
        raise DataError(
            f"The matrix is not symmetric: {matrix[i, j]:g} in line {i + 1} and {matrix[j, i]:g} in line "
            f"{j + 1}."
        )
    return matrix


def _no_triangle(sizes: list[int], p: int) -> str:
    wanted = {1: range(1, p + 1), 0: range(1, p)}[len(sizes) != p - 1]
    odd = next((i for i, (n, w) in enumerate(zip(sizes, wanted, strict=False)) if n != w), None)
    shown = ", ".join(map(str, sizes[:12])) or "none"
    where = "" if odd is None else f" Line {odd + 1} has {sizes[odd]}."
    return (
        f"The text has {len(sizes)} lines with {shown} numbers, which is no triangle of {p} variables: a "
        f"lower triangle has 1 to {p} numbers a line, or 1 to {p - 1} without its diagonal.{where}"
    )
