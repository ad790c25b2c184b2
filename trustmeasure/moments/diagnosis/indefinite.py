"""Which variables and pairs make a correlation matrix indefinite.

With `v` the eigenvector of the least eigenvalue, that eigenvalue is `sum v_i^2 + 2 sum v_i v_j r_ij`: the
second sum tells which pairs pull it below zero. A second view takes one pair at a time: by the inertia of
Schur complements (Haynsworth 1968, Linear Algebra and its Applications 1(1), 73-81) a matrix with one
negative eigenvalue can be mended by one correlation alone when the rest of the matrix without the pair is
positive definite, and then the values that mend it are an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]

LEAST = 1e-10
"""Least eigenvalue of a correlation matrix that counts as positive definite; below it is rounding."""


@dataclass(frozen=True, slots=True)
class Definiteness:
    """Eigenvalues of a correlation matrix and, when one is not above zero, what makes it so.

    Attributes
    ----------
    eigenvalues : array, shape (p,)
        All eigenvalues, the least first.
    variables : DataFrame
        When not positive definite: variable, weight (its entry of the least eigenvalue's vector) and share
        (the weight's square), the largest first; empty otherwise.
    pairs : DataFrame
        When not positive definite: first second correlation contribution lower upper, the most negative
        contribution first. `contribution` is what the pair adds to the least eigenvalue. Between `lower` and
        `upper` this correlation alone would make the matrix positive definite; missing where no value would.
    """

    eigenvalues: Array
    variables: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def positive(self) -> bool:
        """Whether all eigenvalues are above zero."""
        return bool(self.eigenvalues[0] > LEAST)

    @property
    def n_negative(self) -> int:
        """Number of eigenvalues that are not above zero."""
        return int((self.eigenvalues <= LEAST).sum())


def definiteness(corr: Array, names: Sequence[str]) -> Definiteness:
    """Return the eigenvalues of a correlation matrix (p, p) and what makes it indefinite, if it is."""
    values, vectors = np.linalg.eigh(corr)
    if values[0] > LEAST:
        return Definiteness(values, _variables([], np.zeros(0)), _pairs(corr[:0, :0], [], np.zeros(0)))
    vector = vectors[:, 0] * np.where(vectors[np.abs(vectors[:, 0]).argmax(), 0] < 0, -1.0, 1.0)
    return Definiteness(values, _variables(names, vector), _pairs(corr, names, vector))


def _variables(names: Sequence[str], vector: Array) -> pd.DataFrame:
    order = np.argsort(-np.abs(vector), kind="stable")
    frame = pd.DataFrame({"variable": list(names), "weight": vector, "share": vector**2})
    return frame.iloc[order].reset_index(drop=True)


def _pairs(corr: Array, names: Sequence[str], vector: Array) -> pd.DataFrame:
    row, col = np.tril_indices(len(corr), -1)
    labels = np.array(list(names), dtype=object)
    contribution = 2.0 * vector[row] * vector[col] * corr[row, col]
    low, high = _mending(corr, row, col)
    frame = pd.DataFrame(
        {
            "first": labels[col],
            "second": labels[row],
            "correlation": corr[row, col],
            "contribution": contribution,
            "lower": low,
            "upper": high,
        }
    )
    return frame.iloc[np.argsort(contribution, kind="stable")].reset_index(drop=True)


def _mending(corr: Array, row: npt.NDArray[np.intp], col: npt.NDArray[np.intp]) -> tuple[Array, Array]:
    """Return for each pair the ends of the values that alone make the matrix positive definite, or NaN."""
    none = np.full(row.size, np.nan)
    values, vectors = np.linalg.eigh(corr) if len(corr) else (np.zeros(0), np.zeros((0, 0)))
    if (values < -LEAST).sum() != 1 or (np.abs(values) <= LEAST).any():
        return none, none.copy()
    inverse = (vectors / values) @ vectors.T
    # What remains of the pair's 2 x 2 block given all other variables is the inverse of the inverse's block.
    a, b, c = inverse[row, row], inverse[col, col], inverse[row, col]
    det = a * b - c**2
    first, second, covariance = b / det, a / det, -c / det
    good = (first > 0) & (second > 0) & (det < 0)
    half = np.sqrt(np.where(good, first * second, np.nan))
    centre = corr[row, col] - covariance
    return centre - half, centre + half
