"""The record of an invariance sequence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from trustmeasure.check import one_of
from trustmeasure.display import Summary, Table
from trustmeasure.errors import ArgumentError
from trustmeasure.sem.invariance_fits import StepFits
from trustmeasure.sem.invariance_models import InvarianceModel, models_frame
from trustmeasure.sem.result import SemResult
from trustmeasure.validity.invariance.plan import USUAL, Plan
from trustmeasure.validity.invariance.table import described, kind_of_indices, step_frame

_LABELS = {
    "chisq": "chi-square",
    "chisq_scaled": "scaled",
    "pvalue": "p",
    "pvalue_scaled": "p",
    "chisq_difference": "Δ chi-square",
    "df_difference": "Δ df",
    "p_value": "p of Δ",
    "srmr": "SRMR",
    "srmr_change": "Δ SRMR",
    "aic": "AIC",
    "bic": "BIC",
    "merged_with": "merged with",
    "empty_in": "empty in",
}


@dataclass(frozen=True, slots=True)
class Invariance:
    """A sequence of models with more and more equal in all groups, fitted and compared.

    Attributes
    ----------
    frame : DataFrame
        One row a step: step against coincides npar df; chisq pvalue and, for robust estimators, chisq_scaled
        df_scaled pvalue_scaled chisq_scaling_factor; cfi tli rmsea rmsea_ci_lower rmsea_ci_upper (90 %), the
        same with `_scaled` and `_robust`; srmr aic bic; the test against the step `against`
        (chisq_difference df_difference p_value method); the changes of the measures against it (`_change`);
        note. NaN for what does not exist: the note says why a step could not be fitted.
    models : tuple of InvarianceModel
        What is equal at each step, what that sets free, and the text for lavaan.
    fits : mapping of str to SemResult
        The fit of each step that could be fitted. Latent variables have mean 0 and variance 1 in the first
        group, and in the others where nothing equal gives them a place and a unit.
    merged : DataFrame
        Categories that were merged with `collapse`: variable category merged_with empty_in.
    notes : tuple of str
        How differences were tested, and what a reader should know of data and steps.
    plan : Plan
        What the sequence can be made again from.
    """

    frame: pd.DataFrame
    models: tuple[InvarianceModel, ...]
    fits: Mapping[str, SemResult] = field(repr=False)
    merged: pd.DataFrame
    notes: tuple[str, ...]
    plan: Plan = field(repr=False)

    @classmethod
    def of(cls, plan: Plan, merged: pd.DataFrame) -> Invariance:
        """Fit the steps of a plan."""
        done: StepFits = plan.fits()
        notes = tuple(dict.fromkeys((*plan.notes, *done.notes(stacklevel=4))))
        return cls(step_frame(done), done.models, done.fits, merged, notes, plan)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the frame."""
        return self.frame.copy()

    @property
    def identification(self) -> pd.DataFrame:
        """What each step makes equal and sets free, in words: step df against coincides set remark."""
        return models_frame(self.models)

    @property
    def partial(self) -> tuple[str, ...]:
        """The relations that are left free in the last step."""
        return tuple(sorted(list(self.plan.free.values())[-1]))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups (or waves), the first one being the reference."""
        return self.plan.labels

    @property
    def n_obs(self) -> int:
        """Rows that the estimates rest on, in all groups."""
        return next(iter(self.fits.values())).n_obs

    def fit(self, step: str) -> SemResult:
        """Return the fit of a step; raise ArgumentError naming the nearest, or why there is none."""
        one_of("step", step, list(self.plan.kinds))
        if step not in self.fits:
            raise ArgumentError(str(self.frame.set_index("step").loc[step, "note"]))
        return self.fits[step]

    def model(self, step: str) -> InvarianceModel:
        """Return the model of a step; raise ArgumentError naming the nearest otherwise."""
        names = [m.step for m in self.models]
        return self.models[names.index(one_of("step", step, names))]

    def release(self, relations: str | Iterable[str], *, step: str | None = None) -> Invariance:
        """Return a new sequence in which further relations are left free.

        Parameters
        ----------
        relations : str or iterable of str
            Such as "f =~ x2", "x2 ~ 1", "x2 ~~ x2" or, for ordered variables, "x2 | t1".
        step : str, optional
            The step from which on they are free; without it in every step.

        Returns
        -------
        Invariance
            The new sequence; this one stays as it is.
        """
        asked = [relations] if isinstance(relations, str) else list(relations)
        return Invariance.of(self.plan.releasing(asked, step), self.merged)

    def describe(self) -> pd.DataFrame:
        """Return which cited rules each step meets: step metric value level rule met reason citation ...

        The indices are those made for the estimator (robust, or scaled) where every step has them. Nothing is
        decided: `met` says whether a value is on the rule's side, and `caveat` what the rule cannot carry.
        """
        usual = {step: _usual(self.plan.added(step)) for step in self.plan.kinds}
        return described(self.frame, self.n_obs, usual)

    def summary(self) -> Summary:
        """Return tests, fit and what each step sets free, for reading."""
        parts: list[Table | str] = [self._tests(), self._fit_table()]
        parts += [str(model) for model in self.models]
        parts += [Table("Merged categories", self.merged, labels=_LABELS)] if len(self.merged) else []
        return Summary("Measurement invariance", [*parts, *self.notes])

    def _tests(self) -> Table:
        scaled = self.frame["chisq_scaled"].notna().any()
        own = ["chisq", "chisq_scaled", "df", "pvalue_scaled"] if scaled else ["chisq", "df", "pvalue"]
        columns = ["step", *own, "against", "chisq_difference", "df_difference", "p_value"]
        shown = self.frame[columns].copy()
        for name in ("df", "df_difference"):
            shown[name] = pd.Series([_whole(x) for x in self.frame[name]], dtype=object)
        shown = shown.rename(columns={"pvalue": "p", "pvalue_scaled": "p"})
        return Table("Steps and their tests", shown, labels=_LABELS)

    def _fit_table(self) -> Table:
        ending = kind_of_indices(self.frame)
        word = f" ({ending[1:]})" if ending else ""
        columns, labels = ["step"], dict(_LABELS)
        for index in ("cfi", "rmsea"):
            columns += [f"{index}{ending}", f"{index}{ending}_change"]
            labels |= {f"{index}{ending}": f"{index.upper()}{word}"}
            labels |= {f"{index}{ending}_change": f"Δ {index.upper()}"}
        columns += ["srmr", "srmr_change"]
        columns += ["aic", "bic"] if self.frame["aic"].notna().any() else []
        return Table("Fit and its changes", self.frame[columns], labels=labels)

    def __repr__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _whole(df: float) -> object:
    """Return degrees of freedom for reading: whole where they are, blank where there are none."""
    if np.isnan(df):
        return ""
    return int(df) if df == round(df) else float(df)


def _usual(added: tuple[str, ...]) -> str:
    """Return what a step is called by rules that depend on it, by the last kind that it makes equal."""
    return USUAL.get(added[-1], added[-1]) if added else "configural"
