"""SPSS files (.sav, .zsav): codes are read, labels and user-missing values are kept beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trustmeasure.responses.raw import RawTable, ReadOptions, UserMissing
from trustmeasure.responses.readers.readstat import raw_table, read_file

ENDINGS = (".sav", ".zsav")


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return what an SPSS file holds; `options` has nothing that concerns this format."""
    frame, meta = read_file(path, "read_sav", "SPSS")
    whole = [name for name, shown in meta.original_variable_types.items() if _without_decimals(shown)]
    missing = {name: _ranges(ranges) for name, ranges in meta.missing_ranges.items()}
    return raw_table(frame, meta, path.name, whole=whole, user_missing=missing)


def _without_decimals(shown: str) -> bool:
    """SPSS stores every number as a double; a format such as F2.0 tells that it is a whole number."""
    return shown.startswith("F") and not shown.partition(".")[2].strip("0")


def _ranges(ranges: Sequence[dict[str, Any]]) -> tuple[UserMissing, ...]:
    return tuple(UserMissing(entry["lo"], entry["hi"]) for entry in ranges)
