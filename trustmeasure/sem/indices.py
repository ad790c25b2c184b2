"""Fit indices as formulas of plain numbers and arrays.

Sources: Bentler 1990 (Psychological Bulletin 107(2), 238-246), Bentler & Bonett 1980 (Psychological Bulletin
88(3), 588-606), Tucker & Lewis 1973 (Psychometrika 38(1), 1-10), Browne & Cudeck 1992 (Sociological Methods &
Research 21(2), 230-258), McDonald 1989 (Journal of Classification 6(1), 97-103), Hoelter 1983 (Sociological
Methods & Research 11(3), 325-344). All are compared with lavaan 0.6-14 in `tests/reference/sem`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, sqrt

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dgesv
from scipy.optimize import brentq
from scipy.special import chdtri, chndtr, gammaincc

Array = npt.NDArray[np.float64]
NAN = float("nan")


def ratio(above: float, below: float) -> float:
    """Return `above / below`, or NaN when nothing can be divided."""
    return above / below if below != 0 and isfinite(below) else NAN


def cfi(chisq: float, df: float, base: float, base_df: float) -> float:
    """Return the comparative fit index (Bentler 1990)."""
    own = max(chisq - df, 0.0)
    worst = max(own, base - base_df, 0.0)
    return 1.0 if worst == 0 else 1.0 - own / worst


def tli(chisq: float, df: float, base: float, base_df: float) -> float:
    """Return the Tucker-Lewis index, also called the non-normed fit index; 1 for a saturated model."""
    if df == 0:
        return 1.0
    return ratio(base / base_df - chisq / df, base / base_df - 1.0) if base_df > 0 else NAN


def nfi(chisq: float, base: float) -> float:
    """Return the normed fit index (Bentler & Bonett 1980)."""
    return ratio(base - chisq, base)


def rfi(chisq: float, df: float, base: float, base_df: float) -> float:
    """Return the relative fit index (Bollen 1986); 1 for a saturated model."""
    if df == 0:
        return 1.0
    return ratio(base / base_df - chisq / df, base / base_df) if base_df > 0 else NAN


def ifi(chisq: float, df: float, base: float) -> float:
    """Return the incremental fit index (Bollen 1989)."""
    return ratio(base - chisq, base - df)


def rni(chisq: float, df: float, base: float, base_df: float) -> float:
    """Return the relative non-centrality index (McDonald & Marsh 1990)."""
    return 1.0 - ratio(chisq - df, base - base_df)


def rmsea(chisq: float, df: float, n: float) -> float:
    """Return the root mean square error of approximation (Browne & Cudeck 1992); 0 for df = 0."""
    return sqrt(max(chisq - df, 0.0) / (df * n)) if df > 0 else 0.0


def noncentrality(chisq: float, df: float, probability: float) -> float:
    """Return the non-centrality under which a chi-square below `chisq` has `probability`, or 0."""

    def gap(ncp: float) -> float:
        return float(chndtr(chisq, df, ncp)) - probability

    if df <= 0 or 1.0 - gammaincc(df / 2, chisq / 2) < probability:
        return 0.0
    upper = max(chisq, 1.0)
    while gap(upper) > 0:
        upper *= 2.0
    return float(brentq(gap, 0.0, upper, xtol=1e-10, rtol=1e-14))


def rmsea_interval(chisq: float, df: float, n: float, level: float = 0.90) -> tuple[float, float]:
    """Return the confidence limits of RMSEA (Browne & Cudeck 1992, eq. 10 to 12)."""
    if df <= 0:
        return 0.0, 0.0
    tail = (1.0 - level) / 2.0
    low, high = (noncentrality(chisq, df, p) for p in (1.0 - tail, tail))
    return sqrt(low / (n * df)), sqrt(high / (n * df))


def rmsea_close(chisq: float, df: float, n: float, h0: float = 0.05) -> float:
    """Return the probability of a larger chi-square when RMSEA is `h0` (test of close fit)."""
    return 1.0 - float(chndtr(chisq, df, n * df * h0**2)) if df > 0 else NAN


def rmsea_not_close(chisq: float, df: float, n: float, h0: float = 0.08) -> float:
    """Return the probability of a smaller chi-square when RMSEA is `h0` (test of not-close fit)."""
    return float(chndtr(chisq, df, n * df * h0**2)) if df > 0 else NAN


def gfi_parts(
    s: Array, sigma: Array, means: tuple[Array, Array] | None = None, x: Sequence[int] = ()
) -> tuple[float, float]:
    """Return numerator and denominator of `1 - GFI` for ML.

    `(tr[(V S - I)^2] + 2 d'V d) / (tr[(V S)^2] + 2 m'V m)` with `V = Sigma^-1` and `d = m - mu`; moments
    of exogenous variables, which the model takes as given, are zero in the denominator.

    Parameters
    ----------
    s, sigma : arrays, shape (p, p)
        Sample and implied covariances.
    means : pair of arrays of shape (p,), optional
        Sample and implied means, when means are modelled.
    x : sequence of int
        Positions of the exogenous variables.
    """
    product = _solved(sigma, s)
    rest = product.copy()
    rest.flat[:: len(s) + 1] -= 1.0
    if len(x):
        kept = s.copy()
        kept[np.ix_(x, x)] = 0.0
        product = _solved(sigma, kept)
    above, below = float(np.vdot(rest.T, rest)), float(np.vdot(product.T, product))
    if means is not None:
        gap = means[0] - means[1]
        above += 2.0 * float(gap @ np.linalg.solve(sigma, gap))
        level = means[0].copy()
        level[list(x)] = 0.0
        below += 2.0 * float(level @ np.linalg.solve(sigma, level))
    return above, below


def _solved(sigma: Array, right: Array) -> Array:
    """Return `Sigma^-1 right`."""
    *_, found, singular = dgesv(sigma, right)
    return np.asarray(np.linalg.solve(sigma, right) if singular else found)


def mfi(chisq: float, df: float, n: float) -> float:
    """Return the measure of centrality (McDonald 1989)."""
    return float(np.exp(-0.5 * (chisq - df) / n))


def critical_n(chisq: float, df: float, n: float, alpha: float) -> float:
    """Return Hoelter's critical n at significance level `alpha`."""
    return ratio(float(chdtri(df, alpha)) * n, chisq) + 1.0 if df > 0 else NAN


def root_mean_square(cov: Array, mean: Array | None) -> float:
    """Return the root mean square of residuals: lower triangle of `cov`, and `mean` when given."""
    own = cov.diagonal()
    return _root_mean(
        0.5 * float(np.vdot(cov, cov) + own @ own), cov.shape[0] * (cov.shape[0] + 1) // 2, mean
    )


def correlation_root_mean_square(corr: Array, mean: Array | None) -> float:
    """Return the root mean square of residual correlations, whose diagonal is not counted."""
    own = corr.diagonal()
    squares = 0.5 * float(np.vdot(corr, corr) - own @ own)
    return _root_mean(squares, corr.shape[0] * (corr.shape[0] - 1) // 2, mean)


def _root_mean(squares: float, count: int, mean: Array | None) -> float:
    """Return the root of the mean of `count` squares and those of `mean`; NaN of nothing."""
    if mean is not None:
        squares, count = squares + float(mean @ mean), count + mean.size
    return sqrt(max(squares, 0.0) / count) if count else NAN
