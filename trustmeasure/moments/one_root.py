"""Many correlations, each found by itself: Newton's method within bounds that close in on the solution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

MOST_STEPS = 60
SMALL = 1e-7
"""A step below this is the last one: Newton's method squares it."""
EDGE = 0.999
"""No polychoric correlation is sought beyond this."""


def most_likely(
    derivatives: Callable[[Index, Array], tuple[Array, Array, Array]],
    start: Array,
    edge: float = EDGE,
    small: float = SMALL,
) -> Array:
    """Return the correlations at which log-likelihoods are highest.

    Parameters
    ----------
    derivatives : function of numbers of correlations (q,) and their values (q,)
        Gives the first derivatives, the negative second ones, and what to use where a second one is no guide
        (the information), each of shape (q,).
    start : array, shape (n,)
        Where to start.
    edge : float
        No correlation is sought beyond this.
    small : float
        A step below this is the last one; what remains is about its square.

    Returns
    -------
    array, shape (n,)
        Between -edge and edge. Those that are found leave the work.
    """
    rho = np.clip(start, -0.95, 0.95)
    low, high = np.full(rho.size, -edge), np.full(rho.size, edge)
    at = np.arange(rho.size)
    for _ in range(MOST_STEPS):
        if not at.size:
            break
        now = rho[at]
        slope, bend, information = derivatives(at, now)
        rising = slope > 0.0
        low[at], high[at] = np.where(rising, now, low[at]), np.where(rising, high[at], now)
        there = now + slope / np.where(bend > 0.1 * information, bend, np.maximum(information, 1e-300))
        inside = (there > low[at]) & (there < high[at])
        # A step out of the bounds is replaced by half the way to the one that it leads to.
        rho[at] = np.where(inside, there, 0.5 * (now + np.where(rising, high[at], low[at])))
        at = at[np.abs(rho[at] - now) > small * (1.0 - now**2)]
    return rho
