"""Convergent validity: loadings, AVE, composite reliability and shared variance, construct by construct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from trustmeasure.check import in_range
from trustmeasure.display import Summary, Table
from trustmeasure.sem import Bootstrap, SemResult
from trustmeasure.sem.uncertainty import Uncertainty
from trustmeasure.validity.composite import reliability_frame
from trustmeasure.validity.fornell import FornellLarcker, beside
from trustmeasure.validity.measured import Measured, measured
from trustmeasure.validity.rules import criteria_frame
from trustmeasure.validity.variance_extracted import ave_frame

Array = npt.NDArray[np.float64]

LABELS = {
    "loading": "std. loading",
    "ci_lower": "lower",
    "ci_upper": "upper",
    "p_value": "p",
    "r_squared": "R²",
    "n_items": "items",
    "composite_reliability": "CR",
    "cr_ci_lower": "lower",
    "cr_ci_upper": "upper",
    "ave": "AVE",
    "ave_ci_lower": "lower",
    "ave_ci_upper": "upper",
    "root_ave": "√AVE",
    "msv": "MSV",
    "asv": "ASV",
    "largest_with": "largest with",
}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ConvergentValidity:
    """What a measurement model says of how items converge on their constructs.

    Attributes
    ----------
    loadings : pandas.DataFrame
        One row a loading: group, construct, item, loading (standardised), se, ci_lower, ci_upper, z, p_value,
        r_squared (squared loading; NaN for an item of several factors).
    constructs : pandas.DataFrame
        One row a construct: group, construct, label, n_items, composite_reliability with cr_ci_lower and
        cr_ci_upper, ave with limits, root_ave, msv (largest squared correlation with another construct), asv
        (mean of them), largest_with, note.
    fornell_larcker : FornellLarcker
        Correlations of the constructs, with the square roots of AVE on the diagonal.
    result : SemResult
        The fit.
    ci : float
        Level of the intervals.
    interval : str
        Where they come from.
    notes : tuple of str
        What a reader must know.
    """

    loadings: pd.DataFrame
    constructs: pd.DataFrame
    fornell_larcker: FornellLarcker
    result: SemResult
    ci: float
    interval: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table of constructs."""
        return self.constructs.copy()

    def criteria(self) -> pd.DataFrame:
        """Return which cited cut-offs loadings, composite reliabilities and AVEs meet."""
        held = [
            ((r["group"], r["construct"], r["item"]), "loading", r["loading"], r["ci_lower"], r["ci_upper"])
            for r in self.loadings.to_dict("records")
        ]
        for r in self.constructs.to_dict("records"):
            of = (r["group"], r["construct"], "")
            reliability = r["composite_reliability"], r["cr_ci_lower"], r["cr_ci_upper"]
            held.append((of, "composite_reliability", *reliability))
            held.append((of, "ave", r["ave"], r["ave_ci_lower"], r["ave_ci_upper"]))
        return criteria_frame(held, ("group", "construct", "item"))

    def summary(self) -> Summary:
        """Return all tables with notes, to be shown as text or HTML."""
        one = not self.constructs["group"].astype(bool).any()
        loadings, constructs = (
            frame.drop(columns="group") if one else frame for frame in (self.loadings, self.constructs)
        )
        said = f"{100 * self.ci:g} % intervals: {self.interval}; estimator {self.result.estimator}."
        own = [f"{r['construct']}: {r['note']}" for r in self.constructs.to_dict("records") if r["note"]]
        shown = constructs.drop(columns=["note", "label"])
        return Summary(
            "Convergent validity",
            [
                Table("Loadings", loadings, (said,), labels=LABELS),
                Table("Constructs", shown, (*own, *self.notes), labels=LABELS),
                self.fornell_larcker.summary().parts[0],
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def convergent_validity(
    model: Any,
    data: Any = None,
    *,
    ci: float = 0.95,
    bootstrap: Bootstrap | None = None,
    interval: str | None = None,
    **options: Any,
) -> ConvergentValidity:
    r"""Return loadings, composite reliability, AVE, MSV and ASV of a measurement model in one call.

    Parameters
    ----------
    model : SemResult, str, ParameterTable, Responses or mapping
        A fit; a model to be fitted to `data`; or responses, or a mapping from the name of a construct to a
        frame of its items (with `data`: to its columns).
    data : frame, optional
        What a model is fitted to.
    ci : float
        Level of the intervals.
    bootstrap : Bootstrap, optional
        Draws of the fit, for intervals without the symmetry of the delta method.
    interval : str, optional
        "delta"; with draws "percentile" (default), "bc", "bca" or "normal".
    **options
        Given on to `fit_sem`, such as `ordered=True` or `missing="fiml"`.

    Returns
    -------
    ConvergentValidity
        `.loadings`, `.constructs`, `.fornell_larcker`, `.criteria()`, `.summary()`.

    Raises
    ------
    ArgumentError
        If the model has no factors, or the arguments do not go together.

    Notes
    -----
    Composite reliability is the share of the variance of the sum of the items, as the model implies it, that
    the construct accounts for: ``(sum l)^2 var(f) / var(sum)``, with correlated errors in the denominator
    (Raykov 2004); of ordinal items it is categorical omega (Green & Yang 2009). For the others see
    `average_variance_extracted` and `fornell_larcker`. Checked against: semTools 0.5-6, `compRelSEM` and
    `AVE`, and lavaan 0.6-14, `standardizedSolution`, `tests/reference/validity`.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> text = "a =~ .8*a1 + .7*a2 + .8*a3\nb =~ .7*b1 + .9*b2 + .8*b3\na ~~ .5*b"
    >>> found = tm.convergent_validity("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3", tm.simulate(text, 300, seed=1))
    >>> found.constructs[["composite_reliability", "ave", "msv"]].round(2).values.tolist()
    [[0.64, 0.37, 0.17], [0.67, 0.4, 0.17]]
    """
    in_range("ci", ci, 0.0, 1.0)
    found = measured(model, data, **options)
    return convergent_of(found, ci, bootstrap=bootstrap, interval=interval)


def convergent_of(
    found: Measured, ci: float, *, bootstrap: Bootstrap | None = None, interval: str | None = None
) -> ConvergentValidity:
    """Return the record of a model that was fitted already."""
    by = Uncertainty.of(found.result, interval, ci, bootstrap=bootstrap)
    aves = ave_frame(found, found.factors, by, scale="standardized", variance="model")
    fornell = beside(found, by, aves)
    keys = ["group", "construct"]
    frame = aves.merge(reliability_frame(found, by), on=keys, how="left")
    frame = frame.merge(fornell.constructs.drop(columns=["ave", "root_ave"]), on=keys, how="left")
    columns = [
        *(*keys, "label", "n_items", "composite_reliability", "cr_ci_lower", "cr_ci_upper", "ave"),
        *("ave_ci_lower", "ave_ci_upper", "root_ave", "msv", "asv", "largest_with", "note"),
    ]
    notes = (*found.notes, *found.told(found.result.warnings))
    return ConvergentValidity(
        _loadings(found, by), frame[columns], fornell, found.result, ci, by.interval, notes
    )


def _loadings(found: Measured, by: Uncertainty) -> pd.DataFrame:
    rams = [group.ram for group in found.result.groups]
    value = np.real(found.loadings(rams, found.result.theta[None]))[0]
    spread = by.of_function(found.loadings, value)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread.se > 0, value / spread.se, np.nan)
    alone = np.array([item not in factor.shared for _, factor, item in found.loading_rows])
    return pd.DataFrame(
        {
            "group": [label for label, _, _ in found.loading_rows],
            "construct": [found.name(factor.name) for _, factor, _ in found.loading_rows],
            "item": [found.name(item) for _, _, item in found.loading_rows],
            **{"loading": value, "se": spread.se, "ci_lower": spread.lower, "ci_upper": spread.upper},
            **{"z": z, "p_value": 2.0 * ndtr(-np.abs(z)), "r_squared": np.where(alone, value**2, np.nan)},
        }
    )
