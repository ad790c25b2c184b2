"""Sides of a comparison: each does a case several times in a row, here or in a process of its own."""

from __future__ import annotations

import gc
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.answers import Answer
from benchmarks.cases import Case


class PeerError(Exception):
    """A side refused a case."""


class Side(Protocol):
    """What is timed: `prepare` a case, do it for a `turn`, ask for the `answer` of the last call."""

    def prepare(self, case: Case, path: Path) -> None:
        """Read the data of a case, and fit beforehand what it builds on."""
        ...

    def turn(self, seconds: float) -> list[float]:
        """Do the case until `seconds` are over, at least once; return the seconds of each call."""
        ...

    def answer(self) -> Answer:
        """Return the numbers of the last call."""
        ...


class Peer(Side, Protocol):
    """A side with further functions that do the same."""

    def run_other(self) -> float:
        """Do the case once by the further function that it names; return the seconds."""
        ...


class Work(Protocol):
    """One prepared case of a Python package."""

    def run(self) -> None:
        """Do the work of the case once."""
        ...

    def answer(self) -> Answer:
        """Return the numbers of the last run."""
        ...


@dataclass(slots=True)
class Here:
    """A side in this process.

    Attributes
    ----------
    make : callable
        Prepares a case with its data.
    work : Work or None
        The prepared case.
    """

    make: Callable[[Case, Path], Work]
    work: Work | None = None

    def prepare(self, case: Case, path: Path) -> None:
        """Read the data of a case, and fit beforehand what it builds on."""
        self.work = self.make(case, path)

    def turn(self, seconds: float) -> list[float]:
        """Do the case until `seconds` are over, at least once; what was left over is cleared before."""
        found: list[float] = []
        work = self._prepared()
        gc.collect()
        begun = time.perf_counter()
        while not found or time.perf_counter() - begun < seconds:
            started = time.perf_counter()
            work.run()
            found.append(time.perf_counter() - started)
        return found

    def answer(self) -> Answer:
        """Return the numbers of the last call."""
        return self._prepared().answer()

    def _prepared(self) -> Work:
        if self.work is None:
            raise PeerError("No case is prepared.")
        return self.work


class Resident:
    """A side in a process of its own, whose start does not count.

    It reads a request a line (JSON) from the standard input, and answers each with a line (JSON after an @).
    """

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.process = subprocess.Popen(  # noqa: S603 - our own programs
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def prepare(self, case: Case, path: Path) -> None:
        """Read the data of a case, and fit beforehand what it builds on."""
        given = asdict(case) | {"prepared": case.prepared}
        self.ask({"do": "prepare", "case": given, "data": str(path)})

    def turn(self, seconds: float) -> list[float]:
        """Do the case until `seconds` are over, at least once; return seconds by the program's clock."""
        return [float(x) for x in self.ask({"do": "turn", "seconds": seconds})["seconds"]]

    def answer(self) -> Answer:
        """Return the numbers of the last call."""
        found = self.ask({"do": "answer"})
        return Answer(**{kind: {k: _number(x) for k, x in found[kind].items()} for kind in found})

    def close(self) -> None:
        """End the process."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a request; raise PeerError with the message of a refusal."""
        if self.process.stdin is None or self.process.stdout is None:
            raise PeerError(f"The process of {self.name} has no pipes.")
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("@"):
                found: dict[str, Any] = json.loads(line[1:])
                if "error" in found:
                    raise PeerError(f"{self.name}: {found['error']}")
                return found
        raise PeerError(f"The process of {self.name} ended; its message is above.")


def python(name: str) -> Resident:
    """Start a process for a Python package: "trustmeasure" or "semopy"."""
    return Resident(name, [sys.executable, "-m", "benchmarks.resident", name])


def _number(x: float | None) -> float:
    return math.nan if x is None else float(x)
