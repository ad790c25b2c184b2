"""Measurement invariance of ordinal answers between groups, step by step (Wu & Estabrook 2016)."""

from __future__ import annotations

import warnings as _warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError, ConvergenceError, IdentificationError, TrustMeasureWarning
from trustmeasure.sem.diagnosis import kinds_of_warnings
from trustmeasure.sem.empty_categories import collapsed, counts_of, refuse_empty
from trustmeasure.sem.fit import fit_sample
from trustmeasure.sem.invariance_models import (
    InvarianceModel,
    Steps,
    base_table,
    models_frame,
    ordinal_invariance_models,
)
from trustmeasure.sem.options import Options
from trustmeasure.sem.ordinal.ordered import with_ordinal
from trustmeasure.sem.ordinal.refusals import ordinal_options, refuse_with_ordinal
from trustmeasure.sem.ordinal.sample import ordinal_sample
from trustmeasure.sem.parameters import THETA
from trustmeasure.sem.result import SemResult
from trustmeasure.sem.scaled_difference import DifferenceTest, Pair, described, difference_test
from trustmeasure.sem.split import Sample, Split

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
        that are the same model as `against`.
    models : tuple of InvarianceModel
        What is equal at each step, what that sets free, and the text for lavaan.
    fits : mapping of str to SemResult
        The fit of each step.
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
        return self.fits[one_of("step", step, list(self.fits))]

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
        Each says what is wrong, and for a fit at which step.

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
    fits = {m.step: _fitted(m, sample, options, ci) for m in models}
    tests = {m.step: _tested(m, fits) for m in models if m.against and not m.coincides}
    frame = pd.DataFrame([_row(m, fits, tests.get(m.step)) for m in models])
    notes = _notes(models, fits, [t for t in tests.values() if t is not None])
    return OrdinalInvariance(frame, models, fits, merged, notes)


def _fitted(model: InvarianceModel, sample: Sample, options: Options, ci: float) -> SemResult:
    """Return the fit of one step; errors name it."""
    try:
        return fit_sample(model.model, sample, options, ci=ci)
    except IdentificationError as error:
        raise IdentificationError(f"Step '{model.step}': {error}", error.parameters) from error
    except ConvergenceError as error:
        raise ConvergenceError(f"Step '{model.step}': {error}", partial=error.partial) from error


def _tested(model: InvarianceModel, fits: Mapping[str, SemResult]) -> DifferenceTest | None:
    restricted, larger = fits[model.step], fits[model.against]
    if restricted.df <= larger.df:
        return None
    return difference_test(Pair(restricted, larger, larger.theta, (model.step, model.against)))


def _row(
    model: InvarianceModel, fits: Mapping[str, SemResult], test: DifferenceTest | None
) -> dict[str, object]:
    own = fits[model.step].fit_measures
    row: dict[str, object] = {"step": model.step, "against": model.against, "coincides": model.coincides}
    row |= {"npar": fits[model.step].npar} | {name: float(own.get(name, np.nan)) for name in _MEASURES}
    row["df"] = fits[model.step].df
    tested = test is not None and test.tested
    row["chisq_difference"] = test.chisq if test is not None else np.nan
    row["df_difference"] = float(test.df) if test is not None else np.nan
    row["p_value"] = test.p_value if test is not None and tested else np.nan
    other = fits[model.against].fit_measures if model.against else None
    for name in _CHANGING:
        before = np.nan if other is None else float(other.get(name, np.nan))
        row[f"{name}_change"] = float(own.get(name, np.nan)) - before
    return row


def _notes(
    models: Iterable[InvarianceModel], fits: Mapping[str, SemResult], tests: list[DifferenceTest]
) -> tuple[str, ...]:
    """Return what a reader should know, and tell warnings of the fits aloud, each once."""
    notes = [described(tests[0].method, tests)] if tests else []
    notes += [test.note for test in tests]
    where: dict[str, list[str]] = {}
    kinds: dict[str, type[TrustMeasureWarning]] = {}
    for step, fit in fits.items():
        kinds |= kinds_of_warnings(fit)
        for message in fit.warnings:
            where.setdefault(message, []).append(step)
    for message, named in where.items():
        note = message if len(named) == len(fits) else f"{', '.join(named)}: {message}"
        _warnings.warn(note, kinds[message], stacklevel=3)
        notes.append(note)
    return tuple(dict.fromkeys(note for note in notes if note))
