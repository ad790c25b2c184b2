"""Timing of one case: sides in turn, medians, and agreement before any of it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.answers import BOUNDS, Gap, compare
from benchmarks.cases import Case
from benchmarks.sides import Peer, Side

OURS, LAVAAN, SEMOPY = "trustmeasure", "lavaan", "semopy"
TURN = 0.5
"""Seconds for which a side calls the same over and over when its turn comes."""

Turns = Sequence[Sequence[float]]
"""Seconds of each call, turn by turn."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Who is timed, each in a process of its own."""

    ours: Side
    lavaan: Peer
    semopy: Side


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one case.

    Attributes
    ----------
    case : Case
        The case.
    seconds : mapping of str to Turns
        Every call by side.
    gap : Gap
        Largest differences between ours and lavaan.
    agrees : bool
        Whether they are within the bounds of the case.
    other : (float, Gap) or None
        Seconds of the further function that the case names, and the largest differences between ours and it.
    """

    case: Case
    seconds: Mapping[str, Turns]
    gap: Gap
    agrees: bool = field(default=True)
    other: tuple[float, Gap] | None = None

    def median(self, side: str) -> float | None:
        """Return the median over turns of their median call, None when a side did not run."""
        turns = self.seconds.get(side)
        return statistics.median(statistics.median(turn) for turn in turns) if turns else None

    def first(self, side: str) -> float | None:
        """Return the median over turns of their first call, which comes after others had the machine."""
        turns = self.seconds.get(side)
        return statistics.median(turn[0] for turn in turns) if turns else None

    @property
    def ratio(self) -> float | None:
        """How many times faster ours is than lavaan, None when one is missing."""
        return _ratio(self.median(OURS), self.median(LAVAAN))

    @property
    def ratio_of_first(self) -> float | None:
        """How many times faster our first calls are than lavaan's, None when one is missing."""
        return _ratio(self.first(OURS), self.first(LAVAAN))


def _ratio(ours: float | None, peer: float | None) -> float | None:
    return peer / ours if ours and peer else None


def measure(case: Case, path: Path, sides: Sides, repeats: int) -> Row:
    """Compare the answers of ours and lavaan, then time all sides in turn.

    A long case is run once by lavaan, and that run is the one whose answer is compared.
    """
    sides.ours.prepare(case, path)
    sides.lavaan.prepare(case, path)
    sides.ours.turn(0.0)
    first = [x / case.peer_share for x in sides.lavaan.turn(0.0)]
    gap = compare(sides.ours.answer(), sides.lavaan.answer())
    if not gap.within(BOUNDS[case.work]):
        return Row(case, {}, gap, agrees=False)
    timed = {OURS: sides.ours} | ({} if case.long else {LAVAAN: sides.lavaan})
    if case.semopy:
        sides.semopy.prepare(case, path)
        sides.semopy.turn(0.0)
        timed[SEMOPY] = sides.semopy
    seconds = in_turn(timed, repeats)
    if case.long:
        seconds[LAVAAN] = [first]
    other = (
        (sides.lavaan.run_other(), compare(sides.ours.answer(), sides.lavaan.answer()))
        if case.other
        else None
    )
    return Row(case, seconds, gap, other=other)


def in_turn(sides: Mapping[str, Side], repeats: int) -> dict[str, list[list[float]]]:
    """Give each side a turn, then each another one, so that a slow minute of the machine hits all of them."""
    seconds: dict[str, list[list[float]]] = {name: [] for name in sides}
    for _ in range(repeats):
        for name, side in sides.items():
            seconds[name].append(side.turn(TURN))
    return seconds
