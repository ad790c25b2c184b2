"""How far a person's answers lie from everybody's: squared Mahalanobis distances, also of incomplete rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustmeasure.errors import DataError
from trustmeasure.frames import Array
from trustmeasure.moments.incomplete import from_incomplete_rows
from trustmeasure.moments.patterns import distinct

Flags = npt.NDArray[np.bool_]

SINGULAR = 1e-10
"""Eigenvalue of a correlation matrix below which items depend on each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Squared Mahalanobis distances of n rows.

    Attributes
    ----------
    squared : array, shape (n,)
        Distance from the means over the items that a row answers; NaN where there is none.
    df : array, shape (n,)
        Items that it rests on.
    p : array, shape (n,)
        Upper tail of the chi-square distribution with df degrees of freedom.
    notes : tuple of str
        What was left out, or why there are none.
    """

    squared: Array
    df: Array
    p: Array
    notes: tuple[str, ...] = ()


def distances(values: Array, names: tuple[str, ...]) -> Distances:
    """Return squared Mahalanobis distances of the rows of `values` (n, p), NaN where there is no answer.

    Of complete rows the means and covariances (n - 1) of the sample are taken. With missing answers they
    are the maximum-likelihood ones of incomplete rows (EM; covariances times n / (n - 1)), and each row's
    distance is taken over the items that it answers, with as many degrees of freedom.
    """
    from scipy.stats import chi2

    used, notes = _varying(values, names)
    nothing = np.full(len(values), np.nan)
    if not used.any():
        return Distances(nothing, nothing, nothing, (*notes, "Mahalanobis distance: no item varies."))
    part = values[:, used]
    try:
        mean, cov = _moments(part, [name for name, is_used in zip(names, used, strict=True) if is_used])
    except DataError as problem:
        return Distances(nothing, nothing, nothing, (*notes, f"Mahalanobis distance: {problem}"))
    squared, df = _squared(part, mean, cov)
    return Distances(squared, df, np.asarray(chi2.sf(squared, df)), notes)


def _varying(values: Array, names: tuple[str, ...]) -> tuple[Flags, tuple[str, ...]]:
    there = np.isfinite(values)
    low = np.where(there, values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(there, values, -np.inf).max(axis=0, initial=-np.inf)
    varies = low < high
    same = [name for name, own in zip(names, varies, strict=True) if not own]
    if not same:
        return varies, ()
    return varies, (f"Mahalanobis distance without {', '.join(same)}: no two different answers.",)


def _moments(values: Array, names: list[str]) -> tuple[Array, Array]:
    n, p = values.shape
    if np.isfinite(values).all():
        if n <= p:
            raise DataError(
                f"{n} rows are too few for {p} items: every row would be equally far. Use fewer items."
            )
        mean = values.mean(axis=0)
        cov = np.atleast_2d(np.cov(values, rowvar=False))
    else:
        answered = np.isfinite(values).any(axis=1)
        found = from_incomplete_rows(np.ascontiguousarray(values[answered]), int((~answered).sum()), names)
        mean = np.asarray(found.mean)
        cov = found.cov * (found.n_obs / (found.n_obs - 1))
    sd = np.sqrt(np.diag(cov))
    if np.linalg.eigvalsh(cov / np.outer(sd, sd))[0] < SINGULAR:
        raise DataError("Some items are exact sums or copies of others. Leave one of them out with items=.")
    return mean, cov


def _squared(values: Array, mean: Array, cov: Array) -> tuple[Array, Array]:
    """Return squared distances and the number of items behind each, pattern by pattern."""
    squared, df = np.full(len(values), np.nan), np.full(len(values), np.nan)
    kinds, which = distinct(np.isfinite(values))
    for k, seen in enumerate(kinds):
        items = np.flatnonzero(seen)
        if items.size == 0:
            continue
        rows = np.flatnonzero(which == k)
        away = values[np.ix_(rows, items)] - mean[items]
        half = np.linalg.solve(np.linalg.cholesky(cov[np.ix_(items, items)]), away.T)
        squared[rows], df[rows] = (half**2).sum(axis=0), items.size
    return squared, df
