"""Stata files (.dta): codes are read, labels and the missing values .a to .z are kept beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.raw import RawTable, ReadOptions, UserMissing
from trustmeasure.responses.readers.tidy import says_simulated, tidy, whole_numbers

ENDINGS = (".dta",)
WHOLE = ("int8", "int16", "int32")


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return what a Stata file holds; `options` has nothing that concerns this format."""
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_dta(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise ResponseError(f"{path.name} cannot be read as a Stata file: {error}.") from error
    return _table(frame, meta, path.name)


def _table(frame: pd.DataFrame, meta: Any, source: str) -> RawTable:
    kept, notes = tidy(frame, source)
    whole = [name for name, kind in meta.readstat_variable_types.items() if kind in WHOLE and name in kept]
    kept = kept.assign(**{name: whole_numbers(kept[name]) for name in whole})
    return RawTable(
        kept,
        source,
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        value_labels=dict(meta.variable_value_labels),
        user_missing={
            name: tuple(UserMissing(letter, letter) for letter in letters)
            for name, letters in meta.missing_user_values.items()
        },
        simulated=says_simulated(kept, meta.file_label, *meta.notes),
        notes=notes,
    )
