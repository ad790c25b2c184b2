"""Intraclass correlation in its six forms, with the measurement error that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.errors import DataError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.ratings import numeric_ratings
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.threads import one_thread

LABELS = {
    "also_called": "also called",
    "ci_lower": "lower",
    "ci_upper": "upper",
    "p_value": "p",
    "sem": "SEM",
    "sem_ci_lower": "lower",
    "sem_ci_upper": "upper",
    "mdc": "MDC",
    "mean_square": "mean square",
    "sum_of_squares": "sum of squares",
}
FORMS = (
    ("ICC1", "ICC(1)", "one-way random", "agreement"),
    ("ICC2", "ICC(A,1)", "two-way random", "agreement"),
    ("ICC3", "ICC(C,1)", "two-way mixed", "consistency"),
    ("ICC1k", "ICC(k)", "one-way random", "agreement"),
    ("ICC2k", "ICC(A,k)", "two-way random", "agreement"),
    ("ICC3k", "ICC(C,k)", "two-way mixed", "consistency"),
)
MEANING = (
    "Single forms (ICC1 to ICC3) judge one rating, the forms with k the mean of all k. Agreement counts "
    "differences between the columns' means as error, consistency does not. SEM: standard error of "
    "measurement; MDC: the smallest change beyond error."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class IntraclassCorrelation:
    """Intraclass correlations of ratings of the same people.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a form: form (ICC1, ICC2, ICC3, ICC1k, ICC2k, ICC3k), also_called (McGraw and Wong 1996),
        model, definition, icc, ci_lower, ci_upper, f, df1, df2, p_value (test of no correlation), sem,
        sem_ci_lower, sem_ci_upper, mdc (in units of the ratings).
    anova : pandas.DataFrame
        One row a source (people, columns, residual, within): source, df, sum_of_squares, mean_square.
    ci : float
        Level of the intervals, and of the minimal detectable change.
    n_obs, n_ratings, n_rows : int
        People used, ratings of each, rows given.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    anova: pd.DataFrame
    ci: float
    n_obs: int
    n_ratings: int
    n_rows: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of forms."""
        return self.frame.copy()

    def form(self, name: str) -> pd.Series:
        """Return the row of one form, by either of its names."""
        rows = self.frame[(self.frame["form"] == name) | (self.frame["also_called"] == name)]
        if rows.empty:
            raise DataError(f"There is no form '{name}'; there are {', '.join(self.frame['form'])}.")
        return rows.iloc[0]

    def summary(self) -> Summary:
        """Return the forms and the analysis of variance with notes, to be shown as text or HTML."""
        title = f"Intraclass correlations: {self.n_obs} people, {self.n_ratings} ratings each"
        first = [
            "form",
            "also_called",
            "definition",
            "icc",
            "ci_lower",
            "ci_upper",
            "f",
            "df1",
            "df2",
            "p_value",
        ]
        error = ["form", "sem", "sem_ci_lower", "sem_ci_upper", "mdc"]
        said = f"{100 * self.ci:g} % intervals (McGraw & Wong 1996)."
        return Summary(
            title,
            [
                Table("Forms", self.frame[first], (said, MEANING, *self.notes), labels=LABELS),
                Table("Measurement error", self.frame[error], labels=LABELS),
                Table("Analysis of variance", self.anova, labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@dataclass(frozen=True, slots=True)
class Squares:
    """Mean squares of n people with k ratings each.

    Attributes
    ----------
    between, within, columns, residual : float
        Mean squares between people, within people, between columns, and what is left.
    n, k : int
        People and ratings.
    """

    between: float
    within: float
    columns: float
    residual: float
    n: int
    k: int

    @classmethod
    def of(cls, values: Array) -> Squares:
        """Take the mean squares of ratings, shape (n, k)."""
        n, k = values.shape
        centred = values - values.mean()
        rows, columns = centred.mean(axis=1), centred.mean(axis=0)
        left = centred - rows[:, None] - columns
        inside = centred - rows[:, None]
        scale = np.finfo(float).eps * n * k * max(float((values**2).sum()), 1e-300)
        sums = [k * (rows**2).sum(), (inside**2).sum(), n * (columns**2).sum(), (left**2).sum()]
        df = (n - 1, n * (k - 1), k - 1, (n - 1) * (k - 1))
        between, within, column, residual = (
            float(s) / d if s > scale else 0.0 for s, d in zip(sums, df, strict=True)
        )
        return cls(between, within, column, residual, n, k)


@one_thread
def intraclass_correlation(ratings: Any, ci: float = 0.95) -> IntraclassCorrelation:
    """Return the intraclass correlation of ratings in all six forms, with intervals and measurement error.

    For test-retest reliability one column is one occasion, for raters one column is one rater. Which form is
    meant must be said: ICC2 (agreement) when a shift between occasions counts as error, ICC3 (consistency)
    when it does not, ICC1 when each person was rated by other raters; the forms with k when the mean of all
    columns is used.

    Parameters
    ----------
    ratings : frame, 2-D array or mapping from name to column
        One row a person, one column an occasion or rater, at least 2 of each; numbers. Rows with a missing
        rating are left out, and `n_obs` says how many are used.
    ci : float
        Level of the intervals and of the minimal detectable change, between 0 and 1.

    Returns
    -------
    IntraclassCorrelation
        `.frame` with a row a form, `.form("ICC2")`, `.anova`, `.summary()`.

    Raises
    ------
    ArgumentError
        If `ci` is not allowed.
    DataError
        If there are fewer than 2 columns or complete rows, text, or no variance at all.

    References
    ----------
    Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater reliability.
    Psychological Bulletin, 86(2), 420-428.

    McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation coefficients.
    Psychological Methods, 1(1), 30-46.

    de Vet, H. C. W., Terwee, C. B., Knol, D. L., & Bouter, L. M. (2006). When to use agreement versus
    reliability measures. Journal of Clinical Epidemiology, 59(10), 1033-1039.

    Notes
    -----
    SEM is the square root of the error variance that the form names (for ICC2 that of columns and residual),
    by sqrt(k) smaller for means of k; its limits come from the chi-square distribution, for ICC2 with
    Satterthwaite's degrees of freedom. MDC = z * sqrt(2) * SEM. Checked against: the table of Shrout and
    Fleiss, and psych 2.2.9, `ICC` (tests/reference/reliability_agreement/agreement.R).

    Examples
    --------
    >>> judges = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> import numpy as np
    >>> intraclass_correlation(np.array(judges)).frame["icc"].round(2).tolist()
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    in_range("ci", ci, 0.0, 1.0)
    values, _, given = numeric_ratings(ratings)
    squares = Squares.of(values)
    if squares.between == squares.within == 0.0:
        raise DataError("Every rating is the same, so no variance: there is no intraclass correlation.")
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = [dict(zip(("form", "also_called", "model", "definition"), f, strict=True)) for f in FORMS]
        numbers = {**_coefficients(squares, ci), **_tests(squares), **_errors(squares, ci)}
    return IntraclassCorrelation(
        frame=pd.DataFrame(rows).assign(**numbers),
        anova=_anova(squares),
        ci=ci,
        n_obs=squares.n,
        n_ratings=squares.k,
        n_rows=given,
        notes=_notes(squares, given),
    )


