"""What the numbers were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from trustmeasure.versions import versions

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


def describe(peer: Mapping[str, str], command: str) -> dict[str, str]:
    """Return machine, versions, BLAS of each side, threads, date and command, by name."""
    ours = versions("numpy", "scipy", "pandas", "semopy")
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "ours": ", ".join(f"{name} {number}" for name, number in ours.items()),
        "BLAS of ours": _numpy_blas(),
        "peer": f"lavaan {peer['lavaan']}, {peer['R']}",
        "BLAS of R": f"{peer['blas']}, LAPACK {peer['lapack']}",
        "threads of the BLAS, each side": os.environ.get(THREADS[0], "not set: as many as cores"),
        "load before": ", ".join(f"{x:.2f}" for x in os.getloadavg()),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": command,
    }


def on_openblas(peer: Mapping[str, str]) -> bool:
    """Return whether R is linked to OpenBLAS, as NumPy's wheels are."""
    return "openblas" in (peer["blas"] + peer["lapack"]).lower()


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def _numpy_blas() -> str:
    found: Any = np.show_config(mode="dicts")
    blas = found["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}"


def import_seconds(program: str) -> dict[str, float]:
    """Return the seconds of a start with the imports of each side, and nothing else."""
    commands = {
        "trustmeasure": [sys.executable, "-c", "from trustmeasure.sem import fit_sem"],
        "lavaan": [program, "--vanilla", "-e", "suppressPackageStartupMessages(library(lavaan))"],
        "semopy": [sys.executable, "-c", "import semopy"],
    }
    return {side: _wall(command) for side, command in commands.items()}


def _wall(command: Sequence[str]) -> float:
    """Return the shortest of three times; the first one reads the files from the disk."""
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own commands
        seconds.append(time.perf_counter() - started)
    return min(seconds)
