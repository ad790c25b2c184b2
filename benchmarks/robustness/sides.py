"""Each side's outcome for each problem."""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.robustness.designs import Problem
from trustmeasure.errors import TrustMeasureError
from trustmeasure.sem import fit_sem

SCRIPT = Path(__file__).with_name("lavaan.R")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fit.

    Attributes
    ----------
    converged : bool
        Whether a minimum was reached.
    minimum : float
        Discrepancy F there; NaN without one.
    said : str
        The message, when there is no minimum.
    """

    converged: bool
    minimum: float
    said: str = ""


def ours(problem: Problem) -> Outcome:
    """Fit a problem with trustmeasure."""
    group: dict[str, Any] = {"group": "part", "group_equal": problem.group_equal}
    options = group if "part" in problem.frame else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = fit_sem(problem.model, problem.frame, **options)
        except TrustMeasureError as error:
            return Outcome(False, float("nan"), str(error))
    return Outcome(True, result.discrepancy)


def lavaan(
    program: str, problems: Sequence[Problem], folder: Path
) -> tuple[dict[str, Outcome], Mapping[str, str]]:
    """Fit all problems in one R process; return outcomes by name, and the versions."""
    for problem in problems:
        problem.frame.to_csv(folder / f"{problem.name}.csv", index=False)
    listed = [{"name": p.name, "model": p.model, "group_equal": list(p.group_equal)} for p in problems]
    (folder / "problems.json").write_text(json.dumps(listed), encoding="utf-8")
    subprocess.run([program, "--vanilla", str(SCRIPT), str(folder)], check=True)  # noqa: S603 - our own script
    read = json.loads((folder / "lavaan.json").read_text(encoding="utf-8"))
    return {name: _outcome(x) for name, x in read["found"].items()}, read["versions"]


def _outcome(x: Mapping[str, Any]) -> Outcome:
    minimum = float("nan") if x["minimum"] is None else float(x["minimum"])
    return Outcome(bool(x["converged"]), minimum, str(x["said"]))
