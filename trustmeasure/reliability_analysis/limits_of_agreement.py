"""Bland-Altman analysis of two measurements of the same people: bias, limits of agreement, trends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.ratings import numeric_ratings, two_columns
from trustmeasure.sem.chisq import normal_quantile

INTERVALS = ("exact", "approximate")
LABELS = {"ci_lower": "lower", "ci_upper": "upper", "p_value": "p", "n_obs": "n"}
HOW = {
    "exact": "exact intervals of the limits (noncentral t; Carkeet 2015)",
    "approximate": "approximate intervals of the limits (Bland & Altman 1999)",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class BlandAltman:
    """Agreement of two measurements of the same people.

    Attributes
    ----------
    frame : pandas.DataFrame
        Rows bias, lower_limit, upper_limit: measure, estimate, se, ci_lower, ci_upper (differences: first -
        second).
    trends : pandas.DataFrame
        Regressions on the mean of both: of the difference (proportional_bias) and of its absolute residual
        (spread): trend, slope, se, ci_lower, ci_upper, t, df, p_value.
    pairs : pandas.DataFrame
        One row a person: mean, difference.
    sd : float
        Standard deviation of the differences.
    names : tuple of str
        What the two measurements are called.
    ci : float
        Level of the intervals.
    coverage : float
        Share of differences that the limits are to hold.
    interval : str
        Kind of the limits' intervals.
    n_obs, n_rows : int
        Pairs used, rows given.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    trends: pd.DataFrame
    pairs: pd.DataFrame
    sd: float
    names: tuple[str, str]
    ci: float
    coverage: float
    interval: str
    n_obs: int
    n_rows: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of bias and limits."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return bias, limits and trends with notes, to be shown as text or HTML."""
        share = f"{100 * self.coverage:g} %"
        said = f"Differences: {self.names[0]} - {self.names[1]}. Limits for {share} of the differences."
        used = f"{self.n_obs} of {self.n_rows} rows used."
        how = f"{100 * self.ci:g} % intervals, {HOW[self.interval]}. {used}"
        trend = "A slope that differs from 0 says that one pair of limits does not fit all levels."
        return Summary(
            "Bland-Altman analysis",
            [
                Table("Agreement", self.frame, (said, how, *self.notes), labels=LABELS),
                Table("Trends over the mean", self.trends, (trend,), labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def bland_altman(
    first: Any,
    second: Any | None = None,
    ci: float = 0.95,
    *,
    coverage: float = 0.95,
    interval: str = "exact",
) -> BlandAltman:
    """Return bias and limits of agreement of two measurements of the same people.

    The differences d of two measurements have the mean `bias`; if they are normal, bias -+ z * sd holds the
    share `coverage` of them. Limits are not a test: whether they are narrow enough is for the user of the
    scores to say.

    Parameters
    ----------
    first, second : array, Series or frame
        The two measurements, one row a person; or a frame with both columns as `first` alone.
    ci : float
        Level of the intervals, between 0 and 1.
    coverage : float
        Share of the differences that the limits are to hold, between 0 and 1.
    interval : {"exact", "approximate"}
        Intervals of the limits: from the noncentral t distribution, or from their standard error in large
        samples, sd * sqrt(1/n + z^2 / (2(n - 1))).

    Returns
    -------
    BlandAltman
        `.frame`, `.trends`, `.pairs`, `.summary()`; drawn by `plots.bland_altman`.

    Raises
    ------
    ArgumentError
        If an argument is not allowed, or the measurements are not two columns of one length.
    DataError
        If there is text, or fewer than 3 complete rows.

    References
    ----------
    Bland, J. M., & Altman, D. G. (1986). Statistical methods for assessing agreement between two methods of
    clinical measurement. The Lancet, 327(8476), 307-310.

    Bland, J. M., & Altman, D. G. (1999). Measuring agreement in method comparison studies. Statistical
    Methods in Medical Research, 8(2), 135-160.

    Carkeet, A. (2015). Exact parametric confidence intervals for Bland-Altman limits of agreement. Optometry
    and Vision Science, 92(3), e71-e80.

    Notes
    -----
    Checked against: R's `t.test`, `lm` and `qt` with a noncentrality parameter
    (tests/reference/reliability_agreement/agreement.R).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> truth = rng.normal(50, 10, size=80)
    >>> found = bland_altman(truth + rng.normal(1, 2, size=80), truth + rng.normal(0, 2, size=80))
    >>> frame = found.frame.set_index("measure")
    >>> bool(frame.loc["lower_limit", "estimate"] < frame.loc["bias", "estimate"] < 2)
    True
    """
    in_range("ci", ci, 0.0, 1.0)
    in_range("coverage", coverage, 0.0, 1.0)
    one_of("interval", interval, INTERVALS)
    values, names, given = numeric_ratings(two_columns(first, second), least=3)
    difference, mean = values[:, 0] - values[:, 1], values.mean(axis=1)
    return BlandAltman(
        frame=_agreement(difference, ci, coverage, interval),
        trends=_trends(mean, difference, ci),
        pairs=pd.DataFrame({"mean": mean, "difference": difference}),
        sd=float(difference.std(ddof=1)),
        names=(names[0], names[1]),
        ci=ci,
        coverage=coverage,
        interval=interval,
        n_obs=len(values),
        n_rows=given,
        notes=_notes(mean, difference),
    )


def _agreement(difference: Array, ci: float, coverage: float, interval: str) -> pd.DataFrame:
    n, bias, sd = len(difference), float(difference.mean()), float(difference.std(ddof=1))
    z = normal_quantile(0.5 + coverage / 2.0)
    margin = float(stats.t.ppf(0.5 + ci / 2.0, n - 1))
    se = sd * np.sqrt(1.0 / n + z**2 / (2.0 * (n - 1)))
    wide = margin * np.sqrt(1.0 / n + z**2 / (2.0 * (n - 1)))
    outer, inner = _reach(n, z, ci) if interval == "exact" else (z + wide, z - wide)
    rows = [
        ("bias", bias, sd / np.sqrt(n), bias - margin * sd / np.sqrt(n), bias + margin * sd / np.sqrt(n)),
        ("lower_limit", bias - z * sd, se, bias - outer * sd, bias - inner * sd),
        ("upper_limit", bias + z * sd, se, bias + inner * sd, bias + outer * sd),
    ]
    return pd.DataFrame(rows, columns=["measure", "estimate", "se", "ci_lower", "ci_upper"])


def _reach(n: int, z: float, ci: float) -> tuple[float, float]:
    """Return how many standard deviations from the bias the exact limits of a limit of agreement lie."""
    root = np.sqrt(n)
    with np.errstate(all="ignore"):  # older SciPy divides by zero on its way
        outer, inner = stats.nct.ppf([0.5 + ci / 2.0, 0.5 - ci / 2.0], n - 1, z * root) / root
    return float(outer), float(inner)


def _trends(mean: Array, difference: Array, ci: float) -> pd.DataFrame:
    fitted = _line(mean, difference)
    spread = np.abs(fitted[2]) if fitted is not None else np.full_like(mean, np.nan)
    rows = [_trend("proportional_bias", mean, difference, ci), _trend("spread", mean, spread, ci)]
    columns = ["trend", "slope", "se", "ci_lower", "ci_upper", "t", "df", "p_value"]
    return pd.DataFrame(rows, columns=columns)


def _line(x: Array, y: Array) -> tuple[float, float, Array] | None:
    """Return slope, sum of squares of x, and residuals; None when x does not vary."""
    centred = x - x.mean()
    squares = float((centred**2).sum())
    if not squares > 1e-24 * max(float((x**2).sum()), 1e-300):
        return None
    slope = float(centred @ (y - y.mean()) / squares)
    return slope, squares, y - y.mean() - slope * centred


def _two_sided(t: float, df: int) -> float:
    return float(2.0 * stats.t.sf(abs(t), df))


def _trend(name: str, x: Array, y: Array, ci: float) -> tuple[Any, ...]:
    fitted, df = _line(x, y), len(x) - 2
    if fitted is None or np.isnan(y).any():
        return (name, *(np.nan,) * 5, float(df), np.nan)
    slope, squares, left = fitted
    size = float((left**2).sum())
    if size <= 1e-24 * max(float((y**2).sum()), 1e-300):
        return (name, slope, 0.0, slope, slope, np.nan, float(df), np.nan)
    se = float(np.sqrt(size / df / squares))
    margin = float(stats.t.ppf(0.5 + ci / 2.0, df)) * se
    t = slope / se
    return (name, slope, se, slope - margin, slope + margin, t, float(df), _two_sided(t, df))


def _notes(mean: Array, difference: Array) -> tuple[str, ...]:
    found = []
    if _line(mean, difference) is None:
        found.append("The means of both do not vary, so no trend can be told.")
    if np.ptp(difference) == 0.0:
        found.append("All differences are the same, so the limits are one number.")
    return tuple(found)
