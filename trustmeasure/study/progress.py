"""Telling what a study is doing, one line a stage, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TextIO

WIDTH = 22


@dataclass(slots=True)
class Teller:
    """Writes each stage when it begins, and its outcome when it ends.

    Attributes
    ----------
    total : int
        Number of stages.
    active : bool
        Whether anything is written.
    """

    total: int
    active: bool = True
    done: int = 0
    outcome: str = field(default="", init=False)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tell of one stage; the block may set `outcome`."""
        self.done += 1
        self.outcome = ""
        self._write(f"  {self.done}/{self.total}  {name:<{WIDTH}}")
        start = perf_counter()
        try:
            yield
        except BaseException:
            self._write("\n")
            raise
        seconds = perf_counter() - start
        shown = f"  ({seconds:.0f} s)" if seconds >= 2 else ""
        self._write(f"  {self.outcome or 'done'}{shown}\n")

    def _write(self, text: str) -> None:
        if self.active:
            stream: TextIO = sys.stderr
            stream.write(text)
            stream.flush()
