"""Reliability of higher-order factors: how far sums of items, or of factors, measure them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.reliability_analysis.structure import (
    OUTSIDE,
    Numbers,
    Structure,
    require_continuous,
    share,
)
from trustmeasure.sem import Bootstrap, SemResult
from trustmeasure.sem.ram import Ram
from trustmeasure.sem.uncertainty import Uncertainty

NUMBERS = ("omega_l1", "omega_l2", "partial_omega_l1", "omega_total")
LABELS = {
    "n_items": "items",
    "n_factors": "factors",
    **{f"{name}_se": "se" for name in NUMBERS},
    **{f"{name}_ci_lower": "lower" for name in NUMBERS},
    **{f"{name}_ci_upper": "upper" for name in NUMBERS},
}
MEANING = (
    "omega_l1: share of the variance of the sum of all items that the higher-order factor explains (omega "
    "hierarchical of the model); omega_l2: share of the variance of the sum of the factors below; "
    "partial_omega_l1: omega_l1 without the factors' own variance; omega_total: with it."
)
MISSING = "{} lacks a coefficient: it has, or a sum of its items or factors has, no variance above zero."


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class HigherOrderReliability:
    """Reliability of the higher-order factors of a model.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row a group and factor: group, factor, n_items, n_factors, and for each of omega_l1, omega_l2,
        partial_omega_l1 and omega_total the value, `_se`, `_ci_lower`, `_ci_upper`.
    ci : float
        Level of the intervals.
    interval : str
        "delta", or a kind of bootstrap interval.
    notes : tuple of str
        What a reader must know of these numbers.
    """

    frame: pd.DataFrame
    ci: float
    interval: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the coefficients."""
        return self.frame.copy()

    def summary(self) -> Summary:
        """Return the coefficients with notes, to be shown as text or HTML."""
        how = "delta method" if self.interval == "delta" else f"bootstrap ({self.interval})"
        said = f"{100 * self.ci:g} % intervals by the {how}."
        one = not self.frame["group"].astype(bool).any()
        shown = self.frame.drop(columns="group") if one else self.frame
        return Summary(
            "Reliability of higher-order factors",
            [Table("Coefficients", shown, (said, MEANING, *self.notes), labels=LABELS)],
        )

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def higher_order_reliability(
    result: SemResult,
    factors: Sequence[str] | None = None,
    *,
    ci: float = 0.95,
    bootstrap: Bootstrap | None = None,
    interval: str | None = None,
) -> HigherOrderReliability:
    r"""Return the reliability of the higher-order factors of a fitted model.

    A second-order factor is measured by first-order factors, and these by items. `omega_l1` says how well the
    sum of all items measures it, `omega_l2` how well the sum of the first-order factors would.

    Parameters
    ----------
    result : SemResult
        A fit with continuous indicators and a factor that measures factors.
    factors : sequence of str, optional
        Higher-order factors to judge; all otherwise.
    ci : float
        Level of the intervals, between 0 and 1.
    bootstrap : Bootstrap, optional
        Draws of the fit, for an interval without the symmetry of the delta method.
    interval : str, optional
        "delta"; with draws "percentile" (default), "bc", "bca" or "normal".

    Returns
    -------
    HigherOrderReliability
        `.frame` with a row a group and factor, `.summary()`.

    Raises
    ------
    ArgumentError
        If the fit has ordinal variables or no higher-order factor, or a factor is unknown or of first order.

    Notes
    -----
    With L the effects of the second-order factor (variance 1) on the items, C the covariances of the items
    that the model implies and E those of their errors: omega_l1 = (sum L)^2 / sum C, partial_omega_l1 = (sum
    L)^2 / ((sum L)^2 + sum E), omega_total = 1 - sum E / sum C. Checked against: semTools 0.5-6,
    `reliabilityL2` (tests/reference/reliability_models/models.R).

    Examples
    --------
    >>> from trustmeasure.sem import fit_sem, simulate
    >>> parts = ["f =~ 0.8*a + 0.7*b + 0.9*c", "g =~ 0.8*d + 0.7*e + 0.6*h", "k =~ 0.6*i + 0.7*j + 0.8*l"]
    >>> rows = simulate("\n".join([*parts, "t =~ 0.8*f + 0.7*g + 0.6*k"]), 500, seed=1)
    >>> fit = fit_sem("f =~ a + b + c\ng =~ d + e + h\nk =~ i + j + l\nt =~ f + g + k", rows)
    >>> found = higher_order_reliability(fit).frame.iloc[0]
    >>> bool(found["omega_l1"] < found["partial_omega_l1"] < 1)
    True
    """
    require_continuous(result, "ordinal_reliability")
    in_range("ci", ci, 0.0, 1.0)
    by = Uncertainty.of(result, interval, ci, bootstrap=bootstrap)
    rows = []
    for number, group in enumerate(result.groups):
        structure = Structure.of(group)
        for name in _higher(structure, result.model.latent, factors):
            rows.append({"group": group.label, "factor": name, **_row(number, structure, name, by)})
    return HigherOrderReliability(pd.DataFrame(rows), ci, by.interval, _notes(rows))


