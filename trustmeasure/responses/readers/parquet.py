"""Parquet files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers.frame import plain
from trustmeasure.responses.readers.tidy import says_simulated, tidy

ENDINGS = (".parquet",)


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return what a Parquet file holds; `options` has nothing that concerns this format."""
    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except (OSError, ValueError) as error:  # pyarrow's errors are kinds of both
        raise ResponseError(f"{path.name} cannot be read as a Parquet file: {error}.") from error
    kept, notes = tidy(plain(frame), path.name)
    return RawTable(kept, path.name, simulated=says_simulated(kept), notes=notes)
