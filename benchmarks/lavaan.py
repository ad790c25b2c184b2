"""The cases through lavaan, in one resident R process so that its start does not count."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sides import Resident

NAME = "lavaan"
SCRIPT = Path(__file__).with_name("lavaan.R")
PACKAGES = ("lavaan", "jsonlite")


class MissingPeerError(Exception):
    """R, lavaan or another package of R is not there."""


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
    done = subprocess.run([program, "-e", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    if missing := done.stdout.split():
        debian = " ".join(f"r-cran-{name}" for name in missing)
        raise MissingPeerError(
            f"R lacks {', '.join(missing)}. On Debian and Ubuntu: apt-get install {debian}"
        )
    return program


class Lavaan(Resident):
    """lavaan in a process of R; `prepare` a case, do it for a `turn`, ask for its `answer`."""

    def __init__(self, program: str) -> None:
        super().__init__(NAME, [program, "--vanilla", str(SCRIPT)])

    def describe(self) -> dict[str, str]:
        """Return versions, and the BLAS and LAPACK that R is linked to."""
        return dict(self.ask({"do": "describe"}))

    def run_other(self) -> float:
        """Do the case once by the further function that it names; return the seconds."""
        return float(self.ask({"do": "other"})["seconds"])
