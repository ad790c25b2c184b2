"""Item answers made ready for reliability coefficients: checked, rows chosen, moments taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.errors import DataError
from trustmeasure.frames import Array
from trustmeasure.responses.item_frame import item_frame

MISSING = ("pairwise", "listwise")


@dataclass(frozen=True, slots=True)
class ItemMoments:
    """What reliability coefficients need of the answers to k items.

    Attributes
    ----------
    names : tuple of str, length k
        The items.
    cov : array, k x k
        Covariances (n - 1 in the denominator), of all people who answered both items.
    n, mean, sd, score_r : array, length k
        Per item: answers, mean, standard deviation, correlation with `score`.
    score : array, length n_obs
        Mean of each person over the items that the person answered.
    n_rows, n_obs, n_complete : int
        Rows given, rows used, rows without a missing answer.
    least_pair : int
        The smallest number of people who answered the same two items.
    values : array, shape (n_obs, k)
        The answers used, NaN where there is none.
    """

    names: tuple[str, ...]
    cov: Array
    n: Array
    mean: Array
    sd: Array
    score_r: Array
    score: Array
    n_rows: int
    n_obs: int
    n_complete: int
    least_pair: int
    values: Array


def checked_items(items: Any) -> pd.DataFrame:
    """Return the items as `item_frame` does, at least two, each with answers; DataError otherwise."""
    frame = item_frame(items)
    _require_two_items(frame)
    _require_answers(frame)
    return frame


def item_moments(items: Any, missing: str) -> ItemMoments:
    """Return the moments of `items`, or raise DataError saying which item stands in the way and what to do.

    Parameters
    ----------
    items : frame, 2-D array or mapping
        One row a person, one column an item.
    missing : {"pairwise", "listwise"}
        Whether a person with missing answers counts where answers are, or not at all.
    """
    one_of("missing", missing, MISSING)
    frame = checked_items(items)
    used = complete_rows(frame) if missing == "listwise" else frame.dropna(how="all")
    require_variance(used)
    pairs = _pair_counts(used)
    _require_pairs(pairs, list(used.columns))
    score = used.mean(axis=1)
    return ItemMoments(
        names=tuple(used.columns),
        cov=np.asarray(used.cov(min_periods=2), dtype=float),
        n=np.asarray(used.count(), dtype=float),
        mean=np.asarray(used.mean(), dtype=float),
        sd=np.asarray(used.std(), dtype=float),
        score_r=_correlation_with(used.to_numpy(dtype=float), np.asarray(score, dtype=float)),
        score=np.asarray(score, dtype=float),
        n_rows=len(frame),
        n_obs=len(used),
        n_complete=int(used.notna().all(axis=1).sum()),
        least_pair=int(pairs.min()),
        values=used.to_numpy(dtype=float),
    )


def _correlation_with(values: Array, score: Array) -> Array:
    """Return the correlation of each column with `score`, where both are; NaN without variance."""
    mine = values - np.nanmean(values, axis=0)
    theirs = np.where(np.isnan(values), np.nan, score[:, None])
    theirs = theirs - np.nanmean(theirs, axis=0)
    spread = np.sqrt(np.nansum(mine**2, axis=0) * np.nansum(theirs**2, axis=0))
    shared = np.nansum(mine * theirs, axis=0)
    return np.where(spread > 0.0, shared / np.where(spread > 0.0, spread, 1.0), np.nan)


def _require_two_items(frame: pd.DataFrame) -> None:
    if frame.shape[1] >= 2:
        return
    given = f"only one item, '{frame.columns[0]}'" if frame.shape[1] else "no item"
    raise DataError(
        f"Internal consistency needs at least 2 items; there is {given}. For one item use test-retest data."
    )


def _require_answers(frame: pd.DataFrame) -> None:
    empty = [str(name) for name in frame.columns[frame.count() == 0]]
    if empty:
        raise DataError(f"{named(empty)} no answer at all. Leave {it(empty)} out of `items`.")


def complete_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without a missing answer, or raise DataError naming the item with most missing."""
    complete = frame.dropna()
    if len(complete) >= 2:
        return complete
    worst = str(frame.isna().sum().idxmax())
    raise DataError(
        f"Only {len(complete)} of {len(frame)} rows have an answer to every item; at least 2 are needed. "
        f"'{worst}' has the most missing answers ({int(frame[worst].isna().sum())}): leave it out"
        " or collect more answers; alpha also accepts missing='pairwise'."
    )


def require_variance(frame: pd.DataFrame) -> None:
    """Raise DataError naming the items to which everybody gave the same answer."""
    constant = [str(name) for name in frame.columns[frame.max() == frame.min()]]
    if constant:
        value = frame[constant[0]].max()
        raise DataError(
            f"{named(constant)} the same answer ({value:g}) in all of the {len(frame)} rows used, so no "
            f"variance. Leave {it(constant)} out of `items`, or check how the column was read."
        )


def _pair_counts(frame: pd.DataFrame) -> Array:
    there = frame.notna().to_numpy(dtype=float)
    return np.asarray(there.T @ there)


def _require_pairs(pairs: Array, names: Sequence[str]) -> None:
    if pairs.min() >= 2:
        return
    first, second = divmod(int(pairs.argmin()), len(names))
    raise DataError(
        f"Items '{names[first]}' and '{names[second]}' were answered together by {int(pairs.min())} people; "
        "at least 2 are needed. Leave one of them out, or collect more answers."
    )


def require_total_variance(moments: ItemMoments) -> None:
    """Raise DataError when the sum of the items has no variance."""
    if moments.cov.sum() > 1e-12 * np.trace(moments.cov):
        return
    raise DataError(
        f"The sum of the items {', '.join(moments.names)} has no variance: they cancel each other out, so "
        "it has no reliability. Turn the items that are worded the other way round."
    )


HOW = {
    "pairwise": "each covariance from all people who answered both items",
    "listwise": "only people who answered every item",
}


def rows_used(moments: ItemMoments, missing: str) -> str:
    """Return a sentence on the rows behind some moments."""
    if moments.n_rows == moments.n_complete:
        return f"All {moments.n_rows} rows are complete."
    least = f", at least {moments.least_pair}" if missing == "pairwise" else ""
    return (
        f"{moments.n_obs} of {moments.n_rows} rows used, {moments.n_complete} of them complete. "
        f"{missing}: {HOW[missing]}{least}."
    )


def named(names: Sequence[str]) -> str:
    """Return "Item 'a' has" or "Items 'a', 'b' have"."""
    quoted = ", ".join(f"'{name}'" for name in names)
    return f"Item {quoted} has" if len(names) == 1 else f"Items {quoted} have"


def it(names: Sequence[str]) -> str:
    """Return "it" for one name and "them" for several."""
    return "it" if len(names) == 1 else "them"
