"""Relations of an instrument with what lies outside it: observed behaviour, and the same people later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from trustmeasure.errors import DataError, TrustMeasureError
from trustmeasure.reliability_analysis import intraclass_correlation
from trustmeasure.responses import Responses
from trustmeasure.validation.analyses import Options
from trustmeasure.validation.survey import Survey, survey_of
from trustmeasure.validity import CriterionValidity, criterion_validity

LEAST_SHARED = 10  # people who answered twice, below which there is no test-retest reliability
RETEST = ("construct", "n", "icc", "icc_ci_lower", "icc_ci_upper", "sem", "mdc", "note")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Criterion:
    """Scales beside observed behaviour, with the sign that was expected beforehand.

    Attributes
    ----------
    result : CriterionValidity
        Correlations, AUC and logistic regressions.
    expected : pandas.DataFrame
        One row a construct and criterion: construct, criterion, kind, n, correlation, ci_lower, ci_upper,
        p_value, auc, auc_ci_lower, auc_ci_upper, sign (expected), as_expected (whether the interval lies on
        that side of 0; None when there is none).
    """

    result: CriterionValidity
    expected: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.expected.copy()


def criterion(survey: Survey, signs: Mapping[str, str], options: Options) -> Criterion:
    """Return the scales' scores beside the columns of behaviour that `signs` names."""
    values = {name: survey.columns[name] for name in signs}
    found = criterion_validity(survey.frames, values, ci=options.ci)
    frame = found.frame.rename(columns={"r": "correlation"})
    frame["sign"] = frame["criterion"].map(dict(signs))
    sides = zip(frame["sign"], frame["ci_lower"], frame["ci_upper"], strict=True)
    frame["as_expected"] = pd.Series([_on_side(*one) for one in sides], index=frame.index, dtype=object)
    wanted = ["construct", "criterion", "kind", "n", "correlation", "ci_lower", "ci_upper", "p_value"]
    wanted += ["auc", "auc_ci_lower", "auc_ci_upper", "sign", "as_expected"]
    return Criterion(found, frame[wanted])


def _on_side(sign: str, lower: float, upper: float) -> bool | None:
    if np.isnan(lower) or np.isnan(upper):
        return None
    return lower > 0 if sign == "+" else upper < 0


def retested(survey: Survey, again: Responses, options: Options) -> pd.DataFrame:
    """Return the agreement of two answers of the same people, one row a scale.

    The single-score, absolute-agreement form of the two-way model (ICC2, ICC(A,1)): a shift between the two
    occasions counts as error. People are joined by their id.

    Returns
    -------
    pandas.DataFrame
        construct, n (people with both scores), icc with limits, sem (standard error of measurement) and mdc
        (minimal detectable change) in units of the mean score, note.
    """
    first, second = survey.responses, again
    if first is None or first.id_column is None or second.id_column is None:
        raise DataError(
            "People answer twice under one id: read both with read_responses(..., id_column=...)."
        )
    rows = [_twice(name, survey, survey_of(second), options) for name in survey.reflective]
    frame = pd.DataFrame(rows, columns=list(RETEST))
    return frame.astype(dict.fromkeys(RETEST[1:-1], "float64"))


def _twice(name: str, survey: Survey, again: Survey, options: Options) -> dict[str, Any]:
    row: dict[str, Any] = {**dict.fromkeys(RETEST, np.nan), "construct": name, "note": ""}
    if name not in again.scales:
        return {**row, "note": "Not asked the second time."}
    both = pd.concat(
        [_means(survey, name), _means(again, name)], axis=1, join="inner", keys=["first", "second"]
    ).dropna()
    row["n"] = len(both)
    if len(both) < LEAST_SHARED:
        return {**row, "note": f"Only {len(both)} people have both scores; {LEAST_SHARED} are needed."}
    try:
        form = intraclass_correlation(both, options.ci).form("ICC2")
    except TrustMeasureError as error:
        return {**row, "note": str(error)}
    return {
        **row,
        "icc": form["icc"],
        "icc_ci_lower": form["ci_lower"],
        "icc_ci_upper": form["ci_upper"],
        "sem": form["sem"],
        "mdc": form["mdc"],
    }


def _means(survey: Survey, name: str) -> pd.Series:
    """Return each person's mean over the answered items of a scale, by the person's id."""
    if survey.responses is None:
        raise DataError("The answers carry no ids.")
    ids = survey.responses.respondents
    scores = survey.answers[list(survey.scales[name])].mean(axis=1).set_axis(ids.astype(str))
    return scores[~scores.index.duplicated()]
