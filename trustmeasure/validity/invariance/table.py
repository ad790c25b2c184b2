"""The table of an invariance sequence: fit of each step, what changed, and how that was tested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.criteria import describe
from trustmeasure.sem.invariance_fits import StepFits
from trustmeasure.sem.invariance_models import InvarianceModel
from trustmeasure.sem.scaled_difference import DifferenceTest

TESTS = ("chisq", "pvalue", "chisq_scaled", "df_scaled", "pvalue_scaled", "chisq_scaling_factor")
INDICES = ("cfi", "tli", "rmsea")
ENDS = ("", "_ci_lower", "_ci_upper")
MEASURES = (
    *TESTS,
    *(
        f"{index}{end}{kind}"
        for kind in ("", "_scaled", "_robust")
        for index in INDICES
        for end in (ENDS if index == "rmsea" else ("",))
    ),
    *("srmr", "aic", "bic"),
)
CHANGING = (
    *(f"{index}{kind}" for kind in ("", "_scaled", "_robust") for index in INDICES),
    *("srmr", "aic", "bic"),
)
NOTHING: Mapping[str, float] = {}


def step_frame(done: StepFits) -> pd.DataFrame:
    """Return one row a step; see `Invariance.frame`."""
    return pd.DataFrame([_row(model, done) for model in done.models])


def _row(model: InvarianceModel, done: StepFits) -> dict[str, object]:
    fit, against = done.fits.get(model.step), done.against.get(model.step, "")
    own = NOTHING if fit is None else fit.fit_measures
    other = done.fits[against].fit_measures if against else NOTHING
    row: dict[str, object] = {"step": model.step, "against": against, "coincides": model.coincides}
    row |= {"npar": float(model.model.npar), "df": float(model.df)}
    row |= {name: _number(own, name) for name in MEASURES}
    row |= _tested(done.tests.get(model.step))
    row |= {f"{name}_change": _number(own, name) - _number(other, name) for name in CHANGING}
    return row | {"note": done.causes.get(model.step, model.remark)}


def _number(measures: Mapping[str, float] | pd.Series, name: str) -> float:
    return float(measures.get(name, np.nan))


def _tested(test: DifferenceTest | None) -> dict[str, object]:
    if test is None:
        return dict.fromkeys(("chisq_difference", "df_difference", "p_value"), np.nan) | {"method": ""}
    return {
        "chisq_difference": test.chisq,
        "df_difference": float(test.df),
        "p_value": test.p_value,
        "method": test.method,
    }


def kind_of_indices(frame: pd.DataFrame) -> str:
    """Return the ending of the indices to read: those made for the estimator where all fits have them."""
    fitted = frame[frame["chisq"].notna()]
    for ending in ("_robust", "_scaled"):
        if fitted[[f"cfi{ending}", f"rmsea{ending}"]].notna().all(axis=None):
            return ending
    return ""


def described(frame: pd.DataFrame, n_obs: int, usual: Mapping[str, str]) -> pd.DataFrame:
    """Return what cited rules say of the fit of each step and of its changes, one row a rule.

    Parameters
    ----------
    frame : DataFrame
        That of `step_frame`.
    n_obs : int
        Rows in all groups, on which some rules depend.
    usual : mapping of str to str
        What each step is usually called ("metric", "scalar", "strict"), on which some rules depend.
    """
    ending = kind_of_indices(frame)
    parts = []
    for row in frame.to_dict("records"):
        if np.isnan(row["chisq"]):
            continue
        context: dict[str, Any] = {"n_obs": float(n_obs), "step": usual[row["step"]]}
        values = {name: row[f"{name}{ending}"] for name in INDICES} | {"srmr": row["srmr"]}
        changes = {f"delta_{n}": row[f"{n}{ending}_change"] for n in ("cfi", "rmsea")}
        changes["delta_srmr"] = row["srmr_change"]
        found = {**values, **(changes if row["against"] else {})}
        for metric, value in found.items():
            part = describe(metric, value, **context).to_frame()
            part.insert(0, "step", row["step"])
            parts.append(part)
    return pd.concat(parts, ignore_index=True)
