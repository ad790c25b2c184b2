"""What is missing: patterns of answers, how often two variables are answered together, saturated moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.columns import Columns
from trustmeasure.display import Summary, Table, number
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.frames import require_columns, to_pandas
from trustmeasure.moments.incomplete import from_incomplete_rows, incomplete_rows
from trustmeasure.moments.patterns import distinct

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

COUNTS = ("rows", "share", "n_missing")


@dataclass(frozen=True, slots=True)
class MissingPatterns:
    """Which answers are missing together.

    Attributes
    ----------
    patterns : DataFrame
        One row a pattern, most frequent first: rows, share, n_missing (variables), and for each variable
        whether it is answered.
    coverage : DataFrame, shape (p, p)
        Share of the rows that answer both of two variables; on the diagonal, of those that answer one.
    variables : DataFrame, indexed by variable
        answered, missing (rows) and share_missing.
    n_obs, n_complete, n_empty : int
        All rows, those with every answer, and those with none.
    """

    patterns: pd.DataFrame
    coverage: pd.DataFrame
    variables: pd.DataFrame
    n_obs: int
    n_complete: int
    n_empty: int

    @property
    def share_missing(self) -> float:
        """Share of all cells that are missing."""
        return float(self.variables["share_missing"].mean())

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of patterns."""
        return self.patterns.copy()

    def summary(self) -> Summary:
        """Return counts, variables and the twenty most frequent patterns for reading."""
        rows = (
            f"{self.n_obs:,} rows: {self.n_complete:,} complete, {self.n_empty:,} without any answer. "
            f"{number(100 * self.share_missing)} % of all values are missing."
        )
        more = len(self.patterns) - 20
        notes = [f"{more:,} more patterns."] if more > 0 else []
        marks = self.patterns.head(20).copy()
        for name in self.coverage.columns:
            marks[name] = np.where(marks[name].to_numpy(dtype=bool), "x", ".")
        return Summary(
            "Missing values",
            [
                rows,
                Table("Variables", self.variables.rename_axis("variable")),
                Table("Patterns (x answered, . missing)", marks, notes=notes),
                *self._never_together(),
            ],
        )

    def _never_together(self) -> list[str]:
        i, j = np.nonzero(np.triu(self.coverage.to_numpy() == 0, 1))
        names = list(self.coverage.columns)
        pairs = [f"{names[a]} and {names[b]}" for a, b in zip(i, j, strict=True)]
        return [f"Never answered together: {'; '.join(pairs)}."] if pairs else []

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@dataclass(frozen=True, slots=True)
class SaturatedMoments:
    """Maximum-likelihood means and covariances of incomplete rows.

    Attributes
    ----------
    mean : Series, shape (p,)
        Means.
    cov : DataFrame, shape (p, p)
        Covariances (maximum likelihood: of complete rows, with divisor n).
    logl : float
        Log-likelihood of the saturated model.
    coverage : DataFrame, shape (p, p)
        Share of the rows that answer both of two variables.
    steps : int
        Steps of the EM algorithm.
    n_obs, n_dropped : int
        Rows with an answer, and rows without any.
    """

    mean: pd.Series
    cov: pd.DataFrame
    logl: float
    coverage: pd.DataFrame
    steps: int
    n_obs: int
    n_dropped: int

    @property
    def corr(self) -> pd.DataFrame:
        """Correlations."""
        sd = np.sqrt(np.diag(self.cov.to_numpy()))
        return pd.DataFrame(
            self.cov.to_numpy() / np.outer(sd, sd), index=self.cov.index, columns=self.cov.columns
        )

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the covariances."""
        return self.cov.copy()

    def summary(self) -> Summary:
        """Return means, standard deviations and correlations for reading."""
        sd = pd.Series(np.sqrt(np.diag(self.cov.to_numpy())), index=self.cov.index)
        table = pd.concat({"mean": self.mean, "sd": sd}, axis=1).join(self.corr).rename_axis("variable")
        dropped = f"; {self.n_dropped:,} without any answer were left out" if self.n_dropped else ""
        rows = (
            f"{self.n_obs:,} rows{dropped}. Two variables are answered together by at least "
            f"{number(100 * float(self.coverage.to_numpy().min()))} % of them."
        )
        return Summary(
            "Means, standard deviations and correlations of incomplete rows", [rows, Table("Moments", table)]
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def missing_patterns(data: Any, columns: Sequence[str] | None = None) -> MissingPatterns:
    """Return which answers are missing together, and how often.

    Parameters
    ----------
    data : frame or Responses
        One row a respondent. A text that holds nothing but blanks counts as missing.
    columns : sequence of str, optional
        The variables; all columns otherwise.

    Returns
    -------
    MissingPatterns
        Patterns with their rows and shares, the coverage of each pair of variables, and what each variable
        lacks.

    Raises
    ------
    ArgumentError
        For a column named twice, or named "rows", "share" or "n_missing".
    DataError
        For a name that is no column, or no rows.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"x": [1.0, 2.0, None, 4.0], "y": [1.0, None, None, 3.0]})
    >>> found = missing_patterns(data)
    >>> found.patterns[["rows", "share"]].to_numpy().tolist()
    [[2.0, 0.5], [1.0, 0.25], [1.0, 0.25]]
    >>> float(found.coverage.loc["x", "y"])
    0.5
    """
    frame = to_pandas(data)
    names = variable_names(list(frame.columns) if columns is None else columns)
    require_columns(frame, names)
    taken = [name for name in names if name in COUNTS]
    if taken:
        raise ArgumentError(
            f"A column named '{taken[0]}' clashes with a count of that name. Rename it first."
        )
    if len(frame) == 0:
        raise DataError("The data have no rows.")
    seen = np.column_stack([_answered(frame[name]) for name in names])
    answered = seen.sum(axis=0)
    both = seen.astype(float).T @ seen.astype(float) / len(seen)
    variables = pd.DataFrame(
        {"answered": answered, "missing": len(seen) - answered, "share_missing": 1.0 - answered / len(seen)},
        index=names,
    )
    return MissingPatterns(
        patterns=_table(seen, names),
        coverage=pd.DataFrame(both, index=names, columns=names),
        variables=variables,
        n_obs=len(seen),
        n_complete=int(seen.all(axis=1).sum()),
        n_empty=int((~seen.any(axis=1)).sum()),
    )


def _table(seen: Flags, names: list[str]) -> pd.DataFrame:
    kinds, which = distinct(seen)
    rows = np.bincount(which, minlength=len(kinds))
    order = np.argsort(-rows, kind="stable")
    counts = {
        "rows": rows[order],
        "share": rows[order] / len(seen),
        "n_missing": (~kinds[order]).sum(axis=1),
    }
    return pd.DataFrame(counts | {name: kinds[order, i] for i, name in enumerate(names)})


def _answered(column: pd.Series) -> Flags:
    missing = column.isna()
    if not pd.api.types.is_numeric_dtype(column.dtype):
        missing |= column.map(lambda value: isinstance(value, str) and not value.strip()).astype(bool)
    return ~missing.to_numpy(dtype=bool)


def variable_names(columns: Sequence[str]) -> list[str]:
    """Return column names as a list; raise ArgumentError for one text, a name given twice, or none."""
    if isinstance(columns, str):
        raise ArgumentError(f"columns={columns!r} is one text; give a list of column names.")
    names = list(columns)
    twice = sorted({str(n) for n in names if names.count(n) > 1})
    if twice:
        raise ArgumentError(f"columns names {', '.join(twice)} more than once.")
    if not names:
        raise ArgumentError("columns is empty; give at least one column name.")
    return names


def saturated_moments(data: Any, columns: Sequence[str] | None = None) -> SaturatedMoments:
    """Return means and covariances that use every answer of incomplete rows.

    Parameters
    ----------
    data : frame or Responses
        One row a respondent.
    columns : sequence of str, optional
        The variables; all columns otherwise.

    Returns
    -------
    SaturatedMoments
        Maximum-likelihood moments under a normal model and values missing at random, by the EM algorithm
        (Dempster, Laird & Rubin 1977), with their log-likelihood.

    Raises
    ------
    ArgumentError
        For a column named twice.
    DataError
        For a column that is missing, constant or not numeric, two variables that no row answers both, linear
        dependence, or too few rows.

    Notes
    -----
    The covariances have no sample size of their own: a model fitted to them as if they came from complete
    rows has wrong standard errors. Fit it with `missing="fiml"` instead. Checked against: lavaan 0.6-14,
    `tests/reference/sem_missing`.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=500)
    >>> data = pd.DataFrame({"x": x, "y": np.where(x > 1, np.nan, x + rng.normal(size=500))})
    >>> found = saturated_moments(data)
    >>> bool(abs(found.mean["y"]) < abs(data["y"].mean()))
    True
    """
    frame = to_pandas(data)
    names = variable_names(list(frame.columns) if columns is None else columns)
    values, dropped = incomplete_rows(Columns.of(frame).reader(names), None)
    found = from_incomplete_rows(values, dropped, names)
    rows, mean = found.incomplete, found.mean
    assert rows is not None  # noqa: S101  # moments of incomplete rows
    return SaturatedMoments(
        mean=pd.Series(mean, index=names, name="mean"),
        cov=pd.DataFrame(found.cov, index=names, columns=names),
        logl=rows.logl,
        coverage=pd.DataFrame(rows.patterns.coverage, index=names, columns=names),
        steps=rows.steps,
        n_obs=found.n_obs,
        n_dropped=dropped,
    )
