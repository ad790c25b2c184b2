"""Hold constraints/minimum.txt against the lower bounds of pyproject.toml and against what is installed.

Run inside the environment of the lowest supported versions: `python tools/check_minimum.py`. Ends with
exit code 1 and one line per disagreement.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent


def lower_bounds(pyproject: Path) -> dict[str, Version]:
    """Return the lower bound of every core dependency; a dependency without one is an error."""
    listed = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["dependencies"]
    return dict(_bound(Requirement(text)) for text in listed)


def _bound(requirement: Requirement) -> tuple[str, Version]:
    bounds = [s.version for s in requirement.specifier if s.operator == ">="]
    if len(bounds) != 1:
        raise ValueError(f"'{requirement}' needs exactly one lower bound (>=).")
    return canonicalize_name(requirement.name), Version(bounds[0])


def pins(constraints: Path) -> dict[str, Version]:
    """Return the pinned version of every package in a constraints file of `name==version` lines."""
    lines = (line.split("#")[0].strip() for line in constraints.read_text(encoding="utf-8").splitlines())
    return dict(_pin(Requirement(line)) for line in lines if line)


def _pin(requirement: Requirement) -> tuple[str, Version]:
    specifiers = list(requirement.specifier)
    if [s.operator for s in specifiers] != ["=="]:
        raise ValueError(f"'{requirement}' must be pinned with ==.")
    return canonicalize_name(requirement.name), Version(specifiers[0].version)


def installed(names: Mapping[str, Version]) -> dict[str, Version]:
    """Return the installed version of each of `names`; a missing package is left out."""
    found = {}
    for name in names:
        try:
            found[name] = Version(version(name))
        except PackageNotFoundError:
            continue
    return found


def disagreements(
    wanted: Mapping[str, Version], found: Mapping[str, Version], *, wanted_in: str, found_in: str
) -> list[str]:
    """Return one line for each package whose version differs or that only one side has."""
    return [
        f"{name}: {wanted_in} has {wanted.get(name, 'nothing')}, {found_in} has {found.get(name, 'nothing')}"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def main() -> int:
    """Compare bounds, pins and environment; return the exit code."""
    bounds = lower_bounds(ROOT / "pyproject.toml")
    pinned = pins(ROOT / "constraints" / "minimum.txt")
    wrong = disagreements(bounds, pinned, wanted_in="pyproject.toml", found_in="constraints/minimum.txt")
    wrong += disagreements(
        pinned, installed(pinned), wanted_in="constraints/minimum.txt", found_in="this environment"
    )
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"{len(pinned)} dependencies at their lowest supported version.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
