"""Simulated data sets, and which of their intervals cover the population's values."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustmeasure.errors import TrustMeasureError
from trustmeasure.sem import bootstrap, fit_sem, simulate

N = 400
"""Rows of a data set, unless its kind says otherwise."""
MANY = 1600
"""Rows that let robust intervals of variances reach their level on skewed data."""
DRAWS = 500
"""Bootstrap draws of a data set."""
POPULATION = """\
f =~ 1*m1 + 0.8*m2 + 0.9*m3
f ~ 0.4*x
y ~ 0.5*f + 0.2*x
f ~~ 0.84*f
m1 ~~ 0.6*m1
m2 ~~ 0.5*m2
m3 ~~ 0.7*m3
y ~~ 0.7*y
x ~~ 1*x
"""
ANALYSIS = """\
f =~ m1 + m2 + m3
f ~ a*x
y ~ b*f + c*x
indirect := a*b
total := c + a*b
"""
TRUTH: Mapping[str, float] = {
    "f=~m2": 0.8,
    "f=~m3": 0.9,
    "f~x": 0.4,
    "y~f": 0.5,
    "y~x": 0.2,
    "m1~~m1": 0.6,
    "m2~~m2": 0.5,
    "m3~~m3": 0.7,
    "y~~y": 0.7,
    "f~~f": 0.84,
    "indirect": 0.2,
    "total": 0.4,
}
"""The values in `POPULATION`, and what follows from them."""
DATA: Mapping[str, Mapping[str, Any]] = {
    "normal": {},
    "non-normal": {"distribution": "vale_maurelli", "skew": 1.0, "kurtosis": 2.0},
    "non-normal, many rows": {"distribution": "vale_maurelli", "skew": 1.0, "kurtosis": 2.0, "n": MANY},
}
"""Distributions: normal, and one with skew 1 and excess kurtosis 2 in each variable."""


def _wald(estimator: str) -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    def intervals(data: pd.DataFrame, _: int) -> pd.DataFrame:
        return fit_sem(ANALYSIS, data, estimator=estimator).parameters

    return intervals


def _percentile(data: pd.DataFrame, seed: int) -> pd.DataFrame:
    found = bootstrap(fit_sem(ANALYSIS, data), data, n=DRAWS, seed=seed, workers=1, progress=False)
    return found.parameters("percentile")


METHODS: Mapping[str, Callable[[pd.DataFrame, int], pd.DataFrame]] = {
    "ML": _wald("ML"),
    "MLR": _wald("MLR"),
    "bootstrap": _percentile,
}
PAIRS = (
    ("ML", "normal"),
    ("MLR", "normal"),
    ("MLR", "non-normal"),
    ("bootstrap", "normal"),
    ("bootstrap", "non-normal"),
    ("MLR", "non-normal, many rows"),
    ("bootstrap", "non-normal, many rows"),
)
"""Method and data; ML is made for normal data only."""
ASKED = ("normal", "non-normal, many rows")
"""Data on which intervals must reach their level; few skewed rows show what large-sample theory leaves."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What one method did on one kind of data.

    Attributes
    ----------
    method, data : str
        Keys of `METHODS` and `DATA`.
    hits : array of bool, shape (data sets with a solution, parameters of `TRUTH`)
        Whether the interval covers the truth.
    failed : int
        Data sets without a solution.
    """

    method: str
    data: str
    hits: npt.NDArray[np.bool_]
    failed: int

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """Return the share of intervals that cover, a parameter each."""
        return np.asarray(self.hits.mean(axis=0))


def run(method: str, data: str, sets: int) -> Covered:
    """Count what the intervals of a method cover in `sets` data sets; set i has the seed i."""
    truth = np.array(list(TRUTH.values()))
    hits, failed = [], 0
    for seed in range(sets):
        options: dict[str, Any] = {"n": N, "seed": seed, **DATA[data]}
        frame = simulate(POPULATION, **options)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                low, high = limits(METHODS[method](frame, seed))
        except TrustMeasureError:
            failed += 1
            continue
        hits.append((low <= truth) & (truth <= high))
    return Covered(method, data, np.array(hits, dtype=bool).reshape(-1, truth.size), failed)


def limits(frame: pd.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the limits of a parameter frame in the order of `TRUTH`."""
    defined = frame["op"] == ":="
    keys = frame["lhs"].where(defined, frame["lhs"] + frame["op"] + frame["rhs"])
    named = frame.set_index(pd.Index(keys)).loc[list(TRUTH)]
    return named["ci_lower"].to_numpy(dtype=float), named["ci_upper"].to_numpy(dtype=float)
