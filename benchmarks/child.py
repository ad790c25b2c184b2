"""One piece of work in a process of its own: `python -m benchmarks.child million|draws FOLDER`.

Prints seconds, and the kilobytes held at most before and after the work, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from benchmarks import data, models
from trustmeasure.sem import bootstrap, fit_sem

DRAWS = 10_000


def peak() -> int:
    """Return the most kilobytes that this process has held.

    Linux lets a process inherit `ru_maxrss` from the one that started it, so its own record goes first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def million(folder: Path) -> dict[str, float]:
    """Fit the full model to a million rows."""
    frame = data.read_many(folder / "many.raw")
    loaded, started = peak(), time.perf_counter()
    result = fit_sem(models.TRUST, frame)
    _ = result.parameters, result.fit_measures
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "loaded": loaded,
        "peak": peak(),
        "chisq": float(result.fit_measures["chisq"]),
    }


def semopy(folder: Path) -> dict[str, float]:
    """Fit the model without its indirect effects to a million rows by semopy."""
    import semopy

    frame = data.read_many(folder / "many.raw")
    loaded, started = peak(), time.perf_counter()
    model = semopy.Model(models.TRUST_PATHS)
    model.fit(frame)
    model.inspect(std_est=True)
    measures = semopy.calc_stats(model)
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "loaded": loaded,
        "peak": peak(),
        "chisq": float(measures["chi2"].iloc[0]),
    }


def draws(_: Path) -> dict[str, float]:
    """Bootstrap the full model 10,000 times."""
    frame = data.trust()
    result = fit_sem(models.TRUST, frame)
    loaded, started = peak(), time.perf_counter()
    found = bootstrap(result, frame, n=DRAWS, seed=1, workers=1, progress=False)
    table = found.parameters()
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "loaded": loaded, "peak": peak(), "rows": len(table)}


WORK: dict[str, Callable[[Path], dict[str, float]]] = {"million": million, "semopy": semopy, "draws": draws}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(WORK[sys.argv[1]](Path(sys.argv[2]))))
