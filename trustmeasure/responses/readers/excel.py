"""Excel workbooks (.xlsx, .xlsm): the first row with content holds the column names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from trustmeasure.check import suggestion
from trustmeasure.errors import ResponseError
from trustmeasure.files import require_harmless_archive
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers.tidy import is_blank, says_simulated, tidy

ENDINGS = (".xlsx", ".xlsm")


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return what one sheet of a workbook holds."""
    cells, sheet, notes = _cells(path, options.sheet)
    source = f"{path.name}, sheet '{sheet}'"
    kept, tidy_notes = tidy(_with_header(cells, source), source)
    return RawTable(kept, path.name, simulated=says_simulated(kept, sheet), notes=(*notes, *tidy_notes))


def _cells(path: Path, sheet: str | int | None) -> tuple[pd.DataFrame, str, tuple[str, ...]]:
    require_harmless_archive(path, error=ResponseError)
    try:
        with pd.ExcelFile(path, engine="openpyxl") as book:
            names = [str(name) for name in book.sheet_names]
            chosen = _sheet(names, sheet, path.name)
            cells = pd.read_excel(book, sheet_name=chosen, header=None, dtype=object, keep_default_na=False)
    except ResponseError:
        raise
    except Exception as error:  # openpyxl and zipfile raise many kinds for a damaged file
        raise ResponseError(f"{path.name} cannot be read as an Excel workbook: {error}.") from error
    others = [name for name in names if name != chosen]
    unread = f"Sheet '{chosen}' was read; not read: {', '.join(others)}."
    return cells, chosen, (unread,) if others and sheet is None else ()


def _sheet(names: list[str], sheet: str | int | None, source: str) -> str:
    if sheet is None:
        return names[0]
    if isinstance(sheet, int):
        if 0 <= sheet < len(names):
            return names[sheet]
        raise ResponseError(f"{source}: sheet={sheet}, but there are {len(names)} sheets, counted from 0.")
    if sheet in names:
        return sheet
    raise ResponseError(f"{source}: no sheet '{sheet}'. {suggestion(sheet, names)}")


def _with_header(cells: pd.DataFrame, source: str) -> pd.DataFrame:
    filled = [i for i, row in enumerate(cells.itertuples(index=False)) if not all(map(is_blank, row))]
    if not filled:
        raise ResponseError(f"{source} is empty. Check the file, or name another sheet with sheet=.")
    body = cells.iloc[filled[0] + 1 :].reset_index(drop=True)
    body.columns = pd.Index([_name(value) for value in cells.iloc[filled[0]]], dtype=object)
    return body


def _name(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
