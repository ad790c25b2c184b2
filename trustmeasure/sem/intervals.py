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
    """Return quantiles of one variable's draws (no NaN), interpolated on the normal scale.

    The least or greatest draw stands for quantiles beyond it.
    """
    ordered, n = np.sort(draws), draws.size
    rank = (n + 1) * np.clip(probabilities, 0.0, 1.0)
    low = np.clip(np.floor(rank).astype(int), 1, n)
    high = np.clip(low + 1, 1, n)
    low_z, high_z = ndtri(low / (n + 1)), ndtri(np.minimum(low + 1, n) / (n + 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(high > low, (ndtri(rank / (n + 1)) - low_z) / (high_z - low_z), 0.0)
    share = np.clip(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)
    return np.asarray(ordered[low - 1] + share * (ordered[high - 1] - ordered[low - 1]))


def limits(
    draws: Array, estimate: float, ci: float, kind: str, acceleration: float = 0.0
) -> tuple[float, float]:
    """Return the limits for one parameter.

    Parameters
    ----------
    draws : array, shape (b,)
        Its draws; those that are NaN do not count.
    estimate : float
        Its value in the full sample.
    ci : float
        Confidence level.
    kind : {"percentile", "bc", "bca", "normal"}
        "normal" corrects for bias and uses the standard deviation of the draws.
    acceleration : float
        For "bca".

    Returns
    -------
    tuple of float
        NaN when fewer than two draws count.
    """
    good = draws[np.isfinite(draws)]
    if good.size < 2 or not np.isfinite(estimate):
        return float("nan"), float("nan")
    if np.ptp(good) <= ROUNDING * abs(good[0]):
        return estimate, estimate
    tails = np.array([(1.0 - ci) / 2.0, (1.0 + ci) / 2.0])
    if kind == "normal":
        centre, spread = 2.0 * estimate - good.mean(), good.std(ddof=1)
        low, high = centre + ndtri(tails) * spread
        return float(low), float(high)
    if kind != "percentile":
        tails = _shifted(tails, float(np.mean(good < estimate)), acceleration if kind == "bca" else 0.0)
    low, high = quantiles(good, tails)
    return float(low), float(high)


def _shifted(tails: Array, below: float, acceleration: float) -> Array:
    """Return the probabilities that correct for bias and acceleration (Efron 1987)."""
    bias = float(ndtri(below))
    if not np.isfinite(bias):
        return np.full(2, below)
    z = bias + ndtri(tails)
    return np.asarray(ndtr(bias + z / (1.0 - acceleration * z)))


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
