"""Whether a person answers alike what means alike: even and odd items, synonyms, antonyms, other people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from trustmeasure.frames import Array
from trustmeasure.screening.asked import Asked
from trustmeasure.screening.rows import LEAST, pairwise_correlations, row_correlations

Kind = Literal["synonyms", "antonyms"]
PAIR_COLUMNS = ("item_1", "item_2", "r")


def stepped_up(r: Array) -> Array:
    """Return 2 r / (1 + r), the Spearman-Brown correction for half the length, not below -1."""
    safe = np.where(r > -1.0, r, 0.0)
    return np.where(np.isnan(r), np.nan, np.where(r > -1.0, np.maximum(2 * safe / (1 + safe), -1.0), -1.0))


def even_odd(asked: Asked) -> Array:
    """Return the even-odd consistency of each row, shape (n,).

    Each scale is cut into its odd and its even items; the means of these halves are correlated over the
    scales, within the person, and the correlation is stepped up to full length.

    Returns
    -------
    array, shape (n,)
        NaN where fewer than 3 scales have both halves, or where a half does not vary over the scales.
    """
    answers = asked.shares(asked.turned)
    halves = [(items[0::2], items[1::2]) for items in asked.scales.values() if len(items) > 1]
    if len(halves) < LEAST:
        return np.full(len(answers), np.nan)
    odd, even = (np.column_stack([_mean(answers[:, h[k]]) for h in halves]) for k in (0, 1))
    return stepped_up(row_correlations(odd, even))


def _mean(values: Array) -> Array:
    there = np.isfinite(values)
    n = there.sum(axis=1)
    return np.where(n > 0, np.where(there, values, 0.0).sum(axis=1) / np.maximum(n, 1), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class ItemPairs:
    """Items that people answer alike, or the other way round, and how each person does it.

    Attributes
    ----------
    kind : {"synonyms", "antonyms"}
        Which pairs.
    critical : float
        Correlation beyond which items are a pair.
    pairs : pandas.DataFrame
        item_1, item_2 and r, the closest pair first.
    values : array, shape (n,)
        Correlation over the pairs within each person; NaN where it does not exist.
    note : str
        Why there is none for anybody, otherwise empty.
    """

    kind: Kind
    critical: float
    pairs: pd.DataFrame
    values: Array
    note: str = ""


def item_pairs(
    asked: Asked, kind: Kind, critical: float, resamples: int = 0, seed: int | None = None
) -> ItemPairs:
    """Return psychometric synonyms (r > critical) or antonyms (r < critical), and each row's correlation.

    Parameters
    ----------
    asked : Asked
        The answers, taken as given.
    kind : {"synonyms", "antonyms"}
        Which pairs.
    critical : float
        Correlation of the two items over all people.
    resamples : int
        0: the item that was asked first stands on one side in all pairs. Otherwise the mean over so many
        draws of which item stands on which side; draws in which a row has no correlation do not count.
    seed : int, optional
        What is drawn from.
    """
    r = pairwise_correlations(asked.given)
    i, j = np.triu_indices(len(asked.items), 1)
    far = np.nan_to_num(r[i, j], nan=0.0)
    known = np.isfinite(r[i, j])
    chosen = np.flatnonzero(known & (far > critical if kind == "synonyms" else far < critical))
    chosen = chosen[np.argsort(-np.abs(far[chosen]), kind="stable")]
    i, j = i[chosen], j[chosen]
    names = np.array(asked.items, dtype=object)
    pairs = pd.DataFrame({"item_1": names[i], "item_2": names[j], "r": far[chosen]}, columns=PAIR_COLUMNS)
    if len(chosen) < LEAST:
        return ItemPairs(
            kind, critical, pairs, np.full(len(asked.given), np.nan), _why(kind, critical, far[known])
        )
    answers = asked.shares(asked.given)
    values = _oriented(answers[:, i], answers[:, j], resamples, seed)
    return ItemPairs(kind, critical, pairs, values)


def _why(kind: Kind, critical: float, r: Array) -> str:
    beyond, end, utmost = ("above", "highest", np.max) if kind == "synonyms" else ("below", "lowest", np.min)
    shown = f" (the {end} correlation is {utmost(r):.2f})" if r.size else ""
    return (
        f"Psychometric {kind}: fewer than {LEAST} pairs of items correlate {beyond} {critical:g}{shown}, so "
        "no person has a value."
    )


def _oriented(x: Array, y: Array, resamples: int, seed: int | None) -> Array:
    if not resamples:
        return row_correlations(x, y)
    rng = np.random.default_rng(seed)
    total, n = np.zeros(len(x)), np.zeros(len(x))
    for _ in range(resamples):
        swap = rng.random(x.shape[1]) < 0.5
        r = row_correlations(np.where(swap, y, x), np.where(swap, x, y))
        total += np.nan_to_num(r, nan=0.0)
        n += np.isfinite(r)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def person_total(asked: Asked) -> Array:
    """Return the correlation of each row's answers with the item means of all other people, shape (n,).

    Low for people who answer in an order of agreement that is not everybody's. NaN below 3 answers, and
    where the answers do not vary.
    """
    answers = asked.shares(asked.given)
    there = np.isfinite(answers)
    filled = np.where(there, answers, 0.0)
    others = there.sum(axis=0) - there
    means = np.where(others > 0, (filled.sum(axis=0) - filled) / np.maximum(others, 1), np.nan)
    return row_correlations(answers, means)
