"""Average variance extracted: how much of its items' variance a factor accounts for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.sem import Bootstrap
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.matrices import fill, implied
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Spread, Uncertainty
from trustmeasure.validity.measured import Factor, Measured, Numbers, chosen_factors, measured
from trustmeasure.validity.rules import criteria_frame

Array = npt.NDArray[np.float64]

SCALES = ("standardized", "items")
VARIANCES = ("model", "sample")
LABELS = {
    "n_items": "items",
    "ave": "AVE",
    "ave_se": "se",
    "ave_ci_lower": "lower",
    "ave_ci_upper": "upper",
    "root_ave": "√AVE",
}
SINGLE = "It has a single indicator, so that there is nothing to average."
NEGATIVE = "The variance of the factor is negative, so that no share exists."
CROSSED = "also measures another factor, so that its variance cannot be parted."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AverageVarianceExtracted:
    """Average variance extracted of the factors of a model.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a group and construct: group, construct, label, n_items, ave, ave_se, ave_ci_lower,
        ave_ci_upper, root_ave, note (why there is none).
    scale : {"standardized", "items"}
        Whether items count alike, or by their variances.
    variance : {"model", "sample"}
        Where the variances of the items come from.
    ci : float
        Level of the intervals.
    interval : str
        Where they come from: "delta", or a kind of bootstrap interval.
    notes : tuple of str
        What a reader must know.
    """

    frame: pd.DataFrame
    scale: str
    variance: str
    ci: float
    interval: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def criteria(self) -> pd.DataFrame:
        """Return which cited cut-offs each value meets."""
        rows = self.frame.to_dict("records")
        held = [
            ((r["group"], r["construct"]), "ave", r["ave"], r["ave_ci_lower"], r["ave_ci_upper"])
            for r in rows
        ]
        return criteria_frame(held, ("group", "construct"))

    def summary(self) -> Summary:
        """Return the table with notes, to be shown as text or HTML."""
        shown = self.frame.drop(columns=["note"])
        shown = shown if self.frame["group"].astype(bool).any() else shown.drop(columns="group")
        how = "Items count alike" if self.scale == "standardized" else "Items count by their variances"
        said = f"{how}, variances of the {self.variance}. {100 * self.ci:g} % intervals: {self.interval}."
        own = [f"{r['construct']}: {r['note']}" for r in self.frame.to_dict("records") if r["note"]]
        table = Table("AVE", shown, (said, *own, *self.notes), labels=LABELS)
        return Summary("Average variance extracted", [table])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def average_variance_extracted(
    model: Any,
    data: Any = None,
    *,
    factors: Sequence[str] | None = None,
    scale: str = "standardized",
    variance: str = "model",
    ci: float = 0.95,
    bootstrap: Bootstrap | None = None,
    interval: str | None = None,
    **options: Any,
) -> AverageVarianceExtracted:
    r"""Return the average variance extracted of the factors of a measurement model.

    Parameters
    ----------
    model : SemResult, str, ParameterTable, Responses or mapping
        A fit; a model to be fitted to `data`; or responses, or a mapping from the name of a construct to a
        frame of its items (with `data`: to its columns), which are made into a model in which all constructs
        correlate.
    data : frame, optional
        What a model is fitted to.
    factors : sequence of str, optional
        The factors to judge; all otherwise.
    scale : {"standardized", "items"}
        "standardized": the mean of the squared standardised loadings, which a reader of the loadings can
        check. "items": the share in the summed variances of the items in their own units, as semTools has it.
    variance : {"model", "sample"}
        For "items": variances as the model implies them, or those of the sample (no interval then).
    ci : float
        Level of the intervals.
    bootstrap : Bootstrap, optional
        Draws of the fit, for intervals without the symmetry of the delta method.
    interval : str, optional
        "delta"; with draws "percentile" (default), "bc", "bca" or "normal".
    **options
        Given on to `fit_sem`, such as `ordered=True`.

    Returns
    -------
    AverageVarianceExtracted
        `.frame`, `.criteria()`, `.summary()`. NaN, with a note, for a factor with a single indicator, and for
        one whose indicators measure another factor too.

    Raises
    ------
    ArgumentError
        If the model has no factors, or an argument is not allowed.

    Notes
    -----
    Fornell & Larcker (1981): ``sum l^2 / (sum l^2 + sum theta)`` with loadings l on a factor of variance 1.
    Correlated errors change the estimates and nothing else. Of ordinal items it is the share in the variance
    of the responses underneath. Checked against: semTools 0.5-6, `AVE`, and lavaan 0.6-14,
    `tests/reference/validity`.

    Examples
    --------
    >>> import trustmeasure as tm
    >>> text = "a =~ .8*a1 + .7*a2 + .8*a3\nb =~ .7*b1 + .9*b2 + .8*b3\na ~~ .5*b"
    >>> fit = tm.fit_sem("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3", tm.simulate(text, 300, seed=1))
    >>> tm.average_variance_extracted(fit).frame["ave"].round(2).tolist()
    [0.37, 0.4]
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("scale", scale, SCALES)
    one_of("variance", variance, VARIANCES)
    found = measured(model, data, **options)
    chosen = chosen_factors(found, factors)
    by = Uncertainty.of(found.result, interval, ci, bootstrap=bootstrap)
    frame = ave_frame(found, chosen, by, scale=scale, variance=variance)
    notes = (*found.notes, *found.told(found.result.warnings))
    return AverageVarianceExtracted(frame, scale, variance, ci, by.interval, notes)


