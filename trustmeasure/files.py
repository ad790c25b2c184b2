"""Writing files so that nobody ever finds half of one, and finding the files that ship with the package."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from trustmeasure.errors import TrustMeasureError

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = Path(__file__).resolve().parent

MOST_UNPACKED = 2_000_000_000
FREELY_UNPACKED = 50_000_000
MOST_RATIO = 200
MOST_MEMBERS = 5_000
PROLOGUE = 65_536
XML_ENDINGS = (".xml", ".rels", ".vml")
_ROOT = re.compile(rb"<[A-Za-z_]")

_FORMULA = re.compile(r"\s*'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and move it to `path` only when the block ends well.

    Parameters
    ----------
    path : str or Path
        The file to write. Its folder is made when it does not exist.

    Yields
    ------
    Path
        A temporary file in the same folder with the same ending, deleted when the block raises.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def write_text(path: str | Path, text: str, *, encoding: str = "utf-8") -> Path:
    """Write `text` to `path`, whole or not at all, and return the path."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding=encoding, newline="\n")
    return Path(path)


def write_new(path: str | Path, text: str) -> Path:
    """Write `text` to a file that must not exist yet, whole or not at all, and return the path.

    Raises
    ------
    FileExistsError
        If there is something of that name, even a link to nothing.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.stem}-", dir=target.parent) as folder:
        whole = Path(folder) / target.name
        whole.write_text(text, encoding="utf-8", newline="\n")
        try:
            os.link(whole, target)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with target.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    return target


def write_with(path: str | Path, writer: Callable[[Path], object]) -> Path:
    """Let `writer` fill a temporary file that then becomes `path`, and return the path."""
    with replacing(path) as temporary:
        writer(temporary)
    return Path(path)


def require_harmless_archive(path: str | Path, *, error: type[TrustMeasureError]) -> None:
    """Raise `error` when a zipped office document could take the machine's memory, or read other files.

    Refused are archives that unpack to very much more than they hold, and XML that declares a document type:
    office programs never write one, and its entities can grow without end or name other files.

    Parameters
    ----------
    path : str or Path
        An .xlsx or .docx file.
    error : type
        The error to raise.
    """
    file = Path(path)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _require_bounded(file, members, error)
            for member in members:
                if member.filename.endswith(XML_ENDINGS) and _declares_type(archive, member):
                    raise error(
                        f"{file.name} is refused: its part '{member.filename}' declares an XML document "
                        "type, which office programs do not write. Save the file anew with one."
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as problem:
        raise error(f"{file.name} cannot be read as an office document: {problem}.") from problem


def _require_bounded(file: Path, members: list[zipfile.ZipInfo], error: type[TrustMeasureError]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(1, file.stat().st_size)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise error(
            f"{file.name} is refused: it unpacks to {unpacked / 1e6:,.0f} MB in {len(members)} parts."
        )
    if unpacked > FREELY_UNPACKED and unpacked / packed > MOST_RATIO:
        raise error(
            f"{file.name} is refused: it unpacks to {unpacked / packed:,.0f} times its size. If it is no "
            "attack, save its sheet as CSV."
        )


def _declares_type(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Return whether a document type comes before the root element, in UTF-8 or UTF-16."""
    with archive.open(member) as part:
        start = part.read(PROLOGUE).replace(b"\0", b"")
    root = _ROOT.search(start)
    if root is None:
        return bool(start)
    return b"<!DOCTYPE" in start[: root.start()]


def safe_cell(value: object) -> object:
    """Return what may stand in a cell that a spreadsheet program opens: no text that it takes for a formula.

    Text that begins like a formula (`=`, `+`, `-`, `@`, also full-width, after blanks, or a line break) gets
    an apostrophe before it. Text that spells a plain number, such as `-5`, or that has neither letter nor
    digit, such as `=~`, stays, as does everything that is no text. `plain_cell` takes the apostrophe away
    again.

    Parameters
    ----------
    value : object
        What the cell is to hold.

    Returns
    -------
    object
        The same, or text with an apostrophe before it.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("a=b"), safe_cell("-5"), safe_cell(-5)
    ("'=1+1", 'a=b', '-5', -5)
    """
    if not isinstance(value, str) or _PLAIN_NUMBER.fullmatch(value) or not _FORMULA.match(value):
        return value
    return f"'{value}" if any(sign.isalnum() for sign in value) else value


def plain_cell(value: object) -> object:
    """Return the text that `safe_cell` was given.

    Examples
    --------
    >>> plain_cell("'=1+1"), plain_cell("'tis")
    ('=1+1', "'tis")
    """
    if isinstance(value, str) and value.startswith("'") and safe_cell(value[1:]) == value:
        return value[1:]
    return value


def safe_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose texts, also those of its header, may stand in cells; see `safe_cell`.

    Examples
    --------
    >>> import pandas as pd
    >>> safe_frame(pd.DataFrame({"id": ["=1+1"], "score": [-2.5]})).values.tolist()
    [["'=1+1", -2.5]]
    """
    safe = frame.copy()
    for place, kind in enumerate(frame.dtypes):
        if kind.kind not in "biufcmM":
            safe.isetitem(place, frame.iloc[:, place].astype(object).map(safe_cell).to_numpy())
    return safe.set_axis([safe_cell(name) for name in frame.columns], axis=1)


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV with commas: every text in quotation marks, none of it a formula.

    Parameters
    ----------
    rows : iterable of iterables
        The header first; None and NaN are empty cells.

    Examples
    --------
    >>> print(csv_text([["id", "text"], [1, "=1+1"]]), end="")
    "id","text"
    1,"'=1+1"
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows(
        [["" if cell is None or cell != cell else safe_cell(cell) for cell in row] for row in rows]
    )
    return text.getvalue()


def shipped(folder: str) -> Path:
    """Return the folder of shipped data: `"instruments"` or `"samples"`.

    In an installed wheel it lies inside the package, in a checkout at the top level of the repository.
    """
    installed = PACKAGE / "_data" / folder
    if installed.is_dir():
        return installed
    checkout = PACKAGE.parent
    return checkout / "data" / folder if folder == "samples" else checkout / folder
