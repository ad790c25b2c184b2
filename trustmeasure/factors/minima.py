"""Which of many searches ended at the same rotation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.factors.congruence import congruences, matched
from trustmeasure.frames import Array

SAME_VALUE = 1e-6
"""Relative difference of the criterion below which two searches can have ended at one minimum."""
SAME_LOADING = 1e-3
"""Largest difference of a loading at one minimum."""
COLUMNS = ("minimum", "criterion", "times", "share", "least_congruence", "largest_difference")


@dataclass(frozen=True, slots=True, eq=False)
class Minima:
    """Distinct minima by their criterion, the best first.

    Attributes
    ----------
    first : array of int, shape (k,)
        Number of the search that stands for each minimum.
    times : array of int, shape (k,)
        Searches that ended there.
    values : array, shape (k,)
        The criterion.
    least_congruence, largest_difference : arrays, shape (k,)
        How far the loadings are from the best ones, once factors are matched.
    n_starts : int
        Searches in all.
    """

    first: npt.NDArray[np.intp]
    times: npt.NDArray[np.int_]
    values: Array
    least_congruence: Array
    largest_difference: Array
    n_starts: int

    def to_frame(self) -> pd.DataFrame:
        """Return one row a minimum: criterion, how often it was reached, how far it is from the best."""
        columns = (
            np.arange(1, len(self.values) + 1),
            self.values,
            self.times,
            self.times / self.n_starts,
            self.least_congruence,
            self.largest_difference,
        )
        return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def aligned(loadings: Array, best: Array) -> Array:
    """Return loadings with their columns in the order and direction of `best`, both of shape (p, m)."""
    found = congruences(best, loadings)
    _, columns = matched(found)
    signs = np.where(np.nan_to_num(found[np.arange(len(columns)), columns]) < 0, -1.0, 1.0)
    return np.asarray(loadings[:, columns] * signs)


def distinct(values: Array, loadings: Array, usable: npt.NDArray[np.bool_]) -> Minima:
    """Return the distinct minima among searches.

    Parameters
    ----------
    values : array, shape (b,)
        The criterion at each end.
    loadings : array, shape (b, p, m)
        Rotated loadings at each end.
    usable : array of bool, shape (b,)
        Searches that ended at a minimum; all are used when none did.
    """
    order = np.argsort(values, kind="stable")
    order = order[usable[order]] if usable.any() else order
    first: list[int] = []
    times: list[int] = []
    for i in order:
        at = next((j for j, k in enumerate(first) if _same(values, loadings, int(i), k)), None)
        if at is None:
            first.append(int(i))
            times.append(1)
        else:
            times[at] += 1
    near = [_nearness(loadings[i], loadings[first[0]]) for i in first]
    apart, gaps = (np.array(column) for column in zip(*near, strict=True))
    chosen = np.array(first, dtype=np.intp)
    return Minima(chosen, np.array(times), values[chosen], apart, gaps, len(values))


def _same(values: Array, loadings: Array, i: int, k: int) -> bool:
    if abs(values[i] - values[k]) > SAME_VALUE * max(abs(float(values[k])), 1.0):
        return False
    gap = aligned(loadings[i], loadings[k]) - loadings[k]
    return float(np.abs(gap).max()) < SAME_LOADING


def _nearness(loadings: Array, best: Array) -> tuple[float, float]:
    turned = aligned(loadings, best)
    alike = np.diag(congruences(turned, best))
    return float(np.nanmin(alike)) if not np.isnan(alike).all() else 1.0, float(np.abs(turned - best).max())
