"""Outcomes of both sides -> benchmarks/robustness/RESULTS.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.robustness.designs import DESIGNS, Problem, about
from benchmarks.robustness.sides import Outcome
from benchmarks.table import table

WORSE = 1e-6
"""By how much a minimum must be above the other side's to be worse."""
CAUSES = ("The cause:", "not identified", "not positive definite", "free parameters but only", "too few")
"""What a message that names the cause begins with, or holds."""


HEAD = """\
# Robustness

Written by `make bench-robustness` (`python -m benchmarks.robustness`, seed {seed}; designs in designs.py).
{count} simulated samples of 30 to 200 rows that are small for their model, or do not fit it, each fitted by
trustmeasure and by lavaan from the same file, with the defaults of both. F is the discrepancy (twice lavaan's
`fmin`).
"""


@dataclass(frozen=True, slots=True)
class Both:
    """A problem with the outcomes of trustmeasure and of lavaan."""

    problem: Problem
    own: Outcome
    peer: Outcome

    @property
    def solved(self) -> bool:
        """Whether both sides reached a minimum."""
        return self.own.converged and self.peer.converged

    @property
    def gap(self) -> float:
        """By how much our minimum is above lavaan's."""
        return self.own.minimum - self.peer.minimum


def solved(both: Sequence[Both]) -> tuple[int, int]:
    """Return how many problems trustmeasure and lavaan solve."""
    return sum(b.own.converged for b in both), sum(b.peer.converged for b in both)


def worse(both: Sequence[Both]) -> list[Both]:
    """Return the problems whose minimum is worse here than in lavaan."""
    return [b for b in both if b.solved and b.gap > WORSE]


def lost(both: Sequence[Both]) -> list[Both]:
    """Return the problems that lavaan solves and trustmeasure does not."""
    return [b for b in both if b.peer.converged and not b.own.converged]


def unexplained(both: Sequence[Both]) -> list[Both]:
    """Return our failures whose message names no cause."""
    return [b for b in both if not b.own.converged and not any(cause in b.own.said for cause in CAUSES)]


def holds(both: Sequence[Both]) -> bool:
    """Return whether as many converge here as there, none to a worse minimum, and all failures are named."""
    own, peer = solved(both)
    return own >= peer and not worse(both) and not unexplained(both)


def page(both: Sequence[Both], versions: Mapping[str, str], seed: int) -> str:
    """Return the whole page."""
    parts = [HEAD.format(seed=seed, count=len(both)), *_summary(both), "", *_table(both), ""]
    parts += ["## Where they part", "", *(_parting(both) or ["Nowhere."]), ""]
    parts += ["## Versions", "", *(f"- {name}: {number}" for name, number in versions.items()), ""]
    return "\n".join(parts)


def _summary(both: Sequence[Both]) -> list[str]:
    own, peer = solved(both)
    gaps = [b.gap for b in both if b.solved]
    return [
        f"- Converged: trustmeasure {own} of {len(both)} ({_share(own, both)}), "
        f"lavaan {peer} of {len(both)} ({_share(peer, both)}).",
        f"- Minimum worse than lavaan's by more than {WORSE:g}: {len(worse(both))}; better by more than "
        f"that: {sum(g < -WORSE for g in gaps)}; largest F(ours) - F(lavaan): "
        f"{max(gaps, default=math.nan):.1e}.",
        f"- Solved by lavaan alone: {len(lost(both))}; by trustmeasure alone: "
        f"{sum(b.own.converged and not b.peer.converged for b in both)}.",
        f"- Failures here whose message names no cause: {len(unexplained(both))}.",
    ]


def _share(count: int, both: Sequence[Both]) -> str:
    return f"{100 * count / len(both):.1f} %"


def _table(both: Sequence[Both]) -> list[str]:
    head = ["design", "samples", "trustmeasure converged", "lavaan converged", "worse", "better"]
    lines = []
    for name in DESIGNS:
        own = [b for b in both if b.problem.name.rsplit("-", 1)[0] == name]
        better = sum(b.solved and b.gap < -WORSE for b in own)
        shown = [str(count) for count in solved(own)]
        lines.append([f"{name}: {about(name)}", str(len(own)), *shown, str(len(worse(own))), str(better)])
    return table(head, lines)


def _parting(both: Sequence[Both]) -> list[str]:
    lines = [
        f"- {b.problem.name}: F = {b.own.minimum:.8f} here, {b.peer.minimum:.8f} in lavaan."
        for b in worse(both)
    ]
    lines += [f"- {b.problem.name}: solved by lavaan alone. {b.own.said}" for b in lost(both)]
    neither = [b for b in both if not b.own.converged and not b.peer.converged]
    return lines + [f"- {b.problem.name}: solved by neither. {b.own.said}" for b in neither]
