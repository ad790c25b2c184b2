"""One file for each format, and a registry that finds the reader by the file's ending."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from trustmeasure.check import existing_file, nearest
from trustmeasure.errors import ResponseError
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers import csv, excel, frame, parquet, spss, stata

FORMATS: tuple[ModuleType, ...] = (csv, excel, spss, stata, parquet)


class Reader(Protocol):
    """A function that reads one format."""

    def __call__(self, path: Path, options: ReadOptions) -> RawTable:
        """Return what the file at `path` holds."""
        ...


READERS: dict[str, Reader] = {ending: module.read for module in FORMATS for ending in module.ENDINGS}


def read_source(source: Any, options: ReadOptions) -> RawTable:
    """Return what a file or a frame holds, before any answer is checked.

    Parameters
    ----------
    source : str, Path or frame
        A file with a known ending, or a frame.
    options : ReadOptions
        What the caller says about the file.

    Raises
    ------
    ResponseError
        If there is no such file, no reader for its ending, or nothing in it.
    """
    if isinstance(source, str | Path):
        path = existing_file(source, error=ResponseError)
        return reader_for(path)(path, options)
    return frame.read(source)


def reader_for(path: Path) -> Reader:
    """Return the reader of the format that the file's ending names."""
    ending = path.suffix.casefold()
    if ending in READERS:
        return READERS[ending]
    if ending == ".xls":
        raise ResponseError(f"{path.name}: the old .xls format is not read. Save the file as .xlsx or CSV.")
    hit = nearest(ending, READERS)
    hint = f" Did you mean '{hit}'?" if hit else ""
    known = ", ".join(sorted(READERS))
    raise ResponseError(
        f"{path.name}: no reader for the ending '{path.suffix}'.{hint} Known endings: {known}. "
        "Save the file in one of these formats, or read it yourself and pass the frame."
    )