def ave_frame(
    found: Measured, factors: Sequence[Factor], by: Uncertainty, *, scale: str, variance: str
) -> pd.DataFrame:
    """Return the table of average variances extracted; see `AverageVarianceExtracted`."""
    result = found.result
    sampled = scale == "items" and variance == "sample"

    def function(rams: Sequence[Ram], theta: Numbers) -> Numbers:
        samples = [_sample_variances(group) if sampled else None for group in result.groups]
        parts = [_shares(ram, theta, factors, scale, own) for ram, own in zip(rams, samples, strict=True)]
        return np.concatenate(parts, axis=1)

    rams = [group.ram for group in result.groups]
    estimate = np.real(function(rams, result.theta[None]))[0]
    missing = np.full(estimate.size, np.nan)
    spread = Spread(missing, missing, missing) if sampled else by.of_function(function, estimate)
    rows = [(label, factor) for label in result.group_labels for factor in factors]
    notes = [
        _why_not(found, factor) or (NEGATIVE if value < 0 else "")
        for (_, factor), value in zip(rows, estimate, strict=True)
    ]
    gone = np.array([bool(note) for note in notes])
    values = [np.where(gone, np.nan, x) for x in (estimate, spread.se, spread.lower, spread.upper)]
    return pd.DataFrame(
        {
            "group": [label for label, _ in rows],
            "construct": [found.name(factor.name) for _, factor in rows],
            "label": [found.name(factor.label) for _, factor in rows],
            "n_items": [len(factor.indicators) for _, factor in rows],
            **dict(zip(("ave", "ave_se", "ave_ci_lower", "ave_ci_upper"), values, strict=True)),
            "root_ave": np.sqrt(values[0]),
            "note": notes,
        }
    )


def _shares(
    ram: Ram, theta: Numbers, factors: Sequence[Factor], scale: str, sample: dict[str, float] | None
) -> Numbers:
    """Return the share of each factor in the variance of its indicators, shape (b, k)."""
    at = {name: i for i, name in enumerate(ram.variables)}
    a, _, _ = fill(ram, theta)
    variance = _variances(ram, theta)
    found = []
    for factor in factors:
        items = [at[name] for name in factor.indicators]
        own = a[:, items, at[factor.name]] ** 2 * variance[:, [at[factor.name]]]
        total = variance[:, items]
        if sample is not None:
            total = np.array([sample.get(name, np.nan) for name in factor.indicators]) + 0 * total
        found.append(
            (own / total).mean(axis=1) if scale == "standardized" else own.sum(axis=1) / total.sum(axis=1)
        )
    return np.stack(found, axis=1)


def _variances(ram: Ram, theta: Numbers) -> Numbers:
    return np.asarray(np.einsum("bii->bi", implied(ram, theta).phi))


def _sample_variances(group: GroupResult) -> dict[str, float]:
    """Return the variances of the items in the sample; of ordinal ones those of the responses underneath."""
    names, cov = group.moments.names, np.diag(group.moments.cov)
    if group.moments.ordinal is None:
        return dict(zip(names, cov.tolist(), strict=True))
    implied_cov = np.diag(group.at_solution.sigma[0])
    scaled = np.where([name in group.model.ordered for name in names], implied_cov, cov)
    return dict(zip(names, scaled.tolist(), strict=True))


def _why_not(found: Measured, factor: Factor) -> str:
    if len(factor.indicators) < 2:
        return SINGLE
    if factor.shared:
        return f"{', '.join(found.name(name) for name in factor.shared)} {CROSSED}"
    return ""
