"""All criteria of the number of factors in one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, DataError
from trustmeasure.factors.comparison import ComparisonData, comparison_data
from trustmeasure.factors.correlations import Correlations, correlations_of
from trustmeasure.factors.hull_method import Hull, hull
from trustmeasure.factors.kaiser import (
    EmpiricalKaiser,
    above_one,
    acceleration_factor,
    empirical_kaiser,
    optimal_coordinates,
)
from trustmeasure.factors.parallel import Model, ParallelAnalysis, parallel_analysis
from trustmeasure.factors.partials import PartialTest, map_test

COLUMNS = ["method", "variant", "n_factors", "weak", "rests_on", "note"]
PARALLEL: dict[Model, str] = {
    "components": "eigenvalues of the correlations above those of random data",
    "factors": "the same with squared multiple correlations in the diagonal",
}
Row = tuple[str, str, float, bool, str, str]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class NumberOfFactors:
    """What each criterion says of the number of factors.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a criterion: `method`, `variant`, `n_factors` (NaN where it does not apply, with the reason in
        `note`), `weak` (rules that are known to be wrong often), `rests_on`, `note`.
    parallel : ParallelAnalysis
        Eigenvalues beside those of random data.
    partials : PartialTest
        The MAP test.
    kaiser : EmpiricalKaiser
        The empirical Kaiser criterion.
    hulls : tuple of Hull
        The hull method with each fit; empty where it does not apply.
    comparison : ComparisonData or None
        The comparison data method, where it was asked for and applies.
    n_items, n_obs : int
        Items and people.
    correlation : str
        Kind of correlations.
    notes : tuple of str
        What a reader must know.
    """

    table: pd.DataFrame
    parallel: ParallelAnalysis
    partials: PartialTest
    kaiser: EmpiricalKaiser
    hulls: tuple[Hull, ...]
    comparison: ComparisonData | None
    n_items: int
    n_obs: int
    correlation: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a criterion: method, variant, n_factors, weak, rests_on, note."""
        return self.table.copy()

    def counts(self) -> pd.DataFrame:
        """Return which numbers the criteria name, the weak ones left out: n_factors, criteria, methods."""
        named = self.table[~self.table["weak"] & self.table["n_factors"].notna()]
        rows = [
            (int(part["n_factors"].iloc[0]), len(part), ", ".join(dict.fromkeys(part["method"])))
            for _, part in named.groupby("n_factors")
        ]
        rows.sort(key=lambda row: -row[1])
        return pd.DataFrame(rows, columns=["n_factors", "criteria", "methods"])

    def summary(self) -> Summary:
        """Return all criteria, and which numbers they name, for reading."""
        shown = self.table.assign(n_factors=self.table["n_factors"].astype("Int64"))
        labels = {"n_factors": "factors", "rests_on": "rests on"}
        about = (
            "No criterion decides. Look at the solutions with the numbers named, one more and one fewer: can "
            "their factors be read, and are they found again in other people?"
        )
        return Summary(
            "Number of factors",
            [
                Table("Criteria", shown, self.notes, labels=labels),
                Table("Numbers named (without the weak rules)", self.counts(), (about,), labels=labels),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def number_of_factors(
    data: Any,
    *,
    correlation: str = "pearson",
    missing: str = "pairwise",
    n_obs: int | None = None,
    draws: int = 500,
    level: float = 0.95,
    comparison: bool = False,
    seed: int | None = None,
    smooth: bool = False,
) -> NumberOfFactors:
    """Return what all criteria say of the number of factors, and what each rests on.

    Parameters
    ----------
    data : frame, 2-D array, Responses, mapping, or correlation matrix
        One row a person, one column an item, at least 3; or a square matrix of correlations.
    correlation : {"pearson", "polychoric", "spearman"}
        Which correlations.
    missing : {"pairwise", "listwise", "fiml"}
        What is done with missing answers.
    n_obs : int, optional
        People behind a matrix; needed when `data` is one.
    draws : int
        Random samples of the parallel analysis.
    level : float
        Quantile of its stricter criterion.
    comparison : bool
        Add the comparison data method, which takes seconds.
    seed : int, optional
        The same seed gives the same result.
    smooth : bool
        Move an indefinite matrix to the nearest one that is not.

    Returns
    -------
    NumberOfFactors
        `.to_frame()`, `.counts()`, and the results of the methods: `.parallel`, `.partials`, `.kaiser`,
        `.hulls`, `.comparison`.

    Raises
    ------
    ArgumentError
        For an unknown option, or a matrix without `n_obs`.
    DataError
        For fewer than 3 items, or data that do not allow correlations.

    See Also
    --------
    parallel_analysis, map_test, empirical_kaiser, hull, comparison_data : each alone, with its source.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> found = tm.number_of_factors(tm.load_sample("trust-survey").items("cognitive_trust"), seed=1)
    >>> found.counts()[["n_factors", "criteria"]].iloc[0].tolist()
    [1, 4]
    """
    found = correlations_of(data, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    found.require_items(3, "The number of factors")
    n = found.require_n("The number of factors")
    parallel = parallel_analysis(found, draws=draws, level=level, seed=seed)
    partials, kaiser = map_test(found), empirical_kaiser(found)
    hulls, why = _hulls(found, parallel)
    rows = [*_parallel_rows(parallel), *_other_rows(partials, kaiser), *_hull_rows(hulls, why)]
    compared, why = _compared(found, seed) if comparison else (None, "")
    if comparison:
        rows.append(_comparison_row(compared, why))
    table = pd.DataFrame([*rows, *_weak_rows(found)], columns=COLUMNS).astype({"n_factors": "float64"})
    return NumberOfFactors(
        table, parallel, partials, kaiser, hulls, compared, found.n_items, n, found.correlation, found.notes
    )


def _parallel_rows(parallel: ParallelAnalysis) -> Iterator[Row]:
    for model, rests in PARALLEL.items():
        for criterion in ("mean", "quantile"):
            yield _parallel_row(parallel, model, criterion, rests)


def _parallel_row(parallel: ParallelAnalysis, model: Model, criterion: str, rests: str) -> Row:
    variant = "mean" if criterion == "mean" else f"{100 * parallel.level:g} %"
    suggested = float(parallel.suggested(model, criterion))
    return "parallel analysis", f"{model}, {variant}", suggested, False, rests, ""


def _other_rows(partials: PartialTest, kaiser: EmpiricalKaiser) -> Iterator[Row]:
    rests = "partial correlations once components are taken out"
    make = partial(_row, "MAP", weak=False)
    yield make("squared", partials.n_factors, rests)
    yield make("fourth powers", partials.n_factors_fourth, rests)
    yield _row(
        "empirical Kaiser",
        "",
        kaiser.n_factors,
        "eigenvalues above what chance and earlier ones leave",
        weak=False,
    )


def _row(method: str, variant: str, found: float, rests: str, *, weak: bool, note: str = "") -> Row:
    return method, variant, float(found), weak, rests, note


def _hulls(found: Correlations, parallel: ParallelAnalysis) -> tuple[tuple[Hull, ...], str]:
    """Return the hull method with both fits, or why there is none."""
    try:
        return tuple(hull(found, fit=fit, parallel=parallel) for fit in ("cfi", "caf")), ""
    except DataError as error:
        return (), str(error)


def _hull_rows(hulls: tuple[Hull, ...], why: str) -> Iterator[Row]:
    rests = "fit against degrees of freedom, where it bends most"
    if not hulls:
        yield _row("hull", "", np.nan, rests, weak=False, note=why)
    for one in hulls:
        missing = one.n_factors is None
        note = "the hull has no point between its ends" if missing else ""
        yield _row(
            "hull", one.fit.upper(), np.nan if missing else one.n_factors or 0, rests, weak=False, note=note
        )


def _compared(found: Correlations, seed: int | None) -> tuple[ComparisonData | None, str]:
    """Return the comparison data method, or why there is none."""
    if found.values is None:
        return None, "it needs the answers"
    try:
        frame = pd.DataFrame(found.values, columns=list(found.names))
        return comparison_data(frame, correlation=found.correlation, missing=found.missing, seed=seed), ""
    except (ArgumentError, DataError) as error:
        return None, str(error)


def _comparison_row(compared: ComparisonData | None, why: str) -> Row:
    rests = "eigenvalues of samples from populations with so many factors"
    number = np.nan if compared is None else compared.n_factors
    return _row("comparison data", "", number, rests, weak=False, note=why)


def _weak_rows(found: Correlations) -> Iterator[Row]:
    roots = found.eigenvalues
    yield _row(
        "scree", "acceleration", acceleration_factor(roots), "sharpest bend of the eigenvalues", weak=True
    )
    yield _row(
        "scree",
        "optimal coordinates",
        optimal_coordinates(roots),
        "eigenvalues above the line of the rest",
        weak=True,
    )
    note = "finds too many factors, the more items the more"
    yield _row("Kaiser-Guttman", "", above_one(roots), "eigenvalues above 1", weak=True, note=note)
