"""Harman's single factor: how much of all items the first unrotated factor takes, and a one-factor model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.criteria.describe import describe
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, TrustMeasureError
from trustmeasure.factors.correlations import correlations_of
from trustmeasure.factors.extraction import extract
from trustmeasure.responses import Responses
from trustmeasure.sem import SemResult
from trustmeasure.validity.common_method.plans import Plan, measurement, plan_of, refuse_reserved

WEAK = (
    "Weak evidence: a share below one half does not show that there is no method variance, and one above it "
    "may come from constructs that correlate (Podsakoff, MacKenzie, Lee & Podsakoff 2003)."
)
FIT = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HarmanTest:
    """Harman's single-factor test.

    Attributes
    ----------
    share : float
        Variance of all items that one unrotated principal axis factor takes.
    share_component : float
        The same of the first principal component, which is never smaller; this is what many papers report.
    n_eigenvalues : int
        Eigenvalues of the correlations above 1.
    eigenvalues : array, shape (p,)
        Largest first.
    loadings : pandas.DataFrame
        item, loading (on the principal axis factor), component (on the first component).
    models : pandas.DataFrame
        One row a model, "one factor" and, where constructs are known, "constructs": chisq, df, pvalue, cfi,
        tli, rmsea, srmr, note.
    n_items, n_obs : int
        Items, and people behind the correlations.
    notes : tuple of str
        What a reader must know.
    """

    share: float
    share_component: float
    n_eigenvalues: int
    eigenvalues: np.ndarray[Any, np.dtype[np.float64]]
    loadings: pd.DataFrame
    models: pd.DataFrame
    n_items: int
    n_obs: int
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the shares as one row."""
        names = ("n_items", "n_obs", "share", "share_component", "n_eigenvalues")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def summary(self) -> Summary:
        """Return shares, models and what they are worth, for reading."""
        described = describe("harman_share", self.share)
        parts: list[Table | str] = [Table("Share of variance", self.to_frame(), described.sentences)]
        if len(self.models):
            parts.append(Table("Models", self.models))
        return Summary("Harman's single factor", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def harman(
    data: Any,
    constructs: Any = None,
    *,
    missing: str = "pairwise",
    cfa: bool = True,
    model_missing: str | None = None,
    **options: Any,
) -> HarmanTest:
    """Return Harman's single-factor test: how much variance one unrotated factor takes, and whether it fits.

    The share is the sum of squared loadings of one unrotated principal axis factor of all items, divided by
    the number of items. A one-factor confirmatory model is fitted beside it, and the model with a factor for
    each construct. The test is asked for by reviewers and worth little: it seldom finds method variance that
    is there, and constructs that correlate raise the share without any.

    Parameters
    ----------
    data : Responses, frame, 2-D array, or mapping of name to frame of items
        Answers, one row a person.
    constructs : mapping of name to columns, optional
        What belongs together, for a frame; without it only the one-factor model is fitted.
    missing : {"pairwise", "listwise", "fiml"}
        What the correlations do with missing answers.
    cfa : bool
        Whether the models are fitted.
    model_missing : str, optional
        What the models do with missing answers (`missing` of `fit_sem`): "fiml" unless given, where answers
        are missing and the estimator has it.
    **options
        Given on to `fit_sem`, such as `estimator="MLR"`.

    Returns
    -------
    HarmanTest
        `.share .share_component .loadings .models`, `.summary()`.

    Raises
    ------
    ArgumentError, DataError
        For fewer than 2 items, an item without answers or variance, or text in a column. A model that cannot
        be fitted is a note.

    References
    ----------
    Harman, H. H. (1976). Modern factor analysis (3rd ed.). University of Chicago Press.

    Podsakoff, P. M., MacKenzie, S. B., Lee, J.-Y., & Podsakoff, N. P. (2003). Common method biases in
    behavioral research: A critical review of the literature and recommended remedies. Journal of Applied
    Psychology, 88(5), 879-903.

    Notes
    -----
    Checked against: psych 2.2.9 `fa(fm = "pa")` and lavaan 0.6-14 (tests/reference/method_bias/harman.R).

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> answers = rng.normal(size=(300, 1)) + rng.normal(size=(300, 6))
    >>> found = harman(answers)
    >>> 0.4 < found.share < found.share_component < 0.7
    True
    """
    refuse_reserved(options)
    plan = None if constructs is None and not _has_constructs(data) else _constructs(data, constructs)
    frame = data if plan is None else plan.data.rename(columns=plan.called)
    found = correlations_of(frame, missing=missing)
    values, vectors = np.linalg.eigh(found.corr)
    values, vectors = values[::-1], vectors[:, ::-1]
    if len(values) < 2:
        raise ArgumentError("Harman's test needs at least 2 items.")
    factor, notes = _principal_axis(found.corr)
    models, more = pd.DataFrame(), tuple[str, ...]()
    if cfa:
        models, more = _models(frame, found.names, plan, model_missing, options)
    component = vectors[:, 0] * np.sqrt(values[0]) * (1.0 if vectors[:, 0].sum() >= 0 else -1.0)
    return HarmanTest(
        share=float((factor**2).mean()),
        share_component=float(values[0] / len(values)),
        n_eigenvalues=int((values > 1.0).sum()),
        eigenvalues=values,
        loadings=pd.DataFrame({"item": list(found.names), "loading": factor, "component": component}),
        models=models,
        n_items=len(values),
        n_obs=found.n_obs or 0,
        notes=(WEAK, *notes, *more),
    )


def _has_constructs(data: Any) -> bool:
    is_mapping = isinstance(data, dict) and all(np.ndim(v) == 2 for v in data.values())
    return isinstance(data, Responses) or is_mapping


def _constructs(data: Any, constructs: Any) -> Plan:
    return plan_of(data) if constructs is None else plan_of(constructs, data)


def _principal_axis(corr: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[Any, tuple[str, ...]]:
    try:
        loadings = extract(corr, 1, "pa").loadings[:, 0]
    except TrustMeasureError as problem:
        return np.full(len(corr), np.nan), (f"No principal axis factor: {problem}",)
    return loadings * (1.0 if loadings.sum() >= 0 else -1.0), ()


def _models(
    frame: Any, names: tuple[str, ...], plan: Plan | None, missing: str | None, options: dict[str, Any]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    own = plan or plan_of({"one": list(names)}, frame)
    asked = {"one factor": measurement({own.unused("one_factor"): own.indicators})}
    if plan is not None and len(plan.factors) > 1:
        asked["constructs"] = plan.text
    settings = {**options, "missing": missing or _missing_of(own, options)}
    rows = [{"model": name, **_row(own, text, settings)} for name, text in asked.items()]
    return pd.DataFrame(rows), own.notes


def _missing_of(plan: Plan, options: dict[str, Any]) -> str:
    gaps = bool(plan.data[list(plan.indicators)].isna().to_numpy().any())
    return "fiml" if gaps and str(options.get("estimator", "ML")) in ("ML", "MLR", "MLF") else "listwise"


def _row(plan: Plan, text: str, options: dict[str, Any]) -> dict[str, Any]:
    try:
        return fit_row(plan.fit(text, options))
    except TrustMeasureError as problem:
        return {**dict.fromkeys(FIT, np.nan), "note": str(problem)}


def fit_row(result: SemResult) -> dict[str, Any]:
    """Return the fit of a model with its warnings as a note."""
    measures = result.fit_measures
    return {**{name: float(measures[name]) for name in FIT}, "note": " ".join(result.warnings)}
