"""Two random halves of the same people: one to explore with, one to confirm on."""

from __future__ import annotations

import numpy as np

from trustmeasure.check import in_range
from trustmeasure.frames import Array


def first_half(n: int, share: float, seed: int) -> Array:
    """Return which of n people belong to the first part: a boolean for each, round(n * share) of them true.

    Parameters
    ----------
    n : int
        Number of people.
    share : float
        Share of the first part, between 0 and 1.
    seed : int
        The same seed gives the same halves.
    """
    in_range("share", share, 0.0, 1.0)
    order = np.random.default_rng(seed).permutation(n)
    chosen = np.zeros(n, dtype=bool)
    chosen[order[: round(n * share)]] = True
    return chosen
