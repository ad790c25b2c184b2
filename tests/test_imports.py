"""The house is built upwards: each room imports only from the rooms above it in the list.

Also: importing the package is quick, because what is heavy is loaded when it is used.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.rooms import ROOMS as ORDER

PACKAGE = Path(__file__).resolve().parent.parent / "trustmeasure"

ROOMS = tuple(ORDER)

HEAVY = (
    "semopy",
    "statsmodels",
    "matplotlib",
    "sklearn",
    "docx",
    "pyreadstat",
    "jinja2",
    "jsonschema",
    "openpyxl",
    "typer",
    "typst",
)


def room_of(path: Path, package: Path) -> str:
    """Return the room a module file lies in: the first part of its path inside the package."""
    return path.relative_to(package).with_suffix("").parts[0]


def imported_names(tree: ast.AST, module: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield each imported dotted name with its line; `module` is the dotted name's parts, for relative ones.

    `from a.b import c` gives `a.b.c`, as `c` may be a module.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = module[: len(module) - node.level] if node.level else ()
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def imported_rooms(source: str, module: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield the rooms that a module's source imports, each with its line.

    A name that the package itself offers (`import trustmeasure`, `from trustmeasure import fit_sem`) comes
    from `__init__`, which stands at the end.
    """
    for name, line in imported_names(ast.parse(source), module):
        parts = name.split(".")
        if parts[0] == "trustmeasure":
            yield (parts[1] if len(parts) > 1 and parts[1] in ROOMS else "__init__"), line


def module_parts(path: Path, package: Path) -> tuple[str, ...]:
    """Return the parts by which relative imports are counted: a package counts its own `__init__`."""
    return ("trustmeasure", *path.relative_to(package).with_suffix("").parts)


def wrong_imports(package: Path) -> list[str]:
    """Return one line for each import that points the wrong way, and each file in an unknown room."""
    problems = []
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.pyi")]):
        room, shown = room_of(path, package), path.relative_to(package.parent)
        if room not in ROOMS:
            problems.append(f"{shown}: '{room}' is not a room; add it to ROOMS where it belongs")
            continue
        for target, line in imported_rooms(path.read_text(encoding="utf-8"), module_parts(path, package)):
            if ROOMS.index(target) > ROOMS.index(room):
                problems.append(f"{shown}:{line}: {room} imports {target}, which stands below it")
    return problems


def test_every_import_points_the_right_way() -> None:
    assert wrong_imports(PACKAGE) == []


def test_the_walk_sees_the_modules() -> None:
    rooms = {room_of(path, PACKAGE) for path in PACKAGE.rglob("*.py")}
    assert {"errors", "frames", "display", "__init__"} <= rooms
    seen = list(
        imported_rooms((PACKAGE / "frames.py").read_text(encoding="utf-8"), ("trustmeasure", "frames"))
    )
    assert {"check", "errors"} <= {room for room, _ in seen}


@pytest.mark.parametrize(
    ("file", "source", "target"),
    [
        ("errors.py", "import trustmeasure.sem.fit", "sem"),
        ("errors.py", "from trustmeasure import sem", "sem"),
        ("moments/raw.py", "from trustmeasure.sem import fit_sem", "sem"),
        ("moments/raw.py", "from ..sem import fit_sem", "sem"),
        ("moments/__init__.py", "from ..sem import fit_sem", "sem"),
        ("moments/deep/er.py", "from ...plots import likert", "plots"),
        ("sem/fit.py", "def f():\n    from trustmeasure.plots import likert", "plots"),
        ("sem/fit.py", "if TYPE_CHECKING:\n    from trustmeasure.reporting import Report", "reporting"),
        ("sem/fit.py", "import trustmeasure as tm", "__init__"),
        ("sem/fit.py", "from trustmeasure import fit_sem", "__init__"),
        ("sem/fit.py", "from .. import cli", "cli"),
        ("cli.py", "import trustmeasure", "__init__"),
    ],
)
def test_an_import_that_points_the_wrong_way_is_found(
    tmp_path: Path, file: str, source: str, target: str
) -> None:
    path = tmp_path / "trustmeasure" / file
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    (problem,) = wrong_imports(tmp_path / "trustmeasure")
    assert f"imports {target}, which stands below it" in problem


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("sem/fit.py", "from .syntax import parse\nfrom trustmeasure.errors import DataError\nimport numpy"),
        ("sem/discrepancy/ml.py", "from ..matrices import implied\nfrom ...check import one_of"),
        ("cli.py", "from trustmeasure.study import run_study"),
        ("__init__.py", "from trustmeasure import cli"),
    ],
)
def test_imports_from_above_and_from_the_same_room_are_fine(tmp_path: Path, file: str, source: str) -> None:
    path = tmp_path / "trustmeasure" / file
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert wrong_imports(tmp_path / "trustmeasure") == []


def test_an_unknown_room_is_found(tmp_path: Path) -> None:
    (tmp_path / "trustmeasure" / "shed").mkdir(parents=True)
    (tmp_path / "trustmeasure" / "shed" / "__init__.py").write_text("", encoding="utf-8")
    (problem,) = wrong_imports(tmp_path / "trustmeasure")
    assert "'shed' is not a room" in problem


def run_python(code: str) -> str:
    """Return what `code` prints in a new interpreter."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own command


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = run_python("import trustmeasure, sys; print(*sys.modules)").split()
    assert "trustmeasure" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_the_list_of_heavy_packages_names_real_ones() -> None:
    loaded = run_python(f"import sys, {', '.join(HEAVY)}; print(*sys.modules)").split()
    assert set(HEAVY) <= set(loaded)


def seconds_to_import(statement: str) -> float:
    """Return the seconds that `statement` takes in a new interpreter, without the interpreter's own start."""
    clock = "from time import perf_counter as clock; start = clock()"
    return float(run_python(f"{clock}; {statement}; print(clock() - start)"))


def test_importing_the_package_takes_no_longer_than_pandas_and_scipy() -> None:
    """The minimum of interleaved runs: another process on the machine slows some runs, rarely all."""
    ours, theirs = [], []
    for _ in range(12):
        ours.append(seconds_to_import("import trustmeasure"))
        theirs.append(seconds_to_import("import pandas, scipy.stats"))
        if len(ours) >= 3 and min(ours) < 1.2 * min(theirs):
            break
    assert min(ours) < 1.2 * min(theirs)
