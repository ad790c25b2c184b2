"""Thresholds and polychoric, polyserial and Pearson correlations to look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.display import Summary, Table
from trustmeasure.moments.answers import Answers, answers_of
from trustmeasure.moments.margins import threshold_places
from trustmeasure.moments.ordinal import Stages, correlation_notes, two_stages
from trustmeasure.moments.pairs import Pairing

Array = npt.NDArray[np.float64]

KINDS = ("pearson", "polyserial", "polychoric")
"""By how many of the two variables are ordinal."""
SHOWN = 40
"""Most rows of a table in a summary."""


@dataclass(frozen=True, slots=True)
class PolychoricCorrelations:
    """Correlations of the continuous variables underneath ordinal ones, and where these are cut.

    Attributes
    ----------
    correlations : DataFrame, shape (p, p)
        Correlations.
    standard_errors : DataFrame, shape (p, p)
        Their standard errors; missing on the diagonal.
    thresholds : DataFrame
        One row a threshold: variable, threshold ("t1", ...), below and above (the codes that it parts), value
        (in standard deviations of the underlying variable) and se.
    pairs : DataFrame
        One row a pair: first, second, kind ("polychoric", "polyserial", "pearson"), n_obs (rows with both),
        correlation and se.
    missing : {"listwise", "pairwise"}
        Which rows were used.
    n_obs, n_dropped : int
        Rows used, and rows left out because values were missing.
    notes : tuple of str
        What a reader should know.
    """

    correlations: pd.DataFrame
    standard_errors: pd.DataFrame
    thresholds: pd.DataFrame
    pairs: pd.DataFrame
    missing: str
    n_obs: int
    n_dropped: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the correlations."""
        return self.correlations.copy()

    def summary(self) -> Summary:
        """Return correlations and thresholds for reading."""
        kinds = self.pairs["kind"].value_counts()
        counts = ", ".join(f"{kinds[kind]} {kind.capitalize()}" for kind in reversed(KINDS) if kind in kinds)
        dropped = f"; {self.n_dropped:,} left out for missing values" if self.n_dropped else ""
        parts: list[Table | str] = [
            f"{counts} correlations of {self.n_obs:,} rows ({self.missing}{dropped})."
        ]
        parts.append(Table("Correlations", self.correlations.rename_axis("variable")))
        if len(self.thresholds):
            more = len(self.thresholds) - SHOWN
            notes = [f"{more} more thresholds."] if more > 0 else []
            shown = self.thresholds.head(SHOWN)
            codes = {name: shown[name].map("{:g}".format) for name in ("below", "above")}
            parts.append(Table("Thresholds", shown.assign(**codes), notes=notes))
        return Summary("Polychoric correlations", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def correlations_of(
    values: Array,
    names: Sequence[str],
    ordered: Collection[str],
    *,
    missing: str,
    weights: Array | None,
    categories: Mapping[str, tuple[float, ...]] | None = None,
) -> PolychoricCorrelations:
    """Return correlations and thresholds of rows; parameters are those of `ordinal_moments`."""
    given = answers_of(values, names, ordered, missing=missing, weights=weights, categories=categories)
    stages = two_stages(given)
    _, variances = stages.covariance("diagonal")
    se = np.sqrt(np.zeros(0) if variances is None else variances)
    layout = given.layout
    labels = list(layout.names)
    return PolychoricCorrelations(
        correlations=pd.DataFrame(_square(stages.rho, layout.p, 1.0), labels, labels),
        standard_errors=pd.DataFrame(_square(se[layout.correlations], layout.p, np.nan), labels, labels),
        thresholds=_thresholds(given, stages, se),
        pairs=_pairs(given, stages.rho, se[layout.correlations]),
        missing=missing,
        n_obs=len(given.rows),
        n_dropped=given.n_dropped,
        notes=(*given.notes, *correlation_notes(layout, stages.rho, variances)),
    )


def _square(values: Array, p: int, diagonal: float) -> Array:
    found = np.full((p, p), diagonal)
    row, col = np.tril_indices(p, -1)
    found[row, col] = found[col, row] = values
    return found


def _thresholds(given: Answers, stages: Stages, se: Array) -> pd.DataFrame:
    layout = given.layout
    at = np.flatnonzero(~layout.level_is_mean)
    variable = layout.level_variable[at]
    number = threshold_places(layout)[1]
    codes = [given.categories[v] for v in variable]
    return pd.DataFrame(
        {
            "variable": [layout.names[v] for v in variable],
            "threshold": [f"t{k + 1}" for k in number],
            "below": [own[k] for own, k in zip(codes, number, strict=True)],
            "above": [own[k + 1] for own, k in zip(codes, number, strict=True)],
            "value": stages.statistics[at],
            "se": se[at],
        }
    )


def _pairs(given: Answers, rho: Array, se: Array) -> pd.DataFrame:
    layout = given.layout
    row, col = layout.pairs
    seen = np.empty((len(given.rows), layout.p))
    seen[:, layout.ordinal] = given.rows.codes.values < given.rows.codes.width
    seen[:, ~layout.ordinal] = np.isfinite(given.rows.numbers)
    together = seen.T @ seen
    return pd.DataFrame(
        {
            "first": [layout.names[k] for k in col],
            "second": [layout.names[k] for k in row],
            "kind": [KINDS[k] for k in Pairing(layout).kinds],
            "n_obs": together[row, col].astype(int),
            "correlation": rho,
            "se": se,
        }
    )
