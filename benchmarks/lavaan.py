"""The cases through lavaan, in one resident R process so that its start does not count."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.answers import Answer
from benchmarks.cases import Case

SCRIPT = Path(__file__).with_name("lavaan.R")
PACKAGES = ("lavaan", "jsonlite")


class MissingPeerError(Exception):
    """R, lavaan or another package of R is not there."""


class PeerError(Exception):
    """lavaan refused a case."""


def require_r(packages: Sequence[str] = PACKAGES) -> str:
    """Return the path of Rscript; raise MissingPeerError saying what to install otherwise."""
    program = shutil.which("Rscript")
    if program is None:
        raise MissingPeerError(
            "R is not installed, and lavaan runs in it. On Debian and Ubuntu: "
            "apt-get install r-base-core r-cran-lavaan r-cran-jsonlite libopenblas0-pthread"
        )
    quoted = ", ".join(f'"{name}"' for name in packages)
    code = f"p <- c({quoted}); cat(p[!vapply(p, requireNamespace, TRUE, quietly = TRUE)])"
    done = subprocess.run([program, "-e", code], capture_output=True, text=True, check=True)  # noqa: S603
    if missing := done.stdout.split():
        debian = " ".join(f"r-cran-{name}" for name in missing)
        raise MissingPeerError(
            f"R lacks {', '.join(missing)}. On Debian and Ubuntu: apt-get install {debian}"
        )
    return program


class Lavaan:
    """A resident process; `prepare` a case, `run` it, ask for its `answer`."""

    name = "lavaan"

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - our own script
            [program, "--vanilla", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def describe(self) -> dict[str, str]:
        """Return versions, and the BLAS and LAPACK that R is linked to."""
        return dict(self._ask({"do": "describe"}))

    def prepare(self, case: Case, path: Path) -> None:
        """Read the data of a case, and fit beforehand what it builds on."""
        given = asdict(case) | {"prepared": case.prepared}
        self._ask({"do": "prepare", "case": given, "data": str(path)})

    def run(self) -> float:
        """Do the case once; return the seconds by R's own clock."""
        return float(self._ask({"do": "run"})["seconds"])

    def run_other(self) -> float:
        """Do the case once by the further function that it names; return the seconds."""
        return float(self._ask({"do": "other"})["seconds"])

    def answer(self) -> Answer:
        """Return the numbers of the last run."""
        found = self._ask({"do": "answer"})
        return Answer(**{kind: {k: _number(x) for k, x in found[kind].items()} for kind in found})

    def close(self) -> None:
        """End the process."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.process.stdin is None or self.process.stdout is None:
            raise PeerError("The R process has no pipes.")
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("@"):
                found: dict[str, Any] = json.loads(line[1:])
                if "error" in found:
                    raise PeerError(f"lavaan: {found['error']}")
                return found
        raise PeerError("The R process ended; its message is above.")


def _number(x: float | None) -> float:
    return math.nan if x is None else float(x)
