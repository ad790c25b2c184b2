"""Frames that are in memory already: pandas, polars and whatever Narwhals understands."""

from __future__ import annotations

from typing import Any

import pandas as pd

from trustmeasure.errors import DataError, ResponseError
from trustmeasure.frames import to_pandas
from trustmeasure.responses.raw import RawTable
from trustmeasure.responses.readers.tidy import says_simulated, tidy


def read(source: Any) -> RawTable:
    """Return what a frame holds."""
    name = f"{type(source).__module__.partition('.')[0]} {type(source).__name__}"
    try:
        frame = to_pandas(source, name="source")
    except DataError as error:
        raise ResponseError(f"{error} A path of a file is possible too.") from error
    except ValueError as error:  # a mapping whose columns do not fit together
        raise ResponseError(f"The {name} is no table: {error}.") from error
    kept, notes = tidy(plain(frame), f"The {name}")
    return RawTable(kept, name, simulated=says_simulated(kept), notes=notes)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose index counts the rows; an index with names becomes columns first."""
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    return frame.reset_index(level=named).reset_index(drop=True) if named else frame.reset_index(drop=True)
