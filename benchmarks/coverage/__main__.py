"""Run the study: `python -m benchmarks.coverage [--sets N] [--workers N] [--out FILE]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import joblib

from benchmarks.coverage import report
from benchmarks.coverage.study import PAIRS, run
from trustmeasure.files import write_text
from trustmeasure.versions import versions

RESULTS = Path(__file__).with_name("RESULTS.md")
SETS = 2_000


def main(given: Sequence[str] | None = None) -> int:
    """Run all methods, write the page; return 1 when a share is not between 93 and 97 %."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--sets", type=int, default=SETS, help="data sets (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page goes (%(default)s)")
    asked = parser.parse_args(given)
    jobs = (joblib.delayed(run)(method, data, asked.sets) for method, data in PAIRS)
    found = list(joblib.Parallel(n_jobs=asked.workers)(jobs))
    write_text(asked.out, report.page(found, asked.sets, versions("numpy", "scipy", "pandas")))
    print(f"Wrote {asked.out}: {'as asked for' if report.holds(found) else 'NOT AS ASKED FOR'}")
    return 0 if report.holds(found) else 1


if __name__ == "__main__":
    sys.exit(main())
