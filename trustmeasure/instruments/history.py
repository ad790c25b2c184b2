"""Checks of how items came to be what they are: versions, kinds of change, retired ids."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from trustmeasure.instruments.problems import Problem, Where
from trustmeasure.instruments.raw import Raw, as_mapping, entries, is_active, string

Version = tuple[int, ...]


def problems(data: object) -> Iterator[Problem]:
    """Yield what is wrong with the recorded changes of the items."""
    newest = _version(as_mapping(data))
    for where, item in entries(data, "items"):
        changes = [((*where, *at), change) for at, change in entries(item, "changes")]
        yield from _version_problems(changes, newest)
        yield from _kind_problems(changes, active=is_active(item))


def _version(entry: Raw) -> Version | None:
    parts = (string(entry, "version") or "").split(".")
    known = len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts)
    return tuple(int(part) for part in parts) if known else None


def _version_problems(changes: list[tuple[Where, Raw]], newest: Version | None) -> Iterator[Problem]:
    dated = [(where, version) for where, change in changes if (version := _version(change)) is not None]
    for where, version in dated:
        if newest is not None and version > newest:
            yield Problem(
                (*where, "version"), "is newer than the file. Raise the version at the top of the file."
            )
    for (_, before), (where, after) in pairwise(dated):
        if after < before:
            yield Problem((*where, "version"), "is older than the change above it. Put the oldest first.")


def _kind_problems(changes: list[tuple[Where, Raw]], *, active: bool) -> Iterator[Problem]:
    for position, (where, change) in enumerate(changes):
        kind = change.get("kind")
        if kind == "added" and position > 0:
            yield Problem((*where, "kind"), "'added' can only be an item's first change.")
        if kind == "retired" and active:
            yield Problem((*where, "kind"), "is 'retired', but the item is active. Give it status: retired.")
        if kind == "retired" and position < len(changes) - 1:
            yield Problem((*where, "kind"), "'retired' can only be an item's last change: it never returns.")
