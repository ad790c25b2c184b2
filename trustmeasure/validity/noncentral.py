"""Effect sizes with limits from noncentral distributions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln, ncfdtr, nctdtr

FAR = 1e6
"""Beyond this no noncentrality is sought."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A number with its confidence limits; NaN for what does not exist."""

    value: float
    lower: float
    upper: float

    def times(self, factor: float) -> Effect:
        """Return the effect in other units."""
        return Effect(self.value * factor, self.lower * factor, self.upper * factor)


def cohen_d(difference: float, pooled_sd: float, n_1: int, n_2: int, ci: float) -> Effect:
    """Return Cohen's d with limits.

    ``d = difference / pooled sd``, and ``t = d sqrt(n1 n2 / (n1 + n2))`` has a noncentral t distribution,
    whose noncentrality at the limits puts t at the tails (Steiger & Fouladi 1997).
    """
    if not pooled_sd > 0:
        return Effect(np.nan, np.nan, np.nan)
    unit = np.sqrt(n_1 * n_2 / (n_1 + n_2))
    d = difference / pooled_sd
    lower, upper = noncentral_t_limits(d * unit, n_1 + n_2 - 2, ci)
    return Effect(d, lower / unit, upper / unit)


def hedges_factor(df: float) -> float:
    """Return what makes Cohen's d unbiased (Hedges 1981): gamma(df/2) / (sqrt(df/2) gamma((df - 1)/2))."""
    if df <= 1:
        return float("nan")
    return float(np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2))


def noncentral_t_limits(t: float, df: float, ci: float) -> tuple[float, float]:
    """Return the noncentralities at which t lies at the upper and at the lower tail."""
    tail = (1.0 - ci) / 2.0

    def limit(p: float) -> float:
        return _solved(lambda nc: float(nctdtr(df, nc, t)) - p, t)

    return limit(1.0 - tail), limit(tail)


def noncentral_f_limits(f: float, df_1: float, df_2: float, ci: float) -> tuple[float, float]:
    """Return the same for F; 0 where no noncentrality makes F that unlikely (Steiger 2004)."""
    tail = (1.0 - ci) / 2.0

    def limit(p: float) -> float:
        if float(ncfdtr(df_1, df_2, 0.0, f)) <= p:
            return 0.0
        return _upwards(lambda nc: float(ncfdtr(df_1, df_2, nc, f)) - p)

    return limit(1.0 - tail), limit(tail)


def _solved(gap: Callable[[float], float], start: float) -> float:
    """Return the root of a falling function near `start`."""
    low, high = start - 2.0, start + 2.0
    step = 4.0
    while gap(low) < 0 and step < FAR:
        low, step = low - step, 2 * step
    step = 4.0
    while gap(high) > 0 and step < FAR:
        high, step = high + step, 2 * step
    return _root(gap, low, high)


def _upwards(gap: Callable[[float], float]) -> float:
    high = 10.0
    while gap(high) > 0 and high < FAR:
        high *= 2.0
    return _root(gap, 0.0, high)


def _root(gap: Callable[[float], float], low: float, high: float) -> float:
    ends = gap(low), gap(high)
    if not (ends[0] >= 0 >= ends[1]):
        return float("nan")
    return float(brentq(gap, low, high, xtol=1e-12, rtol=1e-13))
