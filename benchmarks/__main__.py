"""Run the benchmarks: `python -m benchmarks [--cases NAME ...] [--repeats N] [--out FILE]`."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import cases, data, machine, memory
from benchmarks.lavaan import PACKAGES, Lavaan, MissingPeerError, require_r
from benchmarks.sides import PeerError, python
from benchmarks.table import page, seconds, times
from benchmarks.timing import LAVAAN, OURS, SEMOPY, Row, Sides, measure
from trustmeasure.files import write_text

RESULTS = Path(__file__).with_name("RESULTS.md")
REPEATS = 9


def main(given: Sequence[str] | None = None) -> int:
    """Run the chosen cases, write the table; return 1 when answers differ."""
    asked = _arguments(given)
    try:
        wanted = cases.chosen(asked.cases)
        program = require_r((*PACKAGES, *cases.packages(wanted)))
    except (ValueError, MissingPeerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        lavaan = Lavaan(program)
        peer = lavaan.describe()
        command = asked.command or shlex.join(["python", "-m", "benchmarks", *(given or sys.argv[1:])])
        about = machine.describe(peer, command)
        ours, semopy = python(OURS), python(SEMOPY)
        rows = _rows(wanted, Path(folder), Sides(ours, lavaan, semopy), asked.repeats)
        for side in (ours, lavaan, semopy):
            side.close()
        uses = _uses(wanted, program, Path(folder))
        openblas = machine.on_openblas(peer)
        text = page(rows, uses, machine.import_seconds(program), about, openblas=openblas)
    write_text(asked.out, text)
    print(f"Wrote {asked.out}")
    return 0 if all(row.agrees for row in rows) else 1


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--cases", nargs="*", default=[], metavar="NAME", help=", ".join(cases.names()))
    parser.add_argument("--repeats", type=int, default=REPEATS, help="runs of each side (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the table goes (%(default)s)")
    parser.add_argument("--command", default="", help="the command to name in the table")
    return parser.parse_args(given)


def _rows(wanted: Sequence[str], folder: Path, sides: Sides, repeats: int) -> list[Row]:
    rows = []
    for case in cases.CASES:
        if case.name not in wanted:
            continue
        try:
            row = measure(case, data.write(case.data, folder), sides, repeats)
        except PeerError as error:
            raise SystemExit(f"bench: {case.name}: {error}") from error
        said = f"{times(row.ratio)} times faster" if row.agrees else "ANSWERS DIFFER"
        print(
            f"{case.name:22} lavaan {seconds(row.median(LAVAAN)):>8}  ours "
            f"{seconds(row.median(OURS)):>8}  {said} (first calls {times(row.ratio_of_first)})",
            flush=True,
        )
        rows.append(row)
    return rows


def _uses(wanted: Sequence[str], program: str, folder: Path) -> list[memory.Use]:
    uses: list[memory.Use] = []
    if "million" in wanted:
        uses += memory.million(program, folder)
    if "draws-10000" in wanted:
        uses += memory.draws(folder)
    for use in uses:
        print(f"{use.case:12} {use.side:14} {seconds(use.seconds):>8}  {use.peak:6.0f} MB", flush=True)
    return uses


if __name__ == "__main__":
    sys.exit(main())
