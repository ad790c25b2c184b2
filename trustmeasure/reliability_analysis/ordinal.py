"""Categorical omega and ordinal alpha of the factors of a fitted model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.frames import Array
from trustmeasure.reliability_analysis.composites import (
    ALL,
    Composite,
    composites_of,
    sample_alpha,
    sample_correlations,
)
from trustmeasure.sem import Bootstrap, SemResult
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.group_result import GroupResult
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty

VARIANCES = ("model", "sample")
COLUMNS = (
    "group",
    "factor",
    "n_items",
    "omega",
    "se",
    "ci_lower",
    "ci_upper",
    "omega_latent",
    "alpha_ordinal",
    "alpha_se",
    "alpha_ci_lower",
    "alpha_ci_upper",
)
LABELS = {
    "n_items": "items",
    "ci_lower": "lower",
    "ci_upper": "upper",
    "omega_latent": "omega (latent responses)",
    "alpha_ordinal": "ordinal alpha",
    "alpha_se": "se",
    "alpha_ci_lower": "lower",
    "alpha_ci_upper": "upper",
    "n_categories": "categories",
    "loading": "std. loading",
}
MEANING = (
    "omega: categorical omega (Green & Yang 2009), the share of the variance of the sum of the answers that "
    "the factor explains."
)
CAVEAT = (
    "Ordinal alpha (Zumbo, Gadermann & Zeisser 2007) and omega of the latent responses are reliabilities of "
    "hypothetical continuous answers, not of the answers that people gave; they say what finer response "
    "scales might reach at best (Chalmers 2018). Report categorical omega for the scores that you use."
)
BEYOND = (
    "An upper limit lies above 1: the interval is symmetric, which is rough for few people or a high omega."
)
NO_INTERVAL = (
    "variance='sample' has no standard error: the sample's correlations are no parameters of the model."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class OrdinalReliability:
    """Reliability of the scales in a model with ordinal variables.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a group and factor: group, factor, n_items, omega (categorical omega), se, ci_lower, ci_upper,
        omega_latent, alpha_ordinal, alpha_se, alpha_ci_lower, alpha_ci_upper. NaN for what does not exist:
        of a factor with continuous items there is the plain omega, and nothing else.
    items : pandas.DataFrame
        group, factor, item, n_categories (0 for a continuous item), loading (standardised).
    ci : float
        Level of the intervals.
    interval : str
        Where those of omega come from: "delta", or a kind of bootstrap interval.
    variance : {"model", "sample"}
        Where the variance of the sum comes from.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    items: pd.DataFrame
    ci: float
    interval: str
    variance: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the coefficients."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return coefficients and items with notes, to be shown as text or HTML."""
        how = "delta method" if self.interval == "delta" else f"bootstrap ({self.interval})"
        said = f"{100 * self.ci:g} % intervals: omega by the {how}, ordinal alpha by the delta method."
        shown = [_without_group(frame) for frame in (self.frame, self.items)]
        return Summary(
            "Reliability of ordinal scales",
            [
                Table("Coefficients", shown[0], (said, MEANING, CAVEAT, *self.notes), labels=LABELS),
                Table("Items", shown[1], labels=LABELS),
            ],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _without_group(frame: pd.DataFrame) -> pd.DataFrame:
    return frame if frame["group"].astype(bool).any() else frame.drop(columns="group")


def ordinal_reliability(
    result: SemResult,
    factors: Sequence[str] | None = None,
    *,
    total: bool = False,
    variance: str = "model",
    ci: float = 0.95,
    bootstrap: Bootstrap | None = None,
    interval: str | None = None,
) -> OrdinalReliability:
    r"""Return categorical omega and ordinal alpha of the factors of a model with ordinal variables.

    Categorical omega is the share of the variance of the sum of the answers, as they were given in
    categories, that the factor explains: the correlation of that sum with the sum of other answers to the
    same items by the same people. It needs thresholds and correlations of latent responses, whatever their
    scale, so that both parameterisations give the same. Of what a factor shares with others through
    cross-loadings, and of correlated errors, nothing counts as true; both count in the variance of the sum.

    Parameters
    ----------
    result : SemResult
        A fit with ordinal variables.
    factors : sequence of str, optional
        Factors of which the sum of the items is judged; otherwise all with at least two items. The items of
        a second-order factor are those of its factors. In a bifactor model the general factor has its omega
        hierarchical, and each specific factor what it adds in its items alone.
    total : bool
        Judge the sum of all items too, with all factors together as its true part (omega total).
    variance : {"model", "sample"}
        Whether the variance of the sum is the one that the model implies, or that of the sample's polychoric
        correlations.
    ci : float
        Level of the intervals, between 0 and 1.
    bootstrap : Bootstrap, optional
        Draws of the fit, for an interval of omega without the symmetry of the delta method.
    interval : str, optional
        "delta"; with draws "percentile" (default), "bc", "bca" or "normal".

    Returns
    -------
    OrdinalReliability
        `.frame` with a row a group and factor, `.items`, `.summary()`.

    Raises
    ------
    ArgumentError
        If the fit has no ordinal variables, or covariates; if a factor is unknown, measured by nothing, or
        has ordinal and continuous items; or if no factor is left to judge.

    Notes
    -----
    Green & Yang (2009, Psychometrika 74(1), 155-167, equation 21), with thresholds tau and correlations rho
    of standardised latent responses, of which the factor contributes ``l_j l_k``:

    ``sum_jk sum_cd (Phi2(tau_jc, tau_kd; l_j l_k) - Phi Phi) / sum_jk sum_cd (Phi2(tau_jc, tau_kd; rho_jk) -
    Phi Phi)``

    Ordinal alpha is Cronbach's alpha of the polychoric correlations (Zumbo, Gadermann & Zeisser 2007, Journal
    of Modern Applied Statistical Methods 6(1), 21-29). Like omega of the latent responses it is the
    reliability of hypothetical continuous answers (Chalmers 2018, Educational and Psychological Measurement
    78(6), 1056-1071). Checked against: semTools 0.5-6, `compRelSEM` and `reliability`, and psych 2.2.9,
    `alpha`, `tests/reference/ordinal_reliability`.

    Examples
    --------
    >>> import numpy as np
    >>> from trustmeasure.sem import fit_sem, simulate
    >>> rows = simulate("trust =~ 0.8*a + 0.7*b + 0.9*c + 0.6*d", 400, seed=1)
    >>> answers = rows.apply(lambda x: np.digitize(x, [-1.5, -0.5, 0.5, 1.5]) + 1)
    >>> fit = fit_sem("trust =~ a + b + c + d", answers, ordered=True)
    >>> found = ordinal_reliability(fit).frame.iloc[0]
    >>> bool(found["ci_lower"] < found["omega"] < found["omega_latent"])
    True
    """
    in_range("ci", ci, 0.0, 1.0)
    one_of("variance", variance, VARIANCES)
    _refuse(result)
    names, left_out = _chosen(result, factors)
    _refuse_mixed_total(result, total=total)
    by = Uncertainty.of(result, interval, ci, bootstrap=bootstrap)
    rows, items, notes = [], [], list(left_out)
    for number, group in enumerate(result.groups):
        for composite in composites_of(group, names, total=total):
            rows.append(_row(result, number, composite, variance, by))
            items.append(_items(group, composite, result.theta))
            notes += _impossible(group, composite, result.theta)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    notes += [NO_INTERVAL] if variance == "sample" else []
    notes += [BEYOND] if (frame["ci_upper"] > 1).any() else []
    table = pd.concat(items, ignore_index=True)
    notes += _opposed(table)
    return OrdinalReliability(frame, table, ci, by.interval, variance, tuple(dict.fromkeys(notes)))


def _refuse(result: SemResult) -> None:
    if not result.model.ordered:
        raise ArgumentError(
            "The fit has no ordinal variables. Say ordered=True to fit_sem, or use omega_total and "
            "cronbach_alpha for continuous items."
        )
    if result.model.exogenous:
        raise ArgumentError(
            f"The fit holds given the covariates {', '.join(result.model.exogenous)}, so that it has no "
            "variance of the sum of the answers. Fit the measurement model without them."
        )


def _chosen(result: SemResult, factors: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """Return the factors to judge, and what to say of those that are left out."""
    known, group = list(result.model.latent), result.groups[0]
    asked = [factors] if isinstance(factors, str) else list(known if factors is None else factors)
    for name in asked:
        if name not in known:
            raise ArgumentError(f"'{name}' is not a factor of the model. {suggestion(name, known)}")
    reasons = {c.factor: _reason(c, group) for c in composites_of(group, asked, total=False)}
    against = [f"{name}: {reason}" for name, reason in reasons.items() if reason]
    kept = [name for name in asked if not reasons[name]]
    if against and (factors is not None or not kept):
        raise ArgumentError(f"No reliability of {'; '.join(against)}")
    if not kept:
        raise ArgumentError("The model has no factor whose items could be added up.")
    return kept, [f"Left out is {text}" for text in against]


def _refuse_mixed_total(result: SemResult, *, total: bool) -> None:
    if not total:
        return
    reason = _reason(composites_of(result.groups[0], (), total=True)[0], result.groups[0])
    if reason:
        raise ArgumentError(f"total=True adds all items up, but {reason.replace('it has', 'there are')}")


def _reason(composite: Composite, group: GroupResult) -> str:
    """Return why the sum of a factor's items is not judged, or nothing."""
    if len(composite.names) < 2:
        return "it has fewer than two items."
    kinds = [name in group.model.ordered for name in composite.names]
    if any(kinds) and not all(kinds):
        plain = [n for n in composite.names if n not in group.model.ordered]
        return (
            f"it has ordinal and continuous items ({', '.join(plain)}), for whose sum no coefficient is "
            "known. Give each kind a factor of its own, or say which are ordered."
        )
    return ""


def _row(
    result: SemResult, number: int, composite: Composite, variance: str, by: Uncertainty
) -> dict[str, object]:
    group, ordinal = result.groups[number], composite.cuts is not None
    sample = sample_correlations(composite, group)
    theta = result.theta[None]
    omega = float(composite.omega(theta, sample if variance == "sample" else None)[0])
    limits = (np.nan,) * 3 if variance == "sample" else _spread(number, composite, omega, by)
    alpha, error = sample_alpha(composite, group) if ordinal else (np.nan, np.nan)
    margin = normal_quantile(0.5 + by.ci / 2) * error
    values = (omega, *limits, composite.omega_latent(result.theta))
    bounds = (alpha, error, alpha - margin, alpha + margin)
    return dict(
        zip(COLUMNS, (group.label, composite.factor, len(composite.names), *values, *bounds), strict=True)
    )


def _spread(number: int, composite: Composite, omega: float, by: Uncertainty) -> tuple[float, float, float]:
    """Return standard error and limits of omega."""
    if by.theta is not None:

        def function(rams: Sequence[Ram], theta: Array) -> Array:
            return replace(composite, ram=rams[number]).omega(theta)[:, None]

        found = by.of_function(function, np.array([omega]))
        return float(found.se[0]), float(found.lower[0]), float(found.upper[0])
    if by.result.theta_cov is None or np.isnan(omega):
        return np.nan, np.nan, np.nan
    slopes: Array = composite.slopes(by.result.theta)
    se = float(np.sqrt(np.maximum(slopes @ by.result.theta_cov @ slopes, 0.0)))
    margin = normal_quantile(0.5 + by.ci / 2) * se
    return se, omega - margin, omega + margin


def _items(group: GroupResult, composite: Composite, theta: Array) -> pd.DataFrame:
    counts = dict(zip(group.model.ordered, group.model.n_thresholds, strict=True))
    loadings = composite.loadings(theta) if composite.factor != ALL else np.nan
    return pd.DataFrame(
        {
            "group": group.label,
            "factor": composite.factor,
            "item": list(composite.names),
            "n_categories": [counts[n] + 1 if n in counts else 0 for n in composite.names],
            "loading": loadings,
        }
    )


def _impossible(group: GroupResult, composite: Composite, theta: Array) -> list[str]:
    """Return which items the factor explains more than wholly, so that there is no omega."""
    now = composite.pieces(theta[None])
    above = np.diag(now.true[0]) > np.diag(now.corr[0]) * (1.0 + 1e-9)
    if not above.any() or composite.cuts is None:
        return []
    named = ", ".join(n for n, flag in zip(composite.names, above, strict=True) if flag)
    where = f" in group {group.label}" if group.label else ""
    return [f"No omega of {composite.factor}{where}: the residual variance of {named} is negative."]


def _opposed(items: pd.DataFrame) -> list[str]:
    way = np.sign(items.groupby(["group", "factor"])["loading"].transform("sum"))
    against = list(dict.fromkeys(items.loc[items["loading"] * way < 0, "item"]))
    if not against:
        return []
    return [
        f"Loading against the rest: {', '.join(against)}. If wording is the reason, turn these items (code = "
        "minimum + maximum - code); nothing was turned here."
    ]
