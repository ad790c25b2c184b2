"""Confidence limits from bootstrap draws.

Percentile, bias-corrected and accelerated limits after Efron (1987, Journal of the American Statistical
Association 82(397), 171-185); quantiles between two order statistics are interpolated on the normal scale
(Davison & Hinkley 1997, Bootstrap Methods and their Application, eq. 5.8), as R's package boot does, and
lavaan with it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

Array = npt.NDArray[np.float64]

ROUNDING = 1e-12
"""Relative spread of draws that do not vary."""
KINDS = ("percentile", "bc", "bca", "normal")


def quantiles(draws: Array, probabilities: Array) -> Array:
    """Return quantiles of draws (no NaN), interpolated on the normal scale.

    The least or greatest draw stands for quantiles beyond it.

    Parameters
    ----------
    draws : array, shape (n, k)
        One column a variable.
    probabilities : array, shape (m, k)
        What is asked of each variable.

    Returns
    -------
    array, shape (m, k)
    """
    ordered, n = np.sort(draws, axis=0), len(draws)
    rank = (n + 1) * np.clip(probabilities, 0.0, 1.0)
    low = np.clip(np.floor(rank).astype(int), 1, n)
    high = np.clip(low + 1, 1, n)
    low_z, high_z = ndtri(low / (n + 1)), ndtri(np.minimum(low + 1, n) / (n + 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(high > low, (ndtri(rank / (n + 1)) - low_z) / (high_z - low_z), 0.0)
    share = np.clip(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)
    least, next_one = (np.take_along_axis(ordered, at - 1, axis=0) for at in (low, high))
    return np.asarray(least + share * (next_one - least))


def limits(draws: Array, estimate: Array, ci: float, kind: str, acceleration: Array | float = 0.0) -> Array:
    """Return confidence limits.

    Parameters
    ----------
    draws : array, shape (b, k)
        One column a parameter; draws that are NaN do not count.
    estimate : array, shape (k,)
        Values in the full sample.
    ci : float
        Confidence level.
    kind : {"percentile", "bc", "bca", "normal"}
        "normal" corrects for bias and uses the standard deviation of the draws.
    acceleration : array, shape (k,), or float
        For "bca".

    Returns
    -------
    array, shape (2, k)
        NaN when fewer than two draws count.
    """
    speed = np.broadcast_to(np.asarray(acceleration, dtype=float), estimate.shape)
    found = np.full((2, estimate.size), np.nan)
    finite = np.isfinite(draws)
    whole = np.flatnonzero(finite.all(axis=0))
    blocks = [(whole, draws[:, whole])] if len(draws) > 1 and whole.size else []
    for i in np.flatnonzero(~finite.all(axis=0) & (finite.sum(axis=0) > 1)):
        blocks.append((np.array([i]), draws[finite[:, i], i, None]))
    for at, values in blocks:
        found[:, at] = _limits(values, estimate[at], ci, kind, speed[at])
    return np.where(np.isfinite(estimate), found, np.nan)


def _limits(draws: Array, estimate: Array, ci: float, kind: str, acceleration: Array) -> Array:
    tails = np.repeat(np.array([[(1.0 - ci) / 2.0], [(1.0 + ci) / 2.0]]), estimate.size, axis=1)
    if kind == "normal":
        centre, spread = 2.0 * estimate - draws.mean(axis=0), draws.std(axis=0, ddof=1)
        found = centre + ndtri(tails) * spread
    else:
        if kind != "percentile":
            below = np.mean(draws < estimate, axis=0)
            tails = _shifted(tails, below, acceleration if kind == "bca" else 0.0 * acceleration)
        found = quantiles(draws, tails)
    still = np.ptp(draws, axis=0) <= ROUNDING * np.abs(draws[0])
    return np.where(still, estimate, found)


def _shifted(tails: Array, below: Array, acceleration: Array) -> Array:
    """Return the probabilities that correct for bias and acceleration (Efron 1987)."""
    bias = ndtri(below)
    with np.errstate(invalid="ignore"):
        z = bias + ndtri(tails)
        return np.where(np.isfinite(bias), ndtr(bias + z / (1.0 - acceleration * z)), below)


def mean_and_spread(draws: Array) -> tuple[Array, Array]:
    """Return means and standard deviations of columns, NaN not counted; 0 spread where nothing varies."""
    good = np.isfinite(draws)
    count = good.sum(axis=0)
    filled = np.where(good, draws, 0.0)
    mean = np.where(count > 0, filled.sum(axis=0) / np.maximum(count, 1), np.nan)
    gaps = np.where(good, draws - mean, 0.0)
    spread = np.sqrt((gaps**2).sum(axis=0) / np.maximum(count - 1, 1))
    rounding = spread <= ROUNDING * np.abs(mean)
    return mean, np.where(count > 1, np.where(rounding, 0.0, spread), np.nan)


def acceleration_of(left_out: list[Array]) -> Array:
    """Return the acceleration of each parameter from its jackknife values.

    Parameters
    ----------
    left_out : list of arrays of shape (units, k), length G
        Values without one row (or cluster) of each group; NaN where there was no solution.

    Returns
    -------
    array, shape (k,)
        A sixth of the skewness of the estimate's linear approximation (Efron 1987), to which each group adds
        its own part.
    """
    cubes, squares = [], []
    for values in left_out:
        n = values.shape[0]
        influence = (n - 1) * (np.nanmean(values, axis=0) - values)
        cubes.append(np.nansum(influence**3, axis=0) / n**3)
        squares.append(np.nansum(influence**2, axis=0) / n**2)
    above, below = np.sum(cubes, axis=0), 6.0 * np.sum(squares, axis=0) ** 1.5
    return np.asarray(np.where(below > 0, above / np.where(below > 0, below, 1.0), 0.0))
