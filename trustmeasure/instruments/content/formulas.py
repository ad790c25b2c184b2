"""Indices of content validity as scalar formulas."""

from __future__ import annotations

from math import comb, nan, sqrt
from statistics import NormalDist

from trustmeasure.criteria import critical_cvr
from trustmeasure.errors import ArgumentError


def item_cvi(relevant: int, experts: int) -> float:
    """Return the share of experts who call an item relevant (I-CVI); NaN without experts.

    Examples
    --------
    >>> item_cvi(5, 6)
    0.8333333333333334
    """
    return relevant / experts if experts else nan


def chance_agreement(relevant: int, experts: int) -> float:
    """Return the probability that just so many experts call an item relevant when each tosses a coin.

    Polit, Beck and Owen (2007): N! / (A! (N - A)!) * .5^N.

    Examples
    --------
    >>> chance_agreement(5, 6)
    0.09375
    """
    return comb(experts, relevant) / 2**experts if experts else nan


def modified_kappa(relevant: int, experts: int) -> float:
    """Return the I-CVI corrected for chance: (I-CVI - Pc) / (1 - Pc) (Polit, Beck & Owen 2007).

    Examples
    --------
    >>> round(modified_kappa(5, 6), 2), round(modified_kappa(2, 3), 2)
    (0.82, 0.47)
    """
    chance = chance_agreement(relevant, experts)
    return (item_cvi(relevant, experts) - chance) / (1.0 - chance) if experts else nan


def content_validity_ratio(essential: int, experts: int) -> float:
    """Return Lawshe's ratio (n - N/2) / (N/2): -1 when nobody calls the item essential, 1 when all do.

    Examples
    --------
    >>> content_validity_ratio(8, 10)
    0.6
    """
    return (2 * essential - experts) / experts if experts else nan


def critical_ratio(experts: int, level: float = 0.05) -> float:
    """Return the exact critical value of Lawshe's ratio; NaN for so few experts that there is none."""
    try:
        return critical_cvr(experts, level=level)
    except ArgumentError:
        return nan


def aiken_v(mean: float, lowest: float, highest: float) -> float:
    """Return Aiken's V: the mean rating as a share of the scale, from 0 to 1 (Aiken 1980, 1985).

    Examples
    --------
    >>> aiken_v(3.4, 1, 4)
    0.7999999999999999
    """
    return (mean - lowest) / (highest - lowest)


def score_interval(share: float, trials: float, ci: float) -> tuple[float, float]:
    """Return the limits of the score interval of a share.

    With n experts and k steps of the scale, n k trials make it the interval of Penfield and Giacobbi (2004)
    for Aiken's V; n trials that of Wilson (1927) for the share of experts.

    Examples
    --------
    >>> lower, upper = score_interval(0.8, 5 * 3, 0.95)
    >>> round(lower, 3), round(upper, 3)
    (0.548, 0.93)
    """
    if not trials:
        return nan, nan
    z = NormalDist().inv_cdf(0.5 + ci / 2.0)
    middle = 2.0 * trials * share + z**2
    half = z * sqrt(max(4.0 * trials * share * (1.0 - share) + z**2, 0.0))
    under = 2.0 * (trials + z**2)
    return max((middle - half) / under, 0.0), min((middle + half) / under, 1.0)
