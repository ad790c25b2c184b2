"""Reliability coefficients as formulas: plain numbers and matrices in, plain numbers out."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from trustmeasure.frames import Array
from trustmeasure.sem.chisq import normal_quantile


def alpha_of_covariance(cov: Array) -> float:
    """Return Cronbach's alpha, k / (k - 1) * (1 - tr(C) / 1'C1), of a k x k covariance matrix C.

    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, 16, 297-334.
    """
    k = len(cov)
    return float(k / (k - 1) * (1.0 - np.trace(cov) / cov.sum()))


def correlation_of(cov: Array) -> Array:
    """Return the correlation matrix of a covariance matrix."""
    spread = np.sqrt(np.diag(cov))
    return np.asarray(cov / np.outer(spread, spread))


def average_correlation(corr: Array) -> float:
    """Return the mean of the correlations between different items."""
    k = len(corr)
    return float((corr.sum() - np.trace(corr)) / (k * (k - 1)))


def alpha_if_dropped(cov: Array) -> Array:
    """Return, for each of k items, alpha of the other k - 1; NaN where fewer than two are left.

    Taking item i out lowers tr(C) by c_ii and 1'C1 by 2 (C1)_i - c_ii, so no matrix is formed anew.
    """
    k = len(cov)
    own, with_all = np.diag(cov), cov.sum(axis=0)
    if k < 3:
        return np.full(k, np.nan)
    total = cov.sum() - 2.0 * with_all + own
    return _where_positive((k - 1) / (k - 2) * (total - (np.trace(cov) - own)), total)


def item_rest_correlation(cov: Array) -> Array:
    """Return the correlation of each item with the sum of the other items (psych's `r.drop`)."""
    own, with_all = np.diag(cov), cov.sum(axis=0)
    rest = cov.sum() - 2.0 * with_all + own
    return _where_positive(with_all - own, rest, power=0.5) / np.sqrt(own)


def item_total_correlation(corr: Array) -> Array:
    """Return the correlation of each standardised item with the sum of all (psych's `std.r`)."""
    return np.asarray(corr.sum(axis=0) / np.sqrt(corr.sum()))


def _where_positive(above: Array, below: Array, power: float = 1.0) -> Array:
    """Return above / below**power, and NaN where `below` is zero or negative but for rounding."""
    positive = below > 1e-12 * np.abs(below).max()
    return np.where(positive, above / np.where(positive, below, 1.0) ** power, np.nan)


def feldt_interval(alpha: float, n_obs: int, n_items: int, ci: float) -> tuple[float, float]:
    """Return the limits of the interval of Feldt, Woodruff and Salih (1987) for Cronbach's alpha.

    (1 - population alpha) / (1 - alpha) is F distributed with n - 1 and (n - 1)(k - 1) degrees of freedom
    when items are parallel but for their means and the scores are normal.

    Parameters
    ----------
    alpha : float
        The coefficient in the sample.
    n_obs : int
        Number of people, n, at least 2.
    n_items : int
        Number of items, k, at least 2.
    ci : float
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper limit.

    References
    ----------
    Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
    Psychological Measurement, 11(1), 93-103.
    """
    tail = (1.0 - ci) / 2.0
    people, rest = n_obs - 1, (n_obs - 1) * (n_items - 1)
    quantiles = stats.f.ppf([1.0 - tail, tail], people, rest)
    lower, upper = 1.0 - (1.0 - alpha) * quantiles
    return float(lower), float(upper)


def bonett_interval(alpha: float, n_obs: int, n_items: int, ci: float) -> tuple[float, float]:
    """Return the limits of the interval of Bonett (2002) for Cronbach's alpha.

    ln(1 - alpha) - ln(n / (n - 1)) is about normal with variance 2k / ((k - 1)(n - 2)) when items are
    parallel and normal. NaN for fewer than 3 people.

    References
    ----------
    Bonett, D. G. (2002). Sample size requirements for testing and estimating coefficient alpha. Journal of
    Educational and Behavioral Statistics, 27(4), 335-340.
    """
    if n_obs < 3:
        return float("nan"), float("nan")
    reach = normal_quantile(0.5 + ci / 2.0) * np.sqrt(2.0 * n_items / ((n_items - 1) * (n_obs - 2)))
    lower, upper = 1.0 - (1.0 - alpha) * (n_obs - 1) / n_obs * np.exp([reach, -reach])
    return float(lower), float(upper)


def hakstian_whalen_interval(alpha: float, n_obs: int, n_items: int, ci: float) -> tuple[float, float]:
    """Return the limits of the interval of Hakstian and Whalen (1976) for Cronbach's alpha.

    (1 - alpha)^(1/3) is about normal: the cube root of the F ratio of Feldt's interval, with
    ``c = (9n - 11) / (9(n - 1))``, has variance ``18 k (n - 1)(1 - alpha)^(2/3) / ((k - 1)(9n - 11)^2)``.

    References
    ----------
    Hakstian, A. R., & Whalen, T. E. (1976). A k-sample significance test for independent alpha coefficients.
    Psychometrika, 41(2), 219-231.
    """
    if n_obs < 3:
        return float("nan"), float("nan")
    bias = (9.0 * n_obs - 11.0) / (9.0 * (n_obs - 1.0))
    spread = np.sqrt(18.0 * n_items * (n_obs - 1.0) / (n_items - 1.0)) / (9.0 * n_obs - 11.0)
    reach = normal_quantile(0.5 + ci / 2.0) * spread
    lower, upper = (1.0 - (1.0 - alpha) * (bias * (1.0 + side * reach)) ** 3 for side in (1.0, -1.0))
    return float(lower), float(upper)


CLOSED_FORMS = {
    "feldt": feldt_interval,
    "bonett": bonett_interval,
    "hakstian-whalen": hakstian_whalen_interval,
}
"""Intervals of alpha that need nothing but alpha and the numbers of people and items."""


def spearman_brown_formula(r: Any, length: float) -> Any:
    """Return the reliability of a test made `length` times as long: n r / (1 + (n - 1) r)."""
    return length * r / (1.0 + (length - 1.0) * r)


def horst(r: Any, share: float) -> Any:
    """Return the reliability of a test from the correlation of two parts of unequal length.

    With p and q the parts' shares of the items, r (sqrt(r^2 + 4pq(1 - r^2)) - r) / (2pq(1 - r^2)); written so
    that r = 1 gives 1.

    Horst, P. (1951). Estimating total test reliability from parts of unequal length. Educational and
    Psychological Measurement, 11(3), 368-371.
    """
    pq = share * (1.0 - share)
    return 2.0 * r / (np.sqrt(r**2 + 4.0 * pq * (1.0 - r**2)) + r)


def omega_of_parameters(loadings: Array, residuals: Array) -> float:
    """Return omega total, (sum of loadings)^2 / ((sum of loadings)^2 + sum of residual variances).

    The loadings are those of one factor with variance 1, unstandardised; the residuals are uncorrelated.

    McDonald, R. P. (1999). Test theory: A unified treatment. Mahwah, NJ: Erlbaum.
    """
    common = loadings.sum() ** 2
    return float(common / (common + residuals.sum()))


def omega_gradient(loadings: Array, residuals: Array) -> Array:
    """Return the derivatives of omega total by the k loadings, then by the k residual variances."""
    total, noise = loadings.sum(), residuals.sum()
    whole = (total**2 + noise) ** 2
    k = len(loadings)
    return np.concatenate([np.full(k, 2.0 * total * noise / whole), np.full(k, -(total**2) / whole)])
