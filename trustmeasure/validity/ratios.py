"""Heterotrait-monotrait ratios of many correlation matrices at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Averages:
    """Which correlations of p items are averaged, within k constructs and between each pair of them.

    Attributes
    ----------
    within : array, shape (p (p - 1) / 2, k)
        Weights of the correlations (lower triangle by rows) in the mean within each construct; NaN in the
        column of a construct with a single item, which has no such mean.
    between : array, shape (p (p - 1) / 2, pairs)
        The same for the mean between the constructs of each pair.
    pairs : array of int, shape (pairs, 2)
        The pairs of constructs, in the order (0, 1), (0, 2), ..., (k - 2, k - 1).
    """

    within: Array
    between: Array
    pairs: Index

    @classmethod
    def of(cls, n_items: int, places: Sequence[Index]) -> Averages:
        """Take the positions of each construct's items."""
        row, col = np.tril_indices(n_items, -1)
        owner = np.zeros((len(places), n_items), dtype=bool)
        for own, at in zip(owner, places, strict=True):
            own[at] = True
        first, second = np.triu_indices(len(places), 1)
        inside = owner[:, row] & owner[:, col]
        across = (owner[first][:, row] & owner[second][:, col]) | (
            owner[second][:, row] & owner[first][:, col]
        )
        return cls(_shares(inside), _shares(across), np.stack([first, second], axis=1))


def _shares(chosen: npt.NDArray[np.bool_]) -> Array:
    size = chosen.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray((chosen / np.where(size > 0, size, np.nan)).T)


def htmt_of(correlations: Array, averages: Averages, *, absolute: bool) -> Array:
    """Return HTMT of each pair of constructs (Henseler, Ringle & Sarstedt 2015).

    The mean correlation of items of two constructs, divided by the geometric mean of the mean correlations
    within each of them.

    Parameters
    ----------
    correlations : array, shape (b, p (p - 1) / 2)
        Correlations of the items, lower triangle by rows.
    averages : Averages
        What is averaged.
    absolute : bool
        Whether absolute values are.

    Returns
    -------
    array, shape (b, pairs)
        NaN where a mean within a construct is not above zero, or does not exist.
    """
    used = np.abs(correlations) if absolute else correlations
    return _ratio(_mean(used, averages.within), _mean(used, averages.between), averages.pairs)


def htmt2_of(correlations: Array, averages: Averages, *, absolute: bool) -> Array:
    """Return HTMT2 of each pair of constructs (Roemer, Schuberth & Henseler 2021): geometric means.

    Parameters and result are those of `htmt_of`. Without absolute values it is NaN where any of the
    correlations is negative; a correlation of zero makes its geometric mean zero.
    """
    used = np.abs(correlations) if absolute else correlations
    nothing = used == 0
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(nothing, 0.0, np.log(used))
    means = []
    for part in (averages.within, averages.between):
        zero = nothing.astype(float) @ np.nan_to_num(part) > 0 if nothing.any() else False
        means.append(np.where(zero, 0.0, np.exp(_mean(logs, part))))
    return _ratio(means[0], means[1], averages.pairs)


def _mean(values: Array, weights: Array) -> Array:
    """Return weighted sums; a missing value counts only where its weight is not zero."""
    gaps = np.isnan(values)
    known = np.isfinite(weights).all(axis=0)
    given = np.where(known, weights, 0.0)
    found = np.where(gaps, 0.0, values) @ given
    if gaps.any():
        found = np.where(gaps.astype(float) @ (given > 0) > 0, np.nan, found)
    return np.asarray(np.where(known, found, np.nan))


def _ratio(within: Array, between: Array, pairs: Index) -> Array:
    first, second = (
        np.where(within[:, pairs[:, side]] > 0, within[:, pairs[:, side]], np.nan) for side in (0, 1)
    )
    return np.asarray(between / np.sqrt(first * second))