def _notes(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return what is impossible about the coefficients."""
    said = []
    for row in rows:
        found = np.array([row[name] for name in NUMBERS])
        if np.isnan(found).any():
            said.append(MISSING.format(row["factor"]))
        if ((found < 0.0) | (found > 1.0)).any():
            said.append(OUTSIDE.format(row["factor"]))
    return tuple(dict.fromkeys(said))


def _higher(structure: Structure, latent: Sequence[str], factors: Sequence[str] | None) -> list[str]:
    known = [name for name in latent if structure.is_higher(structure.position(name))]
    if not known:
        raise ArgumentError(
            "No factor of the model measures other factors. Write one such as 'trust =~ competence + "
            "integrity + "
            "benevolence', or use composite_reliability."
        )
    asked = [factors] if isinstance(factors, str) else list(known if factors is None else factors)
    for name in asked:
        if name not in known:
            raise ArgumentError(f"'{name}' is no higher-order factor of the model. {suggestion(name, known)}")
    return asked


def _row(number: int, structure: Structure, name: str, by: Uncertainty) -> dict[str, Any]:
    factor = structure.position(name)

    def values(rams: Sequence[Ram], theta: Numbers) -> Numbers:
        return coefficients(structure, factor, rams[number], theta)

    rams = [group.ram for group in by.result.groups]
    with np.errstate(all="ignore"):
        estimate = values(rams, by.result.theta[None])[0]
        spread = by.of_function(values, estimate)
    found: dict[str, Any] = {
        "n_items": structure.items(factor).size,
        "n_factors": int((structure.measured(factor) >= structure.p).sum()),
    }
    for i, key in enumerate(NUMBERS):
        parts = np.array([estimate[i], spread.se[i], spread.lower[i], spread.upper[i]])
        parts = np.where(np.isnan(estimate[i]), np.nan, parts)
        found |= zip((key, f"{key}_se", f"{key}_ci_lower", f"{key}_ci_upper"), parts.tolist(), strict=True)
    return found


def coefficients(structure: Structure, factor: int, ram: Ram, theta: Numbers) -> Numbers:
    """Return omega_l1, omega_l2, partial_omega_l1 and omega_total, shape (b, 4)."""
    state = structure.at(ram, theta)
    items, below = structure.items(factor), structure.measured(factor)
    common = state.loading(items, factor).sum(axis=1) ** 2
    total = state.covariance(items).sum(axis=(1, 2))
    among = state.loading(below, factor).sum(axis=1) ** 2
    own = state.covariance(below).sum(axis=(1, 2))
    lam = state.reach[:, items][:, :, structure.p :]
    latent = state.cov[:, structure.p :, structure.p :]
    # each factor's own part: what is left of it when the loadings on factors above are taken out
    apart = np.linalg.inv(state.reach[:, structure.p :, structure.p :])
    free = apart @ latent @ np.swapaxes(apart, 1, 2)
    true = (lam @ free @ np.swapaxes(lam, 1, 2)).sum(axis=(1, 2))
    errors = total - true
    parts = [(common, total), (among, own), (common, common + errors), (true, total)]
    return np.stack([share(part, whole) for part, whole in parts], axis=1)
