"""Little's test of whether answers are missing completely at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.columns import Columns
from trustmeasure.display import Summary, Table
from trustmeasure.frames import Array, to_pandas
from trustmeasure.moments.gaps import variable_names
from trustmeasure.moments.incomplete import from_incomplete_rows, incomplete_rows
from trustmeasure.moments.patterns import distinct
from trustmeasure.responses import Responses

SMALL = 2
"""Rows below which a pattern has no variation of its own."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LittleMCAR:
    """Little's test of missing completely at random.

    Attributes
    ----------
    chisq : float
        The statistic d squared; 0 when nothing is missing.
    df : int
        Degrees of freedom: items answered, summed over the patterns, minus items.
    p_value : float
        Upper tail of the chi-square distribution; NaN without degrees of freedom.
    patterns : pandas.DataFrame
        One row a pattern: rows, answered (items), chisq (its part of the statistic).
    n_obs, n_dropped : int
        Rows with an answer, and rows without any, which say nothing here.
    n_items : int
        Items.
    notes : tuple of str
        What a reader must know.
    """

    chisq: float
    df: int
    p_value: float
    patterns: pd.DataFrame
    n_obs: int
    n_dropped: int
    n_items: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the test as one row."""
        numbers = {"chisq": self.chisq, "df": self.df, "p_value": self.p_value}
        counts = {"patterns": len(self.patterns), "n_obs": self.n_obs, "n_dropped": self.n_dropped}
        return pd.DataFrame([{**numbers, **counts}])

    def summary(self) -> Summary:
        """Return the test and the patterns that add most to it, for reading."""
        top = self.patterns.sort_values("chisq", ascending=False, ignore_index=True).head(10)
        said = (
            "A small p speaks against answers missing completely at random. A large one does not show that "
            "they are, and the test is no test of missing at random."
        )
        return Summary(
            "Little's test of missing completely at random",
            [Table("Test", self.to_frame(), (said, *self.notes)), Table("Patterns that add most", top)],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def little_mcar(data: Any, columns: Sequence[str] | None = None) -> LittleMCAR:
    r"""Test whether answers are missing completely at random (Little 1988).

    d^2 = \sum_j m_j (ybar_j - mu_j)' S_j^{-1} (ybar_j - mu_j) over the patterns of missing answers, where
    m_j is the number of rows with pattern j, ybar_j their means of the items they answer, and mu_j and S_j
    the same items' part of the maximum-likelihood means and covariances of all rows, the covariances
    multiplied by n / (n - 1). Under missing completely at random d^2 is chi-square with as many degrees of
    freedom as items are answered, summed over patterns, minus items.

    Parameters
    ----------
    data : frame, 2-D array or Responses
        One row a respondent. Of responses the items.
    columns : sequence of str, optional
        The items; all columns otherwise (all items of responses).

    Returns
    -------
    LittleMCAR
        `.chisq .df .p_value .patterns`, `.to_frame()`, `.summary()`.

    Raises
    ------
    ArgumentError
        For a column named twice.
    DataError
        For a column that is missing, constant, empty or not numeric, two items that no row answers both,
        linear dependence, or too few rows.

    References
    ----------
    Little, R. J. A. (1988). A test of missing completely at random for multivariate data with missing values.
    Journal of the American Statistical Association, 83(404), 1198-1202.

    Notes
    -----
    The chi-square distribution holds in large samples; with many patterns of few rows each the test rejects
    too rarely or too often, and normality is assumed. Checked against: the formula in R with the moments of
    lavaan 0.6-14 (tests/reference/screening/little.R).

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=300)
    >>> y = x + rng.normal(size=300)
    >>> at_random = little_mcar(pd.DataFrame({"x": x, "y": np.where(rng.random(300) < 0.2, np.nan, y)}))
    >>> depending = little_mcar(pd.DataFrame({"x": x, "y": np.where(x > 1, np.nan, y)}))
    >>> at_random.df, bool(at_random.p_value > 0.05), bool(depending.p_value < 0.001)
    (1, True, True)
    """
    frame = to_pandas(data)
    whole = list(data.item_ids) if isinstance(data, Responses) else list(frame.columns)
    names = variable_names(whole if columns is None else columns)
    values, dropped = incomplete_rows(Columns.of(frame).reader(names), None)
    return little_of(values, dropped, names)


def little_of(values: Array, dropped: int, names: Sequence[str]) -> LittleMCAR:
    """Return the test of rows (n, p) with an answer each."""
    from scipy.stats import chi2

    found = from_incomplete_rows(values, dropped, names)
    cov = found.cov * (found.n_obs / (found.n_obs - 1))
    parts = _patterns(values, np.asarray(found.mean), cov)
    df = int(parts["answered"].sum()) - len(names)
    chisq = float(parts["chisq"].sum()) if len(parts) > 1 else 0.0
    p = float(chi2.sf(chisq, df)) if df > 0 else np.nan
    return LittleMCAR(chisq, df, p, parts, len(values), dropped, len(names), _notes(parts, df))


def _patterns(values: Array, mean: Array, cov: Array) -> pd.DataFrame:
    kinds, which = distinct(np.isfinite(values))
    rows = np.bincount(which, minlength=len(kinds))
    parts = np.zeros(len(kinds))
    for k, seen in enumerate(kinds):
        items = np.flatnonzero(seen)
        away = values[np.ix_(which == k, items)].mean(axis=0) - mean[items]
        parts[k] = rows[k] * (away @ np.linalg.solve(cov[np.ix_(items, items)], away))
    frame = pd.DataFrame({"rows": rows, "answered": kinds.sum(axis=1), "chisq": parts})
    return frame.sort_values("rows", ascending=False, kind="stable", ignore_index=True)


def _notes(parts: pd.DataFrame, df: int) -> tuple[str, ...]:
    if df <= 0:
        return ("No test: all rows answer the same items, so there is nothing to compare.",)
    single = int((parts["rows"] < SMALL).sum())
    if 2 * single > len(parts):
        return (
            f"{single} of {len(parts)} patterns have a single row: the chi-square is a rough guide here.",
        )
    return ()
