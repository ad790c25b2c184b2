"""Run the study: `python -m benchmarks.number_of_factors [--replications N] [--kind KIND] [--out FILE]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.number_of_factors.study import DESIGNS, EACH, Design, found, shares
from benchmarks.table import table
from trustmeasure.files import write_text
from trustmeasure.versions import versions

RESULTS = Path(__file__).with_name("RESULTS.md")

HEAD = """\
# Which criterion finds the number of factors?

Written by `python -m benchmarks.number_of_factors`. Percent of {replications} simulated surveys in which a
criterion names the number of factors that the answers were drawn from: {each} items a factor
(10 of one alone), answers from 1 to 5, {kind} correlations, 100 random samples in the parallel analysis. The
last row is the mean of all conditions. Monte Carlo error of 90 %: {error:.0f} % (one standard error).
"""


def main(given: Sequence[str] | None = None) -> int:
    """Run every condition and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.number_of_factors", description=__doc__)
    parser.add_argument("--replications", type=int, default=50, help="data sets (%(default)s)")
    parser.add_argument("--seed", type=int, default=20_261_122, help="of the first condition (%(default)s)")
    parser.add_argument("--kind", default="pearson", choices=["pearson", "polychoric"])
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page goes (%(default)s)")
    asked = parser.parse_args(given)
    columns = {}
    for i, design in enumerate(DESIGNS):
        rows = found(design, asked.replications, asked.seed + i, asked.kind)
        columns[design] = shares(rows, design.factors)
        print(f"{i + 1}/{len(DESIGNS)} {design}", flush=True)
    write_text(asked.out, page(columns, asked.replications, asked.kind))
    print(f"Wrote {asked.out}")
    return 0


def page(columns: Mapping[Design, pd.Series], replications: int, kind: str) -> str:
    """Return the study as Markdown: conditions down, criteria across."""
    shares_of = pd.DataFrame(dict(enumerate(columns.values()))).T[list(next(iter(columns.values())).index)]
    lines = [
        [f"{d.factors}", f"{d.loading:g}", f"{d.correlation:g}", f"{d.n}", *_percent(shares_of.iloc[i])]
        for i, d in enumerate(columns)
    ]
    lines.append(["mean", "", "", "", *_percent(shares_of.mean())])
    head = ["factors", "loading", "correlation", "n", *map(str, shares_of.columns)]
    error = 100.0 * (0.9 * 0.1 / replications) ** 0.5
    about = HEAD.format(replications=replications, each=EACH, kind=kind, error=error)
    made = [f"- {name}: {number}" for name, number in versions("numpy", "scipy", "pandas").items()]
    return "\n".join([about, *table(head, lines), "", *made, ""])


def _percent(shares_of: Any) -> list[str]:
    return [f"{100 * share:.0f}" for share in shares_of.to_list()]


if __name__ == "__main__":
    sys.exit(main())
