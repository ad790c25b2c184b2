"""Shares of intervals that cover -> benchmarks/coverage/RESULTS.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.coverage import study
from benchmarks.coverage.study import TRUTH, Covered
from benchmarks.table import table

LEAST, MOST = 0.93, 0.97

HEAD = """\
# Coverage

Written by `make bench-coverage` (`python -m benchmarks.coverage`). {sets} data sets of {n} rows from the
population below, set i with the seed i; the share of 95 % intervals that cover the population's value. Asked
for: 93 to 97 %. Monte Carlo error of a share of 95 %: {error:.2f} % (one standard error). Bootstrap:
percentile limits of {draws} draws. Non-normal: each variable with skew 1 and excess kurtosis 2 (Vale and
Maurelli), {n} rows or {many}. The level is asked for on normal data and with many rows: the sampling
distribution of a variance of few skewed answers is not yet normal, and no interval here knows that.
"""


def holds(found: Sequence[Covered]) -> bool:
    """Return whether all shares are between 93 and 97 % on the data where that is asked for."""
    asked = [c.shares for c in found if c.data in study.ASKED]
    return all(((shares >= LEAST) & (shares <= MOST)).all() for shares in asked)


def page(found: Sequence[Covered], sets: int, versions: Mapping[str, str]) -> str:
    """Return the whole page."""
    error = 100 * float(np.sqrt(0.95 * 0.05 / sets))
    head = ["parameter", "value", *(f"{c.method}, {c.data}" for c in found)]
    lines = [
        [name, f"{value:g}", *(share(c.shares[i]) for c in found)]
        for i, (name, value) in enumerate(TRUTH.items())
    ]
    lines.append(["mean", "", *(share(float(c.shares.mean())) for c in found)])
    lines.append(["sets without a solution", "", *(str(c.failed) for c in found)])
    parts = [
        HEAD.format(sets=sets, n=study.N, many=study.MANY, error=error, draws=study.DRAWS),
        *table(head, lines),
        "",
    ]
    parts += ["## Population and model", "", "```", study.POPULATION.rstrip(), "```", ""]
    parts += ["```", study.ANALYSIS.rstrip(), "```", ""]
    parts += ["## Versions", "", *(f"- {name}: {number}" for name, number in versions.items()), ""]
    return "\n".join(parts)


def share(value: float) -> str:
    """Return a share in percent, bold when it is not between 93 and 97 %."""
    shown = f"{100 * value:.1f} %"
    return shown if LEAST <= value <= MOST else f"**{shown}**"
