"""The survey and the cases of tests/reference/ordinal_reliability."""

from __future__ import annotations

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.errors import TrustMeasureWarning
from trustmeasure.sem import SemResult, fit_sem

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "ordinal_reliability"
STORED = json.loads((FOLDER / "reliability.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = STORED["cases"]
WITH_OMEGA = [name for name, case in CASES.items() if not case["leave"]]
ORTHOGONAL = "\ngg ~~ 0*sa + 0*sb\nsa ~~ 0*sb"
OUR_NAMES = {"std.lv": "std_lv", "group.equal": "group_equal"}


@cache
def survey() -> pd.DataFrame:
    """Return the simulated survey."""
    return pd.read_csv(FOLDER / "data" / "survey.csv")


def matrix(stored: dict[str, Any]) -> pd.DataFrame:
    """Return a stored matrix with its names."""
    return pd.DataFrame(stored["values"], index=stored["rows"], columns=stored["columns"], dtype=float)


def fit_of(model: str, **options: Any) -> SemResult:
    """Fit a model to the survey; all items but v1 to v3 are ordinal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrustMeasureWarning)
        return fit_sem(model, survey(), ordered=[n for n in STORED["ordered"] if n in model], **options)


@cache
def fitted(name: str, parameterization: str) -> SemResult:
    """Return our fit of a case, made once."""
    options = {OUR_NAMES.get(k, k): v for k, v in CASES[name]["options"].items()}
    model = CASES[name]["model"] + (ORTHOGONAL if options.pop("orthogonal", False) else "")
    return fit_of(model, parameterization=parameterization, **options)
