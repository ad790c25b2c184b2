"""Answers to another version of an instrument than the installed one: which of them still mean the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from trustmeasure.errors import ResponseError
from trustmeasure.instruments import Change, Instrument, Item

Versions = Literal["refuse", "separate", "drop"]
VERSIONS: tuple[Versions, ...] = ("refuse", "separate", "drop")

SAME_QUESTION = ("typo", "wording")
OTHER_QUESTION = ("meaning", "scale")


@dataclass(frozen=True, slots=True)
class Compared:
    """What the version of the answers means for the items of one instrument.

    Attributes
    ----------
    version : str
        The version that was answered.
    separate : mapping
        Item id -> column that its answers get, because they answer another question.
    dropped : tuple of str
        Items whose answers are left out for the same reason.
    aside : tuple of str
        Items that were asked then and are retired now.
    later : tuple of str
        Items that did not exist then.
    notes : tuple of str
        What a reader of the results should know.
    """

    version: str
    separate: Mapping[str, str]
    dropped: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def compare_versions(instrument: Instrument, answered: str, versions: Versions = "refuse") -> Compared:
    """Return what it means for each item that an older version of the instrument was answered.

    Parameters
    ----------
    instrument : Instrument
        The instrument as it is installed.
    answered : str
        The version that the answers belong to.
    versions : {"refuse", "separate", "drop"}
        What to do with items that another question was asked for.

    Raises
    ------
    ResponseError
        If the version is newer than the installed one, or an item's meaning or scale was changed since and
        `versions="refuse"`.
    """
    if answered == instrument.version:
        return Compared(answered, {})
    if numbers_of(answered) > numbers_of(instrument.version):
        raise ResponseError(
            f"The answers belong to version {answered} of the instrument '{instrument.id}', but version "
            f"{instrument.version} is installed. Update trustmeasure, or name the newer instrument's file."
        )
    changes = {item.id: _since(item, answered) for item in (*instrument.items, *instrument.retired)}
    later = tuple(id for id, found in changes.items() if any(one.kind == "added" for one in found))
    active = [item.id for item in instrument.items if item.id not in later]
    other = [id for id in active if any(one.kind in OTHER_QUESTION for one in changes[id])]
    same = [id for id in active if id not in other and changes[id]]
    if other and versions == "refuse":
        raise ResponseError(_refusal(instrument, answered, other, changes))
    return Compared(
        version=answered,
        separate={id: f"{id}@{answered}" for id in other} if versions == "separate" else {},
        dropped=tuple(other) if versions == "drop" else (),
        aside=tuple(item.id for item in instrument.retired if item.id not in later),
        later=later,
        notes=tuple(_notes(instrument, answered, same, other, later, versions)),
    )


def numbers_of(version: str) -> tuple[int, ...]:
    """Return a version such as 1.12.0 as numbers; raise ResponseError when it is none."""
    parts = version.split(".") if isinstance(version, str) else []
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        raise ResponseError(f"{version!r} is no version of an instrument. Give one such as '1.0.0'.")
    return tuple(int(part) for part in parts)


def _since(item: Item, answered: str) -> list[Change]:
    return [change for change in item.changes if numbers_of(change.version) > numbers_of(answered)]


def _refusal(
    instrument: Instrument, answered: str, other: Sequence[str], changes: Mapping[str, Sequence[Change]]
) -> str:
    first = next(change for change in changes[other[0]] if change.kind in OTHER_QUESTION)
    more = f" (and {len(other) - 1} more)" if len(other) > 1 else ""
    return (
        f"The answers belong to version {answered} of the instrument '{instrument.id}'. Since then the "
        f"{first.kind} of '{other[0]}'{more} was changed in version {first.version}: {first.note} Answers "
        "to it are answers to another question. Pass versions='separate' to keep them as "
        f"'{other[0]}@{answered}', or versions='drop' to leave them out."
    )


def _notes(
    instrument: Instrument,
    answered: str,
    same: Sequence[str],
    other: Sequence[str],
    later: Sequence[str],
    versions: Versions,
) -> list[str]:
    start = f"{instrument.id}: version {answered} was answered, {instrument.version} is installed"
    told = []
    if same:
        told.append(f"{start}; the wording of {', '.join(same)} was changed without changing its meaning.")
    if other:
        done = "kept in columns of their own" if versions == "separate" else "left out"
        told.append(f"{start}; answers to {', '.join(other)} are {done}: another question was asked then.")
    if later:
        told.append(f"{start}; {', '.join(later)} did not exist then.")
    return told or [f"{start}; nothing that was asked has changed."]


def answered_versions(
    instruments: Sequence[Instrument],
    of_manifest: Mapping[str, str],
    given: str | Mapping[str, str] | None,
) -> dict[str, str]:
    """Return instrument id -> version that was answered: given, of the manifest, or installed.

    Raises
    ------
    ResponseError
        If what is given names an unknown instrument, or contradicts the manifest.
    """
    ids = [instrument.id for instrument in instruments]
    told = dict.fromkeys(ids, given) if isinstance(given, str) else dict(given or {})
    for id, version in told.items():
        if id not in ids:
            raise ResponseError(f"instrument_version names '{id}', which is not among the instruments.")
        if of_manifest.get(id, version) != version:
            raise ResponseError(
                f"instrument_version says {version} for '{id}', but the manifest says {of_manifest[id]}. "
                "Leave instrument_version out."
            )
    return {own.id: told.get(own.id, of_manifest.get(own.id, own.version)) for own in instruments}
