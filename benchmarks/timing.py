"""Timing of one case: sides in turn, medians, and agreement before any of it."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.answers import BOUNDS, Gap, compare
from benchmarks.cases import Case
from benchmarks.lavaan import Lavaan
from benchmarks.ours import Ours
from benchmarks.second import Semopy


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one case.

    Attributes
    ----------
    case : Case
        The case.
    seconds : mapping of str to list of float
        Every run by side.
    gap : Gap
        Largest differences between ours and lavaan.
    agrees : bool
        Whether they are within the bounds of the case.
    other : (float, Gap) or None
        Seconds of the further function that the case names, and the largest differences between ours and it.
    """

    case: Case
    seconds: Mapping[str, list[float]]
    gap: Gap
    agrees: bool = field(default=True)
    other: tuple[float, Gap] | None = None

    def median(self, side: str) -> float | None:
        """Return the median seconds of a side, None when it did not run."""
        runs = self.seconds.get(side)
        return statistics.median(runs) if runs else None

    @property
    def ratio(self) -> float | None:
        """How many times faster ours is than lavaan, None when one is missing."""
        ours, peer = self.median(Ours.name), self.median(Lavaan.name)
        return peer / ours if ours and peer else None


def measure(case: Case, path: Path, lavaan: Lavaan, repeats: int) -> Row:
    """Compare the answers of both sides, then time all sides in turn.

    A long case is run once by lavaan, and that run is the one whose answer is compared.
    """
    ours = Ours(case, path)
    lavaan.prepare(case, path)
    ours.run()
    first = lavaan.run() / case.peer_share
    gap = compare(ours.answer(), lavaan.answer())
    if not gap.within(BOUNDS[case.work]):
        return Row(case, {}, gap, agrees=False)
    sides: dict[str, Callable[[], float]] = {Ours.name: lambda: timed(ours.run)}
    if not case.long:
        sides[Lavaan.name] = lavaan.run
    if case.semopy:
        peer = Semopy(case, path)
        peer.run()
        sides[Semopy.name] = lambda: timed(peer.run)
    seconds = in_turn(sides, repeats)
    other = (lavaan.run_other(), compare(ours.answer(), lavaan.answer())) if case.other else None
    return Row(case, seconds | ({Lavaan.name: [first]} if case.long else {}), gap, other=other)


def in_turn(sides: Mapping[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """Run each side once, then each again, so that a slow minute of the machine hits all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(repeats):
        for name, run in sides.items():
            seconds[name].append(run())
    return seconds


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