def _coefficients(s: Squares, ci: float) -> dict[str, Array]:
    """Return the six coefficients with their limits."""
    f = np.float64(s.between)
    single = [_one(f / s.within, s.k), _agreement(s), _one(f / s.residual, s.k)]
    low, high = (_limits(s, ci, side) for side in (-1, 1))
    found = {"icc": single, "ci_lower": low, "ci_upper": high}
    return {name: np.array([*x, *(_averaged(v, s.k) for v in x)]) for name, x in found.items()}


def _one(f: float | Array, k: int) -> float:
    """Return (F - 1) / (F + k - 1), also for infinite F."""
    return float(1.0 - k / (f + k - 1.0))


def _averaged(icc: float, k: int) -> float:
    """Return the coefficient of the mean of k ratings."""
    return float(k * icc / (1.0 + (k - 1.0) * icc))


def _agreement(s: Squares) -> float:
    below = s.between + (s.k - 1) * s.residual + s.k * (s.columns - s.residual) / s.n
    return float((s.between - s.residual) / below)


def _limits(s: Squares, ci: float, side: int) -> list[float]:
    """Return the lower (side -1) or upper limits of the three single forms."""
    one_way = _one_limit(s, s.within, s.n * (s.k - 1), ci, side)
    mixed = _one_limit(s, s.residual, (s.n - 1) * (s.k - 1), ci, side)
    return [one_way, _agreement_limit(s, ci, side), mixed]


