"""Text files with a delimiter: UTF-8 with or without a byte order mark, UTF-16, GB18030, Western European."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from trustmeasure.errors import ResponseError
from trustmeasure.responses.raw import RawTable, ReadOptions
from trustmeasure.responses.readers.tidy import says_simulated, tidy, typed

ENDINGS = (".csv", ".tsv", ".txt")

DELIMITERS = (",", ";", "\t")
LINES_LOOKED_AT = 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SIMPLE_CHINESE_SHARE = 0.8
_DIRECTIVE = re.compile(r'"?sep=(?P<delimiter>[,;\t])"?[,;\t]*(?:\r\n|\r|\n)', re.IGNORECASE)


def read(path: Path, options: ReadOptions) -> RawTable:
    """Return what a text file holds; numbers become numbers, everything else stays text."""
    text, encoding_notes = decode(path.read_bytes(), path.name, options.encoding)
    text, named = _without_directive(text)
    delimiter = options.delimiter or named or find_delimiter(text)
    header, rows = _records(text, delimiter, path.name)
    columns = [typed(_decimal_points(cells, delimiter)) for cells in zip(*rows, strict=True)]
    frame = pd.DataFrame(dict(enumerate(columns))) if rows else pd.DataFrame(columns=range(len(header)))
    frame.columns = pd.Index(header, dtype=object)
    kept, notes = tidy(frame, path.name)
    return RawTable(kept, path.name, simulated=says_simulated(kept), notes=(*encoding_notes, *notes))


def decode(data: bytes, source: str, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file and a note when its encoding had to be guessed.

    A byte order mark decides; then UTF-8 if it fits. Otherwise GB18030 when most of the characters
    beyond ASCII are everyday Chinese ones (as in files that a Chinese Excel saves), else Windows-1252.

    Parameters
    ----------
    data : bytes
        The whole file.
    source : str
        Name of the file, for messages.
    encoding : str, optional
        The encoding, when the caller knows it.

    Raises
    ------
    ResponseError
        If `encoding` is given and unknown or wrong, or if no encoding fits.
    """
    if encoding is not None:
        return _decode_as(data, source, encoding), ()
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, source, name), ()
    for name in ("utf-8", "gb18030", "cp1252"):
        text = _decoded(data, name)
        if text is not None and (name != "gb18030" or _everyday_chinese(text)):
            guessed = f"{source} is not UTF-8; it was read as {name}. If text looks wrong, pass encoding=."
            return text, () if name == "utf-8" else (guessed,)
    raise ResponseError(f"{source}: the text encoding is not known. Save it as UTF-8, or pass encoding=.")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_as(data: bytes, source: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise ResponseError(f"encoding={encoding!r} is not known. Try 'utf-8' or 'gb18030'.") from error
    except UnicodeDecodeError as error:
        raise ResponseError(
            f"{source} is not {encoding}: byte {error.start + 1} does not fit. Try 'gb18030' or None."
        ) from error


def _everyday_chinese(text: str) -> bool:
    beyond = [character for character in text if ord(character) > 127]
    simple = sum(_decodable_in_gb2312(character) for character in beyond)
    return bool(beyond) and simple / len(beyond) >= _SIMPLE_CHINESE_SHARE


def _decodable_in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _without_directive(text: str) -> tuple[str, str | None]:
    """Return the text without Excel's first line `sep=;`, and the delimiter that it names."""
    found = _DIRECTIVE.match(text)
    return (text, None) if found is None else (text[found.end() :], found["delimiter"])


def find_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines evenly, and into the most columns."""
    lines = list(
        itertools.islice((line for line in io.StringIO(text, newline="") if line.strip()), LINES_LOOKED_AT)
    )

    def evenness(delimiter: str) -> tuple[bool, int]:
        try:
            sizes = [len(record) for record in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:  # told with its line when the records are read
            return False, 0
        return len(set(sizes)) == 1, sizes[0] if sizes else 0

    splitting = [mark for mark in DELIMITERS if evenness(mark)[1] > 1]
    return max(splitting, key=evenness, default=DELIMITERS[0])


def _records(text: str, delimiter: str, source: str) -> tuple[list[str], list[list[str]]]:
    """Return header and rows; a line with another number of cells than the header is an error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    try:
        for record in reader:
            if not header:
                header = [] if _is_empty(record) else record
                continue
            rows.append(_fitting(record, len(header), reader.line_num, source))
    except csv.Error as error:
        raise ResponseError(f"{source}, line {reader.line_num}: {error}. Check the quotes.") from error
    if not header:
        raise ResponseError(f"{source} is empty. Check the export.")
    return header, rows


def _is_empty(record: list[str]) -> bool:
    return not any(cell.strip() for cell in record)


def _fitting(record: list[str], size: int, line: int, source: str) -> list[str]:
    if _is_empty(record):
        return [""] * size
    extra = record[size:]
    if len(record) < size or not _is_empty(extra):
        raise ResponseError(
            f"{source}, line {line}: {len(record)} cells, but the header has {size}. "
            "Put text that contains the delimiter in quotation marks, or pass delimiter=."
        )
    return record[:size]


def _decimal_points(cells: Sequence[str], delimiter: str) -> Sequence[str]:
    """Return cells with decimal points; files with `;` may come from places that write 5,0."""
    if delimiter != ";":
        return cells
    pointed = [cell.replace(",", ".", 1) if cell.count(",") == 1 else cell for cell in cells]
    return pointed if pd.api.types.is_numeric_dtype(typed(pointed).dtype) else cells
