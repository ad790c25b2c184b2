"""Recovery and coverage for ordinal answers: `python -m benchmarks.coverage.ordinal [--sets N]`."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.coverage.report import LEAST, MOST, share
from benchmarks.table import table
from trustmeasure.errors import TrustMeasureError
from trustmeasure.files import write_text
from trustmeasure.sem import fit_sem
from trustmeasure.versions import versions

Array = npt.NDArray[np.float64]

RESULTS = Path(__file__).with_name("ORDINAL.md")
SETS = 1_000
N = 400
"""Rows of a data set."""
MODEL = """\
f =~ x1 + x2 + x3 + x4
g =~ y1 + y2 + y3
g ~ a*f
again ~ b*g + c*f
indirect := a*b
"""
LOADINGS: Mapping[str, tuple[str, float]] = {
    "x1": ("f", 0.8),
    "x2": ("f", 0.7),
    "x3": ("f", 0.75),
    "x4": ("f", 0.6),
    "y1": ("g", 0.75),
    "y2": ("g", 0.8),
    "y3": ("g", 0.7),
}
"""Standardised loadings."""
A, B, C = 0.5, 0.5, 0.3
"""Paths between factors in the units of x1 and y1, and to the response behind the yes-or-no outcome."""
CUTS: Mapping[str, tuple[float, ...]] = {"symmetric": (-1.5, -0.5, 0.5, 1.5), "skewed": (-0.3, 0.4, 1.0, 1.6)}
"""Thresholds of the five categories of every item."""
CUT = 0.3
"""Threshold of the outcome."""
METHODS = ("WLSMV", "ULSMV")


def truth(data: str) -> dict[str, float]:
    """Return the population's values by relation."""
    f, g = LOADINGS["x1"][1], LOADINGS["y1"][1]
    found = {
        f"f=~{x}": loading / f for x, (factor, loading) in LOADINGS.items() if factor == "f" and x != "x1"
    }
    found |= {
        f"g=~{y}": loading / g for y, (factor, loading) in LOADINGS.items() if factor == "g" and y != "y1"
    }
    found |= {"g~f": A, "again~g": B, "again~f": C, "f~~f": f**2, "g~~g": g**2 - A**2 * f**2}
    found |= {f"x1|t{k}": cut for k, cut in enumerate(CUTS[data], start=1)}
    return found | {"again|t1": CUT, "indirect": A * B}


def answers(data: str, seed: int) -> pd.DataFrame:
    """Return one data set; responses have the variance 1."""
    rng = np.random.default_rng(seed)
    f = LOADINGS["x1"][1] * rng.normal(size=N)
    own = LOADINGS["y1"][1] ** 2 - A**2 * LOADINGS["x1"][1] ** 2
    g = A * f + np.sqrt(own) * rng.normal(size=N)
    factors, units = {"f": f, "g": g}, {"f": LOADINGS["x1"][1], "g": LOADINGS["y1"][1]}
    found = {}
    for name, (factor, loading) in LOADINGS.items():
        error = np.sqrt(1.0 - loading**2) * rng.normal(size=N)
        found[name] = np.digitize(factors[factor] * loading / units[factor] + error, CUTS[data]) + 1
    explained = B**2 * units["g"] ** 2 + C**2 * units["f"] ** 2 + 2 * B * C * A * units["f"] ** 2
    response = B * g + C * f + np.sqrt(1.0 - explained) * rng.normal(size=N)
    return pd.DataFrame(found | {"again": (response > CUT).astype(int)})


@dataclass(frozen=True, slots=True)
class Recovered:
    """What one estimator did on one kind of data.

    Attributes
    ----------
    method, data : str
        One of `METHODS`, a key of `CUTS`.
    estimates, errors : arrays, shape (data sets with a solution, parameters of `truth`)
        Estimates and their standard errors.
    hits : array of bool, same shape
        Whether the 95 % interval covers the truth.
    p_values : array, shape (data sets with a solution,)
        Of the scaled and shifted test.
    failed : int
        Data sets without a solution.
    """

    method: str
    data: str
    estimates: Array
    errors: Array
    hits: npt.NDArray[np.bool_]
    p_values: Array
    failed: int

    @property
    def shares(self) -> Array:
        """Return the share of intervals that cover, a parameter each."""
        return np.asarray(self.hits.mean(axis=0))

    @property
    def bias(self) -> Array:
        """Return the mean deviation of the estimates from the truth."""
        return np.asarray(self.estimates.mean(axis=0) - np.array(list(truth(self.data).values())))

    @property
    def error_ratio(self) -> Array:
        """Return mean standard errors divided by the standard deviation of the estimates."""
        return np.asarray(self.errors.mean(axis=0) / self.estimates.std(axis=0, ddof=1))

    @property
    def rejected(self) -> float:
        """Return the share of data sets whose model, which is right, is rejected at 5 %."""
        return float((self.p_values < 0.05).mean())


