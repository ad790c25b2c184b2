"""Office files are zip archives; written twice from the same input they must be the same bytes."""

from __future__ import annotations

import io
import zipfile

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip archive can name."""


def without_times(archive: bytes) -> bytes:
    """Return a zip archive with the same members in the same order, no trace of when or where it was made."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as given,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as plain,
    ):
        for name in given.namelist():
            plain.writestr(_member(name), given.read(name))
    return written.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, EARLIEST)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system = 0
    member.external_attr = 0
    return member