def _one_limit(s: Squares, error: float, df: int, ci: float, side: int) -> float:
    n, k = s.n, s.k
    f = np.float64(s.between) / error
    tail = 0.5 + ci / 2.0
    limit = f / stats.f.ppf(tail, n - 1, df) if side < 0 else f * stats.f.ppf(tail, df, n - 1)
    return _one(limit, k)


def _agreement_limit(s: Squares, ci: float, side: int) -> float:
    n, k, icc = s.n, s.k, _agreement(s)
    if s.residual == s.columns == 0.0:
        return 1.0
    # McGraw and Wong's a and b, times n (1 - icc), which cancels
    a, b = k * icc, n * (1.0 - icc) + k * icc * (n - 1)
    v = (a * s.columns + b * s.residual) ** 2 / (
        (a * s.columns) ** 2 / (k - 1) + (b * s.residual) ** 2 / ((n - 1) * (k - 1))
    )
    tail, rest = 0.5 + ci / 2.0, k * s.columns + (k * n - k - n) * s.residual
    if side < 0:
        f = stats.f.ppf(tail, n - 1, v)
        return float(n * (s.between - f * s.residual) / (f * rest + n * s.between))
    f = stats.f.ppf(tail, v, n - 1)
    return float(n * (f * s.between - s.residual) / (rest + n * f * s.between))


def _tests(s: Squares) -> dict[str, Array]:
    n, k = s.n, s.k
    f = np.float64(s.between) / np.array([s.within, s.residual, s.residual])
    df = np.array([n * (k - 1), (n - 1) * (k - 1), (n - 1) * (k - 1)], dtype=float)
    p = stats.f.sf(f, n - 1, df)
    both = {"f": f, "df1": np.full(3, n - 1.0), "df2": df, "p_value": p}
    return {name: np.concatenate([x, x]) for name, x in both.items()}


def _errors(s: Squares, ci: float) -> dict[str, Array]:
    """Return standard errors of measurement with limits, and the minimal detectable change."""
    n, k = s.n, s.k
    mixed = s.columns / n + (1.0 - 1.0 / n) * s.residual
    parts = (s.columns / n) ** 2 / (k - 1) + ((1.0 - 1.0 / n) * s.residual) ** 2 / ((n - 1) * (k - 1))
    variance = np.array([s.within, mixed, s.residual])
    df = np.array([n * (k - 1), mixed**2 / parts if parts > 0 else 1.0, (n - 1) * (k - 1)])
    tails = np.array([0.5 + ci / 2.0, 0.5 - ci / 2.0])
    low, high = np.sqrt(variance * df / stats.chi2.ppf(tails[:, None], df))
    found = {"sem": np.sqrt(variance), "sem_ci_lower": low, "sem_ci_upper": high}
    both = {name: np.concatenate([x, x / np.sqrt(k)]) for name, x in found.items()}
    return {**both, "mdc": both["sem"] * np.sqrt(2.0) * normal_quantile(0.5 + ci / 2.0)}


def _anova(s: Squares) -> pd.DataFrame:
    n, k = s.n, s.k
    rows = [
        ("people", n - 1, s.between),
        ("columns", k - 1, s.columns),
        ("residual", (n - 1) * (k - 1), s.residual),
        ("within", n * (k - 1), s.within),
    ]
    frame = pd.DataFrame(rows, columns=["source", "df", "mean_square"])
    frame.insert(2, "sum_of_squares", frame["df"] * frame["mean_square"])
    return frame


def _notes(s: Squares, given: int) -> tuple[str, ...]:
    found = []
    if s.n < given:
        found.append(f"{s.n} of {given} rows used; rows with a missing rating are left out.")
    if s.within == 0.0:
        found.append("There is no error: every person has the same rating in every column.")
    if s.between == 0.0:
        found.append("People do not differ (no variance between them), so reliability cannot show.")
    return tuple(found)
