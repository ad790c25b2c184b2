"""Measurement invariance of ordinal answers between groups, step by step (Wu & Estabrook 2016)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.empty_categories import collapsed, counts_of, refuse_empty
from trustmeasure.sem.invariance_fits import StepFits
from trustmeasure.sem.invariance_models import (
    InvarianceModel,
    Steps,
    base_table,
    models_frame,
    ordinal_invariance_models,
)
from trustmeasure.sem.ordinal.ordered import with_ordinal
from trustmeasure.sem.ordinal.refusals import ordinal_options, refuse_with_ordinal
from trustmeasure.sem.ordinal.sample import ordinal_sample
from trustmeasure.sem.parameters import THETA
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.split import Split

_MEASURES = (
    *("chisq", "df", "pvalue", "chisq_scaled", "pvalue_scaled"),
    *("cfi", "rmsea", "cfi_scaled", "tli_scaled", "rmsea_scaled", "cfi_robust", "rmsea_robust", "srmr"),
)
_CHANGING = ("cfi_scaled", "rmsea_scaled", "srmr")
_LABELS = {
    "chisq": "chi-square",
    "chisq_scaled": "scaled",
    "chisq_difference": "Δ chi-square",
    "df_difference": "Δ df",
    "p_value": "p of Δ",
    "cfi_scaled": "CFI",
    "rmsea_scaled": "RMSEA",
    "srmr": "SRMR",
    "cfi_scaled_change": "Δ CFI",
    "rmsea_scaled_change": "Δ RMSEA",
    "srmr_change": "Δ SRMR",
    "merged_with": "merged with",
    "empty_in": "empty in",
}


@dataclass(frozen=True, slots=True)
class OrdinalInvariance:
    """Steps of measurement invariance of ordinal answers.

    Attributes
    ----------
    frame : DataFrame
        One row a step: step against npar, fit measures (chisq df pvalue chisq_scaled pvalue_scaled cfi rmsea
        cfi_scaled tli_scaled rmsea_scaled cfi_robust rmsea_robust srmr; NaN for those that the estimator has
        not), the test against the step `against` (chisq_difference df_difference p_value; NaN where the step
        restricts nothing), and cfi_scaled_change, rmsea_scaled_change, srmr_change. `coincides` flags steps
        that are the same model as `against`. `note` says why a step could not be fitted; its numbers are NaN.
    models : tuple of InvarianceModel
        What is equal at each step, what that sets free, and the text for lavaan.
    fits : mapping of str to SemResult
        The fit of each step that could be fitted.
    merged : DataFrame
        Categories that were merged with `collapse`: variable category merged_with empty_in.
    notes : tuple of str
        How differences were tested, and what a reader should know of the data and the steps.
    """

    frame: pd.DataFrame
    models: tuple[InvarianceModel, ...]
    fits: Mapping[str, SemResult] = field(repr=False)
    merged: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    @property
    def identification(self) -> pd.DataFrame:
        """What each step makes equal and sets free, in words: step df against coincides set remark."""
        return models_frame(self.models)

    def fit(self, step: str) -> SemResult:
        """Return the fit of a step; raise ArgumentError naming the nearest otherwise."""
        one_of("step", step, [m.step for m in self.models])
        if step not in self.fits:
            raise ArgumentError(str(self.frame.set_index("step").loc[step, "note"]))
        return self.fits[step]

    def model(self, step: str) -> InvarianceModel:
        """Return the model of a step; raise ArgumentError naming the nearest otherwise."""
        names = [m.step for m in self.models]
        return self.models[names.index(one_of("step", step, names))]

    def summary(self) -> Summary:
        """Return tests, fit and what each step set free, for reading."""
        columns = [*_shown(self.frame), "df", "against", "chisq_difference", "df_difference", "p_value"]
        tests = self.frame[["step", *columns]].rename(columns={"pvalue": "p", "pvalue_scaled": "p"})
        tests["df_difference"] = pd.Series(
            ["" if np.isnan(x) else int(x) for x in self.frame["df_difference"]], dtype=object
        )
        changes = [x for name in _CHANGING for x in (name, f"{name}_change")]
        parts: list[Table | str] = [Table("Steps and their tests", tests, labels=_LABELS)]
        parts.append(Table("Fit and its changes", self.frame[["step", *changes]], labels=_LABELS))
        parts += [str(model) for model in self.models]
        parts += [Table("Merged categories", self.merged, labels=_LABELS)] if len(self.merged) else []
        return Summary("Invariance of ordinal answers", [*parts, *self.notes])

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _shown(frame: pd.DataFrame) -> list[str]:
    scaled = frame["chisq_scaled"].notna().any()
    return ["chisq", "chisq_scaled", "pvalue_scaled"] if scaled else ["chisq", "pvalue"]


def ordinal_invariance(
    model: str,
    data: Any,
    *,
    group: str,
    ordered: Any = True,
    steps: Steps | None = None,
    parameterization: str = THETA,
    estimator: str | None = None,
    partial: Iterable[str] = (),
    missing: str = "listwise",
    weights: str | None = None,
    collapse: bool = False,
    ci: float = 0.95,
) -> OrdinalInvariance:
    """Fit the steps of measurement invariance of ordinal answers between groups.

    Parameters
    ----------
    model : str
        A measurement model: `=~`, and `~~` for covariances. What identifies it is set by each step.
    data : frame or Responses
        One row a respondent.
    group : str
        Column that parts the rows into groups.
    ordered : bool, sequence of str, or instrument
        The ordered variables, as for `fit_sem`: True for all indicators.
    steps : sequence, optional
        "configural", "thresholds", "loadings", "intercepts", "residuals", and beyond "residual_covariances",
        "latent_loadings", "lv_variances", "lv_covariances", "means"; several at once in parentheses:
        ("thresholds", "loadings"). Unless given, the first five; with delta, which has no residual
        variances, the first four.
    parameterization : {"theta", "delta"}
        Whether residual variances or scales of ordered variables are parameters.
    estimator : str, optional
        As for `fit_sem`: "WLSMV" unless given.
    partial : iterable of str
        Relations that are left free in every step: "f =~ x2", "x2 | t1", "x2 ~ 1", "x2 ~~ x2".
    missing : {"listwise", "pairwise"}
        As for `fit_sem`.
    weights : str, optional
        Column of sampling weights.
    collapse : bool
        Merge categories that are empty in a group with a neighbour, in all groups. They are an error
        otherwise.
    ci : float
        Confidence level of the intervals.

    Returns
    -------
    OrdinalInvariance
        A fit for each step, the tests of each step against the nearest one that it restricts, and what was
        equal, free and merged.

    Raises
    ------
    ModelSyntaxError, ArgumentError, DataError, IdentificationError, ConvergenceError
        Each says what is wrong, and for a fit at which step. A step that cannot be fitted is an error only
        when no other can be either; otherwise the others are there, and its row says why it is not.

    Notes
    -----
    Wu & Estabrook (2016, Psychometrika 81(4), 1014-1045): equal thresholds come first, and each step frees
    what its equalities identify. Steps that coincide with an earlier one (thresholds of variables with two or
    three categories) say so. Differences of robust tests are those of Satorra (2000). Checked against:
    `measEq.syntax` of semTools 0.5-6 fitted by lavaan 0.6-14, and `lavTestLRT`,
    `tests/reference/ordinal_invariance`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> latent = rng.normal(size=(600, 1)) + rng.normal(size=(600, 4))
    >>> answers = pd.DataFrame(np.digitize(latent, [-1.5, -0.5, 0.5, 1.5]), columns=list("abcd"))
    >>> answers["country"] = ["x", "y"] * 300
    >>> found = ordinal_invariance("f =~ a + b + c + d", answers, group="country")
    >>> found.frame[["step", "df", "df_difference"]].values.tolist()[:3]
    [['configural', 4, nan], ['thresholds', 12, 8.0], ['loadings', 15, 3.0]]
    """
    if not isinstance(model, str):
        raise ArgumentError(f"model is a {type(model).__name__}: give the text of a measurement model.")
    if not isinstance(group, str):
        raise ArgumentError("group names the column that parts the rows into groups.")
    refuse_with_ordinal(engine="trustmeasure", missing=missing, cluster=None, auxiliary=())
    options = ordinal_options(estimator, None, None, None, "normal")
    split, categories = with_ordinal(Split.of(data, None, None, None, group, weights=weights), model, ordered)
    counts = {name: len(codes) - 1 for name, codes in categories.items()}
    table = base_table(model, counts, len(split.labels), parameterization)
    used = counts_of(split, table, categories, missing)
    if not collapse:
        refuse_empty(used)
    split, left, merged = collapsed(split, table, used)
    models = ordinal_invariance_models(
        model,
        ordered={name: len(codes) - 1 for name, codes in left.items()},
        n_groups=len(split.labels),
        steps=steps,
        parameterization=parameterization,
        partial=partial,
    )
    sample = ordinal_sample(split, models[0].model, left, missing, options)
    done = StepFits.of(models, sample, options, ci)
    frame = pd.DataFrame([_row(m, done) for m in models])
    return OrdinalInvariance(frame, models, done.fits, merged, done.notes())


def _row(model: InvarianceModel, done: StepFits) -> dict[str, object]:
    fit, test = done.fits.get(model.step), done.tests.get(model.step)
    against = done.against.get(model.step, "")
    none: Mapping[str, float] = {}
    own = none if fit is None else fit.fit_measures
    other = done.fits[against].fit_measures if against else none
    row: dict[str, object] = {"step": model.step, "against": against, "coincides": model.coincides}
    row |= {"npar": model.model.npar} | {name: float(own.get(name, np.nan)) for name in _MEASURES}
    row["df"] = model.df
    row["chisq_difference"] = test.chisq if test is not None else np.nan
    row["df_difference"] = float(test.df) if test is not None else np.nan
    row["p_value"] = test.p_value if test is not None and test.tested else np.nan
    for name in _CHANGING:
        row[f"{name}_change"] = float(own.get(name, np.nan)) - float(other.get(name, np.nan))
    return row | {"note": done.causes.get(model.step, "")}
