"""Whether constructs differ: correlations of factors with intervals, and tests of constrained ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import Parameter, SemResult
from trustmeasure.sem.chisq import normal_quantile
from trustmeasure.sem.scaled_difference import METHODS
from trustmeasure.threads import one_thread
from trustmeasure.validity.constrained_pairs import (
    Restricted,
    correlation_row,
    difference_of,
    held_at,
    merged,
)
from trustmeasure.validity.fornell import FornellLarcker, fornell_of
from trustmeasure.validity.heterotrait import htmt
from trustmeasure.validity.measured import Measured, factors_of, measured
from trustmeasure.validity.ratio_table import HeterotraitRatios
from trustmeasure.validity.rules import criteria_frame
from trustmeasure.validity.scaled_factors import with_unit_factors

PAIR = ("construct_1", "construct_2")
LABELS = {
    "construct_1": "construct",
    "construct_2": "and",
    "ci_lower": "lower",
    "ci_upper": "upper",
    "fixed_at": "held at",
    "chisq_difference": "Δ chi-square",
    "df_difference": "Δ df",
    "p_value": "p",
}
READING = (
    "A small p says that the correlation lies below the cut-off. Where the estimate lies beyond it, it is "
    "held at the estimate, and the difference is 0."
)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DiscriminantValidity:
    """What a model says of how far its constructs differ.

    Attributes
    ----------
    correlations : pandas.DataFrame
        One row a pair: construct_1, construct_2, correlation (of the factors), se, ci_lower, ci_upper.
    tests : pandas.DataFrame
        One row a pair and restriction: construct_1, construct_2, restriction ("0.9", "merged", ...),
        fixed_at, chisq_difference, df_difference, p_value, note.
    fornell_larcker : FornellLarcker
        AVE beside squared correlations.
    ratios : HeterotraitRatios or None
        HTMT and HTMT2, where the answers were given.
    result : SemResult
        The fit with factors of variance 1 that the tests start from.
    ci : float
        Level of the intervals.
    notes : tuple of str
        What a reader must know.
    """

    correlations: pd.DataFrame
    tests: pd.DataFrame
    fornell_larcker: FornellLarcker
    ratios: HeterotraitRatios | None
    result: SemResult
    ci: float
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row a pair: correlation, difference tests, Fornell-Larcker, and HTMT if there."""
        found = self.correlations.copy()
        for restriction, rows in self.tests.groupby("restriction", sort=False):
            own = rows.set_index(list(PAIR))[["chisq_difference", "p_value"]]
            own = own.set_axis([f"chisq_{restriction}", f"p_{restriction}"], axis=1)
            found = found.merge(own, left_on=list(PAIR), right_index=True, how="left")
        squares = self.fornell_larcker.pairs.drop(columns=["group", "correlation"])
        found = found.merge(squares, on=list(PAIR), how="left")
        if self.ratios is None:
            return found
        return found.merge(self.ratios.frame.drop(columns="note"), on=list(PAIR), how="left")

    def criteria(self) -> pd.DataFrame:
        """Return which cited cut-offs the upper limits of the correlations (and HTMT) meet."""
        held = [
            ((r["construct_1"], r["construct_2"]), "latent_correlation", *_furthest(r))
            for r in self.correlations.to_dict("records")
        ]
        own = criteria_frame(held, PAIR)
        if self.ratios is None:
            return own
        return pd.concat([own, self.ratios.criteria()], ignore_index=True)

    def summary(self) -> Summary:
        """Return all tables with notes, to be shown as text or HTML."""
        said = f"{100 * self.ci:g} % intervals; estimator {self.result.estimator}."
        tests = self.tests.drop(columns="note")
        parts: list[Table | str] = [
            Table("Correlations of factors", self.correlations, (said, *self.notes), labels=LABELS)
        ]
        if len(tests):
            own = [str(note) for note in dict.fromkeys(self.tests["note"]) if note]
            parts.append(Table("Difference tests", tests, (READING, *own), labels=LABELS))
        parts += self.fornell_larcker.summary().parts
        parts += self.ratios.summary().parts if self.ratios is not None else []
        return Summary("Discriminant validity", parts)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _furthest(row: dict[Any, Any]) -> tuple[float, float, float]:
    """Return a correlation with its limits, turned so that it is positive."""
    if row["correlation"] >= 0:
        return row["correlation"], row["ci_lower"], row["ci_upper"]
    return -row["correlation"], -row["ci_upper"], -row["ci_lower"]


