"""What the readers of SPSS and Stata files share: both formats are read by pyreadstat."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.raw import RawTable, UserMissing
from trustmeasure.responses.readers.tidy import says_simulated, tidy, whole_numbers


def read_file(path: Path, function: str, program: str) -> tuple[pd.DataFrame, Any]:
    """Return codes (not labels) with user-missing values in place, and what the file says about itself.

    Parameters
    ----------
    path : Path
        The file.
    function : str
        Name of pyreadstat's function for the format.
    program : str
        The program of the format, for messages.
    """
    import pyreadstat

    try:
        frame, meta = getattr(pyreadstat, function)(str(path), user_missing=True)
    except Exception as error:  # not all errors of pyreadstat have a public name
        told = str(error).rstrip(".")
        raise ResponseError(f"{path.name} cannot be read as a file of {program}: {told}.") from error
    return frame, meta


def raw_table(
    frame: pd.DataFrame,
    meta: Any,
    source: str,
    *,
    whole: Collection[str],
    user_missing: Mapping[str, tuple[UserMissing, ...]],
) -> RawTable:
    """Return codes and labels together; the columns in `whole` become int64 where they have no gaps."""
    kept, notes = tidy(frame, source)
    numbers = {name: whole_numbers(kept[name]) for name in whole if name in kept}
    return RawTable(
        kept.assign(**numbers),
        source,
        labels={name: text for name, text in meta.column_names_to_labels.items() if text},
        value_labels=dict(meta.variable_value_labels),
        user_missing=user_missing,
        simulated=says_simulated(kept, meta.file_label, *(meta.notes or ())),
        notes=notes,
    )
