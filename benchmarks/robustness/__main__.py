"""Run the study: `python -m benchmarks.robustness [--each N] [--out FILE]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.lavaan import MissingPeerError, require_r
from benchmarks.robustness import report
from benchmarks.robustness.designs import EACH, SEED, problems
from benchmarks.robustness.sides import lavaan, ours
from trustmeasure.files import write_text
from trustmeasure.versions import versions

RESULTS = Path(__file__).with_name("RESULTS.md")


def main(given: Sequence[str] | None = None) -> int:
    """Fit everything on both sides, write the page; return 1 when what is asked for does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("--each", type=int, default=EACH, help="samples of each design (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page goes (%(default)s)")
    asked = parser.parse_args(given)
    try:
        program = require_r()
    except MissingPeerError as error:
        print(f"bench-robustness: {error}", file=sys.stderr)
        return 2
    every = list(problems(asked.each))
    with tempfile.TemporaryDirectory() as folder:
        peer, peer_versions = lavaan(program, every, Path(folder))
    both = [report.Both(problem, ours(problem), peer[problem.name]) for problem in every]
    text = report.page(both, {**versions("numpy", "scipy", "pandas"), **peer_versions}, SEED)
    write_text(asked.out, text)
    print(f"Wrote {asked.out}: {'as asked for' if report.holds(both) else 'NOT AS ASKED FOR'}")
    return 0 if report.holds(both) else 1


if __name__ == "__main__":
    sys.exit(main())
