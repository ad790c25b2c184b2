"""Run the study: `python -m benchmarks.careless [--sets N] [--out FILE]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.careless.study import ANTONYMS, CAREFUL, DIRECTIONS, EACH, KINDS, SYNONYMS, Areas, run
from benchmarks.table import table
from trustmeasure.files import write_text
from trustmeasure.versions import versions

RESULTS = Path(__file__).with_name("RESULTS.md")
SETS = 200

HEAD = """\
# Careless respondents

Written by `make bench-careless` (`python -m benchmarks.careless`). {sets} simulated surveys, set i with
the seed i: {careful} careful people and {each} of each kind of careless, 32 items of eight scales, every
fourth worded in reverse (`benchmarks/careless/study.py`). Area under the curve: the share of pairs of a
careless and a careful person in which the index makes the careless one look more careless; 0.5 is chance,
below it the index points the wrong way. A person without the index counts as one who looks careful; in
brackets the share of the careless who have it, where it is not all of them. Synonyms and antonyms are
pairs that correlate beyond {synonyms:g} and {antonyms:g}.

No index finds every kind. Runs and low variability find straight-liners, of whom consistency says
nothing; distance, agreement with other people and consistency find random answers; a diagonal shows in
distance and in disagreement with other people, and fools runs and synonyms; time finds whoever is fast
and nobody else. So `exclude` asks for a rule over several indices. The shares below show what the cited
limits do here: they find the random, the fast and the straight lines, hardly a diagonal, and they also
flag careful people.
"""


def page(found: Areas, sets: int, software: Mapping[str, str]) -> str:
    """Return the whole page."""
    head = HEAD.format(sets=sets, careful=CAREFUL, each=EACH, synonyms=SYNONYMS, antonyms=ANTONYMS)
    auc, known = found.auc.mean(axis=0), found.known.mean(axis=0)
    lines = [
        [name, *(_cell(auc[i, j], known[i, j]) for j in range(len(KINDS)))]
        for i, name in enumerate(DIRECTIONS)
    ]
    shares = ["a flag or more", *(f"{100 * share:.1f} %" for share in found.flagged.mean(axis=0))]
    parts = [head, *table(["index", *KINDS], lines), "", "## With the cited limits", ""]
    parts += [*table(["", *KINDS, "careful"], [shares]), ""]
    parts += ["## Versions", "", *(f"- {name}: {number}" for name, number in software.items()), ""]
    return "\n".join(parts)


def _cell(auc: float, known: float) -> str:
    return f"{auc:.3f}" if known > 0.9995 else f"{auc:.3f} ({100 * known:.0f} %)"


def main(given: Sequence[str] | None = None) -> int:
    """Run the study and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.careless", description=__doc__)
    parser.add_argument("--sets", type=int, default=SETS, help="simulated surveys (%(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the page goes (%(default)s)")
    asked = parser.parse_args(given)
    write_text(asked.out, page(run(range(asked.sets)), asked.sets, versions("numpy", "scipy", "pandas")))
    print(f"Wrote {asked.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
