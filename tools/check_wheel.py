"""Run an installed wheel from another folder and check that it stands on its own.

`python tools/check_wheel.py ENVIRONMENT DIST`: ENVIRONMENT is a virtual environment that holds the wheel
and what it depends on, DIST the folder with the sdist and the wheel.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Runs inside the environment, away from the checkout.
USE = """
import pathlib, sys
import trustmeasure as tm
from trustmeasure.files import shipped

site = pathlib.Path(sys.prefix).resolve()
places = [pathlib.Path(tm.__file__), shipped("instruments"), shipped("samples")]
for place in places:
    assert place.resolve().is_relative_to(site), f"{place} is not inside {site}"
    assert "site-packages" in place.parts, f"{place} is not in site-packages"

listed = tm.list_instruments()
assert len(listed) > 0, "no instrument is listed"
for name in listed["id"]:
    assert tm.load_instrument(name).items, f"{name} has no items"
sample = tm.load_sample("trust-survey")
assert len(sample.data) > 0, "the sample has no rows"
print(f"{len(listed)} instruments and {len(sample.data)} rows of the sample, all from site-packages")
"""


def in_wheel(wheel: Path) -> list[str]:
    """Return the names of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def in_sdist(sdist: Path) -> list[str]:
    """Return the names of the files in an sdist, without its leading folder."""
    with tarfile.open(sdist) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def expected(root: Path = ROOT) -> list[str]:
    """Return what a wheel must hold: the modules, and every instrument and sample of the checkout."""
    modules = [p for p in (root / "trustmeasure").rglob("*") if p.suffix in {".py", ".pyi", ".typed"}]
    shipped = {"instruments": root / "instruments", "samples": root / "data" / "samples"}
    data = [
        f"trustmeasure/_data/{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in shipped.items()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".") and "__pycache__" not in path.parts
    ]
    return [path.relative_to(root).as_posix() for path in modules] + ["trustmeasure/py.typed", *data]


def only(folder: Path, pattern: str) -> Path:
    """Return the one file in `folder` that fits `pattern`."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise SystemExit(f"{folder} holds {len(found)} files {pattern}; exactly one is expected.")
    return found[0]


def run(command: list[str], folder: Path) -> None:
    """Run `command` in `folder` with nothing of the checkout on the path, and stop when it fails."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    environment = {k: v for k, v in os.environ.items() if k not in hidden} | {"PYTHONNOUSERSITE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, check=False)  # noqa: S603 - our own command
    if done.returncode != 0:
        raise SystemExit(f"exit code {done.returncode}: {' '.join(command[:3])}")


def check_contents(dist: Path) -> None:
    """Stop when the wheel lacks a module or a data file, or the sdist lacks a part of the source."""
    names = set(in_wheel(only(dist, "*.whl")))
    missing = sorted(set(expected()) - names)
    if missing:
        raise SystemExit("The wheel lacks: " + ", ".join(missing[:10]))
    source = in_sdist(only(dist, "*.tar.gz"))
    for part in (
        "trustmeasure/",
        "instruments/",
        "data/samples/",
        "tests/",
        "docs/",
        "LICENSE",
        "CITATION.cff",
    ):
        if not any(name.startswith(part) for name in source):
            raise SystemExit(f"The sdist lacks {part}")
    print(f"{len(names)} files in the wheel, {len(source)} in the sdist, none missing")


def check_demo(program: Path, folder: Path) -> None:
    """Run the demo and stop when it leaves no report or no table."""
    out = folder / "demo"
    run([str(program), "demo", "-o", str(out)], folder)
    report = out / "report.html"
    if not report.is_file() or report.stat().st_size == 0:
        raise SystemExit("The demo wrote no report.html.")
    tables = [path for path in out.rglob("*.csv") if path.stat().st_size > 0]
    if not tables:
        raise SystemExit("The demo wrote no tables.")
    print(f"The demo wrote a report of {report.stat().st_size:,} bytes and {len(tables)} tables")


def main(arguments: list[str]) -> int:
    """Check the contents, then run the wheel; return the exit code."""
    if len(arguments) != 2:
        raise SystemExit("usage: check_wheel.py ENVIRONMENT DIST")
    programs = Path(arguments[0]).absolute() / "bin"
    check_contents(Path(arguments[1]))
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder = Path(name)
        run([str(programs / "python"), "-c", USE], folder)
        run([str(programs / "trustmeasure"), "--help"], folder)
        check_demo(programs / "trustmeasure", folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
