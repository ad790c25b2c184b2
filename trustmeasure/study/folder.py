"""A folder that appears whole or not at all, and never swallows somebody's files."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustmeasure.errors import StudyError

RECORD = "study.json"
RECORDS = (RECORD, "quality.json", "validation.json")
MAKER = "trustmeasure"
LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})  # put there by file managers


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` that takes its place when the block ends well.

    Parameters
    ----------
    path : str or Path
        The folder to make. An empty folder, or one that an earlier run wrote, is replaced.

    Yields
    ------
    Path
        The temporary folder; it is removed when the block raises.

    Raises
    ------
    StudyError
        If `path` is a file, holds files that no run wrote, or cannot be written.
    """
    target = Path(path).resolve()
    require_free(target, Path(path))
    temporary = _temporary_beside(target, Path(path))
    try:
        yield temporary
        _put(temporary, target, Path(path))
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def require_free(target: Path, shown: Path) -> None:
    """Raise StudyError unless `target` does not exist, is empty, or was written by an earlier run."""
    if not target.exists():
        return
    if not target.is_dir():
        raise StudyError(f"{shown} is a file; a folder is needed for the report. Choose another name.")
    known = _written_before(target)
    foreign = sorted(
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if not path.is_dir() and path.name not in LITTER and path.relative_to(target).as_posix() not in known
    )
    if foreign:
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        raise StudyError(
            f"The folder {shown} holds files that no study wrote ({', '.join(foreign[:3])}{more}). "
            "Nothing was changed. Choose another folder, or move them."
        )


def _written_before(folder: Path) -> frozenset[str]:
    """Return the files that the records of earlier runs name."""
    return frozenset().union(*(_recorded(folder / name) for name in RECORDS))


def _recorded(file: Path) -> frozenset[str]:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        own = record.get("made_by") == MAKER
        return frozenset([file.name, *map(str, record["files"])]) if own else frozenset()
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return frozenset()


def _temporary_beside(target: Path, shown: Path) -> Path:
    try:
        temporary = target.parent / f".{target.name}-{secrets.token_hex(4)}"
        temporary.mkdir(parents=True)
    except OSError as error:
        raise _cannot(shown, error) from error
    return temporary


def _put(temporary: Path, target: Path, shown: Path) -> None:
    """Move the new folder to its place; the old one comes back when that fails."""
    old = temporary.with_name(temporary.name + "-old")
    try:
        if target.exists():
            os.replace(target, old)
        try:
            os.replace(temporary, target)
        except OSError:
            if old.exists():
                os.replace(old, target)
            raise
    except OSError as error:
        raise _cannot(shown, error) from error
    shutil.rmtree(old, ignore_errors=True)


def _cannot(shown: Path, error: OSError) -> StudyError:
    return StudyError(
        f"The folder {shown} cannot be written: {error.strerror or error}. Nothing was changed. "
        "Choose another."
    )
