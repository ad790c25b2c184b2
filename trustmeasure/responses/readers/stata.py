"""Stata files (.dta): codes are read, labels and the missing values .a to .z are kept beside them."""

from __future__ import annotations

from pathlib import Path

from trustmeasure.responses.raw import RawTable, ReadOptions, UserMissing
from trustmeasure.responses.readers.readstat import raw_table, read_file

ENDINGS = (".dta",)
WHOLE = ("int8", "int16", "int32")


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return what a Stata file holds; `options` has nothing that concerns this format."""
    frame, meta = read_file(path, "read_dta", "Stata")
    whole = [name for name, kind in meta.readstat_variable_types.items() if kind in WHOLE]
    missing = {
        name: tuple(UserMissing(letter, letter) for letter in letters)
        for name, letters in meta.missing_user_values.items()
    }
    return raw_table(frame, meta, path.name, whole=whole, user_missing=missing)
