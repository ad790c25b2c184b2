"""Cronbach's alpha with an interval, and what each item adds."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.coefficients import ALPHA, STANDARDIZED
from trustmeasure.reliability_analysis.estimates import Estimates, How, estimated
from trustmeasure.reliability_analysis.formulas import (
    CLOSED_FORMS,
    alpha_if_dropped,
    alpha_of_covariance,
    average_correlation,
    correlation_of,
    item_rest_correlation,
    item_total_correlation,
)
from trustmeasure.reliability_analysis.items import (
    ItemMoments,
    item_moments,
    require_total_variance,
    rows_used,
)

NAMED = {
    "feldt": "Feldt, Woodruff and Salih (1987)",
    "bonett": "Bonett (2002)",
    "hakstian-whalen": "Hakstian and Whalen (1976)",
}
LABELS = {
    "standardized_ci_lower": "lower",
    "standardized_ci_upper": "upper",
    "ci_lower": "lower",
    "ci_upper": "upper",
    "average_r": "mean r",
    "n_obs": "n",
    "n_items": "items",
    "item_total": "item-rest r",
    "raw_r": "item-total r",
    "std_r": "item-total r (std.)",
    "alpha_if_dropped": "alpha without",
    "standardized_if_dropped": "std. alpha without",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CronbachAlpha:
    """Cronbach's alpha of one set of items.

    Attributes
    ----------
    alpha : float
        The coefficient; can be negative, never above 1.
    ci_lower, ci_upper : float
        Its interval; not cut off at 1.
    ci : float
        Level of the intervals.
    standardized, standardized_ci_lower, standardized_ci_upper : float
        Alpha of the items brought to one variance, and its interval: of the bootstrap when `interval` is one,
        otherwise asymptotically distribution-free.
    se : float
        Standard error of alpha: of the bootstrap, otherwise asymptotically distribution-free.
    interval : str
        Where the interval of alpha comes from.
    average_r : float
        Mean correlation between items.
    items : pandas.DataFrame
        One row an item: `item`, `n`, `mean`, `sd`, `item_total` (correlation with the sum of the other
        items), `raw_r` (with the person's mean over all items), `std_r` (with the sum of all items,
        standardised), `alpha_if_dropped`, `standardized_if_dropped`.
    n_obs : int
        People used; the n of the interval.
    n_items : int
        Number of items.
    n_rows, n_complete : int
        Rows given, and rows among those used without a missing answer.
    missing : {"pairwise", "listwise"}
        What was done with missing answers.
    score_mean, score_sd : float
        Mean and standard deviation of the people's means over their answered items.
    notes : tuple of str
        What a reader must know of this result.
    """

    alpha: float
    ci_lower: float
    ci_upper: float
    ci: float
    standardized: float
    average_r: float
    items: pd.DataFrame
    n_obs: int
    n_items: int
    n_rows: int
    n_complete: int
    missing: str
    score_mean: float
    score_sd: float
    notes: tuple[str, ...] = ()
    interval: str = "feldt"
    se: float = float("nan")
    standardized_ci_lower: float = float("nan")
    standardized_ci_upper: float = float("nan")

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficients and their intervals as one row."""
        first = ("n_items", "n_obs", "alpha", "ci_lower", "ci_upper", "standardized", "average_r")
        names = (*first, "se", "standardized_ci_lower", "standardized_ci_upper")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> Summary:
        """Return both tables with notes, to be shown as text or HTML."""
        order = ["n_items", "n_obs", "alpha", "se", "ci_lower", "ci_upper", "standardized"]
        frame = self.to_frame()[[*order, "standardized_ci_lower", "standardized_ci_upper", "average_r"]]
        shown = Table("Coefficient", frame, (self._how(), *self.notes), labels=LABELS)
        meaning = "item-rest r: correlation of the item with the sum of the other items."
        return Summary("Cronbach's alpha", [shown, Table("Items", self.items, (meaning,), labels=LABELS)])

    def _how(self) -> str:
        if self.interval not in NAMED:
            return How(self.interval, self.ci, 0).words.replace(", 0 draws", "")
        return (
            f"{100 * self.ci:g} % interval of {NAMED[self.interval]}. Standard error and interval of "
            "standardised alpha: asymptotically distribution-free."
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def cronbach_alpha(
    items: Any,
    ci: float = 0.95,
    *,
    missing: str = "pairwise",
    interval: str = "feldt",
    n_bootstrap: int = 1000,
    seed: int | None = None,
) -> CronbachAlpha:
    """Return Cronbach's alpha of a set of items, with an interval and item statistics.

    alpha = k / (k - 1) * (1 - sum of the k item variances / variance of the sum of the items). It says how
    far the sum of these items would agree with the sum of other items like them, provided that they measure
    one thing equally well; it is no evidence that they do. No item is ever turned: an item that is worded
    the other way round must come turned (as `Responses.items` gives it), and a warning names items that go
    against the rest.

    Parameters
    ----------
    items : frame, 2-D array or mapping from name to column
        One row a person, one column an item, at least 2 of each; numbers, missing answers as NaN or null.
    ci : float
        Level of the interval, between 0 and 1.
    missing : {"pairwise", "listwise"}
        "pairwise" (as in psych): each covariance comes from all people who answered both items. The n of the
        closed intervals (feldt, bonett, hakstian-whalen) is then the number of people with at least one
        answer, so that they are a little too narrow when much is missing; adf and the bootstrap take the gaps
        into account. "listwise": only people who answered every item; the interval is as exact as its
        assumptions, and people are lost. Both ask that answers be missing completely at random.
    interval : str
        "feldt" (exact for normal, essentially parallel items), "bonett" and "hakstian-whalen" (close to it,
        under the same assumptions), "adf" (asymptotically distribution-free: alpha -+ z * se, for some
        hundred people), or a bootstrap of the rows: "percentile", "bc", "bca", "normal".
    n_bootstrap : int
        Draws of a bootstrap.
    seed : int, optional
        Seed of a bootstrap; the same seed gives the same limits.

    Returns
    -------
    CronbachAlpha
        `.alpha .ci_lower .ci_upper .se .standardized .average_r .items .n_obs .n_items`, `.summary()`.

    Raises
    ------
    ArgumentError
        If `ci`, `missing`, `interval` or `n_bootstrap` is not allowed.
    DataError
        If there are fewer than 2 items, an item without answers or without variance, a pair of items that
        fewer than 2 people answered, text in a column, or items whose sum has no variance.

    Warns
    -----
    TrustMeasureWarning
        If an item correlates negatively with the sum of the others.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, 16(3),
    297-334.

    Feldt, L. S., Woodruff, D. J., & Salih, F. A. (1987). Statistical inference for coefficient alpha. Applied
    Psychological Measurement, 11(1), 93-103.

    Bonett, D. G. (2002). Sample size requirements for testing and estimating coefficient alpha. Journal of
    Educational and Behavioral Statistics, 27(4), 335-340.

    Hakstian, A. R., & Whalen, T. E. (1976). A k-sample significance test for independent alpha coefficients.
    Psychometrika, 41(2), 219-231.

    Yuan, K.-H., Guarnaccia, C. A., & Hayslip, B. (2003). A study of the distribution of sample coefficient
    alpha with the Hopkins Symptom Checklist: Bootstrap versus asymptotics. Educational and Psychological
    Measurement, 63(1), 5-23.

    Maydeu-Olivares, A., Coffman, D. L., & Hartmann, W. M. (2007). Asymptotically distribution-free (ADF)
    interval estimation of coefficient alpha. Psychological Methods, 12(2), 157-176.

    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical Association,
    82(397), 171-185.

    Notes
    -----
    Checked against: psych 2.2.9, `alpha` and `alpha.ci` (tests/reference/reliability/alpha.R); the ADF error
    against lavaan 0.6-14 and the bootstrap limits against boot (tests/reference/reliability/intervals.R).

    Examples
    --------
    >>> import numpy as np
    >>> answers = np.array([[1, 2, 1], [3, 3, 4], [2, 2, 3], [4, 5, 4], [5, 4, 5.0]])
    >>> result = cronbach_alpha(answers)
    >>> round(result.alpha, 3), result.n_items, result.n_obs
    (0.936, 3, 5)
    """
    how = How.checked(interval, ci, n_bootstrap, seed, more=tuple(CLOSED_FORMS))
    moments = item_moments(items, missing)
    result = alpha_of_moments(moments, how, missing)
    against = opposed_items(result.items)
    if against:
        warnings.warn(against, TrustMeasureWarning, stacklevel=2)
    return result


def alpha_of_moments(moments: ItemMoments, how: How, missing: str) -> CronbachAlpha:
    """Return the record for moments that were already taken; warns of nothing."""
    require_total_variance(moments)
    corr = correlation_of(moments.cov)
    alpha = alpha_of_covariance(moments.cov)
    found = _uncertainty(moments, how)
    lower, upper = _limits(alpha, moments, how, found)
    statistics = _item_statistics(moments, corr)
    return CronbachAlpha(
        alpha=alpha,
        ci_lower=lower,
        ci_upper=upper,
        ci=how.ci,
        standardized=alpha_of_covariance(corr),
        average_r=average_correlation(corr),
        items=statistics,
        n_obs=moments.n_obs,
        n_items=len(moments.names),
        n_rows=moments.n_rows,
        n_complete=moments.n_complete,
        missing=missing,
        score_mean=float(moments.score.mean()),
        score_sd=float(moments.score.std(ddof=1)),
        notes=(*_notes(moments, missing, opposed_items(statistics)), *found.notes),
        interval=how.interval,
        se=float(found.se[0]),
        standardized_ci_lower=float(found.lower[1]),
        standardized_ci_upper=float(found.upper[1]),
    )


def _uncertainty(moments: ItemMoments, how: How) -> Estimates:
    """Return errors and limits of alpha and standardised alpha that need no assumption of normality."""
    free = replace(how, interval="adf") if how.interval in CLOSED_FORMS else how
    return estimated(moments.values, moments.cov, (ALPHA, STANDARDIZED), free)


def _limits(alpha: float, moments: ItemMoments, how: How, found: Estimates) -> tuple[float, float]:
    closed = CLOSED_FORMS.get(how.interval)
    if closed is None:
        return float(found.lower[0]), float(found.upper[0])
    return closed(alpha, moments.n_obs, len(moments.names), how.ci)


def _item_statistics(moments: ItemMoments, corr: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item": moments.names,
            "n": moments.n.astype(int),
            "mean": moments.mean,
            "sd": moments.sd,
            "item_total": item_rest_correlation(moments.cov),
            "raw_r": moments.score_r,
            "std_r": item_total_correlation(corr),
            "alpha_if_dropped": alpha_if_dropped(moments.cov),
            "standardized_if_dropped": alpha_if_dropped(corr),
        }
    )


def opposed_items(statistics: pd.DataFrame) -> str:
    """Return a sentence naming the items that go against the rest, or nothing."""
    against = statistics.loc[statistics["item_total"] < 0, "item"].tolist()
    if not against:
        return ""
    return (
        f"Negative correlation with the sum of the other items: {', '.join(against)}. If wording is the "
        "reason, turn these items (code = minimum + maximum - code); nothing was turned here."
    )


def _notes(moments: ItemMoments, missing: str, against: str) -> tuple[str, ...]:
    rows = rows_used(moments, missing)
    return (rows, against) if against else (rows,)
