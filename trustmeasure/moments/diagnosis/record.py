"""What a diagnosis of ordinal answers found."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.moments.diagnosis.indefinite import Definiteness
from trustmeasure.moments.diagnosis.nearest import SmoothedCorrelation

NEAR_ONE = 0.99
"""Correlations beyond this are named: two items that order people the same way."""
SHOWN = 15
"""Most rows of a table in a summary."""


@dataclass(frozen=True, slots=True)
class OrdinalDiagnosis:
    """Ordinal answers before a model: categories, two-way tables, underlying normality, correlations.

    Attributes
    ----------
    variables : DataFrame, indexed by variable
        n_obs, categories, least_count and least_share of the category chosen least, and skewness and kurtosis
        (excess) of the category numbers. Ordinal variables only.
    categories : DataFrame
        One row a category: variable, category (its code), count, share, threshold (between it and the next)
        and few (whether its count is below `least_count`).
    tables : DataFrame
        One row a pair of ordinal variables: first, second, n_obs, correlation (polychoric), cells, empty,
        small_expected (cells with an expected count below 5), small_share, least_expected, df, and the tests
        of underlying bivariate normality: g2, g2_p, x2, x2_p, mn, mn_p, mn_p_holm (of all tests together),
        rmsea (of G2). Pairs of two binary variables have no degrees of freedom and no test.
    correlations : DataFrame, shape (p, p)
        Polychoric, polyserial and Pearson correlations of all variables, as estimated.
    definiteness : Definiteness
        Eigenvalues of the correlations, and when one is not above zero, the variables and pairs behind it.
    smoothed : SmoothedCorrelation or None
        The nearest positive definite matrix, when it was asked for.
    missing : {"listwise", "pairwise"}
        Which rows each table counts.
    n_obs, n_dropped : int
        Rows used, and rows left out because a value was missing.
    least_count : int
        What counts as few answers in a category.
    notes : tuple of str
        In words: what stands out, and what the literature advises. No verdict.
    """

    variables: pd.DataFrame
    categories: pd.DataFrame
    tables: pd.DataFrame
    correlations: pd.DataFrame
    definiteness: Definiteness
    smoothed: SmoothedCorrelation | None
    missing: str
    n_obs: int
    n_dropped: int
    least_count: int
    notes: tuple[str, ...]

    @property
    def positive_definite(self) -> bool:
        """Whether the correlations, as estimated, are positive definite."""
        return self.definiteness.positive

    @property
    def sparse(self) -> pd.DataFrame:
        """The tables with an empty cell or an expected count below 1, the emptiest first."""
        thin = (self.tables["empty"] > 0) | (self.tables["least_expected"] < 1)
        found = self.tables[thin].sort_values(["empty", "least_expected"], ascending=[False, True])
        return found.reset_index(drop=True)

    @property
    def few(self) -> pd.DataFrame:
        """The categories with fewer answers than `least_count`."""
        return self.categories[self.categories["few"]].reset_index(drop=True)

    @property
    def near_one(self) -> pd.DataFrame:
        """The pairs of ordinal variables whose correlation is beyond 0.99 in size."""
        return self.tables[self.tables["correlation"].abs() > NEAR_ONE].reset_index(drop=True)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of pairs."""
        return self.tables.copy()

    def summary(self) -> Summary:
        """Return notes and the tables that stand out, for reading."""
        return Summary("Diagnosis of ordinal answers", [*self.notes, *self._tables()])

    def _tables(self) -> list[Table]:
        parts = [Table("Variables", self.variables)]
        if len(self.few):
            parts.append(_first(f"Categories with fewer than {self.least_count} answers", self.few))
        if len(self.sparse):
            parts.append(_first("Sparse tables", self.sparse[_COUNTS]))
        tested = self.tables[self.tables["df"] > 0].sort_values("mn_p", kind="stable")
        if len(tested):
            parts.append(_first("Underlying bivariate normality, least likely first", tested[_TESTS]))
        if not self.positive_definite:
            parts.append(_first("Pairs that pull the least eigenvalue down", self.definiteness.pairs))
        return parts

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


_COUNTS = ["first", "second", "n_obs", "cells", "empty", "small_expected", "least_expected", "correlation"]
_TESTS = ["first", "second", "n_obs", "correlation", "df", "g2", "g2_p", "mn", "mn_p", "mn_p_holm", "rmsea"]


def _first(title: str, frame: pd.DataFrame) -> Table:
    more = len(frame) - SHOWN
    return Table(title, frame.head(SHOWN), notes=[f"{more:,} more rows."] if more > 0 else [])
