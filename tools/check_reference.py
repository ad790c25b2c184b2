"""Recompute the reference values with R and show where they differ from the stored ones. Nothing is stored.

`python tools/check_reference.py tests/reference [TOPIC ...]` runs every script of every topic into a
temporary folder and compares with `tests/reference/compare.py`. Scripts named `_...` are shared by others.
Data files that no script makes are inputs and are taken as they are. R and its packages come from the system.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class MissingProgramError(Exception):
    """R, or one of its packages, is not there."""


def scripts(topic: Path) -> list[Path]:
    """Return the scripts of a topic that are run, in order."""
    return sorted(path for path in topic.glob("*.R") if not path.name.startswith("_"))


def needed_packages(topic: Path) -> set[str]:
    """Return the R packages that the scripts of a topic load."""
    text = "".join(path.read_text(encoding="utf-8") for path in topic.glob("*.R"))
    return set(re.findall(r"\blibrary\((\w[\w.]*)\)", text)) | set(re.findall(r"\b(\w[\w.]*)::\w", text))


def require_r(packages: Iterable[str]) -> str:
    """Return the path of Rscript; raise MissingProgramError saying what to install otherwise."""
    program = shutil.which("Rscript")
    if program is None:
        raise MissingProgramError(
            "Rscript is not installed. On Debian and Ubuntu: apt-get install r-base-core"
        )
    quoted = ", ".join(f'"{name}"' for name in sorted(packages))
    code = f"p <- c({quoted}); cat(p[!vapply(p, requireNamespace, TRUE, quietly = TRUE)])"
    done = subprocess.run([program, "-e", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    missing = done.stdout.split()
    if missing:
        debian = " ".join(f"r-cran-{name.lower()}" for name in missing)
        raise MissingProgramError(
            f"R lacks {', '.join(missing)}. On Debian and Ubuntu: apt-get install {debian}"
        )
    return program


def run_scripts(program: str, topic: Path, out: Path) -> None:
    """Run the scripts of a topic from the root of the repository into `out`."""
    for script in scripts(topic):
        started = time.perf_counter()
        command = [program, str(script.relative_to(ROOT)), str(out)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode != 0:
            raise SystemExit(f"{script.relative_to(ROOT)} failed:\n{done.stdout}{done.stderr}")
        print(f"{script.relative_to(ROOT)}: {time.perf_counter() - started:.1f} s", flush=True)


def take_inputs(topic: Path, out: Path) -> None:
    """Copy the data files of a topic that no script made."""
    for path in sorted((topic / "data").rglob("*")):
        target = out / path.relative_to(topic)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def compare(topic: Path, out: Path) -> int:
    """Compare what was made with what is stored; return the exit code of the comparison."""
    command = [sys.executable, str(ROOT / "tests" / "reference" / "compare.py"), str(out), str(topic)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own script


def main(arguments: list[str]) -> int:
    """Recompute and compare the topics; return the exit code."""
    folder = Path(arguments[0]).resolve()
    topics = [path for path in sorted(folder.iterdir()) if path.is_dir() and scripts(path)]
    chosen = [path for path in topics if path.name in arguments[1:] or len(arguments) == 1]
    if not chosen:
        print(f"Nothing to recompute. Topics: {', '.join(t.name for t in topics)}", file=sys.stderr)
        return 2
    try:
        program = require_r(set().union(*(needed_packages(topic) for topic in chosen)))
    except MissingProgramError as error:
        print(error, file=sys.stderr)
        return 2
    worst = 0
    with tempfile.TemporaryDirectory(prefix="reference-") as name:
        for topic in chosen:
            out = Path(name) / topic.name
            out.mkdir()
            run_scripts(program, topic, out)
            take_inputs(topic, out)
            worst = max(worst, compare(topic, out))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
