"""The cases through semopy, where it can do them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.answers import Answer
from benchmarks.cases import Case


class Semopy:
    """One prepared case: `run` is what is timed."""

    name = "semopy"

    def __init__(self, case: Case, path: Path) -> None:
        self.case = case
        self.frame = pd.read_csv(path)

    def run(self) -> None:
        """Fit, with standard errors, the standardised solution and the fit indices."""
        self.inspected()

    def answer(self) -> Answer:
        """Return nothing: its answers are not compared, as its model has no indirect effects."""
        return Answer({}, {})

    def inspected(self) -> Any:
        """Return the table of estimates of a whole call."""
        import semopy

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = semopy.Model(self.case.semopy)
            model.fit(self.frame)
            table = model.inspect(std_est=True)
            semopy.calc_stats(model)
        return table
