"""Composite reliability and maximal reliability of the factors of a fitted model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.structure import (
    OUTSIDE,
    Numbers,
    State,
    Structure,
    chosen_factors,
    maximal,
    require_continuous,
    root,
    share,
)
from trustmeasure.sem import Bootstrap, SemResult
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty

VARIANCES = ("model", "sample")
LABELS = {
    "n_items": "items",
    "composite_reliability": "composite rel.",
    "composite_reliability_se": "se",
    "composite_reliability_ci_lower": "lower",
    "composite_reliability_ci_upper": "upper",
    "standardized": "std. items",
    "standardized_se": "se",
    "standardized_ci_lower": "lower",
    "standardized_ci_upper": "upper",
    "maximal_reliability": "H",
    "maximal_reliability_se": "se",
    "maximal_reliability_ci_lower": "lower",
    "maximal_reliability_ci_upper": "upper",
}
MEANING = (
    "composite rel.: share of the variance of the items' sum that the factor explains; std. items: the same "
    "for "
    "the sum of items brought to one variance; H: the same for the best weighted sum (Hancock & Mueller "
    "2001)."
)
BEYOND = (
    "An upper limit lies above 1: the interval is symmetric, which is rough for few people or a high value."
)
IMPOSSIBLE = (
    "No coefficients of {}: the model gives the factor a variance below zero, or the sum of its items none "
    "above."
)
SAMPLE = "The variance of the sum is the sample's: no standard errors, and no H."
NEGATIVE = "No H of {}: a residual variance is not positive, or the residuals are not positive definite."
ALL = "(all items)"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CompositeReliability:
    """Reliability of the sums of the indicators of a model's factors.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a group and factor: group, factor, n_items, and for each of composite_reliability,
        standardized and maximal_reliability the value, `_se`, `_ci_lower`, `_ci_upper`. NaN for what does not
        exist.
    weights : pandas.DataFrame
        group, factor, item, loading (standardised), weight (of the best weighted sum of the items, mean 1).
    ci : float
        Level of the intervals.
    interval : str
        "delta", or a kind of bootstrap interval.
    variance : {"model", "sample"}
        Where the variance of the sum comes from.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    weights: pd.DataFrame
    ci: float
    interval: str
    variance: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the coefficients."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return coefficients and weights with notes, to be shown as text or HTML."""
        how = "delta method" if self.interval == "delta" else f"bootstrap ({self.interval})"
        said = f"{100 * self.ci:g} % intervals by the {how}."
        one = not self.frame["group"].astype(bool).any()
        shown = [f.drop(columns="group") if one else f for f in (self.frame, self.weights)]
        return Summary(
            "Composite reliability",
            [
                Table("Coefficients", shown[0], (said, MEANING, *self.notes), labels=LABELS),
                Table("Items", shown[1], labels={"loading": "std. loading", "weight": "best weight"}),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def composite_reliability(
    result: SemResult,
    factors: Sequence[str] | None = None,
    *,
    variance: str = "model",
    ci: float = 0.95,
    bootstrap: Bootstrap | None = None,
    interval: str | None = None,
) -> CompositeReliability:
    """Return composite reliability and maximal reliability of the factors of a fitted model.

    Composite reliability is the share of the variance of the sum of a factor's indicators that the factor
    explains. With loadings l (factor variance 1) and the covariances C of the indicators it is (sum l)^2 /
    (sum of C). What indicators share through correlated errors or cross-loadings counts in the variance and
    not as true. Without these it is omega total, and for standardised items the composite reliability of
    Fornell and Larcker (1981).

    Parameters
    ----------
    result : SemResult
        A fit with continuous indicators.
    factors : sequence of str, optional
        Factors to judge; otherwise all with at least two indicators. The indicators of a second-order factor
        are those of its factors.
    variance : {"model", "sample"}
        Whether the variance of the sum is the one that the model implies or the sample's; "sample" has no
        standard error, and no maximal reliability.
    ci : float
        Level of the intervals, between 0 and 1.
    bootstrap : Bootstrap, optional
        Draws of the fit, for an interval without the symmetry of the delta method.
    interval : str, optional
        "delta"; with draws "percentile" (default), "bc", "bca" or "normal".

    Returns
    -------
    CompositeReliability
        `.frame` with a row a group and factor, `.weights`, `.summary()`.

    Raises
    ------
    ArgumentError
        If the fit has ordinal variables, a factor is unknown or has fewer than two indicators, or an argument
        is not allowed.

    References
    ----------
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables
    and measurement error. Journal of Marketing Research, 18(1), 39-50.

    Raykov, T. (2004). Behavioral scale reliability and measurement invariance evaluation using latent
    variable modeling. Behavior Therapy, 35(2), 299-331.

    Hancock, G. R., & Mueller, R. O. (2001). Rethinking construct reliability within latent variable systems.
    In R. Cudeck, S. du Toit, & D. Soerbom (Eds.), Structural equation modeling: Present and future (pp.
    195-216). Lincolnwood, IL: Scientific Software International.

    Notes
    -----
    Checked against: semTools 0.5-6, `compRelSEM`, and lavaan 0.6-14 with the coefficients as defined
    parameters (tests/reference/reliability_models/models.R).

    Examples
    --------
    >>> from trustmeasure.sem import fit_sem, simulate
    >>> rows = simulate("trust =~ 0.8*a + 0.7*b + 0.9*c + 0.6*d", 400, seed=1)
    >>> found = composite_reliability(fit_sem("trust =~ a + b + c + d", rows)).frame.iloc[0]
    >>> bool(found["composite_reliability"] < found["maximal_reliability"])
    True
    """
    require_continuous(result, "ordinal_reliability")
    in_range("ci", ci, 0.0, 1.0)
    one_of("variance", variance, VARIANCES)
    by = Uncertainty.of(result, interval, ci, bootstrap=bootstrap)
    rows, items = [], []
    for number, group in enumerate(result.groups):
        structure = Structure.of(group)
        names = chosen_factors(structure, result.model.latent, factors)
        measures = [_Measure(number, structure, structure.position(name)) for name in names]
        found = _sampled(measures, result) if variance == "sample" else _estimated(measures, by)
        for name, measure, row in zip(names, measures, found, strict=True):
            rows.append({"group": group.label, "factor": name, "n_items": measure.items.size, **row})
            items.append(measure.weights(result, group.label, name))
    table = pd.concat(items, ignore_index=True)
    return CompositeReliability(
        pd.DataFrame(rows), table, ci, by.interval, variance, _notes(rows, variance == "sample")
    )


NUMBERS = ("composite_reliability", "standardized", "maximal_reliability")


@dataclass(frozen=True)
class _Measure:
    """The sum of the indicators of one factor in one group."""

    number: int
    structure: Structure
    factor: int

    @property
    def items(self) -> Any:
        return self.structure.items(self.factor)

    def coefficients(self, state: State) -> Numbers:
        """Return the three coefficients, shape (b, 3)."""
        plain = [
            share(
                state.loading(self.items, self.factor, standardized=std).sum(axis=1) ** 2,
                state.covariance(self.items, standardized=std).sum(axis=(1, 2)),
            )
            for std in (False, True)
        ]
        best = maximal(state.loading(self.items, self.factor), state.covariance(self.items))
        return np.stack([*plain, best], axis=1)

    def sampled(self, result: SemResult) -> dict[str, float]:
        """Return the coefficients with the variance of the sum in the sample, without errors."""
        group = result.groups[self.number]
        state = self.structure.at(group.ram, result.theta[None])
        cov: Array = group.moments.cov[np.ix_(self.items, self.items)]
        loading, sd = state.loading(self.items, self.factor)[0], root(np.diag(cov))
        found = dict.fromkeys(
            [f"{n}{s}" for n in NUMBERS for s in ("", "_se", "_ci_lower", "_ci_upper")], np.nan
        )
        found["composite_reliability"] = float(loading.sum() ** 2 / cov.sum())
        found["standardized"] = float((loading / sd).sum() ** 2 / (cov / np.outer(sd, sd)).sum())
        return found

    def weights(self, result: SemResult, label: str, name: str) -> pd.DataFrame:
        """Return the weights of the best sum of the indicators."""
        state = self.structure.at(result.groups[self.number].ram, result.theta[None])
        loading, cov = state.loading(self.items, self.factor)[0], state.covariance(self.items)[0]
        known = np.isfinite(loading).all()
        weight = np.linalg.lstsq(cov, loading, rcond=None)[0] if known else np.full(loading.size, np.nan)
        mean = weight.mean()
        return pd.DataFrame(
            {
                "group": label,
                "factor": name,
                "item": [self.structure.variables[i] for i in self.items],
                "loading": state.loading(self.items, self.factor, standardized=True)[0],
                "weight": weight / mean if mean != 0 else np.nan,
            }
        )


def _estimated(measures: Sequence[_Measure], by: Uncertainty) -> list[dict[str, float]]:
    """Return the coefficients of the factors of a group with their uncertainty, all from one look."""
    structure, number = measures[0].structure, measures[0].number

    def values(rams: Sequence[Ram], theta: Numbers) -> Numbers:
        state = structure.at(rams[number], theta)
        return np.concatenate([measure.coefficients(state) for measure in measures], axis=1)

    with np.errstate(all="ignore"):
        estimate = values([group.ram for group in by.result.groups], by.result.theta[None])[0]
        spread = by.of_function(values, estimate)
    parts = {"": estimate, "_se": spread.se, "_ci_lower": spread.lower, "_ci_upper": spread.upper}
    missing, k = np.isnan(estimate), len(NUMBERS)
    return [
        {
            f"{name}{end}": float("nan") if missing[k * m + i] else float(part[k * m + i])
            for i, name in enumerate(NUMBERS)
            for end, part in parts.items()
        }
        for m in range(len(measures))
    ]


def _sampled(measures: Sequence[_Measure], result: SemResult) -> list[dict[str, float]]:
    return [measure.sampled(result) for measure in measures]


def _notes(rows: Sequence[dict[str, Any]], sampled: bool) -> tuple[str, ...]:
    """Return why coefficients do not exist, and what to know of limits."""
    said = [SAMPLE] if sampled else []
    for row in rows:
        if np.isnan(row["composite_reliability"]):
            said.append(IMPOSSIBLE.format(row["factor"]))
        elif np.isnan(row["maximal_reliability"]) and not sampled:
            said.append(NEGATIVE.format(row["factor"]))
        if not sampled and any(row[name] > 1.0 for name in NUMBERS):
            said.append(OUTSIDE.format(row["factor"]))
    if any(row[f"{name}_ci_upper"] > 1 for row in rows for name in NUMBERS):
        said.append(BEYOND)
    return tuple(dict.fromkeys(said))
