"""The same answer again and again: long strings, straight-lining, variability within a person."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from trustmeasure.frames import Array
from trustmeasure.screening.asked import Asked

STRAIGHT = 3
"""Items that a scale needs before answering all of them alike means anything."""


def run_lengths(codes: Array) -> Array:
    """Return how many equal answers in a row end at each cell.

    Parameters
    ----------
    codes : array, shape (n, p)
        Answers in the order in which they were given; NaN where there is none, which ends a run.

    Returns
    -------
    array, shape (n, p)
        Lengths; 0 where there is no answer.
    """
    lengths = np.zeros(codes.shape)
    before = np.zeros(len(codes))
    for j in range(codes.shape[1]):
        same = codes[:, j] == codes[:, j - 1] if j else np.zeros(len(codes), dtype=bool)
        before = np.where(np.isfinite(codes[:, j]), np.where(same, before, 0.0) + 1.0, 0.0)
        lengths[:, j] = before
    return lengths


def longest_run(codes: Array) -> Array:
    """Return the longest run of equal answers in each row, shape (n,); NaN without an answer."""
    longest = run_lengths(codes).max(axis=1, initial=0.0)
    return np.where(longest > 0, longest, np.nan)


def average_run(codes: Array) -> Array:
    """Return the mean length of a row's runs of equal answers, shape (n,); NaN without an answer."""
    runs = (run_lengths(codes) == 1).sum(axis=1)
    return np.where(runs > 0, np.isfinite(codes).sum(axis=1) / np.maximum(runs, 1), np.nan)


def page_runs(asked: Asked) -> dict[str, Array]:
    """Return the longest run on each page, by its name, each of shape (n,)."""
    return {name: longest_run(asked.in_order(items)) for name, items in asked.pages.items()}


def most(columns: Iterable[Array], n: int) -> Array:
    """Return the largest value of each row, shape (n,), leaving out NaN; NaN where there is nothing else."""
    found = np.full(n, np.nan)
    for column in columns:
        found = np.fmax(found, column)
    return found


def straight_lined(asked: Asked) -> Array:
    """Return the share of a person's scales that were answered with one code throughout, shape (n,).

    Counted are scales of at least 3 items that the person answered completely; NaN where there is none.
    Answers are taken as given, so that agreeing to an item and to its reverse counts as the same answer.
    """
    whole, same = np.zeros(len(asked.given)), np.zeros(len(asked.given))
    for items in asked.scales.values():
        if len(items) < STRAIGHT:
            continue
        answers = asked.given[:, items]
        complete = np.isfinite(answers).all(axis=1)
        whole += complete
        same += complete & (answers == answers[:, :1]).all(axis=1)
    return np.where(whole > 0, same / np.maximum(whole, 1), np.nan)


def variability(codes: Array) -> Array:
    """Return the standard deviation (n - 1) of each row's answers, shape (n,); NaN below 2 answers."""
    there = np.isfinite(codes)
    n = there.sum(axis=1)
    mean = np.where(there, codes, 0.0).sum(axis=1) / np.maximum(n, 1)
    away = np.where(there, codes - mean[:, None], 0.0)
    return np.where(n > 1, np.sqrt((away**2).sum(axis=1) / np.maximum(n - 1, 1)), np.nan)
