"""Cronbach's alpha with an interval, and what each item adds."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import DataError, TrustMeasureWarning
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.formulas import (
    alpha_if_dropped,
    alpha_of_covariance,
    average_correlation,
    correlation_of,
    feldt_interval,
    item_rest_correlation,
    item_total_correlation,
)
from trustmeasure.reliability_analysis.items import ItemMoments, item_moments

HOW = {
    "pairwise": "each covariance from all people who answered both items",
    "listwise": "only people who answered every item",
}
LABELS = {
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
        Feldt's interval.
    ci : float
        Its level.
    standardized : float
        Alpha of the items brought to one variance.
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

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficient and its interval as one row."""
        names = ("n_items", "n_obs", "alpha", "ci_lower", "ci_upper", "standardized", "average_r")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> Summary:
        """Return both tables with notes, to be shown as text or HTML."""
        interval = f"{100 * self.ci:g} % interval of Feldt, Woodruff and Salih (1987)."
        shown = Table("Coefficient", self.to_frame(), (interval, *self.notes), labels=LABELS)
        meaning = "item-rest r: correlation of the item with the sum of the other items."
        return Summary("Cronbach's alpha", [shown, Table("Items", self.items, (meaning,), labels=LABELS)])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def cronbach_alpha(items: Any, ci: float = 0.95, *, missing: str = "pairwise") -> CronbachAlpha:
    """Return Cronbach's alpha of a set of items, with an interval and item statistics.

    alpha = k / (k - 1) * (1 - sum of the k item variances / variance of the sum of the items). It says how
    far the sum of these items would agree with the sum of other items like them, provided that they measure
    one thing equally well; it is no evidence that they do. No item is ever turned: an item that is worded
    the other way round must come turned (as `Responses.items` gives it), and a warning names items that go
    against the rest.

    Parameters
    ----------
    items : frame, 2-D array or mapping of columns
        One row a person, one column an item, at least 2 of each; numbers, missing answers as NaN or null.
    ci : float
        Level of the interval, between 0 and 1.
    missing : {"pairwise", "listwise"}
        "pairwise" (as in psych): each covariance comes from all people who answered both items, and the n of
        the interval is the number of people with at least one answer, so that the interval is a little too
        narrow when much is missing. "listwise": only people who answered every item; the interval is as exact
        as its assumptions, and people are lost. Both ask that answers be missing completely at random.

    Returns
    -------
    CronbachAlpha
        `.alpha .ci_lower .ci_upper .standardized .average_r .items .n_obs .n_items`, `.summary()`.

    Raises
    ------
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

    Notes
    -----
    Checked against: psych 2.2.9, `alpha` and `alpha.ci` (tests/reference/reliability/alpha.R).

    Examples
    --------
    >>> import numpy as np
    >>> answers = np.array([[1, 2, 1], [3, 3, 4], [2, 2, 3], [4, 5, 4], [5, 4, 5.0]])
    >>> result = cronbach_alpha(answers)
    >>> round(result.alpha, 3), result.n_items, result.n_obs
    (0.936, 3, 5)
    """
    in_range("ci", ci, 0.0, 1.0)
    moments = item_moments(items, missing)
    result = alpha_of_moments(moments, ci, missing)
    against = opposed_items(result.items)
    if against:
        warnings.warn(against, TrustMeasureWarning, stacklevel=2)
    return result


def alpha_of_moments(moments: ItemMoments, ci: float, missing: str) -> CronbachAlpha:
    """Return the record for moments that were already taken; warns of nothing."""
    _require_total_variance(moments)
    corr = correlation_of(moments.cov)
    alpha = alpha_of_covariance(moments.cov)
    lower, upper = feldt_interval(alpha, moments.n_obs, len(moments.names), ci)
    statistics = _item_statistics(moments, corr)
    return CronbachAlpha(
        alpha=alpha,
        ci_lower=lower,
        ci_upper=upper,
        ci=ci,
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
        notes=_notes(moments, missing, opposed_items(statistics)),
    )


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


def _require_total_variance(moments: ItemMoments) -> None:
    if moments.cov.sum() > 1e-12 * np.trace(moments.cov):
        return
    raise DataError(
        f"The sum of the items {', '.join(moments.names)} has no variance: they cancel each other out, so "
        "alpha does not exist. Turn the items that are worded the other way round."
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
    if moments.n_rows == moments.n_complete:
        rows = f"All {moments.n_rows} rows are complete."
    else:
        least = f", at least {moments.least_pair}" if missing == "pairwise" else ""
        rows = (
            f"{moments.n_obs} of {moments.n_rows} rows used, {moments.n_complete} of them complete. "
            f"{missing}: {HOW[missing]}{least}."
        )
    return (rows, against) if against else (rows,)
