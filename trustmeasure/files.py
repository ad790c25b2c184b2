"""Writing files so that nobody ever finds half of one, and finding the files that ship with the package."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


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


def write_with(path: str | Path, writer: Callable[[Path], object]) -> Path:
    """Let `writer` fill a temporary file that then becomes `path`, and return the path."""
    with replacing(path) as temporary:
        writer(temporary)
    return Path(path)


def shipped(folder: str) -> Path:
    """Return the folder of shipped data: `"instruments"` or `"samples"`.

    In an installed wheel it lies inside the package, in a checkout at the top level of the repository.
    """
    installed = PACKAGE / "_data" / folder
    if installed.is_dir():
        return installed
    checkout = PACKAGE.parent
    return checkout / "data" / folder if folder == "samples" else checkout / folder
