"""The confirmatory marker technique of Williams, Hartman and Cavazotte (2010)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import in_range, suggestion
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem import SemResult
from trustmeasure.validity.common_method.marker_models import MarkerModels, better, restricted
from trustmeasure.validity.common_method.method_factor import DIFFERENCE, difference
from trustmeasure.validity.common_method.plans import (
    Plan,
    estimated,
    plan_of,
    refuse_reserved,
    standardised,
)
from trustmeasure.validity.common_method.single_factor import FIT, fit_row

Key = tuple[str, str, str]
STEPS = ("CFA", "Baseline", "Method-C", "Method-U", "Method-R")
TESTS = {
    "Method-C": ("Baseline", "Does the marker share variance with the substantive indicators?"),
    "Method-U": ("Method-C", "Does it move them unequally?"),
    "Method-R": ("", "Does it bias the correlations of the factors?"),
}
NEEDED = 2
"""Items that a marker needs: with fewer its loadings and errors are not identified."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MarkerCfa:
    """The model sequence of the confirmatory marker technique.

    Attributes
    ----------
    marker : str
        The marker construct.
    steps : pandas.DataFrame
        One row a model (CFA, Baseline, Method-C, Method-U, Method-R): step, chisq, df, pvalue, cfi, tli,
        rmsea, srmr, note.
    tests : pandas.DataFrame
        Difference tests: model, against, chisq_difference, df_difference, p_value, cfi_change, question.
    chosen : {"Method-C", "Method-U", ""}
        The method model that goes on: Method-U where it fits better at the level asked for, else Method-C.
    loadings : pandas.DataFrame
        Completely standardised: factor, item, baseline (substantive), substantive and method (in `chosen`),
        p_value (of the method loading).
    reliability : pandas.DataFrame
        One row a construct: total (Baseline), substantive and method (parts of the reliability in `chosen`),
        method_share (method as a share of the two).
    correlations : pandas.DataFrame
        One row a pair of factors: CFA, Baseline, `chosen` (as `method`), and each level of the sensitivity
        analysis, such as `sensitivity_95`.
    method_share : float
        Mean of the squared standardised method loadings: the share of the indicators' variance.
    fits : mapping
        Step -> SemResult; None for one that could not be fitted.
    notes : tuple of str
        What a reader must know.
    """

    marker: str
    steps: pd.DataFrame
    tests: pd.DataFrame
    chosen: str
    loadings: pd.DataFrame
    reliability: pd.DataFrame
    correlations: pd.DataFrame
    method_share: float
    fits: Mapping[str, SemResult | None]
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the steps."""
        return self.steps.copy()

    def summary(self) -> Summary:
        """Return models, tests, loadings, reliability and correlations, for reading."""
        tables = (
            Table("Models", self.steps),
            Table("Difference tests", self.tests),
            Table(f"Standardised loadings ({self.chosen or 'none'})", self.loadings),
            Table("Reliability and its parts", self.reliability),
            Table("Correlations of the factors", self.correlations),
        )
        shown = [table for table in tables if len(table.frame)]
        return Summary(f"Confirmatory marker technique, marker: {self.marker}", [*shown, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def marker_cfa(
    data: Any,
    constructs: Any = None,
    *,
    marker: str,
    alpha: float = 0.05,
    sensitivity: Sequence[float] = (0.95, 0.99),
    **options: Any,
) -> MarkerCfa:
    """Look for method variance with a marker construct, by the models of Williams et al. (2010).

    CFA: all constructs and the marker correlate. Baseline: the marker correlates with none, and its loadings
    and error variances are fixed at what the CFA found. Method-C: the marker also loads on every substantive
    indicator, equally. Method-U: the same with loadings of their own. Method-R: the better of these two with
    the correlations of the substantive factors fixed at those of Baseline. Method-C against Baseline shows
    whether there is method variance, Method-U against Method-C whether it is unequal, and Method-R against
    the better one whether it biases correlations. The reliability of each construct is then parted into what
    is substantive and what is method, and the sensitivity analysis fixes the method loadings at the limit of
    their interval that lies farther from zero and shows the correlations.

    Parameters
    ----------
    data : Responses, frame, or mapping of name to frame of items
        Answers, one row a person; the marker is one of the constructs and has at least 2 items.
    constructs : mapping of name to columns, or list of names, optional
        What belongs together, for a frame; of responses or a mapping the constructs to keep.
    marker : str
        The construct that has nothing to do with the others in theory.
    alpha : float
        Level at which Method-U is preferred to Method-C.
    sensitivity : sequence of float
        Levels of the intervals of the method loadings.
    **options
        Given on to `fit_sem`: `estimator`, `missing`, `cluster`, `weights`, ... Latent variances are 1.

    Returns
    -------
    MarkerCfa
        `.steps`, `.tests`, `.loadings`, `.reliability`, `.correlations`, `.method_share`, `.summary()`. A
        model that cannot be fitted is a row with a note.

    Raises
    ------
    ArgumentError
        For an unknown marker, one with a single item, or no other construct.
    DataError, IdentificationError, ConvergenceError
        If the first model (CFA) cannot be fitted.

    References
    ----------
    Williams, L. J., Hartman, N., & Cavazotte, F. (2010). Method variance and marker variables: A review and
    comprehensive CFA marker technique. Organizational Research Methods, 13(3), 477-514.

    Notes
    -----
    With ordinal variables (`ordered`) error variances are no parameters, so that Baseline cannot fix them;
    take the answers as numbers, with `estimator="MLR"`. Checked against: lavaan 0.6-14
    (tests/reference/method_bias/sequences.R).

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> trait, method = rng.normal(size=(400, 2)), rng.normal(size=(400, 1))
    >>> items = 0.7 * np.repeat(trait, 3, axis=1) + 0.4 * method + 0.6 * rng.normal(size=(400, 6))
    >>> colour = 0.7 * method + 0.7 * rng.normal(size=(400, 3))
    >>> names = [f"{f}{i}" for f in ("a", "b", "colour") for i in (1, 2, 3)]
    >>> frame = pd.DataFrame(np.hstack([items, colour]), columns=names)
    >>> constructs = {f: [f"{f}{i}" for i in (1, 2, 3)] for f in ("a", "b", "colour")}
    >>> found = marker_cfa(frame, constructs, marker="colour")
    >>> found.steps["df"].astype(int).tolist(), bool(found.tests["p_value"].iloc[0] < 0.001)
    ([24, 32, 31, 26, 27], True)
    """
    refuse_reserved(options)
    in_range("alpha", alpha, 0.0, 1.0)
    for level in sensitivity:
        in_range("sensitivity", level, 0.0, 1.0)
    _refuse_ordered(options)
    plan = plan_of(data) if constructs is None else plan_of(constructs, data)
    own = _marker(plan, marker)
    parts = MarkerModels.of(plan, own, plan.fit(plan.text, options))
    fits: dict[str, SemResult | None] = {"CFA": parts.cfa}
    said = {"CFA": " ".join(parts.cfa.warnings)}
    for step in ("Baseline", "Method-C", "Method-U"):
        fits[step], said[step] = plan.tried(parts.text(step), options)
    chosen = better(fits, alpha)
    fits["Method-R"], said["Method-R"] = restricted(plan, parts, fits, chosen, options)
    method = fits.get(chosen)
    trials = {
        f"sensitivity_{100 * level:g}": plan.tried(parts.text(chosen, parts.far(method, level)), options)
        for level in sensitivity
        if method is not None
    }
    std = {step: standardised(fit) for step, fit in fits.items()}
    loadings = _loadings(plan, parts, std, fits, chosen)
    return MarkerCfa(
        marker=marker,
        steps=_steps(fits, said),
        tests=_tests(fits, chosen),
        chosen=chosen,
        loadings=loadings,
        reliability=_reliability(plan, parts, fits, chosen),
        correlations=_correlations(
            plan, parts, std, chosen, {k: standardised(v[0]) for k, v in trials.items()}
        ),
        method_share=float((loadings["method"] ** 2).mean()) if chosen else float("nan"),
        fits=fits,
        notes=(*(f"{k}: {v[1]}" for k, v in trials.items() if v[0] is None), *plan.notes),
    )


def _refuse_ordered(options: Mapping[str, Any]) -> None:
    ordered = options.get("ordered", ())
    if ordered is True or (ordered is not False and ordered is not None and ordered != () and ordered != []):
        raise ArgumentError(
            "ordered= does not go with the marker technique: it fixes error variances, which ordinal "
            "variables do not have. Leave it out, and take estimator='MLR'."
        )


def _marker(plan: Plan, marker: str) -> str:
    known = [plan.shown(name) for name in plan.factors]
    if marker not in known:
        raise ArgumentError(f"marker='{marker}' is no construct of the data. {suggestion(marker, known)}")
    own = plan.own(marker)
    if len(plan.factors[own]) < NEEDED:
        raise ArgumentError(f"The marker '{marker}' has one item; {NEEDED} or more are needed.")
    if len(plan.factors) < 2:
        raise ArgumentError("There is no construct besides the marker.")
    return own


def _steps(fits: Mapping[str, SemResult | None], said: Mapping[str, str]) -> pd.DataFrame:
    rows = []
    for step in STEPS:
        fit = fits[step]
        own = dict.fromkeys(FIT, np.nan) if fit is None else fit_row(fit)
        rows.append({"step": step, **own, "note": said[step]})
    return pd.DataFrame(rows)


def _tests(fits: Mapping[str, SemResult | None], chosen: str) -> pd.DataFrame:
    rows = []
    for step, (against, question) in TESTS.items():
        other = against or chosen
        less, more = (fits[other], fits[step]) if step != "Method-R" else (fits[step], fits.get(other))
        rows.append({"model": step, "against": other, **difference(less, more), "question": question})
    return pd.DataFrame(rows, columns=["model", "against", *DIFFERENCE, "question"])


def _loadings(
    plan: Plan,
    parts: MarkerModels,
    std: Mapping[str, Mapping[Key, float]],
    fits: Mapping[str, SemResult | None],
    chosen: str,
) -> pd.DataFrame:
    after, fit = std.get(chosen, {}), fits.get(chosen)
    p = {} if fit is None else estimated(fit, "p_value")
    rows = []
    for factor, items in parts.substantive.items():
        for item in items:
            method = (parts.marker, "=~", item)
            rows.append(
                {
                    "factor": plan.shown(factor),
                    "item": plan.shown(item),
                    "baseline": std["Baseline"].get((factor, "=~", item), np.nan),
                    "substantive": after.get((factor, "=~", item), np.nan),
                    "method": after.get(method, np.nan),
                    "p_value": p.get(method, np.nan),
                }
            )
    return pd.DataFrame(rows)


def _reliability(
    plan: Plan, parts: MarkerModels, fits: Mapping[str, SemResult | None], chosen: str
) -> pd.DataFrame:
    """Return composite reliabilities (standardised loadings) and their substantive and method parts."""
    before, after = standardised(fits["Baseline"]), standardised(fits.get(chosen))
    rows = []
    for factor, items in parts.substantive.items():
        total, _, _ = _composite(before, factor, parts.marker, items)
        _, substantive, method = _composite(after, factor, parts.marker, items)
        share = method / (substantive + method) if substantive + method > 0 else np.nan
        names = {"construct": plan.shown(factor), "total": total}
        rows.append({**names, "substantive": substantive, "method": method, "method_share": share})
    return pd.DataFrame(rows)


def _composite(
    std: Mapping[Key, float], factor: str, marker: str, items: Sequence[str]
) -> tuple[float, float, float]:
    """Return (sum l)^2 / V, also of the substantive and of the method loadings; V is the whole variance."""
    own = sum(std.get((factor, "=~", item), np.nan) for item in items) ** 2
    method = sum(std.get((marker, "=~", item), 0.0) for item in items) ** 2
    errors = sum(std.get((item, "~~", item), np.nan) for item in items)
    whole = own + method + errors
    return (own + method) / whole, own / whole, method / whole


def _correlations(
    plan: Plan,
    parts: MarkerModels,
    std: Mapping[str, Mapping[Key, float]],
    chosen: str,
    trials: Mapping[str, Mapping[Key, float]],
) -> pd.DataFrame:
    columns = {"CFA": std["CFA"], "Baseline": std["Baseline"], "method": std.get(chosen, {}), **trials}
    rows = []
    for a, b in parts.pairs:
        values = {name: own.get((a, "~~", b), own.get((b, "~~", a), np.nan)) for name, own in columns.items()}
        rows.append({"construct_1": plan.shown(a), "construct_2": plan.shown(b), **values})
    return pd.DataFrame(rows)