def run(method: str, data: str, sets: int) -> Recovered:
    """Fit `sets` data sets; set i has the seed i."""
    values = truth(data)
    rows, p_values, failed = [], [], 0
    for seed in range(sets):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fit = fit_sem(MODEL, answers(data, seed), ordered=True, estimator=method)
        except TrustMeasureError:
            failed += 1
            continue
        rows.append(named(fit.parameters, list(values)))
        p_values.append(float(fit.fit_measures["pvalue_scaled"]))
    found = np.array(rows).reshape(-1, len(values), 4)
    held = np.array(list(values.values()))
    hits = (found[..., 2] <= held) & (held <= found[..., 3])
    return Recovered(method, data, found[..., 0], found[..., 1], hits, np.array(p_values), failed)


def named(frame: pd.DataFrame, names: Sequence[str]) -> Array:
    """Return estimate, standard error and limits of the named rows, shape (k, 4)."""
    keys = frame["lhs"].where(frame["op"] == ":=", frame["lhs"] + frame["op"] + frame["rhs"])
    rows = frame.set_index(pd.Index(keys)).loc[list(names)]
    return rows[["estimate", "se", "ci_lower", "ci_upper"]].to_numpy(dtype=float)


def holds(found: Sequence[Recovered]) -> bool:
    """Return whether all shares are between 93 and 97 %."""
    return all(((c.shares >= LEAST) & (c.shares <= MOST)).all() for c in found)


HEAD = """\
# Recovery and coverage for ordinal answers

Written by `python -m benchmarks.coverage.ordinal` (part of `make bench-coverage`). {sets} data sets of {n}
rows, set i with the seed i: seven items with five categories and a yes-or-no outcome. Share of 95 % intervals
that cover the population's value (asked for: 93 to 97 %; Monte Carlo error {error:.2f} %), mean deviation of
the estimate from it ("bias"), and mean standard error divided by the standard deviation of the estimates.
"Rejected at 5 %" is the share of data sets in which the scaled and shifted test rejects the model, which is
right.

{cuts}
"""


def page(found: Sequence[Recovered], sets: int, used: Mapping[str, str]) -> str:
    """Return the whole page."""
    cuts = "\n".join(
        f"- {name} answers: cut at {', '.join(f'{x:g}' for x in at)}" for name, at in CUTS.items()
    )
    error = 100 * float(np.sqrt(0.95 * 0.05 / sets))
    parts = [HEAD.format(sets=sets, n=N, cuts=cuts, error=error)]
    parts += ["## Summary", "", *_summary(found), ""]
    for c in found:
        parts += [f"## {c.method}, {c.data} answers", "", *_detail(c), ""]
    parts += ["## Model", "", "```", MODEL.rstrip(), "```", ""]
    parts += ["## Versions", "", *(f"- {name}: {number}" for name, number in used.items()), ""]
    return "\n".join(parts)


def _summary(found: Sequence[Recovered]) -> list[str]:
    rows = [
        [
            f"{c.method}, {c.data}",
            share(float(c.shares.mean())),
            f"{100 * c.shares.min():.1f} to {100 * c.shares.max():.1f} %",
            f"{np.abs(c.bias).max():.3f}",
            f"{100 * c.rejected:.1f} %",
            str(c.failed),
        ]
        for c in found
    ]
    head = [
        "estimator, answers",
        "mean share",
        "shares",
        "largest bias",
        "rejected at 5 %",
        "without a solution",
    ]
    return table(head, rows)


def _detail(c: Recovered) -> list[str]:
    values = truth(c.data)
    columns = zip(values.items(), c.shares, c.bias, c.error_ratio, strict=True)
    rows = [
        [n.replace("|", "\\|"), f"{v:.4g}", share(float(s)), f"{b:+.4f}", f"{r:.3f}"]
        for (n, v), s, b, r in columns
    ]
    return table(["parameter", "value", "covered", "bias", "error / sd"], rows)


def main(given: Sequence[str] | None = None) -> int:
    """Run all estimators on all data, write the page; return 1 when a share is not between 93 and 97 %."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage.ordinal", description=__doc__)
    parser.add_argument("--sets", type=int, default=SETS, help="data sets (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page goes (%(default)s)")
    asked = parser.parse_args(given)
    jobs = (joblib.delayed(run)(method, data, asked.sets) for data in CUTS for method in METHODS)
    found = list(joblib.Parallel(n_jobs=asked.workers)(jobs))
    write_text(asked.out, page(found, asked.sets, versions("numpy", "scipy", "pandas")))
    print(f"Wrote {asked.out}: {'as asked for' if holds(found) else 'NOT AS ASKED FOR'}")
    return 0 if holds(found) else 1


if __name__ == "__main__":
    sys.exit(main())
