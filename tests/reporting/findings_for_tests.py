"""Findings of a small survey, put together without a study file."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.study.surveys import MODEL, survey
from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.instruments.frozen import FrozenMap
from trustmeasure.reliability_analysis import reliability
from trustmeasure.reporting import Findings, Provenance
from trustmeasure.responses import Responses, read_responses
from trustmeasure.sem import SemResult, fit_sem
from trustmeasure.study.parts import measurement_text


def responses(data: pd.DataFrame | None = None, **options: Any) -> Responses:
    """Return the answers of the small survey, three of them missing."""
    if data is None:
        data = survey()
        data.loc[[1, 2, 3], "sat_2"] = np.nan
    return read_responses(data, ["satisfaction", "repurchase"], **options)


def fitted(model: str, data: Any, **options: Any) -> SemResult:
    """Return a fitted model without its warnings said aloud."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return fit_sem(model, data, **options)


@cache
def findings() -> Findings:
    """Return findings with all parts."""
    answers = responses()
    return Findings(
        responses=answers,
        title="A <small> study & more",
        authors=("A. Author", "乙"),
        reliability=reliability(answers),
        scores=answers.scores(),
        measurement=fitted(measurement_text(MODEL), answers),
        structural=fitted(MODEL, answers),
        provenance=Provenance(
            study="study.toml",
            study_sha256="ab" * 32,
            data="answers.csv",
            created="2025-05-06T07:08:09+00:00",
            seed=1,
            versions=FrozenMap.of({"trustmeasure": "0.1.0", "python": "3.11.0", "numpy": "2.0.0"}),
        ),
    )
