"""SPSS files (.sav, .zsav): codes are read, labels and user-missing values are kept beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.raw import RawTable, ReadOptions, UserMissing
from trustmeasure.responses.readers.tidy import says_simulated, tidy, whole_numbers

ENDINGS = (".sav", ".zsav")


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return what an SPSS file holds; `options` has nothing that concerns this format."""
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise ResponseError(f"{path.name} cannot be read as an SPSS file: {error}.") from error
    return _table(frame, meta, path.name)


def _table(frame: pd.DataFrame, meta: Any, source: str) -> RawTable:
    kept, notes = tidy(frame, source)
    return RawTable(
        _without_decimals(kept, meta.original_variable_types),
        source,
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        value_labels=dict(meta.variable_value_labels),
        user_missing={name: _ranges(ranges) for name, ranges in meta.missing_ranges.items()},
        simulated=says_simulated(kept, meta.file_label, *meta.notes),
        notes=notes,
    )


def _ranges(ranges: list[dict[str, float | str]]) -> tuple[UserMissing, ...]:
    return tuple(UserMissing(entry["lo"], entry["hi"]) for entry in ranges)


def _without_decimals(frame: pd.DataFrame, formats: dict[str, str]) -> pd.DataFrame:
    """SPSS stores every number as a double; a column shown without decimals is read as whole numbers."""
    whole = {
        name: whole_numbers(frame[name])
        for name, shown in formats.items()
        if name in frame and shown.startswith("F") and not shown.partition(".")[2].strip("0")
    }
    return frame.assign(**whole)
