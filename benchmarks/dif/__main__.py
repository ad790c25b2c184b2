"""Run the study: `python -m benchmarks.dif [--sets N] [--workers N] [--out FILE]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import joblib
import numpy as np

from benchmarks.dif.study import CONDITIONS, ITEMS, METHODS, PEOPLE, Found, run
from trustmeasure.files import write_text
from trustmeasure.versions import versions

RESULTS = Path(__file__).with_name("RESULTS.md")
SETS = 500
HEAD = """\
# Differential item functioning: planted items and wrong flags

Written by `make bench-dif` (`python -m benchmarks.dif`). {sets} data sets of each kind, set i with the seed
i: two groups of {people} people, {items} items of five categories, slopes from 1 to 2, planted differences in
the second group. `tm.dif` flags by the total test at .05, corrected by Holm. The Monte Carlo error of a share
of .05 of the data sets is {error:.3f} (one standard error).

- *error rate*: items without difference whose uncorrected p lies below .05
- *any wrong*: data sets in which any item without difference is flagged
- *power*: planted items that are flagged
- *exact*: data sets in which exactly the planted items are flagged

| planted | matched on | error rate | any wrong | power | exact |
| --- | --- | ---: | ---: | ---: | ---: |
"""


def _row(found: Found) -> str:
    power = "" if np.isnan(found.power) else f"{found.power:.3f}"
    shares = f"{found.error_rate:.3f} | {found.any_wrong:.3f} | {power} | {found.exact:.3f}"
    return f"| {found.condition} | {found.method} | {shares} |\n"


def page(rows: Sequence[Found], sets: int) -> str:
    """Return the page of results."""
    error = float(np.sqrt(0.05 * 0.95 / sets))
    head = HEAD.format(sets=sets, people=PEOPLE, items=ITEMS, error=error)
    made = ", ".join(f"{name} {version}" for name, version in versions("numpy", "scipy", "pandas").items())
    return f"{head}{''.join(_row(row) for row in rows)}\nVersions: {made}.\n"


def main(given: Sequence[str] | None = None) -> int:
    """Run all methods in all conditions and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dif", description=__doc__)
    parser.add_argument("--sets", type=int, default=SETS, help="data sets (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page goes (%(default)s)")
    asked = parser.parse_args(given)
    jobs = [
        joblib.delayed(run)(condition, method, asked.sets) for condition in CONDITIONS for method in METHODS
    ]
    found = list(joblib.Parallel(n_jobs=asked.workers)(jobs))
    write_text(asked.out, page(found, asked.sets))
    print(f"Wrote {asked.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
