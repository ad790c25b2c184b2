"""Cases whose memory counts: each side in a process of its own, started and waited for here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data, models

SCRIPT = Path(__file__).with_name("memory.R")
MEGA = 1024.0


@dataclass(frozen=True, slots=True)
class Use:
    """What one side needed.

    Attributes
    ----------
    case, side : str
        What was done, and by whom.
    seconds : float
        Of the whole call, without reading the data.
    loaded, peak : float
        Megabytes held at most before the work (program, packages and data) and in all.
    size : float
        Megabytes of the data as float64; 0 where they do not count.
    chisq : float
        The answer; NaN where there is none.
    """

    case: str
    side: str
    seconds: float
    loaded: float
    peak: float
    size: float
    chisq: float

    @property
    def beyond(self) -> float:
        """Megabytes held at most beyond what was there before the work."""
        return self.peak - self.loaded

    @property
    def times_data(self) -> float | None:
        """The data, and what the work needed beside them, as a multiple of the data."""
        return 1.0 + self.beyond / self.size if self.size else None


def million(program: str, folder: Path, *, rows: int = data.MANY_ROWS) -> list[Use]:
    """Fit the full model to a million rows on each side."""
    raw = data.write_many(folder, rows)
    size = raw.stat().st_size / MEGA**2
    model = folder / "model.txt"
    model.write_text(models.TRUST, encoding="utf-8")
    sides = {
        "trustmeasure": _python("million", folder),
        "lavaan": [program, "--vanilla", str(SCRIPT), str(raw), str(model), str(data.TRUST_FILE)],
        "semopy": _python("semopy", folder),
    }
    found = [_use("million", side, command, size) for side, command in sides.items()]
    raw.unlink()
    return found


def draws(folder: Path) -> list[Use]:
    """Bootstrap 10,000 times."""
    return [_use("draws-10000", "trustmeasure", _python("draws", folder), 0.0)]


def _python(work: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.child", work, str(folder)]


def _use(case: str, side: str, command: Sequence[str], size: float) -> Use:
    done = subprocess.run(command, cwd=data.ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise SystemExit(f"{case}, {side}: failed\n{done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Use(
        case=case,
        side=side,
        seconds=found["seconds"],
        loaded=found["loaded"] / MEGA,
        peak=found["peak"] / MEGA,
        size=size,
        chisq=found.get("chisq", float("nan")),
    )
