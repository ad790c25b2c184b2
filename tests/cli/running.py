"""Running the command line in this process."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

from trustmeasure.cli import main


@dataclass(frozen=True)
class Ran:
    """Exit code and both outputs of a command."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line of an error, after a check that nothing else is on standard error."""
        lines = [line for line in self.err.splitlines() if not line.startswith("  ")]
        assert self.code == 2, self
        assert len(lines) == 1, self.err
        assert lines[0].startswith("trustmeasure: error: "), self.err
        assert "Traceback" not in self.err
        return lines[0].removeprefix("trustmeasure: error: ")


def run(*arguments: str | Path) -> Ran:
    """Run `trustmeasure` with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue())