def discriminant_validity(
    model: Any,
    data: Any = None,
    *,
    cutoffs: Sequence[float] = (0.8, 0.9, 1.0),
    merge: bool = True,
    method: str | None = None,
    ci: float = 0.95,
    n_bootstrap: int = 1000,
    seed: int | None = None,
    progress: bool = True,
    **options: Any,
) -> DiscriminantValidity:
    r"""Return how far constructs differ: CI_CFA, constrained correlations, Fornell-Larcker and HTMT.

    Parameters
    ----------
    model : SemResult, str, ParameterTable, Responses or mapping
        A fit; a model to be fitted to `data`; or responses, or a mapping from the name of a construct to a
        frame of its items (with `data`: to its columns).
    data : frame, optional
        What a model is fitted to; beside a fit, the answers that HTMT is computed from.
    cutoffs : sequence of float
        Correlations, above 0 and up to 1, that each pair is held at.
    merge : bool
        Also test a model in which the two constructs are one factor.
    method : {"satorra-bentler-2001", "satorra-bentler-2010", "satorra-2000"}, optional
        How differences are tested for robust estimators; see `compare`. By default what goes with the
        estimator.
    ci : float
        Level of the intervals.
    n_bootstrap, seed, progress
        Of the intervals of HTMT; see `htmt`.
    **options
        Given on to `fit_sem`, such as `ordered=True` or `estimator="MLR"`.

    Returns
    -------
    DiscriminantValidity
        `.correlations`, `.tests`, `.fornell_larcker`, `.ratios`, `.to_frame()`, `.criteria()`, `.summary()`.

    Raises
    ------
    ArgumentError
        If there are fewer than two factors, groups, variables that are no items, or restrictions that would
        mean something else once factors have variance 1.

    Notes
    -----
    Roenkkoe & Cho (2022): CI_CFA(cut) compares the upper limit of a factor correlation with a cut-off, and
    chi2(cut) compares the model with one in which the correlation is held there (at minus the cut-off, where
    it is negative). Both rest on the fit of the model, so look at that first. Differences are tested by the
    estimator's own test: scaled for MLM and MLR, scaled and shifted for WLSMV. Checked against: semTools
    0.5-6, `discriminantValidity`, `tests/reference/validity`.

    References
    ----------
    Roenkkoe, M., & Cho, E. (2022). An updated guideline for assessing discriminant validity. Organizational
    Research Methods, 25(1), 6-47. https://doi.org/10.1177/1094428120968614

    Examples
    --------
    >>> import trustmeasure as tm
    >>> text = "a =~ .8*a1 + .7*a2 + .8*a3\nb =~ .7*b1 + .9*b2 + .8*b3\na ~~ .5*b"
    >>> fit = tm.fit_sem("a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3", tm.simulate(text, 300, seed=1))
    >>> found = tm.discriminant_validity(fit)
    >>> found.correlations[["correlation", "ci_upper"]].round(2).values.tolist()
    [[0.41, 0.57]]
    """
    in_range("ci", ci, 0.0, 1.0)
    for cutoff in cutoffs:
        if not 0 < cutoff <= 1:
            raise ArgumentError(f"cutoffs: {cutoff!r} must lie above 0 and not above 1.")
    if method is not None:
        one_of("method", method, METHODS)
    found = measured(model, data, least=2, **options)
    asked = _Asked(tuple(cutoffs), merge, method, ci)
    return _record(found, asked, _ratios(found, data, ci, n_bootstrap, seed, progress))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is tested, and how."""

    cutoffs: tuple[float, ...]
    merge: bool
    method: str | None
    ci: float


@one_thread
def _record(found: Measured, asked: _Asked, ratios: HeterotraitRatios | None) -> DiscriminantValidity:
    free, changed = with_unit_factors(found.result)
    rows = _pairs(free)
    correlations = pd.DataFrame([_correlation(found, free, row, asked.ci) for row in rows])
    tests = [
        {**_names(found, row), **_shown(name, test)}
        for row in rows
        for name, test in _tests(free, row, asked)
    ]
    columns = [*PAIR, "restriction", "fixed_at", "chisq_difference", "df_difference", "p_value", "note"]
    inside = Measured(free, factors_of(free.model), found.called, found.blocks, found.notes)
    return DiscriminantValidity(
        correlations,
        pd.DataFrame(tests, columns=columns),
        fornell_of(inside, asked.ci),
        ratios,
        free,
        asked.ci,
        (*found.notes, *found.told((*changed, *free.warnings))),
    )


def _pairs(free: SemResult) -> list[Parameter]:
    names = free.model.latent
    return [correlation_row(free.model, a, b) for i, a in enumerate(names) for b in names[i + 1 :]]


def _names(found: Measured, row: Parameter) -> dict[str, str]:
    return {"construct_1": found.name(row.lhs), "construct_2": found.name(row.rhs)}


def _correlation(found: Measured, free: SemResult, row: Parameter, ci: float) -> dict[str, object]:
    at = row.free - 1
    value = float(free.theta[at])
    variance = np.nan if free.theta_cov is None else float(free.theta_cov[at, at])
    se = float(np.sqrt(variance)) if variance >= 0 else float("nan")
    margin = normal_quantile(0.5 + ci / 2) * se
    numbers = {"correlation": value, "se": se, "ci_lower": value - margin, "ci_upper": value + margin}
    return {**_names(found, row), **numbers}


def _tests(free: SemResult, row: Parameter, asked: _Asked) -> list[tuple[str, Restricted]]:
    value = float(free.theta[row.free - 1])
    found = []
    for cutoff in asked.cutoffs:
        beyond = abs(value) > cutoff
        at = value if beyond else cutoff * (-1.0 if value < 0 else 1.0)
        test = (
            Restricted(value, 0.0, 1.0, 1.0)
            if beyond
            else difference_of(free, held_at(free, row, at), at, asked.method)
        )
        found.append((f"{cutoff:g}", test))
    if asked.merge:
        found.append(("merged", difference_of(free, merged(free, row), float("nan"), asked.method)))
    return found


def _shown(name: str, test: Restricted) -> dict[str, object]:
    numbers = {"chisq_difference": test.chisq, "df_difference": test.df, "p_value": test.p_value}
    return {"restriction": name, "fixed_at": test.fixed_at, **numbers, "note": test.note}


def _ratios(
    found: Measured, data: Any, ci: float, n_bootstrap: int, seed: int | None, progress: bool
) -> HeterotraitRatios | None:
    """Return HTMT where the answers are known: of pairs without shared items, polychoric for ordinal ones."""
    model = found.result.model
    how: dict[str, Any] = {"ci": ci, "n_bootstrap": n_bootstrap, "seed": seed, "progress": progress}
    kind = "polychoric" if model.ordered else "pearson"
    if kind == "polychoric" and set(model.ordered) != set(model.observed):
        return None
    if found.blocks is not None:
        constructs = {block.name: list(block.items) for block in found.blocks.blocks}
        return htmt(found.blocks.frame, constructs, correlation=kind, **how)
    if data is None:
        return None
    items = {f.name: [i for i in f.indicators if i in model.observed] for f in found.factors}
    return htmt(data, {name: own for name, own in items.items() if own}, correlation=kind, **how)
