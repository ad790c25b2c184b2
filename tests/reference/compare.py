"""Hold freshly computed reference values against the stored ones.

Run as `python tests/reference/compare.py FRESH STORED [--tolerance 1e-6]`. FRESH is a folder that the
scripts of tests/reference wrote into, STORED the folder that holds what they wrote before. Prints one line
for each value that differs, came or went, and exits with 1 when there is any, with 2 when nothing could be
compared. The `versions` of two files and the way of the `optimiser` may differ: this is shown, not counted.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

RELATIVE = 1e-6
"""The derivatives that R takes numerically change in the eighth digit with the BLAS that it is linked to."""
ROUNDING = 1e-10
"""Absolute differences below this are rounding: what should be zero differs between machines."""


def read_values(path: Path) -> dict[str, Any]:
    """Return the values of a JSON or CSV file under the names of their places."""
    if path.suffix == ".json":
        return dict(flat(json.loads(path.read_text(encoding="utf-8"))))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    heads = rows[0] if rows else []
    cells = {
        f"{head} row {i}": as_number(v)
        for i, row in enumerate(rows[1:], 1)
        for head, v in zip(heads, row, strict=True)
    }
    return {"columns": ",".join(heads), "rows": len(rows) - 1} | cells


def as_number(text: str) -> float | str:
    """Return a CSV cell as a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested JSON with the names of their places; tables and triangles by their names."""
    if isinstance(value, Mapping) and set(value) == {"columns", "rows"}:
        yield from table_cells(value["columns"], value["rows"], place)
    elif isinstance(value, Mapping) and set(value) == {"names", "lower"}:
        yield from triangle_cells(value["names"], value["lower"], place)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from flat(inner, f"{place}[{i}]")
    else:
        yield place, value


def table_cells(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], place: str
) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a table; the texts at the start of a row, and its group, name it."""
    group = list(columns).index("group") if "group" in columns else None
    for number, row in enumerate(rows):
        name = " ".join(v for v in row[:3] if isinstance(v, str)).strip() or f"row {number}"
        name += "" if group is None else f" group {row[group]}"
        for column, value in zip(columns, row, strict=True):
            yield f"{place}[{name}].{column}", value


def triangle_cells(
    names: Sequence[str], lower: Sequence[Sequence[Any]], place: str
) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a symmetric matrix that is stored as its lower triangle."""
    for name, row in zip(names, lower, strict=True):
        for other, value in zip(names, row, strict=False):
            yield f"{place}[{name}, {other}]", value


def is_number(value: Any) -> bool:
    """Return whether `value` is a number and not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(fresh: Any, stored: Any, tolerance: float = RELATIVE) -> bool:
    """Return whether two values agree: numbers to `tolerance` relative, everything else exactly."""
    if not (is_number(fresh) and is_number(stored)):
        return type(fresh) is type(stored) and bool(fresh == stored)
    return math.isclose(fresh, stored, rel_tol=tolerance, abs_tol=ROUNDING)


def differences(
    fresh: Mapping[str, Any], stored: Mapping[str, Any], tolerance: float = RELATIVE
) -> list[str]:
    """Return one line for each value that differs, came or went."""
    lines = [f"{name}: no longer there (stored {stored[name]!r})" for name in stored if name not in fresh]
    lines += [f"{name}: new ({fresh[name]!r})" for name in fresh if name not in stored]
    for name in stored:
        if name in fresh and not same(fresh[name], stored[name], tolerance):
            lines.append(
                f"{name}: stored {stored[name]!r}, fresh {fresh[name]!r}{_gap(fresh[name], stored[name])}"
            )
    return lines


def _gap(fresh: Any, stored: Any) -> str:
    if not (is_number(fresh) and is_number(stored)):
        return ""
    return f" (relative {abs(fresh - stored) / max(abs(fresh), abs(stored)):.1e})"


def value_files(folder: Path) -> dict[str, Path]:
    """Return the JSON and CSV files below `folder` by their path inside it."""
    found = [p for p in folder.rglob("*") if p.suffix in {".json", ".csv"}]
    return {p.relative_to(folder).as_posix(): p for p in sorted(found)}


def compare(fresh: Path, stored: Path, tolerance: float = RELATIVE) -> list[str]:
    """Return one line for each difference between two folders of values, and print those of versions."""
    new, old = value_files(fresh), value_files(stored)
    lines = [f"{name}: stored, not made again" for name in old if name not in new]
    lines += [f"{name}: made, not stored" for name in new if name not in old]
    noted: dict[str, None] = {}
    for name in old.keys() & new.keys():
        for line in differences(read_values(new[name]), read_values(old[name]), tolerance):
            if line.startswith(("versions.", "optimiser.")):
                noted[line] = None
            else:
                lines.append(f"{name}: {line}")
    for line in noted:
        sys.stdout.write(f"note: {line}\n")
    return sorted(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare two folders and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("fresh", type=Path, help="folder with values made now")
    parser.add_argument("stored", type=Path, help="folder with the values of the repository")
    parser.add_argument("--tolerance", type=float, default=RELATIVE, help="relative (default %(default)s)")
    given = parser.parse_args(arguments)
    for folder in (given.fresh, given.stored):
        if not folder.is_dir() or not value_files(folder):
            sys.stderr.write(f"{folder}: no JSON or CSV file to compare.\n")
            return 2
    lines = compare(given.fresh, given.stored, given.tolerance)
    for line in lines:
        sys.stdout.write(line + "\n")
    files = len(value_files(given.stored))
    sys.stdout.write(f"{len(lines)} differences above {given.tolerance:g} relative in {files} files.\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
